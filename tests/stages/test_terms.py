"""The contract as pure functions: what counts as kept, what never passes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dramaloc.glossary.matcher import Match, Matcher
from dramaloc.glossary.term import Glossary, Term
from dramaloc.stages.mending import joined, sentence_case
from dramaloc.stages.terms import (
    Contract,
    carried,
    contract,
    inline,
    judge,
    parts_around,
    protect,
    restore,
)

CARVING = Term(source="木雕", target="wood carving", kind="heritage", forbid=("woodcut",))
DUAN = Term(source="段木生", target="Duan Musheng", kind="name")
GRANDMA = Term(source="奶奶", target="Grandma", kind="kinship", accept=("grandmother",))
INDIGO = Term(source="蓝靛", target="indigo", kind="heritage")
MARKS = tuple(f"⟦{n}⟧" for n in range(8))


def due(text: str, *terms: Term, language: str = "en") -> Contract:
    return contract(text, Matcher(terms), (), language)


@pytest.mark.parametrize(
    ("source", "rendering", "kept"),
    [
        ("他学木雕", "He studies wood carving.", True),
        ("他学木雕", "His Wood-Carvings sell well.", True),
        ("他学木雕", "He studies carving.", False),
        ("他学木雕", "He studies wood carving, a woodcut.", False),  # forbidden beside it
        ("他学木雕", "", False),
        ("他学木雕", "He studies ⟦0⟧ wood carving.", False),
        ("他学木雕", "Wood carving wood carving.", False),
        ("他学木雕很久了", "Wood carving.", False),  # a list of terms, the rest is gone
        ("木雕", "Wood carving.", True),
        ("他学木雕", "He studies 木雕 wood carving.", False),
        ("木雕和木雕", "Wood carving and carving.", False),  # each occurrence counts
        ("木雕和木雕", "One wood carving and another wood carving.", True),
        ("奶奶来了", "His grandmother is here.", True),
        ("奶奶来了", "Grandmaster is here.", False),  # no whole word
    ],
)
def test_judge(source: str, rendering: str, *, kept: bool) -> None:
    assert judge(rendering, due(source, CARVING, GRANDMA)).kept is kept


def test_loops_are_defects_unless_the_source_repeats_itself() -> None:
    stuck = "I go, I go, I go, I go, I go"
    assert judge(stuck, due("我走了")).defects == ("loop",)
    assert judge(stuck, due("我走我走我走")).kept


def test_terms_that_forbid_everywhere() -> None:
    banned = Term(source="", target="", action="forbid", forbid=("Oriental",))
    found = contract("你好", Matcher(()), (banned,), "en")
    assert judge("Oriental greetings", found).forbidden == (banned,)
    assert judge("Hello", found).kept


@given(st.text(alphabet="我你他的木雕段生奶在看 ，⟦", max_size=30))
def test_restore_undoes_protect(text: str) -> None:
    found = due(text, CARVING, DUAN, GRANDMA)
    protected = protect(found, MARKS, found.matches)
    if protected is None:
        assert not found.matches or len(found.matches) > len(MARKS) or "⟦" in text
        return
    asis = [
        Match(
            term=Term(source=m.term.source, target=m.term.source, action="keep"),
            start=m.start,
            end=m.end,
        )
        for m in found.matches
    ]
    again = protect(found, MARKS, asis)
    assert again is not None
    assert restore(again.text, again, "zh") == text.strip()


@pytest.mark.parametrize("rendering", ["no mark", "⟦0⟧ twice ⟦0⟧", "⟦1⟧ wrong one"])
def test_restore_refuses_what_does_not_come_back_once(rendering: str) -> None:
    found = due("他学木雕", CARVING)
    protected = protect(found, MARKS, found.matches)
    assert protected is not None
    assert restore(rendering, protected, "en") is None


def test_protect_refuses_a_mark_that_stands_in_the_text() -> None:
    found = due("Anna学木雕", CARVING)
    assert protect(found, ("Anna",), found.matches) is None


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (["a ", DUAN, " came"], "Duan Musheng came"),
        (["He saw the ", DUAN, "."], "He saw Duan Musheng."),
        (["It is a ", INDIGO, " vat."], "It is an indigo vat."),
        (["It is an ", CARVING, "."], "It is a wood carving."),
        ([CARVING, " sells."], "Wood carving sells."),
        (["Stop. ", CARVING, " sells."], "Stop. Wood carving sells."),
        (["He likes ", CARVING, "."], "He likes wood carving."),
        (["my ", GRANDMA, " said"], "my grandma said"),
        (["Ask ", GRANDMA, "."], "Ask Grandma."),
        (["of", CARVING, "and more"], "of wood carving and more"),
        ([DUAN, "'s house"], "Duan Musheng's house"),
        (["the ", Term(source="古城", target="the Old Town")], "The Old Town"),
    ],
)
def test_terms_are_set_into_sentences(pieces: list[str | Term], expected: str) -> None:
    assert joined(pieces, "en") == expected


def test_unspaced_languages_get_no_spaces_or_articles() -> None:
    tie_dye = Term(source="扎染", target="絞り染め")
    assert joined(["これは", tie_dye, "です"], "ja") == "これは絞り染めです"


def test_sentence_case() -> None:
    assert sentence_case("this is it.", first=True) == "This is it."
    assert sentence_case("The house.", first=False) == "the house"
    assert sentence_case("Dali is far.", first=False) == "Dali is far"


def test_inline_and_parts() -> None:
    found = due("他学木雕和蓝靛吗", CARVING, INDIGO)
    assert inline(found) == "他学 wood carving 和 indigo 吗"
    assert parts_around(found) == ("他学", "和", "吗")


def test_carried_takes_what_the_first_hop_rendered() -> None:
    first = due("奶奶学木雕", CARVING, GRANDMA)
    spanish = Glossary((Term(source="木雕", target="talla en madera"),))
    second = carried(first, "His grandmother does wood-carving.", spanish, "es")
    assert [(m.term.source, m.term.required) for m in second.matches] == [
        ("wood-carving", "talla en madera")
    ]
    assert second.text[second.matches[0].start : second.matches[0].end] == "wood-carving"


def test_carried_leaves_out_what_the_first_hop_lost() -> None:
    first = due("奶奶学木雕", CARVING)
    spanish = Glossary((Term(source="木雕", target="talla en madera"),))
    assert carried(first, "Lost.", spanish, "es").matches == ()
