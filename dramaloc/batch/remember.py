"""What a show's memory knows of an episode, and what engines made of its lines before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dramaloc.batch.names import episode_in_name
from dramaloc.batch.plan import Job
from dramaloc.errors import DramalocError
from dramaloc.files import is_file
from dramaloc.memory.entry import Entry, Hit, Recollection
from dramaloc.memory.recall import recollect, suggest
from dramaloc.memory.store import Memory
from dramaloc.review.identity import rows
from dramaloc.review.record import read_record, record_path
from dramaloc.stages.localization import Localization
from dramaloc.stages.recall import MEMORY
from dramaloc.stages.renderings import Recent, Rendering
from dramaloc.subtitles.document import Document

Similar = Mapping[int, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What people decided: in a show's memory, beside an output, or for an episode's old cut.

    `path` is the memory's file, opened anew for each episode, and `show` the show's name in it.
    `old_cut` are an earlier cut's lines with their reviewed texts.
    """

    path: Path | None = None
    show: str = ""
    old_cut: tuple[Entry, ...] = ()

    def may_know(self, job: Job) -> bool:
        return bool(self.path or self.old_cut) or is_file(record_path(job.output))

    def known(self, job: Job, document: Document) -> tuple[Recollection, ...]:
        """Look up every cue of an episode. Raises `MemoryFileError`, and `InputError`."""
        found = list(recorded(job, document))
        for memory in self._memories():
            with memory:
                found += recollect(
                    memory,
                    document.cues,
                    job.market,
                    show=self.show,
                    episode=episode_in_name(job.source),
                )
        return strongest(found)

    def _memories(self) -> Iterator[Memory]:
        if self.path:
            yield Memory.open(self.path)
        if self.old_cut:
            yield Memory.holding(self.old_cut)

    def suggestions(self, document: Document, market: str, positions: Iterable[int]) -> Similar:
        """Look up lines similar to those at some positions, by position."""
        if self.path is None:
            return {}
        listed: dict[int, list[dict[str, Any]]] = {}
        with Memory.open(self.path) as memory:
            for found in suggest(memory, document.cues, market, positions):
                entry = found.hit.entry
                listed.setdefault(found.position, []).append(
                    {
                        "similarity": found.hit.similarity,
                        "source": entry.source,
                        "target": entry.target,
                        "origin": entry.origin,
                        "reviewed": entry.reviewed,
                    }
                )
        return listed

    def similarities(
        self, document: Document, market: str, positions: Iterable[int]
    ) -> dict[int, float]:
        """Return for cues how similar the best entry is; 1 is the same words, left out is none."""
        wanted, best = list(positions), dict[int, float]()
        for memory in self._memories():
            with memory:
                for found in suggest(memory, document.cues, market, wanted):
                    best[found.position] = max(best.get(found.position, 0.0), found.hit.similarity)
        return best


def translated(result: Localization) -> list[int]:
    """Return the positions of the cues that were not taken from the memory."""
    return sorted(
        {
            position
            for translation in result.translations
            if translation.origin != MEMORY
            for position in translation.segment.cue_positions
        }
    )


def recorded(job: Job, document: Document) -> Iterator[Recollection]:
    """Yield what reviewers decided about an output, as recorded beside it.

    So their texts stay even where no memory is in use.
    """
    record = read_record(job.output)
    for row in rows(document, document) if record else ():
        decided = record.get(row.key)
        if decided is not None and decided.by:
            entry = Entry(
                source=row.cue.text,
                target=decided.text,
                market=job.market,
                origin=", ".join(decided.by),
                reviewed=True,
            )
            yield Recollection(position=row.position, hits=(Hit(entry=entry),), own=True)


def strongest(found: Iterable[Recollection]) -> tuple[Recollection, ...]:
    """Keep for each cue what says most of it: its own text, one text, several, an old line."""
    best: dict[int, Recollection] = {}
    for each in found:
        known = best.get(each.position)
        if known is None or _weight(each) > _weight(known):
            best[each.position] = each
    return tuple(best[position] for position in sorted(best))


def _weight(known: Recollection) -> tuple[bool, bool, bool]:
    return known.own, len(known.hits) == 1, bool(known.hits)


class KeptRenderings:
    """Renderings kept in a memory's file from run to run, and the latest ones at hand.

    After one term was edited, only the lines it touches are asked of the engine again. A file
    that cannot be written to just now costs time and loses nothing, so it is no error here.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._recent = Recent()

    def get(self, keys: Iterable[str]) -> Mapping[str, Rendering]:
        wanted = list(keys)
        known = dict(self._recent.get(wanted))
        with suppress(DramalocError), Memory.open(self._path) as memory:
            kept = memory.renderings(key for key in wanted if key not in known)
            known |= {
                key: Rendering(text=text, score=score, rung=rung, score_drop=drop, engine=engine)
                for key, (text, score, rung, drop, engine) in kept.items()
            }
        return known

    def put(self, found: Mapping[str, Rendering]) -> None:
        self._recent.put(found)
        with suppress(DramalocError), Memory.open(self._path, create=True) as memory:
            memory.keep_renderings(
                {
                    key: (each.text, each.score, each.rung, each.score_drop, each.engine)
                    for key, each in found.items()
                }
            )
