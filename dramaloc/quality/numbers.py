"""Figures in a source and in its translation."""

from __future__ import annotations

import re
from itertools import pairwise

_UNITS = {"万": 10_000, "亿": 100_000_000, "千": 1_000, "百": 100}
_FIGURE_AND_UNIT = re.compile(r"(\d+(?:\.\d+)?)\s*([万亿千百]?)")
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[a-z]+")
_WORDS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen twenty""".split()
_ORDINALS = """zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh
    twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth
    twentieth""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


def numbers_missing(source: str, target: str) -> tuple[str, ...]:
    """Return the figures of a Chinese source, as written there, that its rendering lacks.

    Digits with 百, 千, 万 or 亿 count as the number they mean; so do English words up to a
    hundred, ordinals up to twentieth, and figures or words before hundred … billion.

    >>> numbers_missing("3万块 2025年", "30,000 yuan in 2015")
    ('2025',)
    >>> numbers_missing("300万 68岁", "three million, at sixty-eight")
    ()
    """
    found = _numbers_of(target)
    missing = []
    for match in _FIGURE_AND_UNIT.finditer(source.translate(_FULL_WIDTH)):
        value = float(match[1]) * _UNITS.get(match[2], 1)
        if value not in found and float(match[1]) not in found:
            missing.append(match.group().strip())
    return tuple(missing)


def _numbers_of(target: str) -> set[float]:
    found: set[float] = set()
    tokens = _TOKEN.findall(target.translate(_FULL_WIDTH).lower())
    for token, following in pairwise([*tokens, ""]):
        values = _values(token)
        found |= values
        if following in _SCALES:
            found |= {value * _SCALES[following] for value in values}
        if token in _TENS and following in _WORDS[1:10]:
            found |= {ten + one for ten in values for one in _values(following)}
    return found


def _values(token: str) -> set[float]:
    for words, first, step in ((_WORDS, 0, 1), (_ORDINALS, 0, 1), (_TENS, 20, 10)):
        if token in words:
            return {float(first + step * words.index(token))}
    parts = token.replace(",", "").split(":")
    return {float(part) for part in parts if part.count(".") <= 1 and part[:1].isdecimal()}
