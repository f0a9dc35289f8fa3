"""How checks are run, and what their findings say; each check's own cases are in the corpus."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from dramaloc.glossary.term import Glossary, Term
from dramaloc.markets.market import Market
from dramaloc.markets.packs import load_market
from dramaloc.quality import delivery
from dramaloc.quality.checks import CHECKS, DOCUMENT_CHECKS, RULES, check
from dramaloc.quality.finding import Finding, at_or_above
from dramaloc.quality.subject import align, is_caption
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


def test_every_rule_says_what_it_is_whose_and_what_to_do() -> None:
    codes = [rule.code for rule in RULES]
    assert len(set(codes)) == len(codes)
    elsewhere = {"first-mention-missing", "format-loss", *(rule.code for rule in delivery.RULES)}
    assert {rule.code for rule in (*CHECKS, *DOCUMENT_CHECKS)} | elsewhere == set(codes)
    for rule in RULES:
        assert re.fullmatch(r"[a-z]+(?:-[a-z]+)*", rule.code)
        assert rule.what
        assert rule.source
        assert rule.hint
        assert not rule.hint.endswith(".")


def test_a_missing_note_is_only_asked_for_where_notes_were_due() -> None:
    noted = replace(MARKET, glossary=Glossary((Term(source="乳扇", target="rushan", note="x"),)))
    target, source = Document(cues=(cue("rushan"),)), Document(cues=(cue("乳扇"),))
    assert "first-mention-missing" not in [f.code for f in check(target, noted, source)]
    codes = [f.code for f in check(target, noted, source, first_mention=True)]
    assert "first-mention-missing" in codes


def test_findings_come_in_the_order_of_the_cues() -> None:
    texts = ("“Hello  there", "x" * 43, "Wait...")
    cues = tuple(cue(text, 9000 * at, 9000 * at + 4000) for at, text in enumerate(texts))
    positions = [finding.position for finding in _check(cues, None, MARKET)]
    assert positions == sorted(positions)  # type: ignore[type-var]
    assert set(positions) == {0, 1, 2}


def test_figures_inside_terms_and_beside_measures_are_left_alone() -> None:
    tea = replace(MARKET, glossary=Glossary((Term(source="三道茶", target="the tea of Dali"),)))
    assert "number-mismatch" not in found("the tea of Dali", source=("三道茶",), market=tea)
    (miles,) = [
        f for f in _check(("60 miles",), ("一百公里",), MARKET) if f.code == "number-mismatch"
    ]
    assert miles.severity == "info"


def test_the_frame_rate_decides_what_flickers() -> None:
    cues = (cue("One", 0, 2000), cue("Two", 2490, 4000))
    document = Document(cues=cues)
    assert "chaining" in [f.code for f in check(document, MARKET, fps=100)]
    assert "chaining" not in [f.code for f in check(document, MARKET, fps=24)]


RUNNING = (("是奶奶一刀一刀", 0, 2000), ("把木雕做出来的", 2050, 4000), ("好啊", 5000, 7000))


def over_cues(*texts: str, market: Market = MARKET) -> list[tuple[str, int | None]]:
    times = [(start, end) for _, start, end in RUNNING]
    target = tuple(cue(text, *time) for text, time in zip(texts, times, strict=True))
    source = tuple(cue(*each) for each in RUNNING)
    faults = check(Document(cues=target), market, Document(cues=source, language="zh-Hans"))
    return [(f.code, f.position) for f in faults if f.code in ("term-missing", "inconsistent")]


def test_a_term_may_stand_in_any_cue_of_its_sentence() -> None:
    assert over_cues("The wood carving", "was made by Granny.", "Good.") == []
    assert over_cues("Cut by cut", "it was made.", "Granny's wood carving.") == [
        ("term-missing", 0),
        ("term-missing", 1),
    ]
    assert over_cues("Cut by cut", "she made the wood carving.", "Good.") == [("term-missing", 0)]


def test_the_groups_that_were_translated_as_one_can_be_said() -> None:
    target = Document(cues=(cue("Granny was", 0, 2000), cue("here", 2050, 4000)))
    source = Document(
        cues=(cue("你来了", 0, 2000), cue("奶奶在这儿", 2050, 4000)), language="zh-Hans"
    )
    codes = {
        groups: [f.code for f in check(target, MARKET, source, groups=groups)]
        for groups in ((), ((0, 1),))
    }
    assert "term-missing" in codes[()]
    assert "term-missing" not in codes[((0, 1),)]


def test_a_sentence_shared_out_in_another_way_is_no_inconsistency() -> None:
    cues = [cue("我在后山给你做了木雕", 0, 2000), cue("奶奶说了很多话", 2050, 4000)]
    later = [replace(c, start_ms=c.start_ms + 60_000, end_ms=c.end_ms + 60_000) for c in cues]
    source = Document(cues=(*cues, *later), language="zh-Hans")
    texts = ("I made", "it for Granny.", "I made it", "for Granny.")
    target = Document(
        cues=tuple(replace(c, text=t) for c, t in zip(source.cues, texts, strict=True))
    )
    faults = {
        groups: [
            f.position
            for f in check(target, MARKET, source, groups=groups)
            if f.code == "inconsistent"
        ]
        for groups in ((), ((0, 1), (2, 3)))
    }
    assert faults == {(): [2, 3], ((0, 1), (2, 3)): []}


def test_a_cue_costs_the_same_with_many_terms() -> None:
    """Counted in walks over the terms, not in seconds: their number must not grow with the cues."""

    class Counting(Glossary):
        walks = 0

        def __iter__(self) -> Iterator[Term]:
            type(self).walks += 1
            return super().__iter__()

    counts = []
    for cues in (1, 20):
        market = replace(MARKET, glossary=Counting(GLOSSARY.terms))
        text = "木雕 in the \u200bKTV 卡"
        _check((cue(text),) * cues, (cue(text),) * cues, market, "zh-Hans")
        counts.append(Counting.walks)
        Counting.walks = 0
    assert counts[0] == counts[1]


def test_a_cue_under_thousands_of_others_takes_the_first_of_them() -> None:
    others = [cue(str(at), 0, 1000 + at) for at in range(2000)]
    (partner,) = align([cue("all", 1, 9000)], others)
    assert partner is not None
    assert partner.text.split("\n")[:2] == ["0", "1"]
    assert len(partner.text) < 500
