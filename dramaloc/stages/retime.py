"""Out-times into the silence after them, where a market's rules ask for more time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil

from dramaloc.markets.market import Market
from dramaloc.subtitles.document import Cue, Document
from dramaloc.subtitles.inline import bare
from dramaloc.subtitles.timecode import FrameRate, frame_at, frame_rate, time_of
from dramaloc.subtitles.width import width

# How long a cue may stay after the last word, and up to which gap two cues are chained
# (Netflix Timed Text Style Guide: Subtitle Timing Guidelines).
_LINGER_MS = 500
_FLICKER_MS = 500
_ROUNDING_MS = 1


def retime(document: Document, market: Market, fps: float) -> Document:
    """Let cues stay longer where they cannot be read in the source's time.

    A cue gets the market's minimum duration, and up to half a second more for its reading
    speed; a gap after it that would only flicker is closed to the market's two frames. In-times
    never move, and no cue gets shorter. New out-times fall on frames of the video, `fps` a
    second (23.976 is 24000/1001), or as far before the next cue as if it did. Cues that overlap
    the next or run backwards are left as they are.
    """
    starts = sorted({cue.start_ms for cue in document.cues})
    rate = frame_rate(f"{fps:.6g}")
    cues = tuple(
        replace(cue, end_ms=_end(cue, _next_start(cue, starts), market, rate))
        for cue in document.cues
    )
    return replace(document, cues=cues)


def _before(start_ms: int, frames: int, rate: FrameRate) -> int:
    """Return the time some frames before a cue; on a frame if the cue is."""
    at = frame_at(start_ms, rate)
    least = start_ms - int(frames * 1000 / rate.exact)
    on_frame = abs(time_of(at, rate) - start_ms) <= _ROUNDING_MS
    return min(least, time_of(at - frames, rate)) if on_frame else least


def _next_start(cue: Cue, starts: Sequence[int]) -> int | None:
    after = bisect_right(starts, cue.start_ms)
    return starts[after] if after < len(starts) else None


def _end(cue: Cue, following: int | None, market: Market, rate: FrameRate) -> int:
    longest = cue.start_ms + market.limits.max_duration_ms
    gap = market.limits.min_gap_frames
    latest = longest if following is None else min(longest, _before(following, gap, rate))
    if cue.duration_ms <= 0 or cue.end_ms >= latest:
        return cue.end_ms
    size = width(bare(cue.text).replace("\n", ""), market.conventions.counting)
    wanted = max(
        cue.start_ms + market.limits.min_duration_ms,
        min(cue.start_ms + ceil(1000 * size / market.limits.max_cps), cue.end_ms + _LINGER_MS),
    )
    end = cue.end_ms
    if wanted > end:
        end = min(time_of(ceil(Fraction(wanted) * rate.exact / 1000), rate), latest)
    if following is not None and following - end < _FLICKER_MS:
        return latest
    return end
