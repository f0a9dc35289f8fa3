"""What must be true of every file that is read: nobody's words are missing from it."""

from __future__ import annotations

import html
import re
from collections import Counter

from dramaloc.engines.echo import EchoEngine
from dramaloc.files import encode
from dramaloc.markets.market import Conventions, Limits, Market
from dramaloc.stages.pipeline import localize
from dramaloc.subtitles.document import Document

_LETTERS = re.compile(r"[^\W\d_]")
_FOREIGN = re.compile(r"[^\x00-\x7f\W\d_]")  # what no keyword of a format is spelled in
_COUNTING = re.compile(r"\s*\ufeff?[A-Za-z]{1,4}[#.\-]?\s?\d{1,9}[.:)]?\s*")  # No. 7
_NEW_LINES = re.compile(r"\r\n?")
_ROOMY = Market(
    code="zh-Hans",
    name="as it was",
    limits=Limits(max_line_columns=60, max_lines=4),
    conventions=Conventions(units="keep"),
)


class LostError(AssertionError):
    """Letters that stood in a file and are nowhere in what was read."""


def letters(text: str, *, foreign: bool = False) -> Counter[str]:
    return Counter((_FOREIGN if foreign else _LETTERS).findall(text))


def whole(document: Document) -> str:
    """Return all the text a document holds, cue by cue and between them."""
    parts = [document.header]
    for cue in document.cues:
        parts += [cue.text, cue.settings, cue.name, cue.speaker]
    parts += [item.text for item in document.kept]
    return "\n".join(parts)


def must_hold(there: Counter[str], here: Counter[str], what: str) -> None:
    """Raise `LostError` unless every letter `there` is `here`, as often."""
    if lost := there - here:
        raise LostError(f"{what}: {dict(lost)!r}")


def all_in_subrip(read: str, document: Document) -> None:
    """Every letter of a SubRip file is in its document, but the No. of a number that counts."""
    text = _NEW_LINES.sub("\n", read)
    found = letters(text)
    if lost := found - letters(whole(document)):
        labels = letters("".join(filter(_COUNTING.fullmatch, text.split("\n"))))
        must_hold(lost, labels, "not in the document")


def all_written(read: str, document: Document, written: bytes) -> None:
    """Every letter beyond ASCII is in the file written from the document."""
    before = letters(html.unescape(read), foreign=True)
    after = letters(html.unescape(_text(written, document)), foreign=True)
    must_hold(before, after, "not written")


def cues_written(document: Document, written: bytes) -> None:
    """Every letter of a cue is in the file written from the document."""
    said = letters("".join(cue.text for cue in document.cues))
    must_hold(said, letters(_text(written, document)), "of a cue, not written")


def _text(written: bytes, document: Document) -> str:
    return written.decode(document.encoding)


def echoed(document: Document) -> None:
    """The `echo` engine gives every cue back with all its letters, in as many cues."""
    target = localize(document, _ROOMY, engine=EchoEngine()).target
    if len(target.cues) != len(document.cues):
        raise LostError(f"{len(document.cues)} cues became {len(target.cues)}")
    for cue, new in zip(document.cues, target.cues, strict=True):
        must_hold(letters(cue.text), letters(new.text), "not echoed")


def same_bytes(document: Document, written: bytes) -> None:
    """A file of copy in which nothing was changed is the file it was."""
    if written != encode(document.header, encoding=document.encoding, bom=document.bom):
        raise LostError("unchanged copy was written otherwise")
