"""Figures in a source and in its translation."""

from __future__ import annotations

import re
from itertools import takewhile

# 千克 is a kilogram and 百分 per cent: no thousands, no hundreds.
_UNIT = "(?:[万亿]|千(?![克米瓦卡])|百(?!分))"
_FIGURE_AND_UNIT = re.compile(rf"(\d+(?:\.\d+)?)\s*({_UNIT}?)")
_COMPOUND = re.compile(rf"(?:\d+(?:\.\d+)?\s*{_UNIT})*\d+(?:\.\d+)?\s*{_UNIT}?")
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[a-z]+|[百千万萬亿億]")
_WORDS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen twenty""".split()
_ORDINALS = """zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh
    twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth
    twentieth""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_UNITS = {"百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_SCALES = {
    "hundred": 100, "thousand": 1_000, "k": 1_000, "million": 1_000_000, "m": 1_000_000,
    "billion": 1_000_000_000, **_UNITS, "萬": 10_000, "億": 100_000_000,
}  # fmt: skip
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


def numbers_missing(source: str, target: str) -> tuple[str, ...]:
    """Return the figures of a Chinese source, as written there, that its rendering lacks.

    Digits with 百, 千, 万 or 亿 count as the number they mean; so do English words up to a
    hundred, ordinals up to twentieth, and figures or words before hundred … billion.

    >>> numbers_missing("3万5千块 2025年", "35,000 yuan in 2015")
    ('2025',)
    >>> numbers_missing("300万 68岁", "three million, at sixty-eight")
    ()
    """
    found = _numbers_of(target)
    missing = []
    for compound in _COMPOUND.findall(source.translate(_FULL_WIDTH)):
        parts = list(_FIGURE_AND_UNIT.finditer(compound))
        values = [float(part[1]) * _UNITS.get(part[2], 1) for part in parts]
        if sum(values) not in found:
            pairs = zip(parts, values, strict=True)
            missing += [part.group().strip() for part, value in pairs if value not in found]
    return tuple(missing)


def _numbers_of(target: str) -> set[float]:
    found: set[float] = set()
    said = _TOKEN.findall(target.translate(_FULL_WIDTH).lower())
    for at, word in enumerate(said):
        values = _values(word)
        found |= values
        following = said[at + 1 :]
        if word in _TENS and following and following[0] in _WORDS[1:10]:
            values = {ten + one for ten in values for one in _values(following.pop(0))}
            found |= values
        if word == "a":  # a hundred, a million
            values = {1.0}
        for scale in takewhile(_SCALES.__contains__, following):
            values = {value * _SCALES[scale] for value in values}
            found |= values
    return found


def _values(word: str) -> set[float]:
    for words, first, step in ((_WORDS, 0, 1), (_ORDINALS, 0, 1), (_TENS, 20, 10)):
        if word in words:
            return {float(first + step * words.index(word))}
    parts = word.replace(",", "").split(":")
    return {float(part) for part in parts if part.count(".") <= 1 and part[:1].isdecimal()}
