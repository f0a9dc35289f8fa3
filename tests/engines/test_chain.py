"""Chains: the first that can, the next for what failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from dramaloc.engines.chain import ChainEngine
from dramaloc.engines.engine import (
    Candidate,
    Capability,
    Context,
    PlainEngine,
    Request,
    StoppedError,
    nothing_done,
)
from dramaloc.engines.registry import create, names_in
from dramaloc.errors import EngineError, EngineNotInstalledError
from dramaloc.glossary.term import Glossary, Term
from dramaloc.stages.hop import Hop
from dramaloc.stages.localization import Segment, Slot
from dramaloc.stages.render import render
from dramaloc.stages.renderings import Recent


class Knows(PlainEngine):
    """Knows some lines; stops before one of them if it is told to."""

    def __init__(
        self,
        name: str,
        lines: Mapping[str, str],
        *,
        way: Sequence[str] = (),
        serves: Sequence[str] = ("en", "ja"),
        stops: str = "",
        capabilities: Sequence[Capability] = (),
    ) -> None:
        self.name, self.lines, self.way, self.serves = name, lines, way, serves
        self.stops, self.capabilities = stops, frozenset(capabilities)
        self.asked: list[Request] = []

    def route(self, source: str, target: str) -> tuple[str, ...]:
        if target not in self.serves:
            raise EngineNotInstalledError(f"{self.name} knows no {target}")
        return (source, *(w for w in self.way if w not in (source, target)), target)

    def translate(
        self,
        requests: Sequence[Request],
        source: str,
        target: str,
        done: Callable[[int], None] = nothing_done,
    ) -> list[tuple[Candidate, ...]]:
        self.asked += requests
        texts = [request.text for request in requests]
        if self.stops in texts and self.stops:
            before = super().translate(requests[: texts.index(self.stops)], source, target, done)
            rest = [None] * (len(texts) - len(before))
            raise StoppedError(EngineError(f"{self.name} is gone"), [*before, *rest])
        return super().translate(requests, source, target, done)

    def translate_text(self, text: str, source: str, target: str) -> str:  # noqa: ARG002
        return self.lines.get(text, "")


def _found(chain: ChainEngine, *texts: str, target: str = "en") -> list[tuple[str, str, str]]:
    requests = [Request(text=text) for text in texts]
    answers = chain.translate(requests, "zh", target)
    return [(one.text, one.engine, one.fault) for (one, *_) in answers]


FIRST = {"一": "One.", "二": "Two."}
SECOND = {"一": "Uno.", "二": "Dos.", "三": "Tres."}


def test_the_first_that_can_then_the_next() -> None:
    chain = ChainEngine([Knows("studio", FIRST), Knows("argos", SECOND)])
    assert _found(chain, "一", "三", "二") == [
        ("One.", "studio", ""),
        ("Tres.", "argos", ""),
        ("Two.", "studio", ""),
    ]
    second = chain.engines[1]
    assert isinstance(second, Knows)
    assert [request.text for request in second.asked] == ["三"]


def test_what_none_can_names_all_that_tried() -> None:
    chain = ChainEngine([Knows("studio", FIRST), Knows("argos", SECOND)])
    assert _found(chain, "九") == [("九", "argos", "studio: no rendering; argos: no rendering")]


def test_an_engine_that_stops_hands_over_the_rest_and_is_left_alone() -> None:
    studio, argos = Knows("studio", FIRST, stops="二"), Knows("argos", SECOND)
    chain = ChainEngine([studio, argos])
    assert [found[:2] for found in _found(chain, "一", "二", "三")] == [
        ("One.", "studio"),
        ("Dos.", "argos"),
        ("Tres.", "argos"),
    ]
    assert [found[:2] for found in _found(chain, "一")] == [("Uno.", "argos")]
    assert len(studio.asked) == 3


def test_if_all_stop_it_stops_with_what_there_is() -> None:
    chain = ChainEngine([Knows("studio", FIRST, stops="二"), Knows("argos", {}, stops="二")])
    with pytest.raises(StoppedError, match="argos is gone") as caught:
        _found(chain, "一", "二")
    assert [found is not None for found in caught.value.found] == [True, False]


def test_an_engine_without_the_pair_is_left_out_and_named() -> None:
    chain = ChainEngine([Knows("studio", FIRST, serves=["ja"]), Knows("argos", SECOND)])
    assert chain.route("zh", "en") == ("zh", "en")
    assert "studio has nothing from zh to en, and is left out" in chain.notice("zh", "en")
    assert chain.signature("zh", "en") == "argos"
    assert chain.signature("zh", "ja") == "studio | argos"
    with pytest.raises(EngineNotInstalledError, match="studio knows no fr"):
        chain.route("zh", "fr")


def test_a_later_engine_may_take_a_way_around() -> None:
    around = Knows("argos", {"三": "Three.", "Three.": "みっつ"}, way=["en"])
    chain = ChainEngine([Knows("studio", FIRST), around])
    assert _found(chain, "三", target="ja") == [("みっつ", "argos", "")]
    assert chain.route("zh", "ja") == ("zh", "ja")


def test_what_may_be_asked_is_what_the_first_standing_can() -> None:
    studio = Knows("studio", FIRST, stops="一", capabilities=["context"])
    chain = ChainEngine([studio, Knows("argos", SECOND, capabilities=["prefix"])])
    assert chain.capabilities == {"context"}
    context = Context(speaker="阿鹏")
    chain.translate([Request(text="一", context=context)], "zh", "en")
    assert chain.capabilities == {"prefix"}
    second = chain.engines[1]
    assert isinstance(second, Knows)
    assert second.asked == [Request(text="一")]
    assert studio.asked == [Request(text="一", context=context)]


def test_chains_by_name() -> None:
    assert names_in(" argos , echo,,argos") == ("argos", "echo")
    assert create("argos,echo").name == "argos,echo"
    assert create("echo,").name == "echo"
    with pytest.raises(EngineNotInstalledError, match="no engine is called 'nobody'"):
        create("echo,nobody")
    with pytest.raises(EngineNotInstalledError, match="no engine is called ''"):
        create("")


# In `render`.


def _segments(*texts: str) -> list[Segment]:
    slots = [(Slot(cue=at, utterance=0),) for at in range(len(texts))]
    return [Segment(slots=s, text=t, source=t) for s, t in zip(slots, texts, strict=True)]


def test_provenance_and_faults_reach_the_translations() -> None:
    chain = ChainEngine([Knows("studio", FIRST), Knows("argos", SECOND)])
    found = render(_segments("一", "三", "九"), [Hop(chain, "zh", "en", Glossary())])
    assert [(t.text, t.origin) for t in found[:2]] == [("One.", "studio"), ("Tres.", "argos")]
    assert (found[2].text, found[2].fault) == ("九", "studio: no rendering; argos: no rendering")


def test_a_fallback_is_not_remembered_for_ever() -> None:
    known = Recent()
    chain = ChainEngine([Knows("studio", FIRST), Knows("argos", SECOND)])
    hop = Hop(chain, "zh", "en", Glossary())
    render(_segments("一", "三", "九"), [hop], known=known)
    first = chain.engines[0]
    assert isinstance(first, Knows)
    first.asked.clear()
    first.lines = {**FIRST, "三": "Three."}
    (one, three) = render(_segments("一", "三"), [hop], known=known)
    assert (one.text, three.text, three.origin) == ("One.", "Three.", "studio")
    assert [request.text for request in first.asked] == ["三"]


class Listens(PlainEngine):
    """Forgets a term until it is told."""

    name = "listens"
    capabilities = frozenset[Capability]({"context"})

    def __init__(self) -> None:
        self.asked: list[Request] = []

    def translate(
        self,
        requests: Sequence[Request],
        source: str,  # noqa: ARG002
        target: str,  # noqa: ARG002
        done: Callable[[int], None] = nothing_done,  # noqa: ARG002
    ) -> list[tuple[Candidate, ...]]:
        self.asked += requests
        said = [r.context.terms[0].required if r.context.wrong else "a craft" for r in requests]
        return [(Candidate(text=f"It is {text}."),) for text in said]


def test_an_engine_that_listens_is_told_what_is_wrong() -> None:
    carving = Term(source="木雕", target="wood carving", forbid=("a craft",))
    engine = Listens()
    (found,) = render(_segments("这是木雕"), [Hop(engine, "zh", "en", Glossary((carving,)))])
    assert (found.text, found.rung) == ("It is wood carving.", "asked-again")
    first, again = engine.asked
    assert first.context.terms[0].forbidden == ("a craft",)
    assert again.context.tried == "It is a craft."
    assert again.context.wrong == (
        "木雕 must be rendered 'wood carving'; 'a craft' must not be said"
    )


def test_the_context_is_part_of_what_is_remembered() -> None:
    known, engine = Recent(), Listens()
    carving = Term(source="木雕", target="craft")
    for speaker in ("阿鹏", "阿鹏", "小雨"):
        contexts = {"这是木雕": Context(speaker=speaker)}
        hop = Hop(engine, "zh", "en", Glossary((carving,)), contexts)
        render(_segments("这是木雕"), [hop], known=known)
    assert [request.context.speaker for request in engine.asked] == ["阿鹏", "小雨"]
