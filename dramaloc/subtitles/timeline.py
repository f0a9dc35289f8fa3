"""Cues by their times: those of a moment are found without asking all of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

from dramaloc.subtitles.document import Cue


class Timeline:
    """Finds the cues that share time with another, in files of many thousands."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        self._order = sorted(range(len(cues)), key=lambda at: cues[at].start_ms)
        self._starts = [cues[at].start_ms for at in self._order]
        self._last_ends = list(accumulate((cues[at].end_ms for at in self._order), max))

    def beside(self, cue: Cue) -> list[int]:
        """Return the 0-based positions of the cues that share time with one, ascending."""
        first = bisect_right(self._last_ends, cue.start_ms)  # all before have ended by then
        return sorted(self._order[first : bisect_left(self._starts, cue.end_ms)])

    def nearest(self, ms: int) -> int:
        """Return the position of the cue that begins nearest to a time; 0 if there is none."""
        place = bisect_left(self._starts, ms)
        near = [at for at in (place - 1, place) if 0 <= at < len(self._starts)]
        if not near:
            return 0
        start = min((self._starts[at] for at in near), key=lambda start: abs(start - ms))
        return self._order[bisect_left(self._starts, start)]
