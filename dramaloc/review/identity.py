"""Which cue is which: by its in-time and what its source says, never by its place in the file.

A cue's key is the in-time of its source cue in milliseconds and ten digits of the SHA-256 of
the source text: `158760-3fa9c1d27e`. A cue put in or taken out elsewhere changes no key. A
source that says something else, or says it at another time, is another cue: what a reviewer
decided about the old one does not silently carry over. Where two cues share both, as in
damaged files, the second key ends in `.2`.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass

from dramaloc.quality.subject import align
from dramaloc.subtitles.document import Cue, Document

_DIGITS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A target cue with its key; `source` is the cue it renders, None if none is known.

    `position` is 0-based into the target's cues.
    """

    key: str
    position: int
    cue: Cue
    source: Cue | None = None

    @property
    def number(self) -> int:
        return self.cue.number_at(self.position)


def fingerprint(text: str) -> str:
    """Return ten digits that stand for a text.

    >>> fingerprint("木雕")
    '8b34c5d0ef'
    """
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def key_of(cue: Cue) -> str:
    """Write the key of a source cue, twins aside."""
    return f"{cue.start_ms}-{fingerprint(cue.text)}"


def start_in(key: str) -> int | None:
    """Read the in-time out of a key; None if it is no key."""
    head = key.partition("-")[0]
    return int(head) if head.isascii() and head.isdigit() else None


def rows(target: Document, source: Document | None) -> tuple[Row, ...]:
    """Lay a target beside its source and name each of its cues.

    Without a source the keys are of the target's own in-times and an empty text.
    """
    partners = align(target.cues, source.cues) if source else [None] * len(target.cues)
    seen: Counter[str] = Counter()
    named = []
    for position, (cue, partner) in enumerate(zip(target.cues, partners, strict=True)):
        key = key_of(partner or Cue(start_ms=cue.start_ms, end_ms=cue.end_ms, text=""))
        seen[key] += 1
        twin = f".{seen[key]}" if seen[key] > 1 else ""
        named.append(Row(key=key + twin, position=position, cue=cue, source=partner))
    return tuple(named)
