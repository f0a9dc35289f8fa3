"""The record beside the outputs: what each was made from, so that nothing is done twice or lost."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import dramaloc
from dramaloc.errors import OutputError
from dramaloc.files import digest, read_bytes, write_atomic
from dramaloc.marketing import copy
from dramaloc.subtitles.formats import SUFFIXES

FILE_NAME = "dramaloc.manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one output was made from and by, what it held, what came of its terms and checks.

    `input_folder` leads from the output's folder to the input's, so that others find it again;
    empty where there is no such way. `report_digest` is empty if no report was asked for; `beside`
    are the digests of the files that were written with it, by name: its parts, or its source.
    `replaces` is the digest of what stood there before, while the output is being replaced:
    if the run is killed in between, either digest is dramaloc's own work.
    """

    dramaloc: str
    input: str
    input_digest: str
    market: str
    market_fingerprint: str
    engine: str
    options: Mapping[str, str]
    output_digest: str
    counts: Mapping[str, int]
    rungs: Mapping[str, int] = field(default_factory=dict)
    report_digest: str = ""
    beside: Mapping[str, str] = field(default_factory=dict)
    replaces: str = ""
    input_folder: str = ""

    def made_from_the_same(self, other: Entry) -> bool:
        """Whether both would give the same bytes."""
        return all(
            getattr(self, name) == getattr(other, name)
            for name in (
                "dramaloc", "input_digest", "market", "market_fingerprint", "engine", "options"
            )
        )  # fmt: skip


_KEYS = {each.name for each in fields(Entry)}


def read_manifest(folder: Path) -> dict[str, Entry]:
    """Read a folder's manifest; an absent one is empty. Raises `OutputError` if it is damaged."""
    path = folder / FILE_NAME
    if not path.exists():
        return {}
    try:
        said = json.loads(read_bytes(path))["outputs"]
        return {as_name(name): as_entry(entry) for name, entry in said.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise OutputError(
            "this manifest is damaged",
            path=path,
            hint="Delete it and run with --force to write every output anew",
        ) from error


def as_entry(said: Mapping[str, Any]) -> Entry:
    """Make an entry of what was read; keys that later versions write are passed over.

    Raises `TypeError` and `ValueError` for what no run of ours has written: a folder of outputs
    may come from anybody, and its record must lead nowhere but to its inputs.
    """
    if not isinstance(said, dict):
        raise TypeError(said)
    entry = Entry(**{key: value for key, value in said.items() if key in _KEYS})
    for each in fields(Entry):
        value, kind = getattr(entry, each.name), str(each.type)
        if kind == "str":
            _refuse_other([value], str)
        else:
            _refuse_other([value], dict)
            _refuse_other(value.values(), int if kind.endswith("int]") else str)
    for name in entry.beside:
        as_name(name)
    if Path(entry.input_folder).anchor:  # `/x`; on Windows also `C:x` and `//host/x`
        raise ValueError(entry.input_folder)
    return entry


def as_name(name: str) -> str:
    """Return the name of a file in its record's own folder. Raises `ValueError` for others."""
    # Only Windows takes `C:x` and `..\x` for other places; elsewhere files are named so.
    if name in ("", ".", "..") or "\0" in name or Path(name).name != name:
        raise ValueError(name)
    return name


def _refuse_other(values: Iterable[object], kind: type) -> None:
    for value in values:
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
            raise TypeError(value)


def write_manifest(folder: Path, entries: Mapping[str, Entry]) -> None:
    """Write a folder's manifest: sorted, without dates, so that equal runs give equal bytes."""
    content = {
        "dramaloc": dramaloc.__version__,
        "outputs": {name: asdict(entries[name]) for name in sorted(entries)},
    }
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    write_atomic(folder / FILE_NAME, text.encode())


def way_to(folder: Path, start: Path) -> str:
    """Return the way from one folder to another, with `/`; empty between drives of Windows."""
    try:
        return Path(os.path.relpath(folder, start)).as_posix()
    except ValueError:
        return ""


def inputs_of(place: Path, entry: Entry) -> Iterator[Path]:
    """Name the files an output in `place` may have been made from, the likeliest first.

    That is where its entry says; then beside the output, above it, and beside what is above.
    """
    name = Path(entry.input).name
    if not name:
        return
    here = place.absolute()
    recorded = Path(os.path.normpath(here / entry.input_folder))  # here, where there is no way
    for folder in dict.fromkeys((recorded, here, here.parent, *_folders_in(here.parent))):
        if (folder / name).is_file() and _may_be_input(name):
            yield folder / name


def _may_be_input(name: str) -> bool:
    """Whether a file may be one that we localize: a record may name any other, from anywhere."""
    return Path(name).suffix.lower() in SUFFIXES or copy.kind_of(name) is not None


def _folders_in(folder: Path) -> list[Path]:
    try:
        return sorted(each for each in folder.iterdir() if each.is_dir())
    except OSError:  # a neighbour we may not look into is no place of ours
        return []


def is_complete(output: Path, entry: Entry) -> bool:
    """Whether an output is there as its entry says."""
    return output.exists() and digest(read_bytes(output)) == entry.output_digest


def is_reported(report: Path, entry: Entry) -> bool:
    """Whether an output's report is there as its entry says."""
    return report.exists() and digest(read_bytes(report)) == entry.report_digest


def may_replace(output: Path, entry: Entry | None) -> bool:
    """Whether an output is absent, or as dramaloc left it."""
    if not output.exists():
        return True
    return entry is not None and digest(read_bytes(output)) in (entry.output_digest, entry.replaces)


def refuse_to_lose_edits(output: Path, entry: Entry | None) -> None:
    """Raise `OutputError` if an output is there that dramaloc did not leave so."""
    if may_replace(output, entry):
        return
    if entry is None:
        raise OutputError(
            "this file is there already, and dramaloc did not write it",
            path=output,
            hint="Use --force to replace it, or another -o",
        )
    raise OutputError(
        "this file was edited since it was written",
        path=output,
        hint="Use --force to replace it, or move it away",
    )
