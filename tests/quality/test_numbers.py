"""Chinese figures, and whether a translation has them."""

from __future__ import annotations

import pytest

from dramaloc.quality.numbers import figures, numbers_missing
from dramaloc.quality.numerals import mentions, value_of


@pytest.mark.parametrize(
    ("run", "value"),
    [
        ("两万", 20_000), ("一百二十", 120), ("二十五", 25), ("十", 10), ("十二", 12),
        ("十二万三", 123_000), ("两千五", 2_500), ("一百二", 120), ("一百零二", 102),
        ("一万零五百", 10_500), ("两千万", 20_000_000), ("三亿五千万", 350_000_000),
        ("二〇二五", 2025), ("一九八四", 1984), ("3万5千", 35_000), ("3万5", 35_000),
        ("1.5万", 15_000), ("500,000", 500_000), ("6万8", 68_000), ("叁佰伍拾", 350),
        ("兩萬", 20_000), ("零", 0),
    ],
)  # fmt: skip
def test_values(run: str, value: float) -> None:
    assert value_of(run) == value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("千万别去", []), ("十分高兴", []), ("万一他来", []), ("这个二百五", []),
        ("三五年", []), ("几百人", []), ("三十多岁", []), ("七八十个", []), ("老百姓", []),
        ("一下", []), ("一个", []), ("第一次", []), ("第二天", []), ("第三者", []),
        ("三分之一", []), ("九丈", []), ("半斤", []), ("三千里", []), ("百分之百", []),
        ("八点一起走", ["八点"]), ("十分钟", ["十"]), ("三百两", ["三百"]), ("第三", ["第三"]),
        ("三点半", ["三点半"]), ("下午2:30", ["2:30"]), ("六月二十五", ["六", "二十五"]),
        ("十里面的三个", ["三"]), ("百分之五十", ["五十"]), ("一点", []), ("一点半", ["一点半"]),
        ("两点三刻", ["两点三刻"]), ("八点二十", ["八点二十"]), ("一二三 抬", []),
    ],
)  # fmt: skip
def test_what_counts_as_a_figure(text: str, found: list[str]) -> None:
    assert [mention.text for mention in mentions(text)] == found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("one hundred and twenty", 120), ("a hundred twenty", 120), ("half a million", 500_000),
        ("half-million", 500_000), ("thirty-five thousand", 35_000), ("1.5 million", 1_500_000),
        ("three hundred thousand", 300_000), ("thirtieth", 30),
        ("500.000 Yuan", 500_000), ("500 000 юаней", 500_000), ("30 mil", 30_000),
        ("2 миллиона", 2_000_000), ("5만", 50_000), ("3萬5千", 35_000), ("'80s", 80),
        ("two dozen", 24), ("twenty twenty-five", 2025), ("nineteen eighty-four", 1984),
        ("two and a half", 2.5), ("25th", 25), ("thousand", 1000),
    ],
)  # fmt: skip
def test_what_a_translation_says(text: str, value: float) -> None:
    assert value in figures(text)


@pytest.mark.parametrize(
    ("source", "target", "missing"),
    [
        ("2025年3月", "March 2025, the 3rd", ()),
        ("3月", "the third month", ()),
        ("5个", "six", ("5",)),
        ("1.5万", "15,000", ()),
        ("100万", "1 million", ()),
        ("100万", "one million", ()),
        ("3亿", "300 million", ()),
        ("3亿", "3 million", ("3亿",)),
        ("100万", "a million", ()),
        ("20万", "two hundred thousand", ()),
        ("6万8", "68,000", ()),
        ("6万8", "60,008", ("6万8",)),
        ("3万5千", "35,000", ()),
        ("3万5千", "30,000", ("3万5千",)),
        ("3万块", "3萬塊", ()),
        ("3千克", "3 kilograms", ()),
        ("21岁", "twenty-one", ()),
        ("20万", "2,000", ("20万",)),
        ("68岁", "sixty-nine", ("68",)),
        ("１２点", "twelve o'clock", ()),
        ("8点30", "8:30", ()),
        ("一百块", "some", ("一百",)),
        ("7 8 9", "seven and nine", ("8",)),
        ("13800138000", "138-0013-8000", ()),
        ("下午两点四十", "at 14:40", ()),
        ("三点半", "14h30", ("三点半",)),
        ("十五分钟", "a quarter of an hour", ()),
        ("二十四小时", "a day", ()),
        ("十二点", "at noon", ()),
        ("三天", "five days", ("三",)),
        ("三天", "a few days", ()),
        ("百分之五十", "half of it", ()),
        ("三点五倍", "3.5 times", ()),
        ("第十二章", "Chapter 12", ()),
        ("一千三百块", "thirteen hundred", ()),
    ],
)
def test_numbers(source: str, target: str, missing: tuple[str, ...]) -> None:
    assert numbers_missing(source, target) == missing


def test_a_figure_may_move_into_the_next_cue_but_not_borrow_its_figure() -> None:
    assert numbers_missing("二十分钟", "before eight", (("离八点", "twenty minutes"),)) == ()
    assert numbers_missing("二十分钟", "soon", (("二十岁", "at twenty"),)) == ("二十",)
