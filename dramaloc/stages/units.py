"""Old Chinese measures in the source, said in the market's system before translation.

Converted as spoken: a person says "about a mile", not "0.93 miles". What is converted is still
Chinese (三里 → 一英里), so that the engine translates a plain sentence. Modern metric units stay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dramaloc.markets.market import System
from dramaloc.quality.numerals import runs, value_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What one old unit is: how many of a modern unit, by system; `tail` comes behind it."""

    metric: tuple[float, str]
    imperial: tuple[float, str]
    tail: str = ""


# Today's market units (State Council of the PRC, 1959): 1 里 = 500 m, 1 斤 = 500 g, 1 尺 = ⅓ m,
# 1 亩 = 666.7 m². Older ones differ by dynasty; drama speaks of them loosely, and so do we.
_LENGTHS_AND_WEIGHTS = {
    "里地": Measure(metric=(0.5, "公里"), imperial=(0.3107, "英里")),
    "里路": Measure(metric=(0.5, "公里"), imperial=(0.3107, "英里"), tail="的路"),
    "里": Measure(metric=(0.5, "公里"), imperial=(0.3107, "英里")),
    "丈": Measure(metric=(3.333, "米"), imperial=(10.94, "英尺")),
    "尺": Measure(metric=(0.3333, "米"), imperial=(1.094, "英尺")),
    "寸": Measure(metric=(3.333, "厘米"), imperial=(1.312, "英寸")),
    "斤": Measure(metric=(0.5, "公斤"), imperial=(1.102, "磅")),
    "亩地": Measure(metric=(0.0667, "公顷"), imperial=(0.1647, "英亩"), tail="地"),
    "亩": Measure(metric=(0.0667, "公顷"), imperial=(0.1647, "英亩")),
    "石粮食": Measure(metric=(60, "公斤"), imperial=(132, "磅"), tail="粮食"),
    "石米": Measure(metric=(60, "公斤"), imperial=(132, "磅"), tail="米"),
}
_TIMES = {
    "个时辰": Measure(metric=(2, "个小时"), imperial=(2, "个小时")),
    "时辰": Measure(metric=(2, "个小时"), imperial=(2, "个小时")),
    "刻钟": Measure(metric=(15, "分钟"), imperial=(15, "分钟")),
    "炷香的功夫": Measure(metric=(30, "分钟"), imperial=(30, "分钟")),
    "炷香": Measure(metric=(30, "分钟"), imperial=(30, "分钟")),
    "盏茶的功夫": Measure(metric=(10, "分钟"), imperial=(10, "分钟")),
    "盏茶": Measure(metric=(10, "分钟"), imperial=(10, "分钟")),
}
_MEASURES: Mapping[str, Measure] = {**_LENGTHS_AND_WEIGHTS, **_TIMES}
_BY_LENGTH = sorted(_MEASURES, key=len, reverse=True)
_NIGHT_WATCHES = {
    "一更": "晚上八点",
    "二更": "晚上十点",
    "三更": "半夜十二点",
    "四更": "凌晨两点",
    "五更": "凌晨四点",
}
_WATCH = re.compile(r"[一二三四五]更(?:天|时分)?(?![半夜新改多加])")
# What looks like a measure and is another word, or part of a saying.
_NO_MEASURE = re.compile(
    "里(?=[面头边外])|斤(?=八两)|尺(?=度|男儿|大汉)|寸(?=步|不|也|都|光阴|金)|丈(?=夫)"
)
_SAYINGS = re.compile("[百千万]+里(?!路|地)|十里八乡|八百里加急|身[高长].{1,3}尺|半斤八两")
_SMALLER = {"斤": ("两", 0.1), "尺": ("寸", 0.1), "丈": ("尺", 0.1)}

# Grams read better than half kilograms, minutes than half hours are left as they are.
_SMALL = {
    "公斤": (1, 1000, "克"),
    "公里": (1, 1000, "米"),
    "米": (1, 100, "厘米"),
    "英里": (0.4, 5280, "英尺"),
    "英尺": (1, 12, "英寸"),
    "磅": (0.5, 16, "盎司"),
    "公顷": (1, 10_000, "平方米"),
}


def convert(text: str, system: System) -> tuple[str, tuple[str, ...]]:
    """Say old measures in a market's system; return the text and what was changed.

    >>> convert("还有三十里路", "imperial")
    ('还有九英里的路', ('unit: 三十里路 → 九英里的路',))
    """
    if system == "keep":
        return text, ()
    # Sayings are blanked for the search, so that places in the text stay the same.
    whole, text = text, _SAYINGS.sub(lambda saying: "□" * len(saying.group()), text)
    changes: list[tuple[int, int, str]] = []
    for run in runs(text):
        if run.start() < (changes[-1][1] if changes else 0):
            continue
        start = run.start()
        found = _measured(text, start, run.group().strip(), run.end(), system)
        if found:
            changes.append((start, *found))
    changes += _halves(text, changes, system)
    changes += [
        (match.start(), match.end(), _NIGHT_WATCHES[match.group()[:2]])
        for match in _WATCH.finditer(text)
    ]
    reasons = tuple(f"unit: {whole[a:b]} → {new}" for a, b, new in sorted(changes))
    for start, end, new in sorted(changes, reverse=True):
        whole = f"{whole[:start]}{new}{whole[end:]}"
    return whole, reasons


def _measured(
    text: str, start: int, numeral: str, end: int, system: System
) -> tuple[int, str] | None:
    """Read the unit behind a numeral; return where it ends and what it becomes."""
    while end < len(text) and text[end] == " ":
        end += 1
    unit = next((unit for unit in _BY_LENGTH if text.startswith(unit, end)), None)
    value = value_of(numeral)
    if unit is None or value is None or value <= 0 or _NO_MEASURE.match(text, end):
        return None
    if start and text[start - 1] in "第几数好":
        return None
    end += len(unit)
    value, end = _with_rest(text, unit, value, end)
    return end, said(value, _MEASURES[unit], system)


def _with_rest(text: str, unit: str, value: float, end: int) -> tuple[float, int]:
    """Take 三斤半, 一尺二 and 两斤三两 as one figure."""
    if text.startswith("半", end):
        return value + 0.5, end + 1
    smaller, share = _SMALLER.get(unit, ("", 0.0))
    digit = "[一二三四五六七八九]"
    rest = re.compile(rf"({digit})(?:{smaller}|(?![一-鿿]))").match(text, end)
    if share and rest:
        return value + share * (value_of(rest[1]) or 0), rest.end()
    return value, end


def _halves(
    text: str, taken: list[tuple[int, int, str]], system: System
) -> list[tuple[int, int, str]]:
    """半斤, 半个时辰, 半里路: no numeral stands before them."""
    found = []
    for match in re.finditer(
        f"(?<![一二两三四五六七八九十百千万斤里尺])半({'|'.join(_BY_LENGTH)})", text
    ):
        free = all(match.end() <= a or b <= match.start() for a, b, _ in taken)
        if free and not _NO_MEASURE.match(text, match.start(1)):
            found.append((match.start(), match.end(), said(0.5, _MEASURES[match[1]], system)))
    return found


def said(value: float, measure: Measure, system: System) -> str:
    """Say a measure in Chinese, in a modern unit, rounded as a person would.

    >>> said(3, _MEASURES["里"], "imperial"), said(0.5, _MEASURES["斤"], "metric")
    ('一英里', '二百五十克')
    """
    factor, unit = measure.imperial if system == "imperial" else measure.metric
    amount = value * factor
    if unit in _SMALL and amount < _SMALL[unit][0]:
        _, ratio, unit = _SMALL[unit]
        amount *= ratio
    rounded = spoken_round(amount)
    if rounded == 0.5:  # noqa: PLR2004
        return f"半{unit}{measure.tail}"
    whole, half = int(rounded), rounded % 1 > 0
    if half and unit.startswith("个"):
        return f"{_counted(whole)}个半{unit[1:]}"
    return f"{_counted(whole)}{unit}{'半' if half else ''}{measure.tail}"


def spoken_round(amount: float) -> float:
    """Round as people do: halves up to five, then whole, then tens and fives, two figures.

    >>> [spoken_round(x) for x in (0.93, 1.6, 9.32, 43.7, 131.2, 1093.6)]
    [1.0, 1.5, 9.0, 45.0, 130.0, 1100.0]
    """
    if amount < 0.75:  # noqa: PLR2004  # nearer to a half than to one
        return 0.5
    if amount < 1.35:  # noqa: PLR2004  # an inch and a third is an inch to anybody
        return 1.0
    if amount < 5:  # noqa: PLR2004
        return round(amount * 2) / 2
    if amount < 20:  # noqa: PLR2004
        return float(round(amount))
    if amount < 100:  # noqa: PLR2004
        return float(round(amount / 5) * 5)
    step = 10 ** (len(str(int(amount))) - 2)
    return float(round(amount / step) * step)


def _counted(number: int) -> str:
    """Write a number that is counted with: two is 两."""
    return "两" if number == 2 else numeral(number)  # noqa: PLR2004


def numeral(number: int) -> str:
    """Write a whole number below a hundred million in Chinese.

    >>> [numeral(n) for n in (7, 10, 15, 40, 130, 1005, 20_000)]
    ['七', '十', '十五', '四十', '一百三十', '一千零五', '两万']
    """
    if number >= 10_000:  # noqa: PLR2004
        rest = number % 10_000
        gap = "零" if 0 < rest < 1_000 else ""  # noqa: PLR2004
        return f"{_counted(number // 10_000)}万{gap}{numeral(rest) if rest else ''}"
    text, zero = "", False
    for unit, name in ((1_000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            word = "两" if (digit, name) == (2, "千") else "零一二三四五六七八九"[digit]
            text += ("零" if zero and text else "") + word + name
        zero = not digit
    return text.removeprefix("一") if text.startswith("一十") else text or "零"
