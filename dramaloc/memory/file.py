"""The file a memory lives in: opening it, telling it from others, and saying what is wrong."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dramaloc.errors import InputError, MemoryFileError

VERSION = 1
_KIND = 0x444C544D  # "DLTM", the SQLite application id by which `file` tells a memory
_PATIENCE_S = 30.0  # how long to wait for another program that writes
_SCHEMA = (
    "CREATE TABLE sources (id INTEGER PRIMARY KEY, words TEXT NOT NULL UNIQUE)",
    """CREATE TABLE entries (
        id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES sources, market TEXT NOT NULL,
        place INTEGER NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL, origin TEXT NOT NULL,
        reviewed INTEGER NOT NULL, show TEXT NOT NULL, episode TEXT NOT NULL,
        before TEXT NOT NULL, after TEXT NOT NULL)""",
    "CREATE UNIQUE INDEX places ON entries (source_id, market, place)",
    "CREATE INDEX episodes ON entries (market, show, episode)",
    """CREATE TABLE grams (
        gram INTEGER NOT NULL, size INTEGER NOT NULL, source_id INTEGER NOT NULL,
        PRIMARY KEY (gram, size, source_id)) WITHOUT ROWID""",
    """CREATE TABLE renderings (
        key TEXT PRIMARY KEY, text TEXT NOT NULL, score REAL NOT NULL, rung TEXT NOT NULL,
        score_drop REAL NOT NULL, engine TEXT NOT NULL) WITHOUT ROWID""",
)


def connect(path: Path, *, create: bool) -> sqlite3.Connection:
    """Open a memory's file, for writing too if it is `create`d where it is not there.

    Raises `MemoryFileError` for a file that is no memory, damaged, locked or too new, and
    `InputError` if it is not there.
    """
    if not path.is_file() and (path.exists() or not create):
        found = "this is a folder" if path.exists() else "no such memory"
        hint = "Name a file" if path.exists() else "Fill one with: dramaloc memory import"
        raise InputError(found, path=path, hint=hint)
    with plainly(path):
        if create:
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path, timeout=_PATIENCE_S, isolation_level=None)
        else:
            connection = _for_reading(path)
        try:
            _prepare(connection, create=create)
        except BaseException:
            connection.close()
            raise
    return connection


def in_memory() -> sqlite3.Connection:
    """Open a memory that lives in no file."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    _prepare(connection, create=True)
    return connection


def _for_reading(path: Path) -> sqlite3.Connection:
    uri = path.absolute().as_uri()
    # Not mode=ro: the last to close clears WAL's own files away, and a mere reader cannot.
    connection = sqlite3.connect(
        f"{uri}?mode=rw", timeout=_PATIENCE_S, isolation_level=None, uri=True
    )
    try:
        connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        if "unable to open" not in str(error):
            raise
        # In a folder nobody may write to, there is no place for WAL's index, and no writer.
        return sqlite3.connect(f"{uri}?immutable=1", isolation_level=None, uri=True)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _prepare(connection: sqlite3.Connection, *, create: bool) -> None:
    known = _is_memory(connection)
    if not known and not create:
        raise MemoryFileError("this is no translation memory", hint=_OTHER)
    connection.execute("PRAGMA cache_size = -65536")
    if not create:
        return
    _wait_for(connection, "PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")  # safe in WAL mode, and much quicker
    if known:
        return
    with writing(connection):
        if not _is_memory(connection):  # another process may have made it meanwhile
            for statement in _SCHEMA:
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {_KIND}")
            connection.execute(f"PRAGMA user_version = {VERSION}")


_OTHER = "Name another file with --memory"


def _is_memory(connection: sqlite3.Connection) -> bool:
    """Say whether the file is a memory; False if it is empty. Raises for any other."""
    (kind,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if kind != _KIND and not (kind == version == tables == 0):
        raise MemoryFileError("this is another program's SQLite file", hint=_OTHER)
    if version > VERSION:
        raise MemoryFileError(
            f"a newer dramaloc wrote this memory (version {version}, this one knows {VERSION})",
            hint="Update dramaloc, or export it to TMX there",
        )
    return bool(kind == _KIND)


def _wait_for(connection: sqlite3.Connection, statement: str) -> None:
    """Run a statement for which SQLite itself does not wait while the file is locked."""
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            connection.execute(statement)
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """Hold the file for one change, whole or not at all."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def plainly(path: Path) -> Iterator[None]:
    """Say in plain words what SQLite finds wrong with a file."""
    try:
        yield
    except MemoryFileError as error:
        raise error.at(path) from error
    except (sqlite3.DatabaseError, OSError) as error:
        said = str(error)
        if "locked" in said or "busy" in said:
            raise MemoryFileError(
                "another program holds this memory",
                path=path,
                hint="Try again when it is done",
            ) from error
        if "not a database" in said or "encrypted" in said:
            raise MemoryFileError(
                "this is no translation memory", path=path, hint=_OTHER
            ) from error
        if "malformed" in said or "corrupt" in said or "no such" in said:
            raise MemoryFileError(
                f"this memory is damaged ({said})",
                path=path,
                hint="Move it away, and import a copy or a TMX export into a new one",
            ) from error
        raise MemoryFileError(f"cannot be used ({said})", path=path) from error
