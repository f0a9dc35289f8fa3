"""Progress for people (bars, plain lines) and for programs (JSON lines), always on stderr."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from dramaloc.batch.crew import Ended, JobDone
from dramaloc.batch.plan import Job
from dramaloc.cli.answer import harmless, say
from dramaloc.stages.localization import Progress


class Reporter(Protocol):
    def step(self, job: Job, progress: Progress) -> None: ...

    def ended(self, end: Ended) -> None: ...


@contextmanager
def reporter(style: str, jobs: Sequence[Job]) -> Iterator[Reporter]:
    """Choose how to report: `auto` draws bars on a terminal and writes lines elsewhere."""
    if style == "auto":
        style = "bars" if sys.stderr.isatty() else "plain"
    if style == "bars":
        with _bars(jobs) as bars:
            yield bars
    else:
        yield {"plain": Plain, "json": Json, "none": Silent}[style](len(jobs))


class Silent:
    def __init__(self, total: int) -> None:
        self._total = total

    def step(self, job: Job, progress: Progress) -> None: ...

    def ended(self, end: Ended) -> None: ...


class Plain(Silent):
    """One line for each job that ends."""

    _done = 0

    def ended(self, end: Ended) -> None:
        self._done += 1
        word = (
            "failed" if not isinstance(end, JobDone) else "unchanged" if end.unchanged else "done"
        )
        say(harmless(f"[{self._done}/{self._total}] {end.job.output} {word}"))


class Json(Silent):
    """One event a line: `progress` and `ended`."""

    def step(self, job: Job, progress: Progress) -> None:
        self._event(
            event="progress",
            output=str(job.output),
            stage=progress.stage,
            done=progress.done,
            total=progress.total,
        )

    def ended(self, end: Ended) -> None:
        ok = isinstance(end, JobDone)
        self._event(event="ended", output=str(end.job.output), market=end.job.market, ok=ok)

    def _event(self, **content: Any) -> None:
        say(json.dumps(content, ensure_ascii=False))


@contextmanager
def byte_counter(title: str) -> Iterator[Callable[[int, int], None]]:
    """Show a download's progress on a terminal: call with bytes so far and in all."""
    if not sys.stderr.isatty():
        say(harmless(f"Downloading {title}"))
        yield lambda _done, _all: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TransferSpeedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn(title), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("", total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total or None)


@contextmanager
def _bars(jobs: Sequence[Job]) -> Iterator[Reporter]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("[red]{task.fields[failed]}"),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        yield _Drawn(bars, jobs)


class _Drawn:
    """A bar for each market and one for all, in episodes and parts of them."""

    def __init__(self, bars: Any, jobs: Sequence[Job]) -> None:
        self._bars = bars
        counts = Counter(job.market for job in jobs)
        if len(counts) > 1:
            counts["All"] = len(jobs)
        self._bar = {
            name: bars.add_task(name, total=count, failed="") for name, count in counts.items()
        }
        self._part: dict[Job, float] = {}
        self._ended: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()

    def step(self, job: Job, progress: Progress) -> None:
        self._part[job] = progress.done / max(1, progress.total)
        self._draw(job)

    def ended(self, end: Ended) -> None:
        self._part.pop(end.job, None)
        for name in (end.job.market, "All"):
            self._ended[name] += 1
            self._failed[name] += not isinstance(end, JobDone)
        self._draw(end.job)

    def _draw(self, job: Job) -> None:
        for name in self._bar.keys() & {job.market, "All"}:
            begun = sum(part for other, part in self._part.items() if name in (other.market, "All"))
            failed = f"{self._failed[name]} failed" if self._failed[name] else ""
            self._bars.update(self._bar[name], completed=self._ended[name] + begun, failed=failed)
