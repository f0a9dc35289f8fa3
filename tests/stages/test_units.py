import pytest

from dramaloc.glossary.term import Glossary, Term
from dramaloc.markets.market import Conventions, Market
from dramaloc.stages.adapt import adapt
from dramaloc.stages.localization import Segment, Slot
from dramaloc.stages.units import convert, numeral, spoken_round


@pytest.mark.parametrize(
    ("text", "metric", "imperial"),
    [
        ("走了三里路", "走了一公里半的路", "走了一英里的路"),
        ("从剑川过来两百里地", "从剑川过来一百公里", "从剑川过来六十英里"),
        ("打半斤酒", "打二百五十克酒", "打半磅酒"),
        ("两斤三两牛肉", "一公斤牛肉", "两磅半牛肉"),
        ("三斤半", "两公斤", "四磅"),
        ("布长一百二十尺", "布长四十米", "布长一百三十英尺"),
        ("差一寸", "差三厘米半", "差一英寸"),
        ("这布一丈二", "这布四米", "这布十三英尺"),
        ("九丈就九丈", "三十米就三十米", "一百英尺就一百英尺"),
        ("三亩地", "两千平方米地", "半英亩地"),
        ("三石粮食", "一百八十公斤粮食", "四百磅粮食"),
        ("100亩", "七公顷", "十六英亩"),
        ("等两个时辰", "等四个小时", "等四个小时"),
        ("等半个时辰", "等一个小时", "等一个小时"),
        ("一炷香的功夫", "三十分钟", "三十分钟"),
        ("三更天了", "半夜十二点了", "半夜十二点了"),
    ],
)
def test_old_measures_are_said_as_people_would(text: str, metric: str, imperial: str) -> None:
    assert (convert(text, "metric")[0], convert(text, "imperial")[0]) == (metric, imperial)
    assert convert(text, "keep") == (text, ())


@pytest.mark.parametrize(
    "text",
    [
        "家里有三个人",
        "五百公里",
        "三公斤",
        "千里之外",
        "百里挑一",
        "八百里加急",
        "十里八乡",
        "半斤八两",
        "一寸光阴一寸金",
        "一寸不少",
        "三更半夜",
        "他身高八尺",
        "第三里",
        "几十里路",
        "三石头",
        "两个人",
        "",
    ],
)
def test_what_is_no_measure_stays(text: str) -> None:
    assert convert(text, "metric") == (text, ())
    assert convert(text, "imperial") == (text, ())


def test_each_change_is_a_reason() -> None:
    assert convert("三斤酒 两里路", "metric")[1] == (
        "unit: 三斤 → 一公斤半",
        "unit: 两里路 → 一公里的路",
    )


def test_terms_are_left_alone_and_paraphrases_come_first() -> None:
    glossary = Glossary(
        (
            Term(source="三里铺", target="Sanlipu", kind="place"),
            Term(source="不远", target="两里路", action="paraphrase"),
        )
    )
    market = Market(
        code="en-US",
        name="English",
        glossary=glossary,
        conventions=Conventions(units="imperial"),
    )
    segment = Segment(slots=(Slot(cue=0, utterance=0),), text="到三里铺不远", source="到三里铺不远")
    (found,) = adapt([segment], market)
    assert found.text == "到三里铺半英里的路"
    assert found.source == "到三里铺不远"
    assert [reason.split(":")[0] for reason in found.reasons] == ["paraphrase", "unit"]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "零"),
        (2, "二"),
        (11, "十一"),
        (20, "二十"),
        (110, "一百一十"),
        (305, "三百零五"),
        (2_000, "两千"),
        (10_500, "一万零五百"),
        (120_000, "十二万"),
    ],
)
def test_numerals(number: int, text: str) -> None:
    assert numeral(number) == text


def test_rounding_never_turns_something_into_nothing() -> None:
    assert all(spoken_round(amount / 100) > 0 for amount in range(1, 20_000))
