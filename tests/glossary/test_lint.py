"""Faults of term tables, and that our own have none."""

from __future__ import annotations

from pathlib import Path

import pytest

from dramaloc.glossary.lint import lint
from dramaloc.glossary.tables import parse_table, read_table
from dramaloc.markets.packs import bundled_packs, list_codes, load_market, read_pack


def _lint(rows: str, language: str = "en") -> list[tuple[int, str]]:
    terms = parse_table(f"source,target,status,accept,forbid,note,market\n{rows}", name="t.csv")
    return [(problem.line, problem.message) for problem in lint(terms, language, 42)]


def test_a_clean_table() -> None:
    assert _lint("木雕,wood carving,,wood carv*,woodcut,a craft,\n扎染,tie-dye,,,,,\n") == []


def test_the_same_source_with_another_target() -> None:
    ((line, message),) = _lint("木雕,wood carving,,,,,\n木雕,carving,,,,,\n")
    assert line == 3
    assert message == "木雕 is 'carving' here and 'wood carving' at t.csv:2"


def test_the_same_row_again() -> None:
    assert _lint("木雕,wood carving,,,,,\n木雕,wood carving,,,,,\n") == [
        (3, "木雕 stands already at t.csv:2")
    ]


@pytest.mark.parametrize(
    "row", ["木雕,木雕,,,,,zh-Hant-TW", "木雕,woodcut,forbidden,,,,", "木雕,engraving,obsolete,,,,"]
)
def test_rows_for_another_market_and_forbidden_rows_are_no_duplicates(row: str) -> None:
    assert _lint(f"木雕,wood carving,,,,,\n{row}\n") == []


def test_a_row_for_english_by_name_and_one_by_default_are_the_same() -> None:
    assert len(_lint("木雕,wood carving,,,,,\n木雕,carving,,,,,en\n")) == 1


@pytest.mark.parametrize(
    "row",
    [
        "木雕,wood carving,,,wood carv*,,",
        "木雕,wood carving,,woodcuts,woodcut,,",
        "木雕,Wood Carving,,,wood-carving,,",
    ],
)
def test_a_form_that_its_own_row_forbids(row: str) -> None:
    ((line, message),) = _lint(f"{row}\n")
    assert line == 2
    assert "both required and forbidden" in message


def test_a_forbidden_part_of_a_longer_form_is_no_fault() -> None:
    assert _lint("剑川木雕,Jianchuan wood carving,,,wood carving,,\n") == []


def test_a_note_longer_than_a_line() -> None:
    assert _lint(f"木雕,wood carving,,,,{'x' * 42},\n") == []
    ((_, message),) = _lint(f"木雕,wood carving,,,,{'x' * 43},\n")
    assert "43 characters, 42 fit" in message


@pytest.mark.parametrize("code", list_codes())
def test_our_packs_are_clean(code: str) -> None:
    market = load_market(code)
    pack = read_pack(bundled_packs() / code)
    problems = lint(pack.terms, market.language, market.limits.max_line_columns)
    assert [f"{Path(p.path).name}:{p.line}: {p.message}" for p in problems] == []


def test_the_sample_table_is_clean(samples: Path) -> None:
    terms = read_table(samples / "names.csv")
    assert len(terms) > 20
    assert lint(terms, "en", 42) == ()


def test_one_character_is_for_series_only() -> None:
    terms = parse_table("source,target\n靛,indigo\n")
    assert "too many words" in lint(terms, "en", 42)[0].message
    assert lint(terms, "en", 42, series=True) == ()
