"""A translation memory: entries kept by source, neighbours and place, found again by words."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Self

from dramaloc.memory.entry import Asked, Entry, Hit, plain
from dramaloc.memory.file import connect, in_memory, plainly, writing
from dramaloc.memory.grams import grams, needed

AT_LEAST = 0.7  # below this, another sentence's rendering is seldom of use
_COLUMNS = "source, target, market, origin, reviewed, show, episode, before, after"
_values = attrgetter(*_COLUMNS.split(", "))  # dataclasses.astuple copies deeply, tenfold slower
_AT_ONCE = 20_000  # entries in one transaction: about a second, so that others get their turn
_LONGEST_LIST = 2_000  # how far a pair's sources are counted to see how rare it is
_CANDIDATES = 200
_WRITTEN = "text, score, rung, score_drop, engine"
Written = tuple[str, float, str, float, str]
_KEYS_AT_ONCE = 500  # SQLite allows 999 values in a statement where it is old


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How much of a memory is from one place: entries in all, and those reviewed."""

    market: str
    show: str
    episode: str
    origin: str
    entries: int
    reviewed: int


class Memory:
    """One memory file, open. Several processes may read and write it at once.

    Raises `MemoryFileError` from every method if the file turns out damaged or stays locked.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._db = connection

    @classmethod
    def open(cls, path: Path, *, create: bool = False) -> Self:
        """Open a memory for reading, or also for writing, made if needed, if `create` is set.

        Raises `MemoryFileError`, and `InputError` if there is none.
        """
        return cls(path, connect(path, create=create))

    @classmethod
    def holding(cls, entries: Iterable[Entry]) -> Self:
        """Make a memory of these entries that is written nowhere."""
        memory = cls(Path(":memory:"), in_memory())
        memory.add(entries)
        return memory

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __len__(self) -> int:
        with plainly(self.path):
            (count,) = self._db.execute("SELECT count(*) FROM entries").fetchone()
        return int(count)

    def add(self, entries: Iterable[Entry], done: Callable[[int], None] = lambda _: None) -> int:
        """Add entries; return how many were new or said something else.

        An entry replaces the one with the same source, neighbours, market, show, episode and
        reviewed flag. Those without words in source or target are passed over. `done` is
        called with the number taken in since the last call.
        """
        waiting = iter(entries)
        changed = 0
        with plainly(self.path):
            while batch := list(islice(waiting, _AT_ONCE)):
                with writing(self._db):
                    changed += self._add([each for each in batch if each.target.strip()])
                done(len(batch))
        return changed

    def _add(self, batch: Sequence[Entry]) -> int:
        words = {entry.source: plain(entry.source) for entry in batch}
        ids = self._sources(sorted(set(words.values()) - {""}))
        before = self._db.total_changes
        self._db.executemany(
            f"INSERT INTO entries (source_id, place, {_COLUMNS})"  # noqa: S608  # our own names
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (source_id, market, place) DO UPDATE"
            " SET target = excluded.target, origin = excluded.origin"
            " WHERE target != excluded.target OR origin != excluded.origin",
            [
                (ids[words[entry.source]], _place(entry), *_values(entry))
                for entry in batch
                if words[entry.source]
            ],
        )
        return self._db.total_changes - before

    def _sources(self, texts: Sequence[str]) -> dict[str, int]:
        """Return the number of each text, with those that are new put into the index."""
        ids: dict[str, int] = {}
        pairs: list[tuple[int, int, int]] = []
        for text in texts:
            new = self._db.execute("INSERT OR IGNORE INTO sources (words) VALUES (?)", (text,))
            if new.rowcount:
                ids[text] = int(new.lastrowid or 0)
                pairs += [(gram, len(text), ids[text]) for gram in set(grams(text))]
            else:
                found = self._db.execute("SELECT id FROM sources WHERE words = ?", (text,))
                (ids[text],) = found.fetchone()
        # In the index's order, or every row would land on a page of its own.
        pairs.sort()
        self._db.executemany("INSERT OR IGNORE INTO grams VALUES (?, ?, ?)", pairs)
        return ids

    def exact(self, asked: Asked, market: str) -> tuple[Hit, ...]:
        """Return the entries with the same words, the likeliest to fit first.

        Reviewed entries come first, then those whose neighbours match, then those of the same
        episode, then of the same show.
        """
        with plainly(self.path):
            rows = self._db.execute(
                f"SELECT {_COLUMNS} FROM entries WHERE market = ?"  # noqa: S608  # our own names
                " AND source_id = (SELECT id FROM sources WHERE words = ?) ORDER BY id",
                (market, plain(asked.source)),
            ).fetchall()
        around = plain(asked.before), plain(asked.after)
        hits = [Hit(entry=found, neighbours=_met(found, *around)) for found in map(_entry, rows)]
        return tuple(sorted(hits, key=lambda hit: rank(hit, asked), reverse=True))

    def fuzzy(
        self, source: str, market: str, *, at_least: float = AT_LEAST, limit: int = 3
    ) -> tuple[Hit, ...]:
        """Return entries with similar words, the most similar first; none with the same words."""
        from rapidfuzz.distance import Levenshtein

        words = plain(source)
        with plainly(self.path):
            close: list[tuple[float, int]] = []
            for number, text in self._candidates(words, at_least):
                likeness = Levenshtein.normalized_similarity(words, text, score_cutoff=at_least)
                if likeness and text != words:
                    close.append((likeness, number))
            found: list[Hit] = []
            for likeness, number in sorted(close, key=lambda each: (-each[0], each[1])):
                rows = self._db.execute(
                    f"SELECT {_COLUMNS} FROM entries WHERE source_id = ? AND market = ?"  # noqa: S608
                    " ORDER BY reviewed DESC, id DESC",
                    (number, market),
                )
                best: dict[str, Entry] = {}
                for entry in map(_entry, rows):
                    best.setdefault(entry.target, entry)
                found += [Hit(entry=e, similarity=round(likeness, 4)) for e in best.values()]
                if len(found) >= limit:
                    break
        return tuple(found[:limit])

    def _candidates(self, words: str, at_least: float) -> list[tuple[int, str]]:
        """Find sources that share the rarest pairs of a text and are about as long."""
        shortest, longest = int(len(words) * at_least), int(len(words) / at_least) + 1
        within = "FROM grams WHERE gram = ? AND size BETWEEN ? AND ?"
        counts = {}
        for gram in set(grams(words)):
            counted = self._db.execute(
                f"SELECT count(*) FROM (SELECT 1 {within} LIMIT {_LONGEST_LIST})",  # noqa: S608
                (gram, shortest, longest),
            )
            (counts[gram],) = counted.fetchone()
        rarest = sorted(counts, key=lambda gram: (counts[gram], gram))
        chosen = rarest[: needed(len(words), at_least)]
        union = " UNION ALL ".join([f"SELECT source_id {within}"] * len(chosen))
        found = self._db.execute(
            f"SELECT id, words FROM sources JOIN (SELECT source_id, count(*) AS shared"  # noqa: S608
            f" FROM ({union}) GROUP BY source_id ORDER BY shared DESC, source_id"
            f" LIMIT {_CANDIDATES}) ON id = source_id ORDER BY shared DESC, id",
            [value for gram in chosen for value in (gram, shortest, longest)],
        )
        return found.fetchall()

    def search(self, text: str, market: str | None = None, limit: int = 20) -> tuple[Entry, ...]:
        """Return entries that hold a text in source or target, letter case aside for A to Z."""
        like = "%" + text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
        with plainly(self.path):
            rows = self._db.execute(
                f"SELECT {_COLUMNS} FROM entries"  # noqa: S608  # our own names
                r" WHERE (source LIKE ?1 ESCAPE '\' OR target LIKE ?1 ESCAPE '\')"
                " AND (?2 IS NULL OR market = ?2) ORDER BY reviewed DESC, id LIMIT ?3",
                (like, market, limit),
            ).fetchall()
        return tuple(map(_entry, rows))

    def entries(
        self, market: str | None = None, *, show: str | None = None, episode: str | None = None
    ) -> Iterator[Entry]:
        """Yield entries in the order they came in: all of them, or those of one place."""
        with plainly(self.path):
            rows = self._db.execute(
                f"SELECT {_COLUMNS} FROM entries WHERE (?1 IS NULL OR market = ?1)"  # noqa: S608
                " AND (?2 IS NULL OR show = ?2) AND (?3 IS NULL OR episode = ?3) ORDER BY id",
                (market, show, episode),
            )
            yield from map(_entry, rows)

    def stats(self) -> tuple[Count, ...]:
        """Count entries by market, show, episode and origin."""
        with plainly(self.path):
            rows = self._db.execute(
                "SELECT market, show, episode, origin, count(*), sum(reviewed) FROM entries"
                " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
            ).fetchall()
        names = ("market", "show", "episode", "origin", "entries", "reviewed")
        return tuple(Count(**dict(zip(names, row, strict=True))) for row in rows)

    def renderings(self, keys: Iterable[str]) -> dict[str, Written]:
        """Return what engines wrote, by key: text, score, rung, score drop, and which engine."""
        waiting = iter(keys)
        found: dict[str, Written] = {}
        with plainly(self.path):
            while some := list(islice(waiting, _KEYS_AT_ONCE)):
                marks = ", ".join("?" * len(some))
                rows = self._db.execute(
                    f"SELECT key, {_WRITTEN} FROM renderings WHERE key IN ({marks})",  # noqa: S608  # only marks
                    some,
                )
                found |= {key: tuple(written) for key, *written in rows}
        return found

    def keep_renderings(self, found: Mapping[str, Written]) -> None:
        """Keep what engines wrote; what is there already is the same."""
        rows = [(key, *said) for key, said in found.items()]
        with plainly(self.path), writing(self._db):
            self._db.executemany(
                f"INSERT OR IGNORE INTO renderings (key, {_WRITTEN})"  # noqa: S608  # our own names
                " VALUES (?, ?, ?, ?, ?, ?)",
                rows,
            )


def rank(hit: Hit, asked: Asked) -> tuple[bool, int, bool, bool]:
    """Say how well an entry with the same words fits; more is better."""
    entry = hit.entry
    here = bool(asked.show or asked.episode) and asked.show == entry.show
    return (
        entry.reviewed,
        hit.neighbours,
        here and asked.episode == entry.episode,
        here,
    )


def _met(entry: Entry, before: str, after: str) -> int:
    """Count the neighbours that match; one that is not there matches nothing."""
    said = bool(before) and plain(entry.before) == before
    return said + (bool(after) and plain(entry.after) == after)


def _entry(row: Sequence[str]) -> Entry:
    source, target, market, origin, reviewed, show, episode, before, after = row
    return Entry(
        source=source,
        target=target,
        market=market,
        origin=origin,
        reviewed=bool(reviewed),
        show=show,
        episode=episode,
        before=before,
        after=after,
    )


def _place(entry: Entry) -> int:
    """Number what tells an entry from others with its words: 63 bits of a digest."""
    told = (entry.source, entry.before, entry.after, entry.show, entry.episode, entry.reviewed)
    return int.from_bytes(hashlib.blake2b(repr(told).encode(), digest_size=8).digest()) >> 1
