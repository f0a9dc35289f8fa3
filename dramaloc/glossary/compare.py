"""What changed between two sets of terms, cell by cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from dramaloc.glossary.term import Term

Kind = Literal["added", "removed", "changed"]
MARKS: dict[Kind, str] = {"added": "+", "removed": "-", "changed": "~"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One column of a row, before and after, as it stands in a table."""

    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A source that one side lacks, or whose row says something else; `old` or `new` is None."""

    kind: Kind
    old: Term | None
    new: Term | None
    cells: tuple[Cell, ...] = ()

    @property
    def term(self) -> Term:
        term = self.new or self.old
        assert term is not None  # noqa: S101  # one side always has it
        return term


def compare(old: Iterable[Term], new: Iterable[Term]) -> tuple[Difference, ...]:
    """Compare two sets of terms by source and market; the order of their rows counts nothing.

    Differences come in the order of the new terms, those removed last.
    """
    before, after = _keyed(old), _keyed(new)
    found: list[Difference] = []
    for key, term in after.items():
        known = before.get(key)
        if known is None:
            found.append(Difference(kind="added", old=None, new=term))
        elif cells := _cells(known, term):
            found.append(Difference(kind="changed", old=known, new=term, cells=cells))
    found += [
        Difference(kind="removed", old=term, new=None)
        for key, term in before.items()
        if key not in after
    ]
    return tuple(found)


_Key = tuple[str, str, str, int]


def _keyed(terms: Iterable[Term]) -> Mapping[_Key, Term]:
    """Give each term a key; of rows that only forbid, one source may have many."""
    seen: dict[tuple[str, str, str], int] = defaultdict(int)
    keyed: dict[_Key, Term] = {}
    for term in terms:
        forbids = term.action == "forbid" or term.status in ("forbidden", "obsolete")
        key = (term.source, term.market or "en", term.target if forbids else "")
        keyed[*key, seen[key]] = term
        seen[key] += 1
    return keyed


def _cells(old: Term, new: Term) -> tuple[Cell, ...]:
    before, after = shown_cells(old), shown_cells(new)
    return tuple(
        Cell(column=column, old=before[column], new=after[column])
        for column in before
        if before[column] != after[column]
    )


def shown_cells(term: Term) -> dict[str, str]:
    """Write a term's cells as a table has them, without its source and market."""
    return {
        "target": term.required,
        "action": term.action,
        "status": term.status,
        "kind": term.kind,
        "accept": "|".join(term.accept),
        "forbid": "|".join(term.forbid),
        "note": term.note,
        "reference": term.reference,
        "gender": term.gender,
        "age": term.age,
        "relation": term.relation,
    }


def as_data(differences: Iterable[Difference]) -> list[dict[str, Any]]:
    """Put differences as the JSON of `glossary diff` has them."""
    return [
        {
            "kind": each.kind,
            "source": each.term.source,
            "market": each.term.market or None,
            "old": shown_cells(each.old) if each.old else None,
            "new": shown_cells(each.new) if each.new else None,
            "changed": [cell.column for cell in each.cells],
        }
        for each in differences
    ]


def as_lines(differences: Iterable[Difference]) -> list[str]:
    """Write differences for people: `+` added, `-` removed, `~` changed with its cells."""
    lines = []
    for each in differences:
        term = each.term
        name = f"{term.source or '(any)'}{f' [{term.market}]' if term.market else ''}"
        if each.cells:
            cells = "; ".join(
                f"{cell.column}: {cell.old or '(empty)'} → {cell.new or '(empty)'}"
                for cell in each.cells
            )
            lines.append(f"{MARKS[each.kind]} {name}  {cells}")
        else:
            lines.append(f"{MARKS[each.kind]} {name}  {term.required or ', '.join(term.forbid)}")
    return lines
