"""What was rendered before: asked for once, and never the wrong thing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))  # the tests are no package

from fakes import FakeEngine

from dramaloc.glossary.matcher import Matcher
from dramaloc.glossary.term import Glossary, Origin, Term
from dramaloc.stages.hop import Hop
from dramaloc.stages.localization import Segment, Slot, Translation
from dramaloc.stages.render import render
from dramaloc.stages.renderings import Recent, Rendering, key, plain_key
from dramaloc.stages.terms import contract

CARVING = Term(source="木雕", target="wood carving", kind="heritage", forbid=("woodcut",))
DUAN = Term(source="段木生", target="Duan Musheng", kind="name")
BANNED = Term(source="", target="", action="forbid", forbid=("nothing",))
SPANISH = Glossary((Term(source="木雕", target="talla en madera"),))
FRENCH = Glossary((Term(source="木雕", target="sculpture sur bois"),))


def segments(texts: Sequence[str]) -> list[Segment]:
    return [
        Segment(slots=(Slot(cue=at, utterance=0),), text=text, source=text)
        for at, text in enumerate(texts)
    ]


def over(
    engine: FakeEngine, texts: Sequence[str], *terms: Term, known: Recent | None = None
) -> tuple[Translation, ...]:
    hops = [Hop(engine, "zh-Hans", "en", Glossary(terms))]
    return render(segments(texts), hops, known=known)


def through_english(
    engine: FakeEngine, texts: Sequence[str], language: str, onward: Glossary, known: Recent
) -> tuple[Translation, ...]:
    first = Hop(engine, "zh-Hans", "en", Glossary((CARVING,)))
    return render(segments(texts), [first, Hop(engine, "en", language, onward)], known=known)


def asked(engine: FakeEngine) -> list[str]:
    return [request.text for call in engine.calls for request in call]


def test_what_is_known_is_not_asked_again() -> None:
    engine, known = FakeEngine(), Recent()
    first = over(engine, ["他学木雕", "你好"], CARVING, known=known)
    engine.calls.clear()
    assert over(engine, ["你好", "他学木雕"], CARVING, known=known) == tuple(
        replace(found, segment=replace(found.segment, slots=(Slot(cue=at, utterance=0),)))
        for at, found in enumerate(reversed(first))
    )
    assert asked(engine) == []


def test_markets_share_the_way_to_the_pivot() -> None:
    texts = ["他学木雕", "你好", "再见"]
    engine, known = FakeEngine(), Recent()
    through_english(engine, texts, "es", SPANISH, known)
    engine.calls.clear()
    shared = through_english(engine, texts, "fr", FRENCH, known)
    assert asked(engine)
    assert not {"他学木雕", "他学⟦0⟧", "你好", "再见"} & set(asked(engine))
    assert shared == through_english(FakeEngine(), texts, "fr", FRENCH, Recent())


def test_after_one_term_changed_only_its_cues_are_asked_again() -> None:
    engine, known = FakeEngine(), Recent()
    texts = ["他学木雕", "段木生来了", "你好"]
    before = over(engine, texts, CARVING, DUAN, known=known)
    engine.calls.clear()
    after = over(engine, texts, replace(CARVING, target="carving"), DUAN, known=known)
    assert asked(engine)
    assert "段木生来了" not in asked(engine)
    assert "你好" not in asked(engine)
    assert [one == two for one, two in zip(before, after, strict=True)] == [False, True, True]


TEXTS = st.lists(
    st.text(alphabet="他学木雕段生很好 ", min_size=1, max_size=10).filter(str.strip), max_size=6
)


def _babbling(babble: Sequence[str]) -> Callable[[], FakeEngine]:
    return lambda: FakeEngine(default=lambda text: babble[len(text) % len(babble)])


@settings(max_examples=50)
@given(
    runs=st.lists(TEXTS, min_size=1, max_size=4),
    babble=st.lists(st.text(alphabet="anothig ⟦0⟧.", max_size=20), min_size=1),
)
def test_the_result_is_the_same_with_and_without(runs: list[list[str]], babble: list[str]) -> None:
    known, new = Recent(), _babbling(babble)
    for texts in runs:
        terms = (CARVING, BANNED) if len(texts) % 2 else (CARVING, DUAN, BANNED)
        together = over(new(), texts, *terms, known=known)
        assert together == over(new(), texts, *terms)
        alone = [over(new(), [text], *terms)[0] for text in texts]
        assert [found.text for found in together] == [found.text for found in alone]


def _key(text: str, *terms: Term, source: str = "zh", target: str = "en", by: str = "m") -> str:
    glossary = Glossary(terms)
    forbidding = [term for term in terms if not term.source]
    return key(contract(text, Matcher(glossary), forbidding, target), source, by)


@pytest.mark.parametrize(
    "other",
    [
        _key("他学木工", CARVING),
        _key("他学木雕", replace(CARVING, target="carving")),
        _key("他学木雕", replace(CARVING, kind="name")),
        _key("他学木雕", replace(CARVING, accept=("carvings",))),
        _key("他学木雕", replace(CARVING, forbid=())),
        _key("他学木雕", replace(CARVING, action="keep")),
        _key("他学木雕", CARVING, BANNED),
        _key("他学木雕"),
        _key("他学木雕", CARVING, source="zh-Hant"),
        _key("他学木雕", CARVING, target="en-GB"),
        _key("他学木雕", CARVING, by="another model"),
        plain_key("他学木雕", "zh", "en", "m"),
    ],
)
def test_whatever_may_change_a_rendering_changes_its_key(other: str) -> None:
    assert other != _key("他学木雕", CARVING)


def test_what_cannot_change_a_rendering_does_not_change_its_key() -> None:
    elsewhere = replace(CARVING, note="a craft", reference="a book", origin=Origin(line=7))
    assert _key("他学木雕", elsewhere) == _key("他学木雕", CARVING, DUAN)


def test_the_oldest_are_forgotten() -> None:
    known = Recent(most=2)
    for name in ("one", "two", "three"):
        known.put({name: Rendering(text=name, score=0.0, rung="as-it-comes")})
    assert set(known.get(["one", "two", "three"])) == {"two", "three"}
