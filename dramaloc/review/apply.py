"""New texts into a subtitle file, every other byte as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from dramaloc import documents
from dramaloc.errors import OutputError
from dramaloc.files import encode
from dramaloc.subtitles.document import Cue, Document

_BY_LINES = ("srt", "vtt")  # a cue's text is the lines below its times, as they stand there
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")


def with_texts(document: Document, texts: Mapping[int, str]) -> Document:
    """Give cues, by position, other texts; blank lines in them would end a cue of subtitles."""
    cues = list(document.cues)
    for position, text in texts.items():
        kept = "\n".join(line.rstrip() for line in text.split("\n") if line.strip())
        cues[position] = replace(cues[position], text=kept if document.timed else text)
    return replace(document, cues=tuple(cues))


def rewritten(
    data: bytes,
    document: Document,
    texts: Mapping[int, str],
    read: Callable[[bytes], Document],
) -> bytes:
    """Write a file anew with other texts in some cues, and change nothing else.

    `document` is what `read` made of `data`. Raises `OutputError` if a new text cannot stand in
    the file: its encoding has no place for it, or it would not be read back as written.
    """
    if not texts:
        return data
    wanted = with_texts(document, texts)
    written = documents.write(wanted) if documents.write(document) == data else None
    if written is None:
        written = _spliced(data, document, wanted, texts)
    again = read(written)
    for position, (cue, found) in enumerate(zip(wanted.cues, again.cues, strict=False)):
        # Fields of copy move too, and are named by headings that may have been edited.
        if not (_same(cue, found) if document.timed else cue.text == found.text):
            number = cue.number_at(position)
            raise OutputError(
                f"cue {number} would not read back as {cue.text!r}", hint=_hint(document)
            )
    if len(again.cues) != len(wanted.cues):
        raise OutputError("the edited file would have another number of cues", hint=_hint(document))
    return written


def _same(one: Cue, other: Cue) -> bool:
    """Compare all that a cue says; its line moves when one before it gets longer."""
    return replace(one, number=None, line=0) == replace(other, number=None, line=0)


def _hint(document: Document) -> str:
    if document.timed:
        return "Leave times and bare numbers out of its text"
    return "Keep each field on one line, and its marks in pairs"


def _spliced(data: bytes, document: Document, wanted: Document, texts: Mapping[int, str]) -> bytes:
    """Replace lines of text where they stand: for files that are not written as we would."""
    if document.format not in _BY_LINES:
        return documents.write(wanted)
    mark = encode("", encoding=document.encoding, bom=document.bom)
    text = data[len(mark) :].decode(document.encoding)
    lines = [match.group() for match in _LINES.finditer(text) if match.group()]
    for position in sorted(texts, key=lambda at: document.cues[at].line, reverse=True):
        old, new = document.cues[position], wanted.cues[position]
        first, end = _body(lines, old)
        ending = _ending(lines[first] if end > first else lines[old.line - 1], document.newline)
        fresh = [line + ending for line in new.text.split("\n")]
        lines[first:end] = fresh
    return mark + encode("".join(lines), encoding=document.encoding)


def _body(lines: list[str], cue: Cue) -> tuple[int, int]:
    """Find the lines of a cue's text: from the first that is not blank to the last it counts."""
    wanted = len(cue.text.split("\n")) if cue.text else 0
    first, at = cue.line, cue.line
    if not wanted:
        return first, first
    filled = [n for n in range(at, len(lines)) if lines[n].strip().strip("\ufeff\u200b\0\x1a")]
    found = filled[:wanted]
    return found[0], found[-1] + 1


def _ending(line: str, usual: str) -> str:
    return line[len(line.rstrip("\r\n")) :] or usual
