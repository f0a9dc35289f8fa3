"""The ladder: who climbs, how far, and what is reported."""

from __future__ import annotations

import string
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))  # the tests are no package

from fakes import FakeEngine

from dramaloc.engines.engine import Candidate, Request
from dramaloc.glossary.term import Glossary, Term
from dramaloc.stages.hop import Hop
from dramaloc.stages.localization import Segment, Slot, Translation
from dramaloc.stages.render import render
from dramaloc.stages.rungs import RUNGS

CARVING = Term(source="木雕", target="wood carving", kind="heritage", forbid=("woodcut",))
DUAN = Term(source="段木生", target="Duan Musheng", kind="name")


def run(engine: FakeEngine, texts: list[str], *terms: Term) -> tuple[Translation, ...]:
    segments = [
        Segment(slots=(Slot(cue=at, utterance=0),), text=text, source=text)
        for at, text in enumerate(texts)
    ]
    return render(segments, [Hop(engine, "zh-Hans", "en", Glossary(terms))])


def test_what_is_kept_plainly_stays_and_asks_once() -> None:
    engine = FakeEngine({"他学木雕": "He studies wood carving.", "你好": "Hello."})
    found = run(engine, ["他学木雕", "你好", "你好"], CARVING)
    assert [t.text for t in found] == ["He studies wood carving.", "Hello.", "Hello."]
    assert {t.rung for t in found} == {"as-it-comes"}
    assert engine.calls == [[Request(text="他学木雕"), Request(text="你好")]]


@pytest.mark.parametrize(
    ("answers", "rung", "text"),
    [
        ({"他学⟦0⟧": "He studies ⟦0⟧."}, "placeholder", "He studies wood carving."),
        (
            {"他学木雕": ["He carves.", "He studies wood carving."], "他学⟦0⟧": "?"},
            "n-best",
            "He studies wood carving.",
        ),
        ({"他学⟦7⟧": "He studies ⟦7⟧."}, "other-placeholder", "He studies wood carving."),
        ({"他学 wood carving": "He learns wood carving."}, "inline", "He learns wood carving."),
        (
            {"他学木雕": "He studies carvings.", "木雕": "Carvings."},
            "replaced",
            "He studies wood carving.",
        ),
    ],
)
def test_each_rung(answers: dict[str, str | list[str]], rung: str, text: str) -> None:
    engine = FakeEngine(answers, default=lambda _text: "He said nothing.")
    (found,) = run(engine, ["他学木雕"], CARVING)
    assert (found.rung, found.text) == (rung, text)
    assert [(use.kept, use.rung) for use in found.terms] == [(True, rung)]


def test_forbidden_words_are_suppressed() -> None:
    answers = {"他学木雕": ["A woodcut of wood carving.", "Wood carving is his life."]}
    banned = Term(source="", target="", action="forbid", forbid=("woodcuts",))
    engine = FakeEngine(answers, default=lambda _text: "?", capabilities=("suppress",))
    engine.capabilities = frozenset({"suppress"})
    (found,) = run(engine, ["他学木雕"], CARVING, banned)
    assert "woodcut" not in found.text
    assert "wood carving" in found.text.lower()


def test_a_term_is_forced_where_nothing_else_helps() -> None:
    engine = FakeEngine(default=lambda _text: "He said nothing.")
    (found,) = run(engine, ["他学木雕"], CARVING)
    assert found.rung == "forced"
    assert "ood carving" in found.text


def test_only_the_likeliest_beginnings_are_finished() -> None:
    engine = FakeEngine(default=lambda _text: "One two three four five six.")
    run(engine, ["他学木雕"], CARVING)
    begun = [each.prefix for call in engine.calls for each in call if each.prefix]
    # This engine is surest of what is shortest.
    assert begun == ["Wood carving", "One wood carving", "One two wood carving"]


def test_a_finished_text_is_not_lost_where_another_still_lacks_a_term() -> None:
    class Forgetful(FakeEngine):
        """Says the second term by itself only after "He"; is never heard of it again."""

        def _answer(self, request: Request) -> tuple[Candidate, ...]:
            if request.prefix == "He wood carving":
                return (Candidate(text="He wood carving Duan Musheng.", score=-0.1),)
            if request.prefix:
                return (Candidate(text=f"{request.prefix}."),)
            return super()._answer(request)

    engine = Forgetful(default=lambda _text: "He said.", stand_ins=())
    (found,) = run(engine, ["木雕段木生"], CARVING, DUAN)
    assert (found.rung, found.text) == ("forced", "He wood carving Duan Musheng.")


def test_a_model_says_what_it_thinks_of_its_own_words_and_of_no_others() -> None:
    class Doubtful(FakeEngine):
        def _answer(self, request: Request) -> tuple[Candidate, ...]:
            (found,) = super()._answer(request)
            return (replace(found, score=-0.5),)

    answers = {"好": "Fine.", "他学木雕": "He learns it.", "他学⟦0⟧": "He learns ⟦0⟧."}
    plain, kept = run(Doubtful(answers), ["好", "他学木雕"], CARVING)
    assert (plain.sure, kept.sure) == (-0.5, None)
    (unsaid,) = run(FakeEngine(answers), ["好"])
    assert unsaid.sure is None


def test_parts_are_the_last_resort() -> None:
    engine = FakeEngine(
        {"他学": "He learns.", "很久": "For long."},
        default=lambda _text: "Nothing.",
        capabilities=(),
        stand_ins=(),
    )
    (found,) = run(engine, ["他学木雕很久"], CARVING)
    assert (found.rung, found.text) == ("parts", "He learns wood carving for long")


def test_one_batch_a_rung_however_many_segments_climb() -> None:
    engine = FakeEngine(default=lambda text: "He ⟦0⟧ well." if "⟦" in text else "?")
    texts = [f"他学木雕{number}" for number in range(50)]
    found = run(engine, texts, CARVING)
    assert {t.rung for t in found} == {"placeholder"}
    assert [len(call) for call in engine.calls] == [50, 50]


def test_a_loop_is_replaced_by_another_hypothesis() -> None:
    stuck = "I go, I go, I go, I go, I go"
    engine = FakeEngine({"我走": [stuck, "I'm leaving."]})
    (found,) = run(engine, ["我走"])
    assert (found.text, found.rung) == ("I'm leaving.", "n-best")


def test_text_without_terms_is_the_plain_runs() -> None:
    texts = ["你好", "再见", "他学木雕"]
    engine = FakeEngine(default=lambda text: text.replace("你好", "Hello"))
    plain, ruled = run(engine, texts), run(engine, texts, CARVING, DUAN)
    assert [t.text for t in plain[:2]] == [t.text for t in ruled[:2]]


def test_a_pivot_keeps_terms_at_each_hop() -> None:
    english = Glossary((CARVING, DUAN))
    spanish = Glossary((Term(source="木雕", target="talla en madera"),))
    engine = FakeEngine(
        {
            "段木生学木雕": "Duan Musheng learns wood carving.",
            "Duan Musheng learns wood carving.": "Duan Musheng aprende a tallar.",
            "Duan Musheng learns ⟦0⟧.": "Duan Musheng aprende ⟦0⟧.",
        }
    )
    hops = [Hop(engine, "zh", "en", english), Hop(engine, "en", "es", spanish)]
    segment = Segment(slots=(Slot(cue=0, utterance=0),), text="段木生学木雕", source="段木生学木雕")
    (found,) = render([segment], hops)
    assert found.text == "Duan Musheng aprende talla en madera."
    assert [(use.term.target, use.kept) for use in found.terms] == [("talla en madera", True)]


NAMES = [name for name, _ in RUNGS]


@settings(max_examples=150, deadline=None)
@given(
    texts=st.lists(
        st.text(alphabet="他学木雕段生很好 ", min_size=1, max_size=12).filter(str.strip), max_size=6
    ),
    babble=st.lists(st.text(alphabet=string.ascii_lowercase + "⟦⟧017 .", max_size=20), min_size=1),
    capabilities=st.sets(st.sampled_from(["n-best", "score", "prefix", "suppress"])),
    copies=st.booleans(),
)
def test_no_path_returns_a_text_without_its_terms_unsaid(
    texts: list[str], babble: list[str], capabilities: set[str], *, copies: bool
) -> None:
    engine = FakeEngine(
        default=lambda text: babble[len(text) % len(babble)],
        capabilities=tuple(capabilities),  # type: ignore[arg-type]
        stand_ins=FakeEngine().families if copies else (),
    )
    for translation in run(engine, texts, CARVING, DUAN):
        for use in translation.terms:
            said = use.term.required.lower() in translation.text.lower()
            assert said or not use.kept
            assert use.rung in ("as-it-comes", *NAMES)
