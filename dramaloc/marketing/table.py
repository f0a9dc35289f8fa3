"""CSV and TSV: every cell below the header is a field, named by its column."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dramaloc.errors import InputError
from dramaloc.marketing.field import Field, Kind

_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_NEEDS_QUOTES = re.compile(r'[",;\t\r\n]')


def fields(text: str) -> Iterator[Field]:
    """Raises `InputError` for a quote that is never closed or stands in the wrong place."""
    body = text.removeprefix("\ufeff")
    first_line = body.partition("\n")[0]
    separator = max(",;\t", key=first_line.count)
    bare = re.compile(rf"[^{separator}\r\n]*")
    header: list[str] = []
    row, column, at, line = 0, 0, len(text) - len(body), 1
    while at < len(text):
        cell = (_QUOTED if text[at] == '"' else bare).match(text, at)
        end = cell.end() if cell else at
        if cell is None or text[end : end + 1] not in ("", separator, "\r", "\n"):
            raise InputError(
                f"a quote that does not fit: {text[at : at + 30]!r}",
                line=line,
                hint='Close it, and write a quote inside quotes as ""',
            )
        raw = cell.group()
        if row == 0:
            header.append(decoded(raw).strip())
        elif raw:
            name = header[column] if column < len(header) else ""
            yield Field(start=at, end=end, name=name, line=line)
        line += raw.count("\n")
        column += 1
        if text[end : end + 1] == separator:
            at = end + 1
            continue
        row, column, line = row + 1, 0, line + 1
        at = end + (2 if text[end : end + 2] == "\r\n" else 1)


def decoded(raw: str) -> str:
    return raw[1:-1].replace('""', '"') if raw.startswith('"') else raw


def encoded(raw: str, text: str) -> str:
    if raw.startswith('"') or _NEEDS_QUOTES.search(text):
        return '"' + text.replace('"', '""') + '"'
    return text


TABLE = Kind(name="csv", suffixes=(".csv", ".tsv"), fields=fields, decoded=decoded, encoded=encoded)
