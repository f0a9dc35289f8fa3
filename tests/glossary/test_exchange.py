"""Tables written, OmegaT's glossaries, and telling formats apart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dramaloc.errors import TableError
from dramaloc.glossary.exchange import form_of, left_out, only_for, read_foreign, write_foreign
from dramaloc.glossary.omegat import compose_omegat, parse_omegat
from dramaloc.glossary.tables import compose_table, parse_table, read_table, rows
from dramaloc.glossary.term import Origin, Term
from dramaloc.markets.packs import bundled_packs, list_codes, read_tables


@pytest.mark.parametrize("code", list_codes())
@pytest.mark.parametrize("tabs", [False, True])
def test_a_pack_written_as_a_table_says_the_same(code: str, *, tabs: bool) -> None:
    terms = read_tables(bundled_packs() / code)
    read = parse_table(compose_table(terms, tabs=tabs), tabs=tabs)
    assert [replace(term, origin=Origin()) for term in read] == [
        replace(term, origin=Origin()) for term in terms
    ]


def test_spellings_of_one_row_come_back_as_one_row() -> None:
    text = "source,target,action\n扎染|紮染,tie-dye,\n木雕,wood carving,\nKTV|卡拉OK,,keep\n"
    terms = parse_table(text)
    assert [row.sources for row in rows(terms)] == [("扎染", "紮染"), ("木雕",), ("KTV", "卡拉OK")]
    assert parse_table(compose_table(terms)) == terms


def test_a_bar_in_a_term_cannot_be_written() -> None:
    with pytest.raises(TableError, match="stands between alternatives"):
        compose_table([Term(source="木|雕", target="wood carving")])


def test_omegat_there_and_back() -> None:
    terms = parse_omegat("# 木雕\n木雕\twood carving\ta craft\r\n\n扎染\ttie-dye\n")
    assert [(t.source, t.target, t.note, t.origin.line) for t in terms] == [
        ("木雕", "wood carving", "a craft", 2),
        ("扎染", "tie-dye", "", 4),
    ]
    assert compose_omegat(terms) == "木雕\twood carving\ta craft\n扎染\ttie-dye\n"
    with pytest.raises(TableError) as caught:
        parse_omegat("木雕\twood carving\n扎染\n")
    assert (caught.value.line, bool(caught.value.hint)) == (2, True)


def test_omegat_gets_only_what_suggests_a_rendering() -> None:
    table = (
        "source,target,action,status\n木雕,wood carving,,\n木雕,woodcut,,forbidden\n"
        "丢了饭碗,失去工作,paraphrase,\nKTV,,keep,\n"
    )
    terms = parse_table(table)
    assert write_foreign(terms, "omegat") == "木雕\twood carving\nKTV\tKTV\n"
    assert [term.target for term in left_out(terms, "omegat")] == ["woodcut", "失去工作"]
    assert left_out(terms, "tbx") == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("t.csv", "source,target\n木雕,wood carving\n"),
        ("t.tsv", "Source\tTarget\n木雕\twood carving\n"),
        ("t.tsv", "木雕\twood carving\n"),
        ("t.txt", "木雕\twood carving\n"),
        ("t.utf8", "木雕\twood carving\n"),
        ("t.tbx", write_foreign([Term(source="木雕", target="wood carving")], "tbx")),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_formats_are_told_apart(tmp_path: Path, name: str, text: str, encoding: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding=encoding)
    (term,) = read_foreign(path).terms
    assert (term.source, term.target) == ("木雕", "wood carving")


def test_a_name_that_tells_nothing(tmp_path: Path) -> None:
    path = tmp_path / "terms.dat"
    path.write_text("木雕\twood carving\n", encoding="utf-8")
    with pytest.raises(TableError, match="does not tell its format"):
        form_of(path)
    assert read_foreign(path, "omegat").terms[0].target == "wood carving"
    with pytest.raises(TableError) as caught:
        read_foreign(path, "tbx")
    assert caught.value.path == str(path)


def test_rows_of_one_language() -> None:
    terms = parse_table("source,target,market\n木雕,wood carving,\n木雕,talla,es\n")
    assert [(t.target, t.market) for t in only_for(terms, "ES")] == [("talla", "")]
    assert [t.target for t in only_for(terms, "en")] == ["wood carving"]
    assert only_for(terms, "fr") == ()


def test_a_table_read_is_a_table_written(samples: Path) -> None:
    terms = read_table(samples / "names.csv")
    assert compose_table(terms) == (samples / "names.csv").read_text(encoding="utf-8").replace(
        "\r\n", "\n"
    )
