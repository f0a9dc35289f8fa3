"""A new cut of an episode against the old one: which lines are the same, changed, new, cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dramaloc.memory.entry import Entry, Recollection, plain
from dramaloc.memory.recall import recollect
from dramaloc.memory.store import Memory
from dramaloc.subtitles.document import Cue


@dataclass(frozen=True, slots=True, kw_only=True)
class Conformed:
    """What becomes of an old cut's translation; positions are 0-based into the new cut's cues.

    `carried` cues keep their text at their new times. `unclear` ones had several texts, and
    nothing tells which is meant. `cut` are the old lines that the new cut no longer has.
    """

    carried: tuple[Recollection, ...] = ()
    changed: tuple[Recollection, ...] = ()
    unclear: tuple[Recollection, ...] = ()
    new: tuple[int, ...] = ()
    cut: tuple[Entry, ...] = ()


def conform(
    cues: Sequence[Cue], old: Sequence[Entry], market: str, *, show: str = "", episode: str = ""
) -> Conformed:
    """Find the lines of an old cut in a new one by their words and neighbours."""
    with Memory.holding(old) as memory:
        known = recollect(memory, cues, market, show=show, episode=episode)
    lines = {plain(cue.text) for cue in cues}
    moved_on = {each.former for each in known}
    found = {each.position for each in known}
    return Conformed(
        carried=tuple(each for each in known if len(each.hits) == 1),
        changed=tuple(each for each in known if each.former is not None),
        unclear=tuple(each for each in known if len(each.hits) > 1),
        new=tuple(at for at, cue in enumerate(cues) if at not in found and plain(cue.text)),
        cut=tuple(
            entry for entry in old if plain(entry.source) not in lines and entry not in moved_on
        ),
    )
