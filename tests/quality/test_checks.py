"""Every check, on cues that break its rule and cues that only look so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dramaloc.glossary.term import Glossary, Term
from dramaloc.markets.market import Market
from dramaloc.markets.packs import load_market
from dramaloc.quality.checks import CHECKS, align, check, is_caption
from dramaloc.quality.finding import Finding, at_or_above
from dramaloc.quality.numbers import numbers_missing
from dramaloc.subtitles.document import Cue, Document, Unparsed

GLOSSARY = Glossary(
    (
        Term(source="奶奶", target="Grandma", accept=("granny",)),
        Term(source="木雕", target="wood carving", forbid=("woodcut",)),
        Term(source="KTV", target="KTV", action="keep"),
        Term(source="卡", target="卡", action="keep"),
        Term(source="", target="", action="forbid", forbid=("Chinaman",)),
    )
)
MARKET = replace(load_market("en-US"), glossary=GLOSSARY)
TAIWAN = replace(load_market("zh-Hant-TW"), glossary=Glossary())


def cue(text: str, start: int = 0, end: int = 4000, number: int | None = None) -> Cue:
    return Cue(number=number, start_ms=start, end_ms=end, text=text)


def found(
    *cues: Cue | str,
    source: tuple[Cue | str, ...] | None = None,
    market: Market = MARKET,
    language: str = "zh-Hans",
) -> list[str]:
    return [finding.code for finding in _check(cues, source, market, language)]


def _check(
    cues: tuple[Cue | str, ...],
    source: tuple[Cue | str, ...] | None,
    market: Market,
    language: str = "zh-Hans",
) -> tuple[Finding, ...]:
    target = Document(cues=tuple(map(_cue, cues)))
    return check(
        target,
        market,
        None if source is None else Document(cues=tuple(map(_cue, source)), language=language),
    )


def _cue(given: Cue | str) -> Cue:
    return cue(given) if isinstance(given, str) else given


# code, target text, source text (None: without source), whether it is found
TEXTS: list[tuple[str, str, str | None, bool]] = [
    ("empty-text", "", None, True),
    ("empty-text", "<i>…</i>", "你好", True),
    ("empty-text", "♪ ♪", "♪ 你好 ♪", True),
    ("empty-text", "…", "……", False),
    ("empty-text", "", "", False),
    ("empty-text", "7", "七", False),
    ("untranslated", "Hello 你好", None, True),
    ("untranslated", "我", "我", True),
    ("untranslated", "the 卡 of 你", None, True),
    ("untranslated", "Hello", "你好", False),
    ("untranslated", "the 卡", None, False),
    ("untranslated", "“Hi” — café ♪", None, False),
    ("copied-source", "你好", "你好", True),
    ("copied-source", "<i>你好 OK</i>", "你好 OK", True),
    ("copied-source", "OK", "OK", False),
    ("copied-source", "2025", "2025", False),
    ("copied-source", "Hello", "你好", False),
    ("leftover-placeholder", "I like ⟦0⟧.", None, True),
    ("leftover-placeholder", "I like ⟦.", None, True),
    ("leftover-placeholder", "I like 0⟧", None, True),
    ("leftover-placeholder", "I like [0].", None, False),
    ("leftover-placeholder", "I like it.", None, False),
    ("line-length", "x" * 43, None, True),
    ("line-length", "short\n" + "long " * 9, None, True),
    ("line-length", "x" * 42, None, False),
    ("line-length", "<i>" + "x" * 42 + "</i>\n{\\an8}" + "y" * 42, None, False),
    ("line-count", "a\nb\nc", None, True),
    ("line-count", "- a\n- b\n- c\n- d", None, True),
    ("line-count", "a\nb", None, False),
    ("line-count", "a", None, False),
    ("reading-speed", "x" * 81, None, True),
    ("reading-speed", "word " * 16 + "\n" + "word", None, True),
    ("reading-speed", "x" * 80, None, False),
    ("reading-speed", "<i>" + "x" * 80 + "</i>", None, False),
    ("model-loop", "I know I know I know I know", None, True),
    ("model-loop", "go go go go go", "我们走", True),
    ("model-loop", "hahahahahahaha", "你好", True),
    ("model-loop", "Go, go, go!", "走走走", False),
    ("model-loop", "No, no, no, no!", "不不不不", False),
    ("model-loop", "1000000 yuan", "一百万", False),
    ("model-loop", "Well......", "嗯", False),
    ("model-loop", "— — — — —", None, False),
    ("number-mismatch", "in 2015", "2025年", True),
    ("number-mismatch", "many yuan", "3万块", True),
    ("number-mismatch", "30,000 yuan", "3万块", False),
    ("number-mismatch", "twelve", "12", False),
    ("number-mismatch", "in many", None, False),
    ("term-missing", "She's here", "奶奶来了", True),
    ("term-missing", "Grandma! Who?", "奶奶 奶奶", True),
    ("term-missing", "- Grandma\n- Who?", "- 奶奶\n- 奶奶", True),
    ("term-missing", "to the karaoke", "去KTV", True),
    ("term-missing", "Granny's here", "奶奶来了", False),
    ("term-missing", "to the KTV", "去KTV", False),
    ("term-missing", "anything", None, False),
    ("term-missing", "- Grandma\n- Granny", "- 奶奶\n- 奶奶", False),
    ("term-forbidden", "a woodcut wood carving", "木雕", True),
    ("term-forbidden", "the Chinaman", None, True),
    ("term-forbidden", "a woodcut", "版画", False),
    ("term-forbidden", "wood carvings", "木雕", False),
    ("tag-mismatch", "Hello", "<i>你好</i>", True),
    ("tag-mismatch", "<i>Hello</i>", "你好", True),
    ("tag-mismatch", "{\\an8}Hello", "你好", True),
    ("tag-mismatch", "Hello ♪", "♪ 你好 ♪", True),
    ("tag-mismatch", "{\\an8}<i>Hello</i>", "{\\an8}<i>你好</i>", False),
    ("tag-mismatch", "♪ Hello ♪", "♪ 你好 ♪", False),
    ("tag-mismatch", "<i>Hello", None, False),
    ("spacing", "Hello  there", None, True),
    ("spacing", "Hello , there", None, True),
    ("spacing", "fine\n trailing ", None, True),
    ("spacing", "Hello, there!", None, False),
    ("spacing", "and then ... nothing", None, False),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text", "source", "expected"), TEXTS)
def test_texts(code: str, text: str, source: str | None, *, expected: bool) -> None:
    codes = found(text, source=None if source is None else (source,))
    assert (code in codes) is expected


# code, times of the cues, whether it is found
TIMES: list[tuple[str, tuple[tuple[int, int], ...], bool]] = [
    ("min-duration", ((0, 832),), True),
    ("min-duration", ((1000, 1000),), True),
    ("min-duration", ((2000, 1000),), True),
    ("min-duration", ((0, 833),), False),
    ("min-duration", ((0, 3000),), False),
    ("max-duration", ((0, 7001),), True),
    ("max-duration", ((0, 60_000),), True),
    ("max-duration", ((0, 7000),), False),
    ("max-duration", ((0, 1000),), False),
    ("min-gap", ((0, 2000), (2082, 4000)), True),
    ("min-gap", ((0, 2000), (2000, 4000)), True),
    ("min-gap", ((0, 2000), (2083, 4000)), False),
    ("min-gap", ((0, 2000), (1900, 4000)), False),
    ("overlap", ((0, 2000), (1999, 4000)), True),
    ("overlap", ((0, 2000), (0, 2000)), True),
    ("overlap", ((0, 2000), (2000, 4000)), False),
    ("overlap", ((5000, 6000), (1000, 2000)), False),
    ("sort-order", ((5000, 6000), (1000, 2000)), True),
    ("sort-order", ((0, 1000), (8000, 9000), (7999, 9000)), True),
    ("sort-order", ((0, 1000), (0, 2000)), False),
    ("sort-order", ((0, 1000), (2000, 3000)), False),
]


@pytest.mark.parametrize(("code", "times", "expected"), TIMES)
def test_times(code: str, times: tuple[tuple[int, int], ...], *, expected: bool) -> None:
    cues = tuple(cue("word", start, end) for start, end in times)
    assert (code in found(*cues)) is expected


def test_every_check_is_tried_twice_in_each_direction() -> None:
    tried = [(code, expected) for code, *_, expected in [*TEXTS, *TIMES]]
    for code, _ in CHECKS:
        assert tried.count((code, True)) >= 2, code
        assert tried.count((code, False)) >= 2, code


@pytest.mark.parametrize(
    ("times", "code"), [((0, 500), "min-duration"), ((0, 9000), "max-duration")]
)
def test_the_sources_own_timing_is_only_mentioned(times: tuple[int, int], code: str) -> None:
    (ours,) = [f for f in _check((cue("Hi", *times),), None, MARKET) if f.code == code]
    (theirs,) = [
        f for f in _check((cue("Hi", *times),), (cue("你好", *times),), MARKET) if f.code == code
    ]
    assert (ours.severity, theirs.severity) == ("warning", "info")
    assert "the source's own timing" in theirs.message


def test_a_caption_over_dialogue_is_no_overlap() -> None:
    talk = cue("Hello", 0, 4000)
    assert "overlap" not in found(talk, cue("[A street]", 1000, 3000))
    assert "overlap" not in found(talk, cue("{\\an8}A street", 1000, 3000))
    assert "overlap" in found(talk, cue("[A street]", 1000, 3000), cue("Hi", 3000, 5000))
    assert "overlap" in found(cue("[A]", 0, 4000), cue("[B]", 1000, 3000))


@pytest.mark.parametrize(
    ("text", "caption"),
    [("[三年后]", True), ("{\\an8}三年后", True), ("<i>[三年后]</i>", True), ("三年后", False),
     ("[画外音] 你好", False), ("", False)],
)  # fmt: skip
def test_captions(text: str, *, caption: bool) -> None:
    assert is_caption(cue(text)) is caption


def test_chinese_markets_are_checked_their_own_way() -> None:
    codes = found("你好", source=("你好",), market=TAIWAN)
    assert not {"untranslated", "copied-source"} & set(codes)
    assert "line-length" in found("字" * 17, market=TAIWAN)
    assert "line-length" not in found("字" * 15 + "ab", market=TAIWAN)
    assert "line-length" in found("字" * 15 + "……", market=TAIWAN)
    assert "spacing" not in found("你好  再见", market=TAIWAN)


def test_a_limit_of_the_market_is_the_limit(bare_market: Callable[..., Market]) -> None:
    tight = bare_market(max_line_columns=10, max_cps=5)
    codes = found("Hello, there, you two!", market=tight)
    assert {"line-length", "reading-speed"} <= set(codes)


def test_a_copied_latin_cue_counts_when_the_source_is_not_chinese() -> None:
    assert "copied-source" in found("Guten Tag", source=("Guten Tag",), language="de")
    assert "copied-source" not in found("Guten Tag", source=("Guten Tag",), language="zh-Hans")


def test_a_finding_says_where_and_what_to_do() -> None:
    text = "This line is longer than any reader can follow"
    cues = (cue("Fine", number=7), Cue(start_ms=5000, end_ms=9000, text=text, line=12))
    (finding,) = _check(cues, None, MARKET)
    assert (finding.code, finding.severity, finding.position) == ("line-length", "error", 1)
    assert (finding.cue, finding.line) == (2, 12)
    assert "46 where 42 fit" in finding.message
    assert finding.hint


def test_a_clean_translation_has_no_findings() -> None:
    assert found("<i>Grandma's here.</i>", source=("<i>奶奶来了</i>",)) == []


def test_what_could_not_be_read_is_a_finding() -> None:
    unparsed = Unparsed(line=3, position=0, text="00:00 -> 1\nx", reason="these times are odd")
    (finding,) = check(Document(cues=(), unparsed=(unparsed,)), MARKET)
    assert (finding.code, finding.severity, finding.line, finding.cue) == (
        "unparsed", "error", 3, None,
    )  # fmt: skip


def test_cues_are_held_against_the_source_by_time() -> None:
    sources = [cue("一", 0, 1000), cue("二", 1000, 2000), cue("三", 5000, 6000)]
    same = align([cue("a", 0, 1000), cue("b", 1000, 2000), cue("c", 5000, 6000)], sources)
    assert same == sources
    first, second, third = align(
        [cue("a b", 0, 2000), cue("?", 3000, 4000), cue("c", 5200, 6100)], sources
    )
    assert first is not None
    assert first.text == "一\n二"
    assert second is None
    assert third == sources[2]


@pytest.mark.parametrize(
    ("severities", "threshold", "answer"),
    [
        (("error",), "error", True),
        (("warning", "info"), "error", False),
        (("warning",), "warning", True),
        (("info",), "warning", False),
        (("error",), "never", False),
        ((), "warning", False),
    ],
)
def test_the_threshold(severities: tuple[Any, ...], threshold: str, *, answer: bool) -> None:
    findings = tuple(Finding(code="x", severity=s, message="") for s in severities)
    assert at_or_above(findings, threshold) is answer


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
        ("6万8", "60,008", ()),
        ("3万5千", "35,000", ()),
        ("3万5千", "30,000", ("5千",)),
        ("3万块", "3萬塊", ()),
        ("3千克", "3 kilograms", ()),
        ("21岁", "twenty-one", ()),
        ("20万", "2,000", ("20万",)),
        ("68岁", "sixty-eight", ()),
        ("68岁", "sixty-nine", ("68",)),
        ("30块", "thirty yuan", ()),
        ("500块", "five hundred", ()),
        ("１２点", "twelve o'clock", ()),
        ("8点30", "8:30", ()),
        ("一百", "some", ()),
        ("7 8 9", "seven and nine", ("8",)),
    ],
)
def test_numbers(source: str, target: str, missing: tuple[str, ...]) -> None:
    assert numbers_missing(source, target) == missing
