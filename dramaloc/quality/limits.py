"""Rules in figures: how much text fits, how fast it can be read, how long a cue stays.

Every limit is the market's own; its pack names the source of each (`dramaloc markets show`).
"""

from __future__ import annotations

from collections.abc import Iterator

from dramaloc.quality.subject import Check, Fault, Subject
from dramaloc.subtitles.width import width

_PACK = "the market's pack, which names its source"
_TIMING = "Netflix Timed Text Style Guide: Subtitle Timing Guidelines"


def _timing(subject: Subject, message: str, hint: str = "") -> Fault:
    """Only mention times that localization was given and must not touch."""
    if subject.inherited_times:
        return Fault(message=f"{message} (the source's own timing)", hint=hint, severity="info")
    return Fault(message=message, hint=hint)


def line_length(subject: Subject) -> Iterator[Fault]:
    """Characters per line (CPL), as counted in the market."""
    limit, counting = subject.market.limits.max_line_columns, subject.market.conventions.counting
    for line in subject.text.split("\n"):
        size = width(line, counting)
        if size > limit:
            yield Fault(message=f"a line of {size:g} where {limit:g} fit: {line[:60]}")


def line_count(subject: Subject) -> Iterator[Fault]:
    """Lines in one cue."""
    lines, limit = subject.text.count("\n") + 1, subject.market.limits.max_lines
    if lines > limit:
        yield Fault(message=f"{lines} lines where {limit} fit")


def reading_speed(subject: Subject) -> Iterator[Fault]:
    """Characters per second (CPS), spaces and punctuation counted, tags not."""
    duration = subject.cue.duration_ms
    size = width(subject.text.replace("\n", ""), subject.market.conventions.counting)
    limit = subject.market.limits.max_cps
    if duration > 0 and size * 1000 / duration > limit:
        over = size - limit * duration / 1000
        yield Fault(
            message=f"{size * 1000 / duration:.1f} characters a second where {limit:g} can be read",
            hint=f"Shorten it by {over:.0f} characters, or let it stay longer",
        )


def min_duration(subject: Subject) -> Iterator[Fault]:
    """The shortest time a cue may stay; a time that runs backwards is an error."""
    duration, limit = subject.cue.duration_ms, subject.market.limits.min_duration_ms
    if duration <= 0:
        yield Fault(
            message="the out-time is not after the in-time", hint="Set it", severity="error"
        )
    elif duration < limit:
        yield _timing(subject, f"stays {duration} ms where {limit} are needed")


def max_duration(subject: Subject) -> Iterator[Fault]:
    """The longest time a cue may stay."""
    duration, limit = subject.cue.duration_ms, subject.market.limits.max_duration_ms
    if duration > limit:
        yield _timing(subject, f"stays {duration} ms where {limit} are allowed")


def min_gap(subject: Subject) -> Iterator[Fault]:
    """Two frames between cues, at any frame rate."""
    if subject.previous is None:
        return
    gap = subject.cue.start_ms - subject.previous.end_ms
    needed = subject.market.limits.min_gap_frames * subject.whole.frame_ms
    if 0 <= gap < int(needed):
        yield _timing(subject, f"{gap} ms after the cue before it", f"Leave {needed:.0f} ms")


def chaining(subject: Subject) -> Iterator[Fault]:
    """No flicker: a gap of more than two frames and less than half a second is closed to two.

    3 to 11 frames at 24 a second; the upper end scales with the frame rate, the two do not.
    Times that are the source's own are not ours to polish.
    """
    if subject.previous is None or subject.inherited_times:
        return
    fps, least = subject.whole.fps, subject.market.limits.min_gap_frames
    frames = round((subject.cue.start_ms - subject.previous.end_ms) / subject.whole.frame_ms)
    if least < frames < fps / 2:
        yield Fault(
            message=f"{frames} frames after the cue before it: long enough to flicker",
            hint=f"Let the one before it stay until {least} frames before this one",
        )


def overlap(subject: Subject) -> Iterator[Fault]:
    """Dialogue over dialogue, or caption over caption; one over the other is usual."""
    before = subject.previous
    if before is not None and before.start_ms <= subject.cue.start_ms < before.end_ms:
        shared = before.end_ms - subject.cue.start_ms
        yield _timing(subject, f"begins {shared} ms before the one before it ends")


def sort_order(subject: Subject) -> Iterator[Fault]:
    """Players show cues in the order of the file, and some drop those out of order."""
    before = subject.previous
    if before is not None and subject.cue.start_ms < before.start_ms:
        yield _timing(subject, "begins before the cue before it")


CHECKS = (
    Check(
        code="line-length",
        severity="error",
        what="a line is longer than the market's characters per line",
        source=_PACK,
        hint="Break or shorten it",
        run=line_length,
    ),
    Check(
        code="line-count",
        severity="error",
        what="a cue has more lines than the market allows",
        source=_PACK,
        hint="Join or shorten",
        run=line_count,
    ),
    Check(
        code="reading-speed",
        severity="warning",
        what="a cue cannot be read in its time",
        source=_PACK,
        hint="Shorten it, or let it stay longer",
        run=reading_speed,
    ),
    Check(
        code="min-duration",
        severity="warning",
        what="a cue is gone before it is seen",
        source=_PACK,
        hint="Extend it",
        run=min_duration,
    ),
    Check(
        code="max-duration",
        severity="warning",
        what="a cue stays so long that it is read twice",
        source=_PACK,
        hint="Split it",
        run=max_duration,
    ),
    Check(
        code="min-gap",
        severity="warning",
        what="two cues follow each other with less than two frames between",
        source=_TIMING,
        hint="Leave two frames",
        run=min_gap,
    ),
    Check(
        code="chaining",
        severity="info",
        what="a gap of more than two frames but less than half a second flickers",
        source=_TIMING,
        hint="Close it to two frames",
        run=chaining,
    ),
    Check(
        code="overlap",
        severity="warning",
        what="a cue begins before the one before it has ended",
        source="ours: players stack or drop such cues",
        hint="Part them",
        run=overlap,
    ),
    Check(
        code="sort-order",
        severity="warning",
        what="a cue begins before the one that stands before it in the file",
        source="ours: players read the file in order",
        hint="Sort the cues by in-time",
        run=sort_order,
    ),
)
