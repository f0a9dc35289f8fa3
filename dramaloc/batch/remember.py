"""What a show's memory knows of an episode, and what engines made of its lines before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from dramaloc.batch.names import episode_in_name
from dramaloc.batch.plan import Job
from dramaloc.errors import DramalocError
from dramaloc.memory.entry import Recollection
from dramaloc.memory.recall import recollect, suggest
from dramaloc.memory.store import Memory
from dramaloc.stages.localization import Localization
from dramaloc.stages.recall import MEMORY
from dramaloc.stages.renderings import Recent, Rendering
from dramaloc.subtitles.document import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A show's memory: its file, and the show's name in it. Opened anew for each episode."""

    path: Path
    show: str = ""

    def known(self, job: Job, document: Document) -> tuple[Recollection, ...]:
        """Look up every cue of an episode. Raises `MemoryFileError`, and `InputError`."""
        episode = episode_in_name(job.source)
        with Memory.open(self.path) as memory:
            return recollect(memory, document.cues, job.market, show=self.show, episode=episode)

    def suggestions(self, result: Localization) -> dict[int, list[dict[str, Any]]]:
        """Look up similar lines for the cues that were translated, by position."""
        positions = {
            position
            for translation in result.translations
            if translation.origin != MEMORY
            for position in translation.segment.cue_positions
        }
        listed: dict[int, list[dict[str, Any]]] = {}
        with Memory.open(self.path) as memory:
            for found in suggest(memory, result.source.cues, result.market, sorted(positions)):
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
            for key, (text, score, rung, drop) in kept.items():
                known[key] = Rendering(text=text, score=score, rung=rung, score_drop=drop)
        return known

    def put(self, found: Mapping[str, Rendering]) -> None:
        self._recent.put(found)
        with suppress(DramalocError), Memory.open(self._path, create=True) as memory:
            memory.keep_renderings({key: astuple(each) for key, each in found.items()})
