"""Several episodes at a time."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from dramaloc.batch.crew import Event, JobFailed, Made, Step, Task, at_work
from dramaloc.batch.manifest import Entry
from dramaloc.batch.plan import Job
from dramaloc.errors import EngineNotInstalledError, InputError
from dramaloc.stages.localization import Progress, Watcher

ENTRY = Entry(
    dramaloc="0", input="a", input_digest="", market="en", market_fingerprint="", engine="echo",
    options={}, output_digest="", counts={},
)  # fmt: skip


def task(name: str) -> Task:
    job = Job(source=Path(name), market="en", output=Path(f"{name}.srt"), language="zh-Hans")
    return Task(job=job, made_from=ENTRY, explained=None)


def made(task: Task, _watch: Watcher) -> Made:
    return Made(job=task.job, entry=ENTRY, output=b"", report=None, terms=())


def names(events: Sequence[Event]) -> list[str]:
    return [event.job.source.name for event in events]


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_everything_is_done_once(workers: int) -> None:
    groups = [[task(f"{group}{place}") for place in range(3)] for group in range(4)]
    found = list(at_work(iter(groups), made, workers))
    assert sorted(names(found)) == sorted(
        each.job.source.name for group in groups for each in group
    )


def test_one_worker_keeps_the_order() -> None:
    found = list(at_work(iter([[task("a"), task("b")], [task("c")]]), made, 1))
    assert names(found) == ["a", "b", "c"]


def test_workers_work_at_the_same_time() -> None:
    both = threading.Barrier(2, timeout=20)

    def meet(task: Task, watch: Watcher) -> Made:
        both.wait()
        return made(task, watch)

    assert len(list(at_work(iter([[task("a")], [task("b")]]), meet, 2))) == 2


def markets(count: int) -> list[Task]:
    first = task("a")
    jobs = [replace(first.job, market=f"m{at}", output=Path(f"{at}.srt")) for at in range(count)]
    return [replace(first, job=job) for job in jobs]


def test_idle_workers_help_with_an_episodes_other_markets() -> None:
    both = threading.Barrier(2, timeout=20)
    others_begun = threading.Event()

    def meet(task: Task, watch: Watcher) -> Made:
        if task.job.market == "m0":
            assert not others_begun.wait(0.2)  # the way they share is gone once
        else:
            others_begun.set()
            both.wait()
        return made(task, watch)

    found = list(at_work(iter([markets(5)]), meet, 2))
    assert sorted(each.job.market for each in found) == [f"m{at}" for at in range(5)]


@pytest.mark.parametrize("workers", [2, 7])
def test_a_market_is_done_once_however_many_help(workers: int) -> None:
    found = list(at_work(iter([markets(40)]), made, workers))
    assert sorted(each.job.output.name for each in found) == sorted(f"{at}.srt" for at in range(40))


def test_what_needs_no_work_is_told_too() -> None:
    failed = JobFailed(job=task("a").job, error=InputError("no"))
    assert list(at_work(iter([[failed], []]), made, 1)) == [failed]


def test_progress_is_told_in_the_callers_thread() -> None:
    def stepping(task: Task, watch: Watcher) -> Made:
        watch(Progress(stage="translate", done=1, total=2))
        return made(task, watch)

    step, _ = at_work(iter([[task("a")]]), stepping, 1)
    assert isinstance(step, Step)
    assert (step.job, step.progress.done) == (task("a").job, 1)


def test_when_nobody_listens_any_more_the_workers_stop() -> None:
    begun: list[str] = []

    def endless(task: Task, watch: Watcher) -> Made:
        begun.append(task.job.source.name)
        while True:
            watch(Progress(stage="translate", done=0, total=1))

    events = at_work(iter([[task("a"), task("b")], [task("c")], [task("d")]]), endless, 2)
    next(events)
    events.close()  # type: ignore[attr-defined]  # a generator
    assert set(begun) <= {"a", "c"}
    assert not [each for each in threading.enumerate() if each.name.startswith("dramaloc")]


def test_a_mistake_of_ours_is_not_swallowed() -> None:
    def broken(_task: Task, _watch: Watcher) -> Made:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(at_work(iter([[task("a")]]), broken, 1))


@pytest.mark.parametrize(
    "what",
    [
        task("a"),
        made(task("a"), lambda _progress: None),
        JobFailed(
            job=task("a").job,
            error=EngineNotInstalledError("no model", hint="Get one", pair=("zh", "en")).at(
                "a.srt"
            ),
        ),
    ],
    ids=lambda what: type(what).__name__,
)
def test_tasks_and_what_they_come_to_can_be_sent(what: object) -> None:
    again = pickle.loads(pickle.dumps(what))  # noqa: S301  # our own
    if isinstance(what, JobFailed):
        assert str(again.error) == str(what.error)
        assert vars(again.error) == vars(what.error)
    else:
        assert again == what
