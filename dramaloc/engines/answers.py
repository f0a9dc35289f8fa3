"""Answers that were paid for once, kept so that the same question gives the same bytes again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import platformdirs

from dramaloc.engines.engine import Request
from dramaloc.errors import OutputError

_WAIT_S = 30.0  # for another process that is writing
_MOST_AT_ONCE = 500  # SQLite takes 999 values in one statement
_SELECT = "SELECT key, text FROM answers WHERE key IN"


def default_path() -> Path:
    """Where answers are kept, unless a test says otherwise."""
    return platformdirs.user_cache_path("dramaloc") / "answers.sqlite3"


def key_of(signature: str, request: Request, source: str, target: str) -> str:
    """Return the digest of all that an answer depends on."""
    said = [signature, source, target, asdict(request)]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


@dataclass
class Answers:
    """Answers by key, in an SQLite file; in this process alone where none can be written.

    Raises `OutputError` if the file is damaged.
    """

    path: Path | None = field(default_factory=lambda: default_path())  # noqa: PLW0108  # looked up late
    _held: dict[str, str] = field(default_factory=dict)

    def get(self, keys: Iterable[str]) -> dict[str, str]:
        """Return those of the answers that are known."""
        wanted = list(dict.fromkeys(keys))
        found = {key: self._held[key] for key in wanted if key in self._held}
        missing = [key for key in wanted if key not in found]
        with self._opened() as file:
            for start in range(0, len(missing), _MOST_AT_ONCE):
                if file is None:
                    break
                part = missing[start : start + _MOST_AT_ONCE]
                marks = ",".join("?" * len(part))
                found |= dict(file.execute(f"{_SELECT} ({marks})", part).fetchall())
        return found

    def put(self, answers: Mapping[str, str]) -> None:
        """Keep answers; the first one for a key stays."""
        for key, text in answers.items():
            self._held.setdefault(key, text)
        with self._opened() as file:
            if file and answers:
                with file:
                    file.executemany("INSERT OR IGNORE INTO answers VALUES (?, ?)", answers.items())

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection | None]:
        """Open the file for a moment, so that several runs can share it."""
        file = None
        try:
            if self.path is not None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                file = sqlite3.connect(self.path, timeout=_WAIT_S)
                file.execute("PRAGMA journal_mode=WAL")
                file.execute("CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, text TEXT)")
        except (OSError, sqlite3.OperationalError):  # a read-only home: ask again next time
            self.path = None
        except sqlite3.DatabaseError as error:
            raise self._damaged() from error
        try:
            yield file
        except sqlite3.OperationalError:  # a full disk, or locked for longer than anybody should
            pass
        except sqlite3.DatabaseError as error:
            raise self._damaged() from error
        finally:
            if file is not None:
                file.close()

    def _damaged(self) -> OutputError:
        return OutputError(
            "this file of kept answers is damaged",
            path=self.path,
            hint="Delete it; every line is then asked again",
        )
