"""A reviewer's file, whatever it is: told by its content, not its name."""

from __future__ import annotations

from dramaloc.errors import InputError
from dramaloc.files import decode, refuse_endless
from dramaloc.review.edits import Edits, parse_json
from dramaloc.review.sheet import parse_csv, parse_xlsx
from dramaloc.review.xliff import parse_xliff

_MOST = 32_000_000  # ten thousand cues have two
_ZIP = b"PK\x03\x04"


def read_edits(data: bytes, *, name: str) -> Edits:
    """Read the page's JSON, XLIFF 1.2, 2.0 or 2.1, an Excel file or a table.

    `name` stands for the reviewer where the file names none. Raises `InputError`.
    """
    refuse_endless(len(data), _MOST, "A review")
    if data.startswith(_ZIP):
        return parse_xlsx(data, name=name)
    if not data.strip():
        raise InputError("this file is empty", hint="Get it from the reviewer again")
    text = decode(data).text.lstrip("\ufeff \t\r\n")
    if text.startswith("{"):
        return parse_json(text.encode(), name=name)
    if text.startswith("<"):
        return parse_xliff(data, name=name)
    return parse_csv(decode(data).text, name=name)
