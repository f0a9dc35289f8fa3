"""Plain text: every line with words is a field."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dramaloc.marketing.field import Field, Kind

_LINE = re.compile(r"[^\r\n]*\S")


def fields(text: str) -> Iterator[Field]:
    for number, match in enumerate(re.finditer(r"[^\n]*(?:\n|\Z)", text), start=1):
        if words := _LINE.match(match.group()):
            lead = len(words.group()) - len(words.group().lstrip())
            at = match.start()
            yield Field(start=at + lead, end=at + words.end(), name="", line=number)


PLAIN = Kind(
    name="txt",
    suffixes=(".txt",),
    fields=fields,
    decoded=lambda raw: raw,
    encoded=lambda _raw, text: text,
)
