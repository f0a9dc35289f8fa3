"""What changed between two sets of terms, and which row of which layer decides."""

from __future__ import annotations

from dramaloc.glossary.compare import as_data, as_lines, compare
from dramaloc.glossary.layers import Layer, inside, standings
from dramaloc.glossary.tables import parse_table
from dramaloc.glossary.term import Term

_HEADER = "source,target,action,status,forbid,note,market\n"


def _table(rows: str, name: str = "") -> tuple[Term, ...]:
    return parse_table(_HEADER + rows, name=name)


def test_added_removed_and_changed_cells() -> None:
    old = _table("木雕,carving,,,,,\n扎染,tie-dye,,,,,\n刺绣,embroidery,,,,,\n")
    new = _table("蜡染,batik,,,,,\n刺绣,embroidery,,,,,\n木雕,wood carving,,,woodcut,,\n")
    found = compare(old, new)
    assert [(each.kind, each.term.source) for each in found] == [
        ("added", "蜡染"),
        ("changed", "木雕"),
        ("removed", "扎染"),
    ]
    assert [(cell.column, cell.old, cell.new) for cell in found[1].cells] == [
        ("target", "carving", "wood carving"),
        ("forbid", "", "woodcut"),
    ]
    assert as_lines(found) == [
        "+ 蜡染  batik",
        "~ 木雕  target: carving → wood carving; forbid: (empty) → woodcut",
        "- 扎染  tie-dye",
    ]
    added, changed, removed = as_data(found)
    assert (added["old"], removed["new"]) == (None, None)
    assert changed["changed"] == ["target", "forbid"]


def test_order_and_place_of_rows_count_nothing() -> None:
    rows = [
        "木雕,wood carving,,,,,\n",
        "木雕,woodcut,,forbidden,,,\n",
        "余婶,余嬸,,,,,zh-Hant-TW\n",
    ]
    old, new = _table("".join(rows), "a.csv"), _table("".join(rows[::-1]), "b.csv")
    assert compare(old, new) == ()


def test_rows_for_other_markets_and_forbidding_rows_are_rows_of_their_own() -> None:
    old = _table("余婶,Auntie Yu,,,,,\n木雕,wood carving,,,,,\n")
    new = (
        *old,
        *_table("余婶,余嬸,,,,,zh-Hant-TW\n木雕,woodcut,,forbidden,,,\n,orient,forbid,,,,\n"),
    )
    assert [(each.kind, each.term.target) for each in compare(old, new)] == [
        ("added", "余嬸"),
        ("added", "woodcut"),
        ("added", "orient"),
    ]
    assert as_lines(compare(old, new))[0] == "+ 余婶 [zh-Hant-TW]  余嬸"
    assert as_lines(compare(old, new))[2] == "+ (any)  orient"


def test_which_row_decides_and_what_it_replaced() -> None:
    layers = [
        Layer(name="en", terms=_table("妈妈,Mom,,,,,\n奶奶,Grandma,,,,,\n", "en.csv")),
        Layer(name="en-GB", terms=_table("妈妈,Mum,,,,,\n妈妈,Mummy,,forbidden,,,\n", "gb.csv")),
        Layer(name="names.csv", terms=_table("妈妈,Mama,,,,,\n,orient,forbid,,,,\n", "names.csv")),
    ]
    first, second, third = standings(layers)
    assert (first.term.source, first.term.target) == ("妈妈", "Mama")
    assert [(name, row.target) for name, row in first.rows] == [
        ("names.csv", "Mama"),
        ("en-GB", "Mummy"),
        ("en-GB", "Mum"),
        ("en", "Mom"),
    ]
    assert [name for name, _ in second.rows] == ["en"]
    assert (third.term.forbid, [name for name, _ in third.rows]) == (("orient",), ["names.csv"])


def test_a_row_that_only_forbids_leaves_the_lower_one_in_charge() -> None:
    layers = [
        Layer(name="en", terms=_table("木雕,wood carving,,,,,\n", "en.csv")),
        Layer(name="en-US", terms=_table("木雕,woodcut,,forbidden,,,\n", "us.csv")),
    ]
    (standing,) = standings(layers)
    assert (standing.term.target, standing.term.forbid) == ("wood carving", ("woodcut",))
    assert [name for name, _ in standing.rows] == ["en", "en-US"]


def test_sources_near_what_was_asked() -> None:
    found = standings(
        [Layer(name="en", terms=_table("木雕,wood carving,,,,,\n木雕师,carver,,,,,\n"))]
    )
    assert inside(found, "雕") == ("木雕", "木雕师")
    assert inside(found, "剑川木雕") == ("木雕",)
    assert inside(found, "扎染") == ()
