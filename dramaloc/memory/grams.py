"""Pieces of a text by which similar texts are found without reading them all.

A text of n words or Han characters has n + 1 pairs of neighbours, its ends counted. Changing or
dropping one breaks at most two pairs, so of any 2k + 1 pairs at least one survives k changes: it
is enough to look up the rarest 2k + 1.
"""

from __future__ import annotations

import re
from itertools import pairwise
from zlib import crc32

_TOKEN = re.compile(
    r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
    r"\U00020000-\U0003ffff]|\w+"
)


def grams(text: str) -> tuple[int, ...]:
    """Return the pairs of a text as numbers (CRC-32), in order.

    >>> len(grams("你好吗")), set(grams("你好吗")) & set(grams("你好")) == {*grams("你好")[:2]}
    (4, True)
    """
    tokens = ["", *_TOKEN.findall(text.casefold()), ""]
    return tuple(crc32(f"{a}\0{b}".encode()) for a, b in pairwise(tokens))


def needed(length: int, at_least: float) -> int:
    """Return how many pairs of a text must be looked up to miss no text that similar.

    `length` counts all its characters, of which some may stand in no pair.
    """
    # A longer text may differ in more places, but what it adds breaks one pair each, not two.
    broken = (2 * int((length + more) * (1 - at_least) + 1e-9) - more for more in range(length + 1))
    return max(broken) + 1
