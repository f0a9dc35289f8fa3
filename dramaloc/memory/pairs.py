"""A memory learnt from two subtitle files: which cues say the same, told by their times."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from dramaloc.errors import InputError
from dramaloc.memory.entry import Entry, asked, plain
from dramaloc.subtitles.document import Cue, Document

_ENOUGH = 0.5  # of the source's cues must find a partner, or the two are not of one cut


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """What two files taught; `alone` counts the source cues without a partner."""

    entries: tuple[Entry, ...]
    alone: int


def learn(
    source: Document,
    target: Document,
    market: str,
    *,
    origin: str = "",
    reviewed: bool = True,
    show: str = "",
    episode: str = "",
) -> Paired:
    """Pair the cues of a source and its translation. Raises `InputError` if too few pair."""
    spoken = [at for at, cue in enumerate(source.cues) if plain(cue.text)]
    found = partners(source.cues, target.cues)
    entries = []
    for at in spoken:
        here = asked(source.cues, at)
        text = "\n".join(target.cues[other].text for other in found[at])
        if plain(text):
            entries.append(
                Entry(
                    source=here.source,
                    target=text,
                    market=market,
                    origin=origin,
                    reviewed=reviewed,
                    show=show,
                    episode=episode,
                    before=here.before,
                    after=here.after,
                )
            )
    if len(entries) < max(1, _ENOUGH * len(spoken)):
        raise InputError(
            f"only {len(entries)} of {len(spoken)} cues have a partner at their time",
            hint="Use two files of the same cut; shift one if it starts later",
        )
    return Paired(entries=tuple(entries), alone=len(spoken) - len(entries))


def partners(sources: Sequence[Cue], targets: Sequence[Cue]) -> list[tuple[int, ...]]:
    """Return for each source cue the positions of the target cues that render it.

    A target of the same times is the partner. Else those are that lie mostly within the
    source's time, if they fill most of it: what covers two sources says more than either.
    """
    waiting: dict[tuple[int, int], list[int]] = {}
    for at, cue in enumerate(targets):
        waiting.setdefault(_times(cue), []).append(at)
    same = [tuple(waiting.get(_times(cue), ())[:1]) for cue in sources]
    for (at,) in filter(None, set(same)):
        waiting[_times(targets[at])].remove(at)
    free = sorted((_times(targets[at]), at) for left in waiting.values() for at in left)
    longest = max((end - start for (start, end), _ in free), default=0)
    taken: set[int] = set()
    found: list[tuple[int, ...]] = []
    for cue, known in zip(sources, same, strict=True):
        near = () if known else _within(cue, free, longest)
        found.append(tuple(at for at in known or near if at not in taken))
        taken.update(found[-1])
    return found


def _times(cue: Cue) -> tuple[int, int]:
    return cue.start_ms, cue.end_ms


def _within(cue: Cue, free: Sequence[tuple[tuple[int, int], int]], longest: int) -> tuple[int, ...]:
    """Return the targets that lie mostly within a cue's time, if they fill most of it."""
    first = bisect_left(free, ((cue.start_ms - longest, 0), 0))
    last = bisect_left(free, ((cue.end_ms, 0), 0))
    filled, found = 0, []
    for (start, end), at in free[first:last]:
        shared = min(cue.end_ms, end) - max(cue.start_ms, start)
        if shared * 2 > end - start:
            filled += shared
            found.append(at)
    return tuple(found) if filled * 2 > cue.duration_ms else ()
