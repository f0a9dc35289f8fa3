"""How quick a large translation memory answers.

    uv run python -m benchmarks.memory [--entries 1000000] [--json FILE]

Writes lines the way Chinese drama does: each character follows the two before it as often as in
the sentences of `training/authored`, so that common pairs are as common as they really are.
Fills a memory with them, opens it anew, and looks lines up: as they stand and with the neighbours
they had (in-context), with strange neighbours (exact), and with one or two characters changed,
dropped or added (fuzzy). Prints median and 95th percentile of one lookup in milliseconds, by the
clock and in processor time (they differ where other programs want the processor too), how many
of the lines were found again, the time to fill the memory, and the size of its file.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from dramaloc.memory.entry import Asked, Entry
from dramaloc.memory.store import Memory

AUTHORED = Path(__file__).parent.parent / "training" / "authored"
MARKET = "en-US"
_EPISODE = 500  # lines
_LONGEST = 40  # characters of a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Lookups of one kind: how long they took, and the share that found what was wanted."""

    kind: str
    lookups: int
    median_ms: float
    p95_ms: float
    cpu_median_ms: float
    cpu_p95_ms: float
    found: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """All figures of a run."""

    entries: int
    sources: int
    fill_s: float
    file_mb: float
    rows: tuple[Row, ...]


def written_lines(seed: int = 7) -> Iterator[str]:
    """Yield lines without end, each a walk over what follows what in the authored sentences."""
    rng = random.Random(seed)  # noqa: S311  # a repeatable choice, not a secret
    follows: dict[str, list[str]] = defaultdict(list)
    for path in sorted(AUTHORED.glob("*.tsv")):
        for row in path.read_text(encoding="utf-8").splitlines():
            line = "\0\0" + row.split("\t")[0] + "\0"
            for at in range(len(line) - 2):
                follows[line[at : at + 2]].append(line[at + 2])
    while True:
        line = "\0\0"
        while line[-1] != "\0" or len(line) == 2:  # noqa: PLR2004  # only the beginning
            line += rng.choice(follows[line[-2:]])
        said = line.strip("\0").strip()
        if 1 < len(said) <= _LONGEST:
            yield said


def entries(lines: Sequence[str]) -> Iterator[Entry]:
    """Make lines into episodes that somebody reviewed."""
    for at, line in enumerate(lines):
        first, last = at % _EPISODE == 0, at % _EPISODE == _EPISODE - 1
        yield Entry(
            source=line,
            target=f"A rendering of about this length, number {at}.",
            market=MARKET,
            origin="Li Na",
            reviewed=True,
            show=f"Show {at // (_EPISODE * 40)}",
            episode=f"E{at // _EPISODE % 40 + 1:02}",
            before="" if first else lines[at - 1],
            after="" if last or at + 1 == len(lines) else lines[at + 1],
        )


def changed(line: str, others: Sequence[str], rng: random.Random) -> str:
    """Change, drop or add one character of a line, or two of a long one."""
    for _ in range(2 if len(line) > 9 else 1):  # noqa: PLR2004
        at = rng.randrange(len(line))
        char = rng.choice(rng.choice(others))
        line = rng.choice((line[:at] + char, line[:at], line[: at + 1] + char)) + line[at + 1 :]
    return line


def timed(kind: str, asked: Sequence[Callable[[], bool]]) -> Row:
    """Time each of many lookups by itself."""
    clock, busy, found = [], [], 0
    for ask in asked:
        begun, worked = time.perf_counter(), time.thread_time()
        found += ask()
        busy.append((time.thread_time() - worked) * 1000)
        clock.append((time.perf_counter() - begun) * 1000)
    cuts, work = statistics.quantiles(clock, n=100), statistics.quantiles(busy, n=100)
    return Row(
        kind=kind,
        lookups=len(clock),
        median_ms=round(cuts[49], 2),
        p95_ms=round(cuts[94], 2),
        cpu_median_ms=round(work[49], 2),
        cpu_p95_ms=round(work[94], 2),
        found=round(found / len(clock), 4),
    )


def measure(path: Path, count: int, lookups: int) -> Result:
    """Fill a memory and look lines up in it."""
    source = written_lines()
    lines = [next(source) for _ in range(count)]
    begun = time.perf_counter()
    with Memory.open(path, create=True) as memory:
        memory.add(entries(lines))
    filled = time.perf_counter() - begun
    rng = random.Random(11)  # noqa: S311
    with Memory.open(path) as memory:
        rows = lookup(memory, lines, lookups, rng)
    return Result(
        entries=count,
        sources=len(set(lines)),
        fill_s=round(filled, 1),
        file_mb=round(path.stat().st_size / 1e6, 1),
        rows=rows,
    )


def lookup(memory: Memory, lines: Sequence[str], count: int, rng: random.Random) -> tuple[Row, ...]:
    """Look up lines of the memory in three ways."""
    places = [rng.randrange(1, len(lines) - 1) for _ in range(count)]
    there = [Asked(source=lines[p], before=lines[p - 1], after=lines[p + 1]) for p in places]
    strange = [Asked(source=lines[p], before=rng.choice(lines), after="") for p in places]
    edits = [(lines[p], changed(lines[p], lines, rng)) for p in places if len(lines[p]) > 4]  # noqa: PLR2004

    def exact(asked: Asked, neighbours: int) -> bool:
        hits = memory.exact(asked, MARKET)
        return bool(hits) and hits[0].neighbours >= neighbours

    def fuzzy(line: str, edited: str) -> bool:
        found = memory.fuzzy(edited, MARKET, limit=10)
        return line == edited or line in {hit.entry.source for hit in found}

    return (
        timed("in-context", [lambda asked=asked: exact(asked, 1) for asked in there]),
        timed("exact", [lambda asked=asked: exact(asked, 0) for asked in strange]),
        timed("fuzzy", [lambda pair=pair: fuzzy(*pair) for pair in edits]),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--lookups", type=int, default=1000, help="of each kind")
    parser.add_argument("--json", type=Path, help="write all figures here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder) / "memory.sqlite", options.entries, options.lookups)
    print_table(found)
    if options.json:
        options.json.write_text(json.dumps(asdict(found), indent=1), "utf-8")


def print_table(found: Result) -> None:
    print(f"{'':<12}{'':>7}{'by the clock':>20}{'processor':>20}")
    print(f"{'lookup':<12}{'times':>7}" + f"{'median':>10}{'95th':>10}" * 2 + f"{'found':>9}")
    for row in found.rows:
        times = (row.median_ms, row.p95_ms, row.cpu_median_ms, row.cpu_p95_ms)
        figures = "".join(f"{ms:>7.2f} ms" for ms in times)
        print(f"{row.kind:<12}{row.lookups:>7}{figures}{row.found:>9.1%}")
    print(
        f"{found.entries} entries with {found.sources} different sources:"
        f" filled in {found.fill_s} s, {found.file_mb} MB"
    )


if __name__ == "__main__":
    main()
