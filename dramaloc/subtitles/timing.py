"""All times of a document moved together: for another frame rate, another start, onto frames."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from dramaloc.errors import InputError
from dramaloc.subtitles.document import Block, Cue, Document
from dramaloc.subtitles.timecode import FrameRate, frame_at, time_of

_INNER = re.compile(r"<((?:\d+:)?[0-5]\d:[0-5]\d\.\d{3})>")  # WebVTT's times within a cue
_SUNG = re.compile(r"(\\(?:[kK][fot]?|K))(\d+)")  # ASS: how many hundredths a syllable is sung
_LAST_MS = 360_000_000  # after 100 hours, which no format writes

Move = Callable[[Fraction], Fraction]


def moved(
    document: Document,
    *,
    stretch: Fraction = Fraction(1),
    shift: Fraction = Fraction(0),
    onto: FrameRate | None = None,
) -> Document:
    """Stretch all times, then shift them by milliseconds, then put them on the frames of `onto`.

    Times come out in whole milliseconds, each rounded once. Times within cues go along, and so
    does karaoke. No cue gets shorter than a frame that was longer than nothing before.
    Raises `InputError` for a cue that would begin before 0 or end after 100 hours.
    """
    if stretch == 1 and shift == 0 and onto is None:
        return document

    def move(ms: Fraction) -> Fraction:
        there = ms * stretch + shift
        return Fraction(time_of(frame_at(there, onto), onto)) if onto else there

    cues = tuple(_cue(cue, move, stretch, onto) for cue in document.cues)
    _refuse_out_of_range(document.cues, cues)
    blocks = tuple(_block(block, move, stretch) for block in document.blocks)
    return replace(document, cues=cues, blocks=blocks)


def _cue(cue: Cue, move: Move, stretch: Fraction, onto: FrameRate | None) -> Cue:
    start, end = round(move(Fraction(cue.start_ms))), round(move(Fraction(cue.end_ms)))
    if onto and cue.duration_ms > 0 and end <= start:
        end = time_of(frame_at(start, onto) + 1, onto)
    return replace(cue, start_ms=start, end_ms=end, text=_within(cue.text, move, stretch))


def _block(block: Block, move: Move, stretch: Fraction) -> Block:
    if block.start_ms is None or block.end_ms is None:
        return block
    start, end = (max(0, round(move(Fraction(ms)))) for ms in (block.start_ms, block.end_ms))
    return replace(block, start_ms=start, end_ms=end, text=_within(block.text, move, stretch))


def _within(text: str, move: Move, stretch: Fraction) -> str:
    """Move the times that stand in a cue's text; syllables keep to the sum of those before."""
    text = _INNER.sub(lambda match: f"<{_clock(max(0, round(move(_ms(match[1])))))}>", text)
    if stretch == 1:
        return text
    sung = [0, *_sums(int(match[2]) for match in _SUNG.finditer(text))]
    lengths = iter([round(b * stretch) - round(a * stretch) for a, b in pairwise(sung)])
    return _SUNG.sub(lambda match: f"{match[1]}{next(lengths)}", text)


def _sums(numbers: Iterator[int]) -> Iterator[int]:
    total = 0
    for number in numbers:
        total += number
        yield total


def _ms(clock: str) -> Fraction:
    seconds = Fraction(0)
    for part in clock.split(":"):
        seconds = seconds * 60 + Fraction(part)
    return seconds * 1000


def _clock(ms: int) -> str:
    seconds, ms = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}.{ms:03}"


def _refuse_out_of_range(before: tuple[Cue, ...], after: tuple[Cue, ...]) -> None:
    out = [
        (old, new)
        for old, new in zip(before, after, strict=True)
        if new.start_ms < 0 or new.end_ms < 0 or max(new.start_ms, new.end_ms) >= _LAST_MS
    ]
    if not out:
        return
    old, new = out[0]
    early = min(min(each.start_ms, each.end_ms) for _, each in out)
    others = f" ({len(out)} such cues)" if len(out) > 1 else ""
    if early < 0:
        raise InputError(
            f"this cue would begin {-min(new.start_ms, new.end_ms) / 1000:g} s before the video"
            f"{others}",
            line=old.line or None,
            hint=f"Shift by {-early} ms more, or cut those cues first",
        )
    raise InputError(
        f"this cue would end after 100 hours{others}",
        line=old.line or None,
        hint="Shift by less",
    )
