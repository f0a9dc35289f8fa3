"""The same jobs on a real scheduler and its workers, each a process of its own."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from dramaloc import errors
from dramaloc.batch.cluster import Cluster, connected
from dramaloc.batch.crew import Ended, JobDone, JobFailed
from dramaloc.batch.plan import Job, find_episodes, plan
from dramaloc.batch.run import run
from dramaloc.batch.there import Unfit, compare, need
from dramaloc.batch.workbench import Options, Workbench
from dramaloc.errors import ClusterError
from dramaloc.memory.entry import Entry
from dramaloc.memory.store import Memory

pytest.importorskip("distributed", reason="the extra cluster is not installed")

Cli = Callable[..., Result]
NOWHERE = ("--engine", "echo", "--scheduler", "tcp://127.0.0.1:9")
_START_SECONDS = 120  # only a cluster that never comes takes so long


def _dask(*words: str | Path) -> subprocess.Popen[bytes]:
    # Workers know nothing of the folder the test stands in.
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *map(str, words)],
        cwd=Path(sys.executable).parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _until(found: Callable[[], Any]) -> Any:
    for _ in range(_START_SECONDS * 20):
        if value := found():
            return value
        time.sleep(0.05)
    raise AssertionError("the cluster did not come up")


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def cluster() -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler's address, and its two workers of one thread each."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    quiet = ("--no-dashboard",)
    started = [_dask("scheduler", "--host", "127.0.0.1", "--port", str(port), *quiet)]
    worker = ("worker", address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", *quiet)
    started += [_dask(*worker), _dask(*worker)]
    try:
        _until(lambda: _answers(port))
        with connected(address, lambda _line: None) as joined:
            _until(lambda: len(joined._client.nthreads()) == 2)
        yield address, started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


@pytest.fixture
def season(show: Path, make_srt: Callable[..., str]) -> Path:
    for number in range(3, 7):
        text = make_srt(f"奶奶第{number}次来", "你好")
        (show / f"E0{number}.zh-Hans.srt").write_text(text, encoding="utf-8")
    return show


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _jobs(season: Path, folder: str, *markets: str) -> tuple[Job, ...]:
    found = find_episodes([str(season)], None)
    return plan(found, markets or ("en-US", "en-GB"), season.parent / folder)


def _do(jobs: tuple[Job, ...], bench: Workbench, crew: Cluster | None = None) -> Iterator[Ended]:
    return run(jobs, bench, lambda *_: None, 1, crew)


def test_the_command_writes_the_same_bytes_as_without_a_cluster(
    cli: Cli, cluster: tuple[str, Any], season: Path
) -> None:
    (season / "names.csv").write_text("source,target\n你好,Hi there\n", encoding="utf-8")
    (season / "dramaloc.toml").write_text("[series]\n", encoding="utf-8")
    memory = season / "memory.sqlite"
    said = Entry(source="再见", target="Bye now.", market="en-US", reviewed=True)
    similar = Entry(source="奶奶第9次来", target="Ninth time.", market="en-US")
    with Memory.open(memory, create=True) as opened:
        opened.add([said, similar])
    arguments = ("localize", season, "-m", "en-US", "-m", "TW", "--report", "--progress", "plain")
    here = cli(*arguments, "-o", "here", "--jobs", "1")
    there = cli(*arguments, "-o", "there", env={"DRAMALOC_SCHEDULER": cluster[0]})
    assert (here.exit_code, there.exit_code) == (0, 0), there.output
    assert there.stderr.count(" done") == 12
    one, other = _bytes(season.parent / "here"), _bytes(season.parent / "there")
    assert b"Bye now." in one["E02.en-US.srt"]
    assert b"Hi there" in one["E01.en-US.srt"]
    assert b"Ninth time." in one["E03.en-US.srt.report.json"]
    assert one == other
    again = cli(*arguments, "-o", "there", "--scheduler", cluster[0])
    assert again.stderr.count(" unchanged") == 12


def test_a_failed_job_costs_only_itself(cluster: tuple[str, Any], season: Path) -> None:
    (season / "E02.zh-Hans.srt").write_bytes("1\n00:00:01,000 --> 00:00:02,000\n".encode("utf-16"))
    jobs = _jobs(season, "out", "en-US")
    jobs[3].source.unlink()
    bench = Workbench(Options(engine="echo", output_encoding="ascii"))
    with connected(cluster[0], lambda _line: None) as crew:
        crew.prepare(jobs, bench)
        ended = {end.job: end for end in _do(jobs, bench, crew)}
    assert len(ended) == len(jobs)
    told = [end.error for end in map(ended.get, jobs) if isinstance(end, JobFailed)]
    assert "ascii cannot write" in told[0].message
    assert [error.message for error in told if error.path == str(jobs[3].source)] == [
        "no such file"
    ]


def test_who_stops_listening_takes_the_jobs_back(cluster: tuple[str, Any], season: Path) -> None:
    jobs = _jobs(season, "out")
    bench = Workbench(Options(engine="echo"))
    with connected(cluster[0], lambda _line: None) as crew:
        crew.prepare(jobs, bench)
        ends = _do(jobs, bench, crew)
        next(ends)
        with pytest.raises(KeyboardInterrupt):
            ends.throw(KeyboardInterrupt)  # type: ignore[attr-defined]
        assert crew._lanes == {}
        _until(lambda: not any(crew._client.processing().values()))
    done = {path.name for path in (season.parent / "out").glob("*.srt")}
    assert 0 < len(done) < len(jobs)


def test_a_worker_that_is_not_alike_is_named_before_anything_starts(
    cluster: tuple[str, Any], season: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = _jobs(season, "out", "en-US")
    bench = Workbench(Options(engine="echo"))
    monkeypatch.setattr("dramaloc.batch.cluster._here", lambda name: f"9.{name}")
    with connected(cluster[0], lambda _line: None) as crew, pytest.raises(ClusterError) as caught:
        crew.prepare(jobs, bench)
    head, *lines = str(caught.value).splitlines()
    assert "workers cannot do these jobs" in head
    assert len(lines) == int(head.split()[0]) > 0
    for line in lines:
        assert "tcp://127.0.0.1" in line
        assert "install dramaloc 9.dramaloc" in line
    assert not (season.parent / "out").exists()


def test_what_a_worker_lacks_is_said_with_what_to_install() -> None:
    bench = Workbench(Options(engine="echo"))
    wanted = need(bench, "zh-Hans", "en-US")
    assert compare(bench, wanted) == []
    (pack,) = compare(bench, (*wanted[:2], "another", wanted[3]))
    assert pack == "its pack en-US is another: install the same build of dramaloc"
    (model,) = compare(bench, (*wanted[:3], "argos/zh-en@9"))
    assert model == "it would use echo for en-US: install what is here, argos/zh-en@9"
    (missing,) = compare(Workbench(Options(engine="argos")), ("zh-Hans", "de-DE", "", ""))
    assert "dramaloc models install en de" in missing


def test_a_worker_that_turns_out_unfit_gets_no_more_jobs(
    cluster: tuple[str, Any], season: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from distributed import get_worker

    def unfit(*_: object) -> Any:  # defined here, it is sent to the worker whole
        return Unfit(faults=("it is too old",)), get_worker().address, {}

    told: list[str] = []
    jobs = _jobs(season, "out", "en-US")[:1]
    bench = Workbench(Options(engine="echo"))
    with connected(cluster[0], told.append) as crew, monkeypatch.context() as patch:
        crew.prepare(jobs, bench)
        dismiss = crew._dismiss
        patch.setattr("dramaloc.batch.cluster.do_there", unfit)
        patch.setattr(crew, "_dismiss", lambda faults: (patch.undo(), dismiss(faults)))
        ended = list(_do(jobs, bench, crew))
        assert len(crew._threads) == len(crew._unfit) == 1
    assert [type(end) for end in ended] == [JobDone]
    (line,) = told
    assert line.startswith("Note: a worker is not used.")
    assert line.endswith(": it is too old")


@pytest.mark.parametrize("arguments", [("--max-requests", "5"), ("-",)])
def test_what_cannot_be_had_on_a_cluster_is_refused(
    cli: Cli, show: Path, arguments: tuple[str, ...]
) -> None:
    inputs = () if "-" in arguments else (show, "-o", "out")
    result = cli("localize", *inputs, *arguments, "-m", "en-US", "--scheduler", "tcp://no:1")
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert "--scheduler" in line


def test_a_file_alone_sends_nothing_to_a_cluster(cli: Cli, show: Path) -> None:
    (show / "dramaloc.toml").write_text('[localize]\nscheduler = "tcp://evil:1"\n')
    result = cli("localize", show, "-m", "en-US", "-o", "out")
    assert result.exit_code == 2
    assert "only this file says so. Say --scheduler tcp://evil:1 if you mean it" in result.stderr


def test_a_scheduler_that_does_not_answer_is_one_line(
    cli: Cli, show: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dramaloc.batch.cluster._CONNECT_SECONDS", 0.3)
    result = cli("localize", show, "-m", "en-US", "-o", "out", *NOWHERE)
    assert result.exit_code == 3
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: no Dask scheduler answers at tcp://127.0.0.1:9 (")
    assert not Path("out").exists()


def test_without_the_library_one_line_says_how_to_get_it(
    cli: Cli, show: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = cli("localize", show, "-m", "en-US", "-o", "out", *NOWHERE)
    assert result.exit_code == 3
    (line,) = result.stderr.splitlines()
    assert line.endswith("Get it with: uv sync --extra cluster, or pip install distributed")


@pytest.mark.parametrize("kind", [errors.InputError, errors.EngineError, errors.OutputError])
def test_an_error_comes_home_whole(kind: type[errors.DramalocError]) -> None:
    error = kind("no", hint="Do that", path="a.srt", line=3)
    home = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own
    assert (type(home), str(home)) == (kind, "a.srt:3: no. Do that")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot stop a process for a while")
# The last one, for it takes a worker away.
def test_the_jobs_of_a_killed_worker_move_to_another(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], season: Path
) -> None:
    address, workers = cluster
    bench = Workbench(Options(engine="echo"))
    assert all(isinstance(end, JobDone) for end in _do(_jobs(season, "here"), bench))
    jobs = _jobs(season, "there")
    with connected(address, lambda _line: None) as crew:
        crew.prepare(jobs, bench)
        pids = crew._client.run(os.getpid)
        (victim,) = (worker for worker, pid in pids.items() if pid == workers[0].pid)
        os.kill(workers[0].pid, signal.SIGSTOP)  # it takes a job, and is never done with it
        ends = _do(jobs, bench, crew)
        ended = [next(ends)]
        assert crew._client.processing()[victim], "nothing was lost"
        workers[0].kill()
        ended += ends
    assert all(isinstance(end, JobDone) for end in ended)
    assert {end.job for end in ended} == set(jobs)
    assert _bytes(season.parent / "there") == _bytes(season.parent / "here")
