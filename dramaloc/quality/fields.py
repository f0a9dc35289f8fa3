"""Rules for copy: what is read rather than watched has room, not time."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import groupby

from dramaloc.quality.subject import DocumentCheck, Fault, Whole
from dramaloc.subtitles.document import Cue, Document
from dramaloc.subtitles.inline import bare
from dramaloc.subtitles.width import width


def room_for(field: Cue, source: Cue | None, document: Document) -> int | None:
    """Return how many characters a field of copy may hold; None if nobody says.

    What stands under a heading is named by it: in its own language or in the source's.
    """
    names = [cue.name for cue in (field, source) if cue]
    return next(
        (n for pattern, n in document.limits if any(fnmatchcase(name, pattern) for name in names)),
        None,
    )


def field_length(whole: Whole) -> Iterator[Fault]:
    """A field of copy holds more than its place shows: a title, a tagline, a post."""
    counting = whole.market.conventions.counting
    position = 0
    for (_, name), group in groupby(whole.cues, key=lambda cue: (cue.settings, cue.name)):
        cues = list(group)
        texts = [bare(cue.text) for cue in cues]
        room = room_for(cues[0], whole.sources[position], whole.document)
        size = width(" ".join(texts), counting)
        if room is not None and size > room:
            yield Fault(
                message=f"{name or 'a field'} holds {size:g} characters where {room} fit",
                hint=f"Shorten it by {size - room:g}",
                position=position,
            )
        position += len(texts)


CHECKS = (
    DocumentCheck(
        code="field-length",
        severity="error",
        what="a field of copy is longer than its place shows",
        source="the show's own `limits` for the file",
        hint="Shorten it",
        run=field_length,
    ),
)
