"""The record beside the outputs: what each was made from, so that nothing is done twice or lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

import dramaloc
from dramaloc.errors import OutputError
from dramaloc.files import digest, read_bytes, write_atomic

FILE_NAME = "dramaloc.manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one output was made from and by, what it held, what came of its terms and checks.

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
    replaces: str = ""

    def made_from_the_same(self, other: Entry) -> bool:
        """Whether both would give the same bytes."""
        return all(
            getattr(self, name) == getattr(other, name)
            for name in (
                "dramaloc", "input_digest", "market", "market_fingerprint", "engine", "options"
            )
        )  # fmt: skip


def read_manifest(folder: Path) -> dict[str, Entry]:
    """Read a folder's manifest; an absent one is empty. Raises `OutputError` if it is damaged."""
    path = folder / FILE_NAME
    if not path.exists():
        return {}
    try:
        said = json.loads(read_bytes(path))["outputs"]
        names = {each.name for each in fields(Entry)}
        return {
            name: Entry(**{key: value for key, value in entry.items() if key in names})
            for name, entry in said.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise OutputError(
            "this manifest is damaged",
            path=path,
            hint="Delete it and run with --force to write every output anew",
        ) from error


def write_manifest(folder: Path, entries: Mapping[str, Entry]) -> None:
    """Write a folder's manifest: sorted, without dates, so that equal runs give equal bytes."""
    content = {
        "dramaloc": dramaloc.__version__,
        "outputs": {name: asdict(entries[name]) for name in sorted(entries)},
    }
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    write_atomic(folder / FILE_NAME, text.encode())


def is_complete(output: Path, entry: Entry) -> bool:
    """Whether an output is there as its entry says."""
    return output.exists() and digest(read_bytes(output)) == entry.output_digest


def refuse_to_lose_edits(output: Path, entry: Entry | None) -> None:
    """Raise `OutputError` if an output is there that dramaloc did not leave so."""
    if not output.exists():
        return
    if entry is None:
        raise OutputError(
            "this file is there already, and dramaloc did not write it",
            path=output,
            hint="Use --force to replace it, or another -o",
        )
    if digest(read_bytes(output)) not in (entry.output_digest, entry.replaces):
        raise OutputError(
            "this file was edited since it was written",
            path=output,
            hint="Use --force to replace it, or move it away",
        )


def replace_output(output: Path, written: bytes, entry: Entry) -> None:
    """Write an output and its entry so that a kill at any moment loses neither."""
    folder, entries = output.parent, read_manifest(output.parent)
    if output.exists():
        before = replace(entry, replaces=digest(read_bytes(output)))
        write_manifest(folder, {**entries, output.name: before})
    else:
        write_manifest(folder, {**entries, output.name: entry})
    write_atomic(output, written)
    write_manifest(folder, {**entries, output.name: entry})
