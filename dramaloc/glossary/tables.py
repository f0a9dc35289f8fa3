"""Term tables as staff keep them: CSV or TSV with a header, in UTF-8 or what Excel wrote."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from dramaloc.errors import TableError
from dramaloc.files import read_text
from dramaloc.glossary.term import ACTIONS, STATUSES, Action, Origin, Status, Term

ABOUT_PEOPLE = ("gender", "age", "relation")
COLUMNS = (
    "source",
    "target",
    "action",
    "status",
    "kind",
    "accept",
    "forbid",
    "note",
    "market",
    "reference",
    *ABOUT_PEOPLE,
)
_MOST_EVERYWHERE = 2_000
_GENDERS = {
    "": "",
    **dict.fromkeys(("male", "m", "男"), "male"),
    **dict.fromkeys(("female", "f", "女"), "female"),
    **dict.fromkeys(("other", "其他"), "other"),
}


def read_table(path: Path) -> tuple[Term, ...]:
    """Read one table. Raises `TableError` naming file, line and column of what is wrong."""
    try:
        return parse_table(read_text(path), name=str(path), tabs=path.suffix.lower() == ".tsv")
    except TableError as error:
        raise error.at(path) from error


def parse_table(text: str, *, name: str = "", tabs: bool = False) -> tuple[Term, ...]:
    """Parse a table's text: header row, then one term a row; `|` in `source` makes several."""
    lines = io.StringIO(text, newline=None)  # Excel for Mac still offers CSV with bare CR
    reader = csv.reader(lines, delimiter="\t" if tabs else ",", strict=True)
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        _check_header(header)  # before anything else is read of what may be no table at all
        return _searchable(tuple(_rows(reader, header, name)))
    except csv.Error as error:
        raise TableError(
            f"not a valid table ({error})", line=reader.line_num, hint="Check its quotes"
        ) from error


def _searchable(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Refuse more terms than can be sought in every cue; those with a source are looked up."""
    everywhere = [term for term in terms if not term.source]
    if len(everywhere) > _MOST_EVERYWHERE:
        raise TableError(
            f"more than {_MOST_EVERYWHERE:,} rows forbid something whatever the source says",
            line=everywhere[_MOST_EVERYWHERE].origin.line,
            hint="Name the source that each is wrong for",
        )
    return terms


def _rows(reader: Any, header: list[str], name: str) -> Iterator[Term]:
    for row in reader:
        if any(cell.strip() for cell in row):
            cells = dict(zip(header, _cells(row, header, reader.line_num), strict=True))
            yield from _terms(cells, reader.line_num, name)


def _check_header(header: list[str]) -> None:
    unknown = [column for column in header if column not in COLUMNS]
    if unknown:
        raise TableError(
            f"unknown column {unknown[0]!r}", line=1, hint=f"Columns are {', '.join(COLUMNS)}"
        )
    for column in ("source", "target"):
        if column not in header:
            raise TableError(
                f"the header needs a column {column!r}",
                line=1,
                hint=f"Begin the file with {','.join(COLUMNS)}",
            )
    for column in header:
        if header.count(column) > 1:
            raise TableError(f"two columns are called {column!r}", line=1, hint="Join them")


def _cells(row: list[str], header: list[str], line: int) -> Iterator[str]:
    if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
        raise TableError(
            f"{len(row)} cells where the header has {len(header)}",
            line=line,
            hint="Put a cell that holds a comma in quotes",
        )
    padded = [*row, *[""] * len(header)][: len(header)]
    return (cell.strip() for cell in padded)


def _terms(cells: Mapping[str, str], line: int, name: str) -> Iterator[Term]:
    action = _one_of(cells.get("action", "") or "translate", "action", ACTIONS, line)
    status = _one_of(cells.get("status", "") or "preferred", "status", STATUSES, line)
    sources = _alternatives(cells["source"])
    if not sources and action != "forbid":
        raise TableError("a row without source", line=line, hint="Fill it in or delete the row")
    if not cells["target"] and action not in ("keep", "ignore"):
        raise TableError(
            f"{cells['source']} has no target", line=line, hint="Fill it in, or set action to keep"
        )
    gender, age = _gender(cells.get("gender", ""), line), _age(cells.get("age", ""), line)
    for source in sources or ("",):
        yield Term(
            source=source,
            target=cells["target"] or source,
            action=cast("Action", action),
            status=cast("Status", status),
            kind=cells.get("kind", ""),
            accept=_alternatives(cells.get("accept", "")),
            forbid=_alternatives(cells.get("forbid", "")),
            note=cells.get("note", ""),
            market=cells.get("market", ""),
            reference=cells.get("reference", ""),
            gender=gender,
            age=age,
            relation=cells.get("relation", ""),
            origin=Origin(path=name, line=line),
        )


def _one_of(value: str, column: str, known: Iterable[str], line: int) -> str:
    if value.lower() in known:
        return value.lower()
    raise TableError(f"{column} is {value!r}", line=line, hint=f"It can be {', '.join(known)}")


def _gender(value: str, line: int) -> str:
    if value.lower() in _GENDERS:
        return _GENDERS[value.lower()]
    raise TableError(f"gender is {value!r}", line=line, hint="It can be male, female or other")


def _age(value: str, line: int) -> str:
    if not value or (value.isascii() and value.isdigit() and 0 < int(value[:9]) < 10_000):  # noqa: PLR2004
        return value
    raise TableError(
        f"age is {value!r}",
        line=line,
        hint="It can be a birth year such as 1948, or a rank, 1 for the eldest",
    )


def _alternatives(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A table's row: a term, and all the spellings of its source that it stands for.

    `term.target` is empty where the row leaves it to the source (`keep`, `ignore`).
    """

    sources: tuple[str, ...]
    term: Term


def rows(terms: Iterable[Term]) -> tuple[Row, ...]:
    """Put spellings that one row made into several terms back into one row, in order."""
    grouped: list[Row] = []
    for term in terms:
        without = _targetless(term)
        last = grouped[-1] if grouped else None
        if last and term.origin.line and last.term == replace(without, source=last.term.source):
            grouped[-1] = replace(last, sources=(*last.sources, term.source))
        else:
            grouped.append(Row(sources=(term.source,), term=without))
    return tuple(grouped)


def _targetless(term: Term) -> Term:
    implied = term.action in ("keep", "ignore") and term.target == term.source
    return replace(term, target="") if implied else term


def compose_table(terms: Iterable[Term], *, tabs: bool = False) -> str:
    """Write terms as a table's text; `parse_table` reads the same terms back.

    The columns about people are there if some row fills them.

    Raises `TableError` for a form that holds `|`, which stands between alternatives.
    """
    table = [cells(row) for row in rows(terms)]
    told = any(row[column] for row in table for column in ABOUT_PEOPLE)
    columns = COLUMNS if told else [name for name in COLUMNS if name not in ABOUT_PEOPLE]
    return compose_rows(table, columns, tabs=tabs)


def compose_rows(
    table: Iterable[Mapping[str, str]], columns: Sequence[str] = COLUMNS, *, tabs: bool = False
) -> str:
    """Write a header and rows of cells, by the names of their columns; missing ones are empty."""
    written = io.StringIO()
    writer = csv.DictWriter(
        written,
        columns,
        extrasaction="ignore",
        delimiter="\t" if tabs else ",",
        lineterminator="\n",
        restval="",
    )
    writer.writeheader()
    writer.writerows(table)
    return written.getvalue()


def cells(row: Row) -> dict[str, str]:
    """Write a row's cells. Raises `TableError` for a form that holds `|`."""
    term = row.term
    return {
        "source": _joined(row.sources),
        "target": term.target,
        "action": term.action,
        "status": term.status,
        "kind": term.kind,
        "accept": _joined(term.accept),
        "forbid": _joined(term.forbid),
        "note": term.note,
        "market": term.market,
        "reference": term.reference,
        "gender": term.gender,
        "age": term.age,
        "relation": term.relation,
    }


def _joined(forms: Iterable[str]) -> str:
    listed = list(forms)
    for form in listed:
        if "|" in form:
            raise TableError(
                f"{form!r} holds |, which stands between alternatives", hint="Write it without"
            )
    return "|".join(listed)
