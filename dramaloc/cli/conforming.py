"""`localize --conform`: what becomes of an old cut's reviewed text in a new cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dramaloc.batch.names import episode_in_name
from dramaloc.batch.plan import Job
from dramaloc.cli.inputs import read_subtitles
from dramaloc.errors import InputError
from dramaloc.memory.conform import Conformed, conform
from dramaloc.memory.entry import Entry
from dramaloc.memory.pairs import learn
from dramaloc.review.diff import times
from dramaloc.review.identity import rows
from dramaloc.review.record import Reviewed, read_record, write_record
from dramaloc.subtitles.document import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class OldCut:
    """An earlier cut of the one episode that a job is for."""

    job: Job
    entries: tuple[Entry, ...]
    show: str

    def against(self, new: Document) -> Conformed:
        return conform(
            new.cues,
            self.entries,
            self.job.market,
            show=self.show,
            episode=episode_in_name(self.job.source),
        )


def old_cut(pair: tuple[Path, Path], jobs: Sequence[Job], show: str) -> OldCut:
    """Learn an old cut from its source and its reviewed translation. Raises `InputError`."""
    source, target = pair
    if len(jobs) != 1:
        raise InputError("--conform takes one episode for one market", hint="Name one of each")
    (job,) = jobs
    try:
        found = learn(
            read_subtitles(source, language=job.language),
            read_subtitles(target, language=job.market),
            job.market,
            origin=target.name,
            show=show,
            episode=episode_in_name(job.source),
        )
    except InputError as error:
        raise error.at(target) from error
    return OldCut(job=job, entries=found.entries, show=show)


def settle(conformed: Conformed, new: Document, written: Document, output: Path) -> None:
    """Record the carried texts beside the output, so that later runs keep them too."""
    record = read_record(output)
    keys = {row.position: row.key for row in rows(new, new)}
    for each in conformed.carried:
        entry = each.hits[0].entry
        known = record.get(keys[each.position])
        if known is None and written.cues[each.position].text == entry.target:
            record[keys[each.position]] = Reviewed(
                source=new.cues[each.position].text, text=entry.target, by=(entry.origin,)
            )
    if record:
        write_record(output, record)


def listing(conformed: Conformed, new: Document) -> str:
    """Say in plain lines what a person has to look at."""
    counts = [
        f"{len(conformed.carried)} carried",
        f"{len(conformed.changed)} changed",
        f"{len(conformed.unclear)} unclear",
        f"{len(conformed.new)} new",
        f"{len(conformed.cut)} cut",
    ]
    return "\n".join([*_lines(conformed, new), f"Conformed: {', '.join(counts)}"])


def _lines(conformed: Conformed, new: Document) -> Iterator[str]:
    said = dict.fromkeys(conformed.new, ("new", ""))
    for each in conformed.unclear:
        texts = " | ".join(_flat(hit.entry.target) for hit in each.hits)
        said[each.position] = ("unclear", f"  it was: {texts}")
    for each in conformed.changed:
        if each.former:
            was = f"{_flat(each.former.source)} → {_flat(each.former.target)}"
            said[each.position] = ("changed", f"  it was: {was}")
    for position in sorted(said):
        cue = new.cues[position]
        kind, more = said[position]
        number = cue.number_at(position)
        yield f"{kind} cue {number} {times(cue)}  {_flat(cue.text)}{more}"
    for entry in conformed.cut:
        yield f"cut  {_flat(entry.source)} → {_flat(entry.target)}"


def as_data(conformed: Conformed) -> dict[str, Any]:
    """Write the listing as JSON-ready data; positions are 0-based."""
    return {
        "carried": [each.position for each in conformed.carried],
        "changed": [
            {"position": each.position, "former": each.former and asdict(each.former)}
            for each in conformed.changed
        ],
        "unclear": [
            {"position": each.position, "targets": [hit.entry.target for hit in each.hits]}
            for each in conformed.unclear
        ],
        "new": list(conformed.new),
        "cut": [asdict(entry) for entry in conformed.cut],
    }


def _flat(text: str) -> str:
    return text.replace("\n", " / ")
