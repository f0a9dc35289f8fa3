"""Several episodes at a time: threads over the same engines.

Engines compute outside Python's lock, so threads keep every core busy, share each loaded model,
and see at once what another market has translated on the way. An episode's markets stay
together, so that its way to the pivot is taken once: the first goes it alone, and threads that
have nothing else to do help with those after it.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from dramaloc.batch.manifest import Entry
from dramaloc.batch.plan import Job
from dramaloc.batch.remember import Similar
from dramaloc.errors import DramalocError
from dramaloc.memory.entry import Recollection
from dramaloc.stages.localization import Progress, Watcher

_PATIENCE_SECONDS = 0.2  # on Windows nothing interrupts a wait without an end


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """All there is to know to do a job elsewhere.

    `explained` is what earlier episodes explain, `known` what the memory knows of this one,
    `template` what was reviewed of it in the language on the way. `data` is the source, and
    `similar` what the memory suggests for the report, if neither file can be reached there.
    """

    job: Job
    made_from: Entry
    explained: frozenset[str] | None
    known: tuple[Recollection, ...] = ()
    template: Mapping[int, str] = field(default_factory=dict)
    data: bytes | None = None
    similar: Similar | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a task came to, ready to be written."""

    job: Job
    entry: Entry
    output: bytes
    report: bytes | None
    terms: tuple[dict[str, Any], ...]
    beside: tuple[tuple[Path, bytes, Entry], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDone:
    """A finished job; `unchanged` if its output was up to date already.

    `terms` is the term audit of what was written now, as in the report.
    """

    job: Job
    entry: Entry
    unchanged: bool = False
    terms: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFailed:
    """A job that came to nothing; nothing of it was written."""

    job: Job
    error: DramalocError


Ended = JobDone | JobFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How far a job has come."""

    job: Job
    progress: Progress


Group = Sequence[Task | Ended]  # an episode's jobs, some of which need no work
Do = Callable[[Task, Watcher], Made | JobFailed]
Event = Step | Made | Ended
Crew = Callable[[Iterator[Group]], Iterator[Event]]  # does groups of tasks, here or elsewhere


class _Stopped(BaseException):  # no failure, and for no engine to catch
    """Raised inside a worker when its work is no longer wanted."""


def at_work(
    groups: Iterator[Group], do: Do, workers: int, break_off: Callable[[], None] = lambda: None
) -> Iterator[Event]:
    """Do groups of tasks on as many threads, telling what happens as it happens.

    Threads without an episode of their own help with the markets of another's. When the caller
    stops listening, each worker stops at its next progress report; `break_off` ends what they
    may be waiting for.
    """
    events: SimpleQueue[Event | BaseException | None] = SimpleQueue()
    stop = threading.Event()
    pool = ThreadPoolExecutor(workers, thread_name_prefix="dramaloc")
    lanes: dict[Path, deque[Task]] = {}
    led: list[deque[Task]] = []  # lanes whose first market has gone the way they share
    active = 0
    try:
        while True:
            while active <= workers and (group := next(groups, None)) is not None:
                yield from (each for each in group if not isinstance(each, Task))
                if tasks := deque(each for each in group if isinstance(each, Task)):
                    lanes[tasks[0].job.source] = tasks
                    pool.submit(_episode, tasks, do, events, stop)
                    active += 1
            while active < workers and (longest := max(led, key=len, default=None)):
                pool.submit(_episode, longest, do, events, stop)
                active += 1
            if not active:
                return
            event = _next(events)
            if event is None:
                active -= 1
            elif isinstance(event, BaseException):
                raise event
            else:
                if not isinstance(event, Step) and (lane := lanes.pop(event.job.source, None)):
                    led.append(lane)
                yield event
    finally:
        stop.set()
        if active:
            break_off()
        pool.shutdown(cancel_futures=True)


def _episode(
    tasks: deque[Task],
    do: Do,
    events: SimpleQueue[Event | BaseException | None],
    stop: threading.Event,
) -> None:
    """Do what is left of an episode's tasks; another thread may be doing some of them."""

    def step(job: Job, progress: Progress) -> None:
        if stop.is_set():
            raise _Stopped
        events.put(Step(job=job, progress=progress))

    try:
        while not stop.is_set() and (task := _taken(tasks)):
            events.put(do(task, partial(step, task.job)))
    except _Stopped:
        return
    except BaseException as error:  # noqa: BLE001  # told where somebody listens
        events.put(error)
    finally:
        events.put(None)


def _taken(tasks: deque[Task]) -> Task | None:
    try:
        return tasks.popleft()
    except IndexError:  # all are taken
        return None


def _next(
    events: SimpleQueue[Event | BaseException | None],
) -> Event | BaseException | None:
    while True:
        try:
            return events.get(timeout=_PATIENCE_SECONDS)
        except Empty:
            continue
