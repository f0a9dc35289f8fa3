"""What both review commands have to find: a target's source, its market, its reasons."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from dramaloc.batch.ledger import read_entries
from dramaloc.batch.manifest import Entry
from dramaloc.batch.names import episode_in_name, language_in_name
from dramaloc.errors import InputError
from dramaloc.files import digest, read_bytes
from dramaloc.memory.entry import Entry as MemoryEntry
from dramaloc.memory.store import Memory
from dramaloc.review.merge import Decided
from dramaloc.settings import resolve
from dramaloc.subtitles.document import Document


def entry_of(target: Path) -> Entry | None:
    """Return what the manifest beside a target says of it."""
    return read_entries(target.parent).get(target.name)


def source_of(target: Path, entry: Entry | None) -> Path | None:
    """Find the file a target was made from: near it or near here, by name and digest."""
    if entry is None or not entry.input:
        return None
    for folder in _near(target):
        path = folder / Path(entry.input).name
        if path.is_file() and digest(read_bytes(path)) == entry.input_digest:
            return path
    return None


def _near(target: Path) -> Iterator[Path]:
    """Name the folders around a target and around here, one level down as well."""
    here = target.absolute().parent
    for folder in dict.fromkeys((here, here.parent, Path.cwd())):
        yield folder
        try:
            yield from sorted(each for each in folder.iterdir() if each.is_dir())
        except OSError:  # a neighbour we may not look into is no place of ours
            continue


def market_of(target: Path, entry: Entry | None, named: str | None) -> str:
    """Say which market a target is for: the one named, its manifest's, or its name's."""
    code = named or (entry.market if entry else None) or language_in_name(target)
    if not code:
        raise InputError("for which market?", path=target, hint="Say so with -m MARKET")
    return code


def reasons_of(target: Path, document: Document | None = None) -> Mapping[int, tuple[str, ...]]:
    """Read from the report beside a target why its cues are as they are, by position.

    With `document`, cues that no longer say what the report says are left out.
    """
    report = target.with_name(f"{target.name}.report.json")
    if not report.is_file():
        return {}
    now = dict(enumerate(cue.text for cue in document.cues)) if document else None
    try:
        return {
            cue["position"]: tuple(reason for part in cue["segments"] for reason in part["reasons"])
            for cue in json.loads(read_bytes(report))["cues"]
            if now is None or now.get(cue["position"]) == cue["target"]
        }
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            "this report is damaged", path=report, hint="Delete it, or localize again"
        ) from error


def remember(
    decided: Sequence[Decided],
    source: Document | None,
    source_path: Path | None,
    target: Path,
    market: str,
    named: str | None,
) -> str:
    """Record what was reviewed in the show's memory, or the one named; say how many are new."""
    settings = resolve({"memory": named}, os.environ, source_path or target)
    path = settings.memory
    if path is None or source is None:
        return ""
    position = {cue: at for at, cue in enumerate(source.cues)}
    entries = [
        MemoryEntry(
            source=each.row.source.text,
            target=each.text,
            market=market,
            origin=", ".join(each.by),
            reviewed=True,
            show=settings.show,
            episode=episode_in_name(source_path or target),
            before=source.cues[at - 1].text if at else "",
            after=source.cues[at + 1].text if at + 1 < len(source.cues) else "",
        )
        for each in decided
        if each.reviewed and each.row.source in position
        for at in [position[each.row.source]]
    ]
    if not entries:
        return ""
    with Memory.open(path, create=True) as memory:
        return f", {memory.add(entries)} new in {path}"
