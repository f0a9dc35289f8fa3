"""What a show's memory knows of an episode, looked up before the episode is localized."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dramaloc.batch.names import episode_in_name
from dramaloc.batch.plan import Job
from dramaloc.memory.entry import Recollection
from dramaloc.memory.recall import recollect, suggest
from dramaloc.memory.store import Memory
from dramaloc.stages.localization import Localization
from dramaloc.stages.recall import MEMORY
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
