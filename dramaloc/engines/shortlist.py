"""Which pieces of its vocabulary a model may write: none with characters of the source alone.

A model with one vocabulary for both languages weighs every piece of it at each word it writes. Of
the bundled model's pieces two thirds are Chinese, and no English ends in them. Left out, they
cost nothing: the same 400 lines took a third less time, and not one came out otherwise. The list
is the same for every text, so what a text becomes does not depend on its batch.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from dramaloc.letters import HAN

MAP = "vmap.txt"  # CTranslate2's vocabulary map; an empty n-gram's pieces are always candidates
_WRITE_HAN = {"zh", "zt", "yue", "ja", "ko"}
_WORTH_IT = 0.9
_NAMEABLE = re.compile(r"[^ \t\n]+")


def shortlist(files: Mapping[str, bytes], language: str) -> bytes | None:
    """Return the vocabulary map of a model's files; None if it would spare too little.

    A model that came with a map of its own is left as it is.
    """
    if language in _WRITE_HAN or MAP in files:
        return None
    pieces = _pieces(files)
    kept = [piece for piece in pieces if not HAN.search(piece)]
    if len(kept) >= _WORTH_IT * len(pieces) or not all(map(_NAMEABLE.fullmatch, kept)):
        return None
    return f"\t{' '.join(kept)}\n".encode()


def _pieces(files: Mapping[str, bytes]) -> list[str]:
    for name in ("shared_vocabulary", "target_vocabulary"):
        if (listed := files.get(f"{name}.json")) is not None:
            return [str(piece) for piece in json.loads(listed)]
        if (listed := files.get(f"{name}.txt")) is not None:
            return listed.decode().removesuffix("\n").split("\n")
    return []
