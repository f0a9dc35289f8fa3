"""Reviewed texts are kept as they stand; what does not fit is said, and translated anew."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # the tests are no package

from fakes import FakeEngine

from dramaloc.glossary.term import Term
from dramaloc.markets.market import Market
from dramaloc.memory.entry import Entry, Hit, Recollection
from dramaloc.stages.localization import Choices, Localization
from dramaloc.stages.pipeline import localize
from dramaloc.subtitles.document import Document

Make = Callable[..., Document]
Bare = Callable[..., Market]
TIE_DYE = Term(source="扎染", target="tie-dye", forbid=("batik",), note="bound cloth")


def _known(position: int, source: str, *targets: str, own: bool = False) -> Recollection:
    entries = [
        Entry(source=source, target=target, market="en-US", origin="Li Na", reviewed=True)
        for target in targets
    ]
    return Recollection(
        position=position, hits=tuple(Hit(entry=entry) for entry in entries), own=own
    )


def _localized(document: Document, market: Market, *known: Recollection) -> Localization:
    engine = FakeEngine(default=lambda _text: "Tie-dye machine.")
    return localize(document, market, engine=engine, choices=Choices(known=known))


def _texts(found: Localization) -> list[str]:
    return [cue.text for cue in found.target.cues]


def test_a_reviewed_text_stands_as_it_is(document: Make, bare_market: Bare) -> None:
    odd = "<i>My  tie-dye...</i>\nis\nbroken over many lines"
    found = _localized(
        document("这是扎染", "扎染"), bare_market(TIE_DYE), _known(0, "这是扎染", odd)
    )
    assert _texts(found) == [odd, "Tie-dye (bound cloth) machine."]
    first, second = found.translations
    assert (first.origin, first.engine, first.rung) == ("memory", "Li Na", "reviewed")
    assert first.reasons == ("memory: reviewed (Li Na)",)
    assert [use.kept for use in first.terms] == [True]
    assert second.origin == "fake"


def test_settled_cues_are_not_asked_of_the_engine(document: Make, bare_market: Bare) -> None:
    engine = FakeEngine()
    known = (_known(0, "你好", "Hello."),)
    localize(document("你好", "再见"), bare_market(), engine=engine, choices=Choices(known=known))
    assert {request.text for call in engine.calls for request in call} == {"再见"}


def test_a_note_that_a_person_wrote_is_not_written_again(document: Make, bare_market: Bare) -> None:
    found = _localized(
        document("扎染", "扎染"), bare_market(TIE_DYE), _known(0, "扎染", "tie-dye (bound cloth)")
    )
    assert _texts(found) == ["tie-dye (bound cloth)", "Tie-dye machine."]
    assert found.explained == ((0, TIE_DYE),)


def test_marks_are_those_of_the_cue(document: Make, bare_market: Bare) -> None:
    found = _localized(
        document("♪ <i>你好</i> ♪", "- 来\n- 好"),
        bare_market(),
        _known(0, "你好", "Hello,\nyou."),
        _known(1, "来 好", "Come on, fine."),
    )
    assert _texts(found)[0] == "♪ <i>Hello,\nyou.</i> ♪"
    assert _texts(found)[1] == "-Tie-dye machine.\n-Tie-dye machine."
    assert "other speakers" in found.translations[1].reasons[-1]


def test_what_breaks_todays_terms_elsewhere_is_reported_and_not_used(
    document: Make, bare_market: Bare
) -> None:
    episode = document("这是扎染", "那是扎染")
    found = _localized(
        episode,
        bare_market(TIE_DYE),
        _known(0, "这是扎染", "This is cloth."),
        _known(1, "那是扎染", "That is tie-dye, or batik."),
    )
    assert _texts(found)[1] == "Tie-dye machine."
    faults = [f for f in found.findings if f.code == "reviewed-term-broken"]
    assert [(f.position, f.message, f.hint) for f in faults] == [
        (0, "a reviewed text was not used: it lacks 'tie-dye' for 扎染", "It says: This is cloth."),
        (1, "a reviewed text was not used: it holds what is forbidden for 扎染",
         "It says: That is tie-dye, or batik."),
    ]  # fmt: skip
    assert found.translations[0].reasons[-1].startswith("memory: a reviewed text was not used")


def test_a_cues_own_text_is_kept_and_its_fault_reported(document: Make, bare_market: Bare) -> None:
    found = _localized(
        document("这是扎染"),
        bare_market(TIE_DYE),
        _known(0, "这是扎染", "This is cloth.", own=True),
    )
    assert _texts(found) == ["This is cloth."]
    assert {"term-missing"} == {f.code for f in found.findings if f.severity == "error"}
    assert [use.kept for _, use in found.term_audit] == [False]


def test_several_ways_elsewhere_settle_nothing(document: Make, bare_market: Bare) -> None:
    found = _localized(document("好"), bare_market(), _known(0, "好", "Sure.", "Deal."))
    assert _texts(found) == ["Tie-dye machine."]
    assert found.translations[0].reasons == (
        "memory: reviewed elsewhere in several ways: Sure. | Deal.",
    )


def test_a_changed_source_is_translated_anew_and_said(document: Make, bare_market: Bare) -> None:
    old = Entry(source="我明天\n走", target="Tomorrow\nI go.", market="en-US", reviewed=True)
    found = _localized(document("我后天走"), bare_market(), Recollection(position=0, former=old))
    assert _texts(found) == ["Tie-dye machine."]
    (finding,) = [f for f in found.findings if f.code == "reviewed-source-changed"]
    assert finding.message == "its source changed since it was reviewed: it was 我明天 / 走"
    assert finding.hint == "The reviewed text was: Tomorrow / I go."
