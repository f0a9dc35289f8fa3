"""The document every stage works on; the same for every subtitle format."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One subtitle on screen.

    `number` is the one written in the file (None if it had none), `start_ms` the
    in-time and `end_ms` the out-time in milliseconds, `text` its lines joined by LF
    with inline marks as written, `settings` what followed the times, `line` the
    1-based line of its times in the file (0 if it never stood in one).
    """

    start_ms: int
    end_ms: int
    text: str
    number: int | None = None
    settings: str = ""
    speaker: str = ""
    line: int = 0

    @property
    def duration_ms(self) -> int:
        return self.end_ms - self.start_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Unparsed:
    """Lines that could not be understood: kept as written, before the cue at `position`."""

    line: int
    position: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A subtitle file. Positions elsewhere are 0-based into `cues`."""

    cues: tuple[Cue, ...]
    language: str = ""
    format: str = "srt"
    encoding: str = "utf-8"
    newline: str = "\n"
    bom: bool = False
    header: str = ""
    unparsed: tuple[Unparsed, ...] = ()
    final_newlines: int = 2
