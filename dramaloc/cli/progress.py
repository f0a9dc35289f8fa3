"""Progress for people (bars, plain lines) and for programs (JSON lines), always on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from dramaloc.batch.plan import Job
from dramaloc.batch.run import Ended, JobDone
from dramaloc.cli.answer import say
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
        say(f"[{self._done}/{self._total}] {end.job.output} {word}")


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
        say(f"Downloading {title}")
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
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        yield _Drawn(bars, jobs)


class _Drawn:
    """A bar for all jobs, and one for the job at work."""

    def __init__(self, bars: Any, jobs: Sequence[Job]) -> None:
        self._bars = bars
        self._all = bars.add_task("All", total=len(jobs))
        self._one = bars.add_task("", total=None, visible=False)

    def step(self, job: Job, progress: Progress) -> None:
        self._bars.update(
            self._one,
            description=f"{job.source.name} → {job.market}",
            completed=progress.done,
            total=progress.total,
            visible=True,
        )

    def ended(self, end: Ended) -> None:  # noqa: ARG002  # the protocol's
        self._bars.advance(self._all)
