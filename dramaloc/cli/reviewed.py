"""What both review commands have to find: a target's source, its market, its reasons."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from dramaloc.batch.ledger import read_entries
from dramaloc.batch.manifest import Entry, inputs_of
from dramaloc.batch.names import episode_in_name, language_in_name
from dramaloc.errors import InputError
from dramaloc.files import digest, is_file, read_bytes
from dramaloc.memory.entry import Entry as MemoryEntry
from dramaloc.memory.store import Memory
from dramaloc.review.merge import Decided
from dramaloc.settings import find_file, resolve
from dramaloc.subtitles.document import Document


def entry_of(target: Path) -> Entry | None:
    """Return what the manifest beside a target says of it."""
    return read_entries(target.parent).get(target.name)


def source_of(target: Path, entry: Entry | None) -> Path | None:
    """Find the file a target was made from: where its entry says, or near it, by its digest.

    Raises `InputError` if files of several shows would do.
    """
    if entry is None:
        return None
    same = [
        path
        for path in inputs_of(target.parent, entry)
        if digest(read_bytes(path)) == entry.input_digest
    ]
    recorded = Path(os.path.normpath(target.absolute().parent / entry.input_folder))
    if not same or same[0].parent == recorded:
        return same[0] if same else None
    if len({find_file(path) for path in same}) > 1:
        # The wrong show's names and memory would be taken.
        shown = " and ".join(str(path) for path in same[:2])
        raise InputError(f"made from {shown} alike", path=target, hint="Say which is its source")
    return same[0]


def market_of(target: Path, entry: Entry | None, named: str | None) -> str:
    """Say which market a target is for: the one named, its manifest's, or its name's."""
    code = named or (entry.market if entry else None) or language_in_name(target)
    if not code:
        raise InputError(
            "nothing says for which market this is", path=target, hint="Say so with -m MARKET"
        )
    return code


def reasons_of(target: Path, document: Document | None = None) -> Mapping[int, tuple[str, ...]]:
    """Read from the report beside a target why its cues are as they are, by position.

    With `document`, cues that no longer say what the report says are left out.
    """
    report = target.with_name(f"{target.name}.report.json")
    if not is_file(report):
        return {}
    now = dict(enumerate(cue.text for cue in document.cues)) if document else None
    try:
        return {
            cue["position"]: tuple(
                str(reason) for part in cue["segments"] for reason in part["reasons"]
            )
            for cue in json.loads(read_bytes(report))["cues"]
            if now is None or now.get(cue["position"]) == cue["target"]
        }
    except (ValueError, KeyError, TypeError, RecursionError) as error:
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
