"""Term tables: what is read, and what is said about tables that break the format."""

from __future__ import annotations

from pathlib import Path

import pytest

from dramaloc.errors import InputError, TableError
from dramaloc.glossary.tables import COLUMNS, parse_table, read_table


def test_a_full_row() -> None:
    header = ",".join(COLUMNS)
    row = (
        "木雕,wood carving,translate,preferred,heritage,wood carv*|carved wood,woodcut,"
        "carving in wood,es,ours"
    )
    (term,) = parse_table(f"{header}\n{row}\n", name="t.csv")
    assert (term.source, term.target, term.action, term.status) == (
        "木雕", "wood carving", "translate", "preferred",
    )  # fmt: skip
    assert term.kind == "heritage"
    assert term.accept == ("wood carv*", "carved wood")
    assert term.forbid == ("woodcut",)
    assert (term.note, term.market, term.reference) == ("carving in wood", "es", "ours")
    assert (term.origin.path, term.origin.line) == ("t.csv", 2)


def test_defaults_are_translate_and_preferred() -> None:
    (term,) = parse_table("source,target\n木雕,wood carving\n")
    assert (term.action, term.status, term.accept, term.forbid) == (
        "translate", "preferred", (), (),
    )  # fmt: skip


def test_alternatives_in_source_become_several_terms() -> None:
    terms = parse_table("source,target\n扎染| 紮染 |,tie-dye\n")
    assert [(term.source, term.target) for term in terms] == [
        ("扎染", "tie-dye"),
        ("紮染", "tie-dye"),
    ]
    assert {term.origin.line for term in terms} == {2}


def test_keep_needs_no_target_and_keeps_each_spelling() -> None:
    first, second = parse_table("source,target,action\nKTV|卡拉OK,,keep\n")
    assert (first.required, second.required) == ("KTV", "卡拉OK")


def test_columns_come_in_any_order_and_letter_case() -> None:
    (term,) = parse_table("Target,SOURCE,Action\nwood carving,木雕,KEEP\n")
    assert (term.source, term.action, term.required) == ("木雕", "keep", "木雕")


def test_empty_rows_and_short_rows_are_no_fault() -> None:
    terms = parse_table("source,target,kind\n\n,,\n木雕,wood carving\n")
    assert [term.source for term in terms] == ["木雕"]
    assert terms[0].origin.line == 4


def test_a_cell_in_quotes_may_hold_commas() -> None:
    (term,) = parse_table('source,target\n差一丝,"off by a hair, off for good"\n')
    assert term.target == "off by a hair, off for good"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_line_ends(newline: str) -> None:
    terms = parse_table(f"source,target{newline}木雕,wood carving{newline}扎染,tie-dye{newline}")
    assert [term.source for term in terms] == ["木雕", "扎染"]
    assert [term.origin.line for term in terms] == [2, 3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_whatever_excel_wrote(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "names.csv"
    path.write_text("source,target\n段青山,Duan Qingshan\n老段,Old Duan\n", encoding=encoding)
    assert [term.source for term in read_table(path)] == ["段青山", "老段"]


def test_tabs_in_a_tsv(tmp_path: Path) -> None:
    path = tmp_path / "names.tsv"
    path.write_text("source\ttarget\n差一丝\toff by a hair, off for good\n", encoding="utf-8")
    (term,) = read_table(path)
    assert term.target == "off by a hair, off for good"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("", 1, "the header needs a column 'source'"),
        ("source\n木雕\n", 1, "the header needs a column 'target'"),
        ("source,target,colour\n", 1, "unknown column 'colour'"),
        ("source,target,note,note\n", 1, "two columns are called 'note'"),
        ("source,target\n木雕,\n", 2, "木雕 has no target"),
        ("source,target\n木雕,a\n,b\n", 3, "a row without source"),
        ("source,target,action\n木雕,a,render\n", 2, "action is 'render'"),
        ("source,target,status\n木雕,a,best\n", 2, "status is 'best'"),
        ("source,target\n木雕,a,b\n", 2, "3 cells where the header has 2"),
        ('source,target\n木雕,"a\n', 2, "not a valid table"),
    ],
)
def test_a_broken_table_is_refused_with_line_and_way_out(text: str, line: int, what: str) -> None:
    with pytest.raises(TableError) as caught:
        parse_table(text)
    assert what in caught.value.message
    assert caught.value.line == line
    assert caught.value.hint


def test_the_error_of_a_file_names_it(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("source,target\n木雕,\n", encoding="utf-8")
    with pytest.raises(TableError) as caught:
        read_table(path)
    assert str(caught.value).startswith(f"{path}:2: 木雕 has no target. ")
    with pytest.raises(InputError, match="no such file"):
        read_table(tmp_path / "absent.csv")


def test_more_rows_without_source_than_can_be_sought_in_every_cue_are_refused() -> None:
    rows = [f",word{number},forbid" for number in range(2001)]
    assert len(parse_table("\n".join(["source,target,action", *rows[:-1]]))) == 2000
    with pytest.raises(TableError, match=r"more than 2,000 rows forbid.*Name the source") as caught:
        parse_table("\n".join(["source,target,action", *rows]))
    assert caught.value.line == 2002
