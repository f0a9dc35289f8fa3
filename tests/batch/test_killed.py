"""Runs that are killed, interrupted, or not alone: nothing is torn, the next run completes."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from dramaloc.batch.crew import JobDone
from dramaloc.batch.ledger import read_entries
from dramaloc.batch.manifest import FILE_NAME
from dramaloc.batch.plan import Job, find_episodes, plan
from dramaloc.batch.run import run
from dramaloc.batch.workbench import Options, Workbench
from dramaloc.files import digest

KILLS = 30
TERMS = ("Nana", "Granny")


def _bench(jobs: Sequence[Job], term: str) -> Workbench:
    """Make everything ready for one rendering of 奶奶."""
    table = jobs[0].source.parent / f"{term}.csv"
    bench = Workbench(Options(engine="echo", tables=(table,), report=True))
    bench.prepare(jobs)
    return bench


def _run(jobs: Sequence[Job], bench: Workbench) -> bool:
    """Do the jobs; whether all of them came out."""
    return all(isinstance(end, JobDone) for end in run(jobs, bench, lambda *_: None, workers=2))


@pytest.fixture
def jobs(show: Path, make_srt: Callable[..., str]) -> tuple[Job, ...]:
    for number in range(4):
        text = make_srt(f"奶奶来了{number}次", "再见")
        (show / f"E{number:02}.zh-Hans.srt").write_text(text, encoding="utf-8")
    for term in TERMS:
        (show / f"{term}.csv").write_text(f"source,target\n奶奶,{term}\n", encoding="utf-8")
    return plan(find_episodes([str(show)], None), ["en-US"], show.parent / "out")


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.suffix in (".srt", ".json")
    }


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot fork a warm process to kill")
def test_a_kill_at_any_moment_leaves_old_or_new_and_the_next_run_completes(
    jobs: tuple[Job, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.fsync", lambda _file: None)  # a kill takes nothing from the system
    folder = jobs[0].output.parent
    whole: dict[str, dict[str, bytes]] = {}
    benches = {term: _bench(jobs, term) for term in TERMS}
    for term in TERMS:
        begun = time.monotonic()
        assert _run(jobs, benches[term])
        seconds = time.monotonic() - begun
        whole[term] = _contents(folder)
    assert whole[TERMS[0]] != whole[TERMS[1]]

    rng = random.Random(8)  # noqa: S311  # the same moments every time
    fork = multiprocessing.get_context("fork")
    interrupted = 0
    for round_ in range(KILLS):
        term = TERMS[round_ % 2]
        child = fork.Process(target=_run, args=(jobs, benches[term]))
        child.start()
        time.sleep(rng.uniform(0, seconds))
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        left = _contents(folder)
        for name, content in left.items():
            assert name == FILE_NAME or content in (whole[t][name] for t in TERMS), name
        interrupted += left != whole[term]
        known = read_entries(folder)
        for job in jobs:
            entry = known[job.output.name]
            found = digest(job.output.read_bytes())
            assert found in (entry.output_digest, entry.replaces)
        if round_ % 3 == 2:
            assert _run(jobs, benches[term])
            assert _contents(folder) == whole[term]
    assert interrupted > KILLS // 4, "the kills came too late to show anything"


PROGRAM = "from dramaloc.cli import main; main()"


def _started(*arguments: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no interrupt to one process")
def test_an_interrupt_stops_the_workers_and_leaves_nothing_behind(
    show: Path, make_srt: Callable[..., str]
) -> None:
    for number in range(3):
        texts = [f"第{number}集的第{line}句话说什么" for line in range(150)]
        (show / f"E1{number}.zh-Hans.srt").write_text(make_srt(*texts), encoding="utf-8")
    command = ("localize", show, "-m", "en-US", "-o", "out", "--jobs", "2", "--progress", "json")
    started = _started(*command)
    assert started.stderr is not None
    for line in started.stderr:
        if '"E02' in line or '"progress"' in line:
            break
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=60)
    assert started.returncode == 130
    assert said.splitlines()[-1].startswith("Interrupted.")
    assert "Traceback" not in said
    out = show.parent / "out"
    if out.exists():
        assert {path.suffix for path in out.iterdir()} <= {".srt", ".json"}


def test_two_runs_into_one_folder_lose_nothing(show: Path) -> None:
    markets = (("en-US", "zh-Hant-TW"), ("en-GB", "en-US"))
    runs = [
        _started("localize", show, "-o", "out", "--engine", "echo", "-m", one, "-m", two)
        for one, two in markets
    ]
    for started in runs:
        _, said = started.communicate(timeout=60)
        assert started.returncode == 0, said
    out = show.parent / "out"
    expected = {f"E0{n}.{m}.srt" for n in (1, 2) for two in markets for m in two}
    assert {path.name for path in out.iterdir()} == {*expected, FILE_NAME}
    for name, entry in read_entries(out).items():
        assert digest((out / name).read_bytes()) == entry.output_digest
        assert entry.replaces == ""
