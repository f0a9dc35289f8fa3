"""Figures in Chinese text: 三点半, 两万, 一百二十, 第三, 六月二十五, 500,000元.

Chinese says many things with numerals that are no figures (千万别, 十分, 二百五), counts by
hand (三五年, 几十) and leaves others to the translator's taste (一下, 两天). Only what a
translation has to keep is a mention; the rest is left alone, because a check that cries over
every 一 is soon turned off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_DIGITS = {
    **dict(zip("〇一二三四五六七八九", range(10), strict=True)),
    **dict(zip("零壹贰叁肆伍陆柒捌玖", range(10), strict=True)),
    "两": 2, "兩": 2, "貳": 2, "參": 3, "陸": 6,
}  # fmt: skip
_UNITS = {
    "十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000,
    "万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000,
}  # fmt: skip
_MYRIAD = 10_000
_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
# 千克 is a kilogram and 百分 per cent: no thousands, no hundreds. 两 is two at the head of a
# numeral and before a larger unit, and elsewhere a weight of silver.
_UNIT = r"[十拾佰仟万萬亿億]|千(?![克米瓦卡])|百(?!分)"
_CHAR = rf"[〇零一二三四五六七八九壹贰貳叁參肆伍陆陸柒捌玖]|[两兩](?=\s*[百千万萬亿億])|{_UNIT}"
_RUN = re.compile(rf"(?:(?:{_ARABIC})(?:\s+(?={_UNIT}))?|{_CHAR}|(?<![十百千万萬亿億])[两兩])+")
_PART = re.compile(rf"({_ARABIC})|(.)")
_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})(?:[:：]\d{2})?")
_IDIOM = re.compile(
    "十[分足](?![钟鐘])|二百五(?![十百千万萬元块塊斤])|万一|萬一|百分[百之]百|百分之一百|"
    "千千万万|万万|成千上万|八百年|十[全万]十美|十万火急|五十步|十有八九|十之八九|"
    "第三[者方]|大?年三十|七七八八|三十六计|一五一十|百十|千百"
)
_ADJACENT = re.compile("[二三四五六七八九两][二三四五六七八九](?![〇零一二三四五六七八九])")
# What converts on the way: old Chinese measures always, metric ones where miles are used.
_OLD_MEASURE = re.compile(
    "[尺寸丈斤钱錢亩畝顷頃石斗升担擔步仞更刻]|里(?![面头頭边邊外])|华里|時辰|时辰|炷香|盏茶|盞茶|公分"
)
_METRIC = re.compile("公里|公斤|千克|千米|公顷|厘米|毫米|平米|平方|米|克|度|英里|英尺|码|磅")
_SMALL_MEASURE = re.compile(
    "[天年日周周秒次遍圈代只條条头頭瓶口碗家位名道层層楼樓集张張把件本间間杯根棵朵双雙对對句字]|"
    "个|個|小时|小時|分钟|分鐘|星期|礼拜|禮拜"
)
_JUDGED_MEASURE = re.compile("[岁歲块塊元]|美元|[月号號](?![称称台])|[日](?=[，。 ]|\\Z)")
_EVERYDAY_TEN = re.compile("[岁歲天年块塊元月号號个個]|分钟|分鐘|小时|小時|美元")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A figure a Chinese text mentions.

    `text` is how it stands there, `values` what it may mean (any of them will do), `clock`
    the hour and minute where it is a time of day, `unit` what follows it. `converts`: it
    stands before a metric measure, which some markets convert. `loose`: a small number that
    is often rephrased (七天 → a week), so that only another number in its place is a fault.
    """

    text: str
    values: frozenset[float] = frozenset()
    clock: tuple[int, int] | None = None
    unit: str = ""
    converts: bool = False
    loose: bool = False


def value_of(run: str) -> float | None:
    """Return the number a run of Chinese and Arabic numerals means; None if it is none.

    >>> [value_of(run) for run in ("两万", "一百二十", "十二万三", "二〇二五", "3万5", "零")]
    [20000.0, 120.0, 123000.0, 2025.0, 35000.0, 0.0]
    """
    parts = [(a.replace(",", ""), c) for a, c in _PART.findall("".join(run.split()))]
    if not any(char in _UNITS for _, char in parts):
        digits = "".join(arabic or str(_DIGITS[char]) for arabic, char in parts)
        return float(digits) if digits.count(".") <= 1 else None
    total = section = 0.0
    number: float | None = None
    last_unit = 1
    for arabic, char in parts:
        if char in _UNITS:
            unit = _UNITS[char]
            if unit >= _MYRIAD:
                group = section + (number or 0.0)
                if total < unit:  # 三万亿; but in 三亿五千万 only 五千 counts 万
                    group, total = total + group, 0.0
                total += (group or 1.0) * unit
                section = 0.0
            else:
                section += (1.0 if number is None else number) * unit
            number, last_unit = None, unit
        elif char and _DIGITS[char] == 0:
            number, last_unit = None, 1  # 一百零五: what follows is written in full
        else:
            number = float(arabic) if arabic else float(_DIGITS[char])
    if number is not None:  # 两千五 is 2,500, 一百二 is 120; 二十五 is 25
        short = last_unit > 10 and number < 10  # noqa: PLR2004  # a digit behind hundreds or more
        section += number * (last_unit // 10 if short else 1)
    return total + section


def runs(text: str) -> Iterator[re.Match[str]]:
    """Find every run of numerals, whatever it means."""
    return _RUN.finditer(text)


def mentions(text: str) -> tuple[Mention, ...]:
    """Return the figures of a Chinese text that its translation has to keep.

    >>> [m.text for m in mentions("千万别去 三点半 我有两万 还有一个")]
    ['三点半', '两万']
    """
    found: list[Mention] = []
    clean = _IDIOM.sub(lambda match: "　" * len(match.group()), text)
    last = 0
    for match in runs(clean):
        if match.start() < last:
            continue
        written = _CLOCK.match(clean, match.start())
        if written:
            clock = (int(written[1]), int(written[2]))
            found.append(Mention(text=written.group(), clock=clock))
            last = written.end()
            continue
        mention, last = _time_of_day(clean, match)
        if mention is None:
            mention, last = _figure(clean, match), match.end()
        if mention is not None:
            found.append(mention)
    return tuple(found)


_HOUR = re.compile(
    r"[点點](?:(?P<half>半)|(?P<quarter>[一三13])刻|[钟鐘整]"
    r"|(?P<minute>[〇零][一二三四五六七八九]|[一二三四五六七八九]?十[一二三四五六七八九]?|\d{1,2})分?"
    r"|(?P<few>[一二三四五六七八九])分"
    r"|(?P<decimal>[〇零一二三四五六七八九]{1,3})(?=[倍万萬亿億米公度]|个百分))?"
)
_LAST_HOUR = 24
_QUARTER, _HALF = 15, 30


def _time_of_day(text: str, run: re.Match[str]) -> tuple[Mention | None, int]:
    """Read 三点半, 十点, 8点30, 两点一刻; a decimal such as 三点五 may be meant too."""
    hour, rest = value_of(run.group()), _HOUR.match(text, run.end())
    if rest is None or hour is None or not 0 <= hour <= _LAST_HOUR or hour % 1:
        return None, run.end()
    said = rest.group()
    if hour == 1 and len(said) == 1:  # 一点: a bit
        return None, rest.end()
    whole = text[run.start() : rest.end()]
    if rest["decimal"]:
        digits = "".join(str(int(value_of(char) or 0)) for char in rest["decimal"])
        value = float(f"{hour:.0f}.{digits}")
        return Mention(text=whole, values=frozenset({value}), converts=True), rest.end()
    minute = int(value_of(rest["minute"] or rest["few"] or "0") or 0)
    if rest["half"]:
        minute = _HALF
    elif rest["quarter"]:
        minute = _QUARTER * int(value_of(rest["quarter"]) or 0)
    values = {float(f"{hour:.0f}.{minute}")} if rest["minute"] else set()  # 8点30 may be 8.30
    clock = (int(hour), minute)
    return Mention(text=whole, clock=clock, values=frozenset(values), unit="点"), rest.end()


def _figure(text: str, run: re.Match[str]) -> Mention | None:
    said = run.group().strip()
    before, after = text[: run.start()], text[run.end() :].lstrip()
    value = value_of(said)
    if value is None or _is_vague(said, before, after) or _OLD_MEASURE.match(after):
        return None
    per_cent, ordinal = before.endswith("百分之"), before.endswith("第")
    loose = value == 1 and bool(_SMALL_MEASURE.match(after))  # 1小时: an hour
    if not (said[0].isdigit() or per_cent):
        judged = value > 2 if ordinal else _is_figure(said, value, after)  # noqa: PLR2004  # 第一次
        loose = not judged and 1 < value < 10 and not ordinal and bool(_SMALL_MEASURE.match(after))  # noqa: PLR2004
        if not (judged or loose):
            return None
    return Mention(
        text=f"第{said}" if ordinal else said,
        values=frozenset({value, value / 100} if per_cent else {value}),
        unit=after[:3],
        converts=bool(_METRIC.match(after)),
        loose=loose,
    )


def _is_figure(said: str, value: float, after: str) -> bool:
    """Whether Chinese numerals give a figure that no translator leaves out."""
    if said[0] in _UNITS and said[0] not in "十拾":
        return False  # 百姓, 千万富翁, 万岁
    if len(said) > 1:
        return any(char in _UNITS for char in said) or _is_year(said, after)
    if value == 10:  # noqa: PLR2004
        return bool(_EVERYDAY_TEN.match(after))
    return value > 1 and bool(_JUDGED_MEASURE.match(after))


def _is_year(said: str, after: str) -> bool:
    return len(said) > 2 and (after.startswith("年") or "〇" in said or "零" in said)  # noqa: PLR2004


def _is_vague(said: str, before: str, after: str) -> bool:
    """三五年, 七八十, 几百, 十几, 三十多: nobody can say which figure that is."""
    if before.endswith(("几", "幾", "数", "數", "分之", "初")) and not before.endswith("百分之"):
        return True
    if after.startswith(("几", "幾", "来", "來", "余", "餘", "多", "分之", "出头")):
        return True
    return not said[0].isdigit() and bool(_ADJACENT.search(said)) and not _is_year(said, after)
