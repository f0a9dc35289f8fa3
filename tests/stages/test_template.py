"""Markets without a direct way are derived from reviewed text in the language between."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # the tests are no package

from fakes import FakeEngine

from dramaloc.glossary.term import Term
from dramaloc.markets.market import Market
from dramaloc.stages.localization import Choices
from dramaloc.stages.pipeline import localize
from dramaloc.subtitles.document import Document

Make = Callable[..., Document]
Bare = Callable[..., Market]
ENGLISH = Term(source="扎染", target="tie-dye", note="bound cloth")
SPANISH = Term(source="扎染", target="teñido", accept=("teñid*",))


def _engine() -> FakeEngine:
    answers = {
        "这是扎染": "Tie-dye it is.",
        "你好": "Hi.",
        "Tie-dye it is.": "Es teñido.",
        "Hi.": "Hola.",
        "This here is tie-dye.": "Esto es teñido.",
        "Good day, sir.": "Buenos días, señor.",
        "Come in.": "Adelante.",
    }
    return FakeEngine(answers, languages=("en",), default=lambda text: f"¿{len(text)}?")


def _texts(document: Document, bare_market: Bare, template: dict[int, str]) -> list[str]:
    found = localize(
        document,
        bare_market(SPANISH, code="es-ES"),
        engine=_engine(),
        pivot=replace(bare_market(ENGLISH), code="en"),
        choices=Choices(template=template),
    )
    assert all(use.kept for _, use in found.term_audit)
    return [cue.text for cue in found.target.cues]


def test_what_a_template_has_goes_by_it_and_the_rest_by_the_engine(
    document: Make, bare_market: Bare
) -> None:
    episode = document("这是扎染", "你好", "你好")
    assert _texts(episode, bare_market, {}) == ["Es teñido.", "Hola.", "Hola."]
    template = {0: "<i>This here\nis tie-dye (bound cloth).</i>", 2: "Good day, sir."}
    assert _texts(episode, bare_market, template) == [
        "Esto es teñido.", "Hola.", "Buenos días, señor.",
    ]  # fmt: skip


def test_parts_of_a_cue_go_by_their_own_words(document: Make, bare_market: Bare) -> None:
    episode = document("- 你好\n- 这是扎染", "- 你好\n- 你好")
    template = {0: "- Come in.\n- This here is tie-dye.", 1: "Come in."}
    assert _texts(episode, bare_market, template) == [
        "-Adelante.\n-Esto es teñido.", "-Hola.\n-Hola.",
    ]  # fmt: skip


def test_only_the_last_hop_is_asked_for_it(document: Make, bare_market: Bare) -> None:
    engine = _engine()
    found = localize(
        document("你好"),
        bare_market(code="es-ES"),
        engine=engine,
        pivot=bare_market(),
        choices=Choices(template={0: "Come in."}),
    )
    assert {request.text for call in engine.calls for request in call} == {"Come in."}
    (translation,) = found.translations
    assert translation.reasons == ("template: Come in.",)
    assert translation.engine == "fake en-es"


def test_a_direct_way_needs_no_template(document: Make, bare_market: Bare) -> None:
    engine = FakeEngine({"你好": "Hi."})
    found = localize(
        document("你好"), bare_market(), engine=engine, choices=Choices(template={0: "Come in."})
    )
    assert [cue.text for cue in found.target.cues] == ["Hi."]
