"""What a translation memory holds, and what it finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dramaloc.subtitles.document import Cue
from dramaloc.subtitles.inline import take_apart, words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One cue's text in two languages.

    `source` and `target` stand as in their files, marks and lines included; `market` is the
    target's tag. `origin` is an engine's signature, a file's name or a person's. `before` and
    `after` are the source texts of the neighbouring cues, empty if there is none or it is not
    known.
    """

    source: str
    target: str
    market: str
    origin: str = ""
    reviewed: bool = False
    show: str = ""
    episode: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A cue to be looked up: its text, its neighbours' texts, where it comes from."""

    source: str
    before: str = ""
    after: str = ""
    show: str = ""
    episode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An entry that was found.

    `similarity` is 1 where the words are the same, else 1 less the share of characters to
    change; `neighbours` (0 to 2) counts how many neighbours match.
    """

    entry: Entry
    similarity: float = 1.0
    neighbours: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recollection:
    """What is known of the cue at a 0-based position.

    `hits` are the reviewed entries with its words that fit it best; they differ in their
    target, so more than one means that the memory cannot tell. `own` says that they are of
    this very cue: its show and episode, between the same neighbours. `former` is the reviewed
    entry of the line that stood here before its source changed.
    """

    position: int
    hits: tuple[Hit, ...] = ()
    own: bool = False
    former: Entry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Something similar that somebody or some engine wrote, for the cue at `position`."""

    position: int
    hit: Hit


def asked(cues: Sequence[Cue], position: int, *, show: str = "", episode: str = "") -> Asked:
    """Ask for the cue at a position (0-based), its neighbours with it."""
    return Asked(
        source=cues[position].text,
        before=cues[position - 1].text if position else "",
        after=cues[position + 1].text if position + 1 < len(cues) else "",
        show=show,
        episode=episode,
    )


def plain(text: str) -> str:
    r"""Return a cue's words on one line, without marks: what two cues must share to be equal.

    >>> plain("{\\an8}<i>你来了\n坐吧</i>"), plain("[大理]"), plain("♪")
    ('你来了 坐吧', '大理', '')
    """
    if text.isalnum():  # most cues, and much quicker
        return text
    return " ".join(filter(None, map(words_of, take_apart(text))))
