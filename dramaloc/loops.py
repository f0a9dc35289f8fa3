"""What a stuck model writes: the same again and again."""

from __future__ import annotations

import re

_WORDS = re.compile(r"\b(\w+(?:\W+\w+){0,5}?)(?:\W+\1\b){3,}", re.IGNORECASE)
_CHARACTERS = re.compile(r"([^\W\d_]\S{0,11}?)\1{5,}")


def loop_in(text: str) -> str:
    """Return the loop a model got stuck in: the same words four times running, or characters six.

    An empty string if there is none.

    >>> loop_in("I went to the sea, the sea, the sea, the sea."), loop_in("No, no, no!")
    ('the sea, the sea, the sea, the sea', '')
    """
    found = _WORDS.search(text) or _CHARACTERS.search(text)
    return found.group() if found else ""


def repeats(text: str) -> bool:
    """Say whether a source repeats itself, so that its translation may: 不不不, 咚 咚 咚."""
    return bool(re.search(r"(\w{1,4}?)(?:\W*\1){2,}", text))
