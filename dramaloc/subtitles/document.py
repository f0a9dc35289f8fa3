"""The document every stage works on; the same for every subtitle format."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One subtitle on screen.

    `number` is the one written in the file (None if it had none), `name` an identifier that is
    no number, `start_ms` the in-time and `end_ms` the out-time in milliseconds, `text` its lines
    joined by LF with inline marks as written, `settings` what else its format says about it, as
    written there, `speaker` whose words they are, `line` the 1-based line of its times in the
    file (0 if it never stood in one).
    """

    start_ms: int
    end_ms: int
    text: str
    number: int | None = None
    settings: str = ""
    speaker: str = ""
    line: int = 0
    name: str = ""

    @property
    def duration_ms(self) -> int:
        return self.end_ms - self.start_ms

    def number_at(self, position: int) -> int:
        """Return the number people know the cue by: its own, or that of its 0-based place."""
        return position + 1 if self.number is None else self.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Unparsed:
    """Lines that could not be understood: kept as written, before the cue at `position`."""

    line: int
    position: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What stands between cues and is no cue: kept as written, before the cue at `position`.

    `kind` says what it is: a note, a style, a karaoke line, a piece of markup. One that is shown
    has its own times in milliseconds, which `text` then leaves out.
    """

    line: int
    position: int
    kind: str
    text: str
    start_ms: int | None = None
    end_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A subtitle file. Positions elsewhere are 0-based into `cues`.

    `format` is the one it was read in and is written in; `header` is what stands before its
    first cue, as written. One that is not `timed` is read, not watched: its cues have no times
    and no lines, but `limits` may say how many characters the cues of a name hold together.
    """

    cues: tuple[Cue, ...]
    language: str = ""
    format: str = "srt"
    encoding: str = "utf-8"
    newline: str = "\n"
    bom: bool = False
    header: str = ""
    unparsed: tuple[Unparsed, ...] = ()
    blocks: tuple[Block, ...] = ()
    final_newlines: int = 2
    timed: bool = True
    limits: tuple[tuple[str, int], ...] = ()

    @property
    def kept(self) -> tuple[Block | Unparsed, ...]:
        """What is kept between cues, in the order of the file."""
        found: tuple[Block | Unparsed, ...] = (*self.blocks, *self.unparsed)
        return tuple(sorted(found, key=lambda one: (one.position, one.line)))
