"""A folder's record while runs are at work in it, one run or several at once.

Before an output is replaced its entry is appended to a journal, so that a kill at any moment
leaves nothing unrecorded; the manifest itself is written once, when a run ends. A season thus
costs as many short appends as it has outputs, however large its manifest has become.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

from dramaloc.batch.manifest import Entry, as_entry, as_name, read_manifest, write_manifest
from dramaloc.errors import InputError, OutputError
from dramaloc.files import digest, read_bytes, write_atomic

JOURNAL = ".dramaloc.journal"
_LOCK = ".dramaloc.lock"
_POLL_SECONDS = 0.005
_STALE_SECONDS = 60  # older unfinished files are those of a run that was killed


def read_entries(folder: Path) -> dict[str, Entry]:
    """Read what a folder holds: its manifest, and what runs have journalled since.

    Raises `OutputError` if the manifest is damaged.
    """
    journal = folder / JOURNAL
    # The journal first: a run that ends in between has then moved it into the manifest.
    lines: list[bytes] = []
    with contextlib.suppress(InputError):  # there is none, or none any more
        lines = read_bytes(journal).splitlines() if journal.is_file() else []
    entries = read_manifest(folder)
    for line in lines:
        # A line that a kill cut off is of no account: its output was not touched yet.
        with contextlib.suppress(ValueError, KeyError, TypeError, RecursionError):
            said = json.loads(line)
            entries[as_name(said["output"])] = as_entry(said["entry"])
    return entries


class Ledger:
    """What one folder's outputs were made from, known and kept through a run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._entries: Mapping[str, Entry] | None = None
        self._settled: dict[str, Entry] = {}

    def known(self, name: str, *, anew: bool = False) -> Entry | None:
        """Return an output's entry; `anew` sees what other runs have written meanwhile."""
        if self._entries is None or anew:
            self._entries = read_entries(self._folder)
        return self._settled.get(name) or self._entries.get(name)

    def write(self, output: Path, data: bytes, entry: Entry) -> None:
        """Write an output and its entry so that a kill at any moment loses neither."""
        with self._locked():
            before = digest(read_bytes(output)) if output.exists() else ""
            self._append(output.name, replace(entry, replaces=before))
            write_atomic(output, data)
        self._settled[output.name] = entry

    def settle(self, name: str, entry: Entry) -> Entry:
        """Finish what a killed run had all but finished."""
        if entry.replaces:
            entry = self._settled[name] = replace(entry, replaces="")
        return entry

    def close(self) -> None:
        """Write the manifest, if there is anything new to write."""
        if not self._settled and not (self._folder / JOURNAL).exists():
            return
        with self._locked(last=True):
            entries = read_entries(self._folder)
            for name, entry in self._settled.items():
                # Another run may have replaced the output since, and speaks for itself.
                if name not in entries or entries[name].output_digest == entry.output_digest:
                    entries[name] = entry
            write_manifest(self._folder, entries)
            with contextlib.suppress(OSError):  # on Windows somebody may be reading it
                (self._folder / JOURNAL).unlink(missing_ok=True)
            _clear_away(self._folder)
        self._entries, self._settled = None, {}

    def _append(self, name: str, entry: Entry) -> None:
        line = json.dumps({"output": name, "entry": asdict(entry)}, ensure_ascii=False)
        path = self._folder / JOURNAL
        _refuse_link(path)
        try:
            with path.open("ab") as file:
                file.write(f"\n{line}\n".encode())  # the line before may have been cut off
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise OutputError(f"cannot be written ({error.strerror})", path=path) from error

    @contextmanager
    def _locked(self, *, last: bool = False) -> Iterator[None]:
        """Keep other runs out of the folder; the `last` to leave takes the lock away."""
        from filelock import FileLock

        path = self._folder / _LOCK
        _refuse_link(path)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(path, poll_interval=_POLL_SECONDS)
            lock.acquire()
        except OSError as error:
            raise OutputError(f"cannot be locked ({error.strerror})", path=path) from error
        try:
            yield
        finally:
            if last:
                with contextlib.suppress(OSError):  # Windows takes it away by itself
                    path.unlink()
            lock.release()


def _refuse_link(path: Path) -> None:
    """A folder may come from anybody; what we add to in it must be in it."""
    if path.is_symlink():
        raise OutputError("this is a link to another place", path=path, hint="Delete it")


def _clear_away(folder: Path) -> None:
    """Remove what killed runs left half-written."""
    for part in folder.glob(".dramaloc-*.part"):
        with contextlib.suppress(OSError):
            if time.time() - part.stat().st_mtime > _STALE_SECONDS:
                part.unlink()


class Ledgers:
    """The ledgers of all folders a run writes to."""

    def __init__(self) -> None:
        self._of: dict[Path, Ledger] = {}

    def of(self, output: Path) -> Ledger:
        return self._of.setdefault(output.parent, Ledger(output.parent))

    def close(self) -> None:
        for ledger in self._of.values():
            ledger.close()


def replace_output(output: Path, data: bytes, entry: Entry) -> None:
    """Write one output and its entry so that a kill at any moment loses neither."""
    ledger = Ledger(output.parent)
    ledger.write(output, data, entry)
    ledger.close()
