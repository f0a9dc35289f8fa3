"""What a stuck model writes: the same again and again."""

from __future__ import annotations

import re

from dramaloc.letters import LETTER

_WORD = re.compile(f"{LETTER}+")
_CHARACTERS = re.compile(r"([^\W\d_]\S{0,11}?)\1{5,}")
_LONGEST = 6  # words in what is repeated
_TIMES = 4


def loop_in(text: str) -> str:
    """Return the loop a model got stuck in: the same words four times running, or characters six.

    An empty string if there is none.

    >>> loop_in("I went to the sea, the sea, the sea, the sea."), loop_in("No, no, no!")
    ('the sea, the sea, the sea, the sea', '')
    """
    words = list(_WORD.finditer(text.casefold()))
    if len(words) - len({word.group() for word in words}) < _TIMES - 1:
        words = []  # no word comes often enough
    for length in range(1, min(_LONGEST, len(words) // _TIMES) + 1):
        run = 0  # words in a row that are the same as the word `length` before them
        for at in range(length, len(words)):
            run = run + 1 if words[at].group() == words[at - length].group() else 0
            if run == length * (_TIMES - 1):
                first = words[at - length * _TIMES + 1]
                return text[first.start() : words[at].end()]
    found = _CHARACTERS.search(text)
    return found.group() if found else ""


def repeats(text: str) -> bool:
    """Say whether a source repeats itself, so that its translation may: 不不不, 咚 咚 咚."""
    return bool(re.search(r"(\w{1,4}?)(?:\W*\1){2,}", text))
