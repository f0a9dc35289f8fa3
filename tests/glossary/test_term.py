"""Layers of terms: what replaces what, and what is forbidden."""

from __future__ import annotations

from dataclasses import replace

from dramaloc.glossary.forms import violations
from dramaloc.glossary.tables import parse_table
from dramaloc.glossary.term import Origin, Term, layered

WOOD = Term(source="木雕", target="wood carving", forbid=("woodcut",))


def test_the_later_layer_replaces_the_earlier() -> None:
    ours = Term(source="木雕", target="Jianchuan carving")
    glossary = layered([[WOOD], [ours]])
    assert len(glossary) == 1
    assert glossary.by_source["木雕"].target == "Jianchuan carving"
    assert glossary.by_source["木雕"].origin.layer == 1


def test_other_sources_of_lower_layers_stay() -> None:
    glossary = layered([[WOOD], [Term(source="扎染", target="tie-dye")]])
    assert [(term.source, term.origin.layer) for term in glossary] == [("木雕", 0), ("扎染", 1)]


def test_a_forbidden_row_forbids_and_requires_nothing() -> None:
    glossary = layered([[Term(source="木雕", target="woodcut", status="forbidden")]])
    (term,) = glossary
    assert (term.action, term.target, term.forbid) == ("forbid", "", ("woodcut",))
    assert violations([term], "a woodcut", "en")


def test_a_forbidden_row_is_laid_over_the_term_it_is_about() -> None:
    glossary = layered([[WOOD], [Term(source="木雕", target="engraving", status="obsolete")]])
    term = glossary.by_source["木雕"]
    assert (term.target, term.forbid) == ("wood carving", ("woodcut", "engraving"))


def test_a_forbidden_row_may_stand_before_the_preferred_one() -> None:
    text = "source,target,status\n木雕,woodcut,forbidden\n木雕,wood carving,preferred\n"
    (term,) = layered([parse_table(text)])
    assert (term.action, term.target, term.forbid) == ("translate", "wood carving", ("woodcut",))


def test_a_forbid_row_adds_its_own_list_too() -> None:
    row = Term(source="木雕", target="engraving", action="forbid", forbid=("xylograph",))
    assert layered([[WOOD, row]]).by_source["木雕"].forbid == ("woodcut", "xylograph", "engraving")


def test_a_forbid_row_without_source_forbids_everywhere() -> None:
    rows = parse_table("source,target,action\n,Chinaman,forbid\n,Oriental,forbid\n")
    glossary = layered([rows, [WOOD]])
    assert len(glossary) == 3
    banned = [term for term in glossary if not term.source]
    assert [span for _, span in violations(banned, "the Chinaman", "en")] == [(4, 12)]
    assert not violations(banned, "the man from China", "en")


def test_a_kept_source_is_what_must_appear() -> None:
    assert Term(source="KTV", target="", action="keep").required == "KTV"
    assert WOOD.required == "wood carving"


def test_the_fingerprint_follows_the_words_and_nothing_else() -> None:
    first = layered([[WOOD, Term(source="扎染", target="tie-dye")]])
    moved = replace(WOOD, origin=Origin(path="elsewhere.csv", line=9))
    second = layered([[Term(source="扎染", target="tie-dye"), moved]])
    changed = layered([[WOOD, Term(source="扎染", target="tie dye")]])
    assert first.fingerprint == second.fingerprint != changed.fingerprint
