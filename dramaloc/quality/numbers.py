"""Figures in a source and in its translation."""

from __future__ import annotations

import re

_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
_TIMES = {"万": 10_000, "亿": 100_000_000, "千": 1_000, "百": 100}
_FIGURE_AND_UNIT = re.compile(r"(\d+(?:\.\d+)?)\s*([万亿千百]?)")
_WORDS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen twenty""".split()
_ORDINALS = """zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh
    twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth
    twentieth""".split()
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


def numbers_missing(source: str, target: str) -> tuple[str, ...]:
    """Return the figures of a Chinese source, as written there, that its rendering lacks.

    Digits with 百, 千, 万 or 亿 count as the number they mean; words up to twenty and ordinals
    count as figures.

    >>> numbers_missing("3万块 2025年", "30,000 yuan in 2015")
    ('2025',)
    """
    found = _numbers_of(target)
    missing = []
    for match in _FIGURE_AND_UNIT.finditer(source.translate(_FULL_WIDTH)):
        value = float(match[1]) * _TIMES.get(match[2], 1)
        if value not in found and float(match[1]) not in found:
            missing.append(match.group().strip())
    return tuple(missing)


def _numbers_of(target: str) -> set[float]:
    figures = {match.replace(",", "") for match in _FIGURE.findall(target.translate(_FULL_WIDTH))}
    found = {float(part) for figure in figures for part in figure.split(":") if _is_number(part)}
    words = re.findall(r"[a-z]+", target.lower())
    found |= {float(_WORDS.index(word)) for word in words if word in _WORDS}
    return found | {float(_ORDINALS.index(word)) for word in words if word in _ORDINALS}


def _is_number(text: str) -> bool:
    return text.count(".") <= 1 and text.replace(".", "").isdecimal()
