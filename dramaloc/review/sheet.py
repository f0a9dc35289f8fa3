"""Review as a table, CSV or Excel: every cell is text, and none can act as a formula.

Reviewers write in the columns `revised`, `approved` and `comment`; the others are for reading.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence

from dramaloc.errors import InputError
from dramaloc.review.diff import clock
from dramaloc.review.edits import Edit, Edits, as_lines, writable
from dramaloc.review.handout import (
    CueHere,
    Handout,
    finding_in_words,
    limits_in_words,
    term_in_words,
)
from dramaloc.review.identity import fingerprint, start_in

COLUMNS = (
    "id", "cue", "in", "out", "field", "source", "target", "revised", "approved", "comment",
    "reference", "previous", "limits", "terms", "findings", "reasons", "comments",
)  # fmt: skip
_NEEDED = ("id", "target", "revised")
_WIDTHS = {"id": 6, "cue": 6, "in": 13, "out": 13, "field": 16, "source": 30, "target": 42,
           "revised": 42, "approved": 10, "comment": 30, "limits": 24, "terms": 40,
           "findings": 40}  # fmt: skip
_YES = {"yes", "y", "x", "1", "true", "ok", "approved", "✓", "是", "通过", "已通过", "はい", "○"}

# What spreadsheets take for a formula, in either width, or skip on their way to one (OWASP,
# CSV Injection). Cells that begin so get an apostrophe, and so do those that begin with one.
_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠|%\s]")

_MOST_BYTES = 50_000_000  # unpacked; ten thousand cues have a third of it
_MOST_COLUMNS = 64  # a stray cell far to the right would make every row that long


def guarded(text: str) -> str:
    """Keep a spreadsheet from taking a cell for a formula; `unguarded` undoes it.

    >>> guarded("=1+1"), guarded("'Tis")
    ("'=1+1", "'Tis")
    """
    return f"'{text}" if _DANGEROUS.match(text) else text


def unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and _DANGEROUS.match(text) else text


def table(handout: Handout) -> Iterator[dict[str, str]]:
    """Yield the rows of a handout, unguarded; columns that nobody needs are left out."""
    for cue in handout.cues:
        yield {
            name: cell for name, cell in _cells(handout, cue).items() if name in _columns(handout)
        }


def _columns(handout: Handout) -> tuple[str, ...]:
    extra = {
        "reference": any(cue.reference is not None for cue in handout.cues),
        "previous": any(cue.previous is not None for cue in handout.cues),
        "in": handout.timed,
        "out": handout.timed,
        "field": not handout.timed,
    }
    return tuple(name for name in COLUMNS if extra.get(name, True))


def _cells(handout: Handout, here: CueHere) -> dict[str, str]:
    cue = here.row.cue
    said = [f"{each.by or '?'}: {each.text}" for each in here.comments]
    if here.reviewed:
        said += [f"{who}: {text}" for who, text in here.reviewed.comments]
    return {
        "id": here.row.key,
        "cue": str(here.row.number),
        "in": clock(cue.start_ms),
        "out": clock(cue.end_ms),
        "field": cue.name,
        "source": here.source,
        "target": here.target,
        "revised": here.target,
        "approved": "yes" if here.approved else "",
        "comment": "",
        "reference": here.reference or "",
        "previous": here.previous or "",
        "limits": limits_in_words(handout, here),
        "terms": "\n".join(dict.fromkeys(term_in_words(each.term) for each in here.terms)),
        "findings": "\n".join(map(finding_in_words, here.findings)),
        "reasons": "\n".join(here.reasons),
        "comments": "\n".join(said),
    }


def compose_csv(handout: Handout) -> bytes:
    """Write a handout as CSV: UTF-8 with the BOM that Excel needs to see it."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, _columns(handout), quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writeheader()
    for row in table(handout):
        writer.writerow({name: guarded(cell) for name, cell in row.items()})
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def compose_xlsx(handout: Handout) -> bytes:
    """Write a handout for Excel: all cells are strings in text format, the header stays put."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet("review")
    columns = _columns(handout)
    sheet.freeze_panes = "A2"
    for at, name in enumerate(columns, 1):
        dimension = sheet.column_dimensions[get_column_letter(at)]
        dimension.width = _WIDTHS.get(name, 30)
        dimension.hidden = name == "id"
    top, bold = Alignment(wrap_text=True, vertical="top"), Font(bold=True)
    edit = PatternFill("solid", fgColor="FFF7E0")
    for row in ({name: name for name in columns}, *table(handout)):
        cells = []
        for name in columns:
            cell = WriteOnlyCell(sheet, value=writable(row[name]))
            cell.data_type = "s"  # openpyxl takes `=1+1` for a formula
            cell.number_format = "@"
            cell.alignment = top
            if row["id"] == "id":
                cell.font = bold
            elif name in ("revised", "approved", "comment"):
                cell.fill = edit
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parse_csv(text: str, *, name: str) -> Edits:
    """Read a reviewed CSV; comma, semicolon and tab are told apart by the header."""
    first = text.split("\n", maxsplit=1)[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True
    )
    try:
        rows = [
            (line, [unguarded(as_lines(cell)) for cell in row])
            for line, row in enumerate(reader, 1)
        ]
    except csv.Error as error:
        raise InputError(f"this is no table ({error})", line=reader.line_num) from error
    return _edits(rows, name)


def parse_xlsx(data: bytes, *, name: str) -> Edits:
    """Read a reviewed Excel file. Raises `InputError` for formulas and for what is no such file."""
    from openpyxl import load_workbook

    try:
        _refuse_bombs(data)
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        sheet = book["review"] if "review" in book.sheetnames else book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size may be wrong
        rows = list(_filled(sheet.iter_rows(max_col=_MOST_COLUMNS)))
    except InputError:
        raise
    except Exception as error:  # openpyxl raises whatever comes up in a damaged or hostile file
        said = str(error) or type(error).__name__
        raise InputError(
            f"this Excel file cannot be read ({said.splitlines()[0][:80]})",
            hint="Save it as .xlsx again",
        ) from error
    return _edits(rows, name)


def _filled(rows: Iterable[Sequence[object]]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold anything, with their lines.

    Excel has a million rows; openpyxl makes all the empty ones above a stray cell of one tuple.
    """
    blank: Sequence[object] | None = None
    for line, row in enumerate(rows, 1):
        if row is blank:
            continue
        if all(getattr(cell, "value", None) is None for cell in row):
            blank = row
        else:
            yield line, [_text(cell) for cell in row]


def _refuse_bombs(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(each.file_size for each in packed.infolist()) > _MOST_BYTES:
            raise InputError(
                "this Excel file unpacks to more than 50 MB", hint="No review needs that"
            )


def _text(cell: object) -> str:
    value, kind = getattr(cell, "value", None), getattr(cell, "data_type", "s")
    if kind == "f":
        where = getattr(cell, "coordinate", "?")
        raise InputError(f"cell {where} holds a formula", hint="Write its text, in text format")
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else as_lines(str(value)).replace("_x000D_", "")


def _edits(rows: Sequence[tuple[int, Sequence[str]]], name: str) -> Edits:
    header = [cell.strip().casefold() for cell in rows[0][1]] if rows else []
    if missing := [column for column in _NEEDED if column not in header]:
        raise InputError(
            f"no column {' or '.join(map(repr, missing))} in this table", line=1,
            hint="Send back the table that was handed out, its header included",
        )  # fmt: skip
    edits = []
    for line, row in rows[1:]:
        cells = dict(zip(header, row, strict=False))
        if not any(cell.strip() for cell in row):
            continue
        key = cells.get("id", "").strip()
        if start_in(key) is None:
            raise InputError(
                f"{key!r} is no cue's id", line=line, hint="Leave the column id as it is"
            )
        edits.append(_edit(key, cells))
    return Edits(reviewer=name, cues=tuple(edits))


def _edit(key: str, cells: Mapping[str, str]) -> Edit:
    target, revised = cells.get("target", ""), cells.get("revised", "")
    return Edit(
        key=key,
        text=revised if revised.strip() else target,
        before=fingerprint(target),
        cue=cells.get("cue", "").strip(),
        approved=cells.get("approved", "").strip().casefold() in _YES,
        comment=cells.get("comment", "").strip(),
    )
