"""The same jobs on a Dask cluster: workers make the outputs, this machine alone writes them.

A task takes its input along, so workers need no folder in common with this machine. An episode's
markets go to one worker, one after the other, so that its way to the pivot is taken once; Dask
moves what a lost worker was at. As many episodes are under way as there are workers' threads,
so nothing waits at a worker that another could do.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import version
from queue import Empty, SimpleQueue
from socket import gethostname
from typing import Any
from uuid import uuid4

from dramaloc.batch.crew import Event, Group, JobFailed, Task
from dramaloc.batch.plan import Job
from dramaloc.batch.run import failed, packed
from dramaloc.batch.there import Unfit, do_there, faults_there, leave_there, need, pack
from dramaloc.batch.workbench import Workbench
from dramaloc.engines.engine import Usage
from dramaloc.errors import ClusterError, DramalocError, EngineError

_CONNECT_SECONDS = 4
_PATIENCE_SECONDS = 0.2  # on Windows nothing interrupts a wait without an end
_LOOK_SECONDS = 2  # between two looks at who has come and gone
_ALONE_SECONDS = 60  # without any worker, before giving up
_FETCH_SECONDS = 30  # for one finished output
_ALIKE = ("dramaloc", "distributed")  # packages that must be of one version everywhere
_AGAIN = "Run the same command again to go on where it stopped"

Tell = Callable[[str], None]


@contextmanager
def connected(address: str, tell: Tell) -> Iterator[Cluster]:
    """Reach a scheduler, such as `tcp://node1:8786`. Raises `ClusterError`.

    `tell` takes what a user should know while jobs run.
    """
    client = _connect(address)
    try:
        yield Cluster(client, address, tell)
    finally:
        client.close(timeout=_CONNECT_SECONDS)


def _connect(address: str) -> Any:
    import logging
    import warnings

    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError(
            f"a cluster needs a library that is not here ({error.name})",
            hint="Get it with: uv sync --extra cluster, or pip install distributed",
        ) from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # we tell it in our own words
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about versions, which are compared before any job
            return Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except Exception as error:  # a stranger may answer anything
        raise ClusterError(
            f"no Dask scheduler answers at {address} ({_said(error)})",
            hint="Start one with: dask scheduler, and check the address it names",
        ) from error


def _here(name: str) -> str:
    return version(name)


def _said(error: BaseException) -> str:
    """Put a foreign exception on one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:120]


class Cluster:
    """The workers behind a scheduler, as a crew for `run`."""

    def __init__(self, client: Any, address: str, tell: Tell) -> None:
        self._client, self._address, self._tell = client, address, tell
        self._run = uuid4().hex
        self._kit = b""
        self._needs: tuple[tuple[str, str, str, str], ...] = ()
        self._bench: Workbench | None = None
        self._most: int | None = None
        self._threads: dict[str, int] = {}  # of the workers that can do these jobs
        self._unfit: set[str] = set()
        self._lanes: dict[Any, Sequence[Task]] = {}  # by future: its task, and those to follow
        self._over: SimpleQueue[Any] = SimpleQueue()
        self._looked = self._accompanied = 0.0
        self._used: dict[str, Counter[str]] = {}

    def prepare(self, jobs: Sequence[Job], bench: Workbench, most: int | None = None) -> None:
        """Make sure that every worker would make the same bytes as this machine.

        At `most` so many episodes will be under way. Raises `ClusterError`, a line a worker.
        """
        self._bench, self._most, self._kit = bench, most, pack(bench)
        pairs = dict.fromkeys((job.language, job.market) for job in jobs)
        self._needs = tuple(need(bench, *pair) for pair in pairs)
        threads = self._client.nthreads()
        if not threads:
            raise ClusterError(
                f"the scheduler at {self._address} has no workers",
                hint=f"Start one on each machine with: dask worker {self._address}",
            )
        if faults := self._faults(list(threads)):
            lines = [f"  {line}" for line in self._lines(faults)]
            head = f"{len(faults)} of {len(threads)} workers cannot do these jobs:"
            raise ClusterError("\n".join([head, *lines]))
        self._threads = dict(threads)

    def used(self) -> Usage:
        """Return what metered engines have used on all workers."""
        return self._used

    def __call__(self, groups: Iterator[Group]) -> Iterator[Event]:
        """Do groups of tasks, telling what happens as it happens."""
        self._looked = self._accompanied = time.monotonic()
        try:
            while True:
                while len(self._lanes) < self._room() and (group := next(groups, None)) is not None:
                    yield from (each for each in group if not isinstance(each, Task))
                    yield from self._begin([each for each in group if isinstance(each, Task)])
                if not self._lanes:
                    return
                yield from self._came(self._next())
        finally:
            self._leave()

    def _room(self) -> int:
        threads = max(1, sum(self._threads.values()))
        return min(threads, self._most or threads)

    def _begin(
        self, tasks: Sequence[Task], where: str | None = None, *, only: bool = False
    ) -> Iterator[JobFailed]:
        """Send off the first task, `where` the one before was done if that worker still lives."""
        assert self._bench is not None, "prepare comes first"  # noqa: S101  # a caller's slip
        for at, task in enumerate(tasks):
            try:
                whole = packed(task, self._bench)
            except DramalocError as error:
                yield failed(task.job, error)
                continue
            future = self._client.submit(
                do_there, self._run, self._kit, whole,
                key=f"dramaloc-{uuid4().hex}", pure=False,
                workers=[where] if where else list(self._threads), allow_other_workers=not only,
            )  # fmt: skip
            self._lanes[future] = tasks[at:]
            future.add_done_callback(self._over.put)
            return

    def _next(self) -> Any:
        while True:
            with suppress(Empty):
                future = self._over.get(timeout=_PATIENCE_SECONDS)
                if future in self._lanes:
                    return future
            if time.monotonic() - self._looked > _LOOK_SECONDS:
                self._look()

    def _came(self, future: Any) -> Iterator[Event]:
        tasks = self._lanes.pop(future)
        if future.status == "error":
            yield _lost_or_raise(tasks[0].job, future.exception())
            yield from self._begin(tasks[1:])
            return
        if future.status != "finished":
            raise ClusterError(f"the scheduler at {self._address} was lost", hint=_AGAIN)
        try:
            made, where, usage = future.result(timeout=_FETCH_SECONDS)
        except TimeoutError:  # the worker was lost with it, and Dask has it made again
            self._lanes[future] = tasks
            future.add_done_callback(self._over.put)
            return
        if isinstance(made, Unfit):
            self._dismiss({where: "; ".join(made.faults)})
            if not self._threads:
                raise ClusterError("no worker is left for these jobs", hint=_AGAIN)
            yield from self._begin(tasks, only=True)
            return
        for name, counts in usage.items():
            self._used.setdefault(name, Counter()).update(counts)
        yield made
        yield from self._begin(tasks[1:], where)

    def _look(self) -> None:
        """See which workers have come and gone; only those that are alike are given jobs."""
        try:
            found = self._client.nthreads()
            newcomers = [name for name in found if name not in {*self._threads, *self._unfit}]
            self._dismiss(self._faults(newcomers) if newcomers else {})
        except OSError as error:
            raise ClusterError(f"the scheduler at {self._address} was lost", hint=_AGAIN) from error
        self._threads = {name: count for name, count in found.items() if name not in self._unfit}
        self._looked = time.monotonic()
        if self._threads:
            self._accompanied = self._looked
        elif self._looked - self._accompanied > _ALONE_SECONDS:
            raise ClusterError("no worker is left for these jobs", hint=_AGAIN)

    def _dismiss(self, faults: dict[str, str]) -> None:
        for line in self._lines(faults) if faults else ():
            self._tell(f"Note: a worker is not used. {line}")
        self._unfit |= set(faults)
        self._threads = {name: count for name, count in self._threads.items() if name not in faults}

    def _faults(self, workers: Sequence[str]) -> dict[str, str]:
        """Ask workers what they lack for these jobs; those that lack nothing are left out."""
        faults: dict[str, list[str]] = {}
        for name in _ALIKE:  # nothing of ours has to be there for this
            for worker, said in self._ask(workers, version, name).items():
                if said != _here(name):
                    has = f"no {name}" if isinstance(said, Exception) else f"{name} {said}"
                    lacks = f"has {has}: install {name} {_here(name)} and start it again"
                    faults.setdefault(worker, []).append(lacks)
        rest = [worker for worker in workers if worker not in faults]
        answers = self._ask(rest, faults_there, self._run, self._kit, self._needs) if rest else {}
        for worker, said in answers.items():
            if said:
                broken = (
                    [f"cannot be used ({_said(said)})"] if isinstance(said, Exception) else said
                )
                faults[worker] = broken
        return {worker: "; ".join(said) for worker, said in faults.items()}

    def _lines(self, faults: dict[str, str]) -> list[str]:
        hosts = self._ask(list(faults), gethostname)
        return [f"{hosts.get(worker)} ({worker}): {said}" for worker, said in faults.items()]

    def _ask(self, workers: Sequence[str], question: Callable[..., Any], *about: Any) -> Any:
        return self._client.run(question, *about, workers=list(workers), on_error="return")

    def _leave(self) -> None:
        """Take back what is still under way, and let the workers forget this run."""
        if self._client.status != "running":
            return
        with suppress(Exception):  # whatever is wrong with the cluster, it was told already
            self._client.cancel(list(self._lanes), force=True)
            self._lanes.clear()
            self._client.run(leave_there, self._run, on_error="ignore", wait=False)


def _lost_or_raise(job: Job, error: BaseException) -> JobFailed:
    from distributed.scheduler import KilledWorker

    if not isinstance(error, KilledWorker):
        raise error
    told = EngineError(
        "every worker that tried it was lost",
        hint="Give workers more memory, or do this one without --scheduler",
    )
    return failed(job, told)
