"""Doing jobs: what is written, what is left alone, what one failure costs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from dramaloc.batch.crew import Ended, JobDone, JobFailed
from dramaloc.batch.manifest import FILE_NAME, read_manifest
from dramaloc.batch.plan import Job, find_episodes, plan
from dramaloc.batch.remember import KeptRenderings
from dramaloc.batch.report import report_path
from dramaloc.batch.run import run
from dramaloc.batch.workbench import Options, Workbench
from dramaloc.engines.echo import EchoEngine
from dramaloc.engines.engine import Candidate, Request, nothing_done
from dramaloc.errors import EngineError, OutputError, TableError
from dramaloc.stages.localization import Progress
from dramaloc.subtitles import formats


class Fake(EchoEngine):
    """Translates to English words; breaks where a text says so; counts what it was asked."""

    name = "fake"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def translate(
        self,
        requests: Sequence[Request],
        source: str,  # noqa: ARG002
        target: str,  # noqa: ARG002
        done: Callable[[int], None] = nothing_done,
    ) -> list[tuple[Candidate, ...]]:
        self.asked += [request.text for request in requests]
        if any("坏" in request.text for request in requests):
            raise EngineError("the model failed")
        done(len(requests))
        return [(Candidate(text=f"Words {len(request.text)}."),) for request in requests]


def _bench(engine: EchoEngine | None = None, **options: object) -> Workbench:
    bench = Workbench(replace(Options(engine="fake"), **options))  # type: ignore[arg-type]
    bench._engines["fake"] = engine or Fake()
    return bench


def _do(jobs: Sequence[Job], bench: Workbench | None = None) -> list[Ended]:
    return list(run(jobs, bench or _bench(), lambda _job, _event: None))


@pytest.fixture
def jobs(show: Path) -> tuple[Job, ...]:
    return plan(find_episodes([str(show)], None), ["en-US"], show.parent / "out")


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_job_is_written_and_recorded(jobs: tuple[Job, ...]) -> None:
    ended = _do(jobs)
    assert [type(end) for end in ended] == [JobDone, JobDone]
    folder = jobs[0].output.parent
    assert sorted(_bytes(folder)) == ["E01.en-US.srt", "E02.en-US.srt", FILE_NAME]
    written = formats.read(jobs[0].output.read_bytes())
    source = formats.read(jobs[0].source.read_bytes())
    assert [(c.start_ms, c.end_ms) for c in written.cues] == [
        (c.start_ms, c.end_ms) for c in source.cues
    ]
    entry = read_manifest(folder)["E01.en-US.srt"]
    assert (entry.input, entry.market, entry.engine) == ("E01.zh-Hans.srt", "en-US", "echo")
    assert entry.counts["cues"] == 2
    assert entry.counts["terms_required"] == 1  # 奶奶


def test_a_failed_job_costs_only_itself(
    show: Path, jobs: tuple[Job, ...], make_srt: Callable[..., str]
) -> None:
    jobs[0].source.write_text(make_srt("坏了"), encoding="utf-8")
    failed, done = _do(jobs)
    assert isinstance(failed, JobFailed)
    assert str(failed.error) == f"{show / 'E01.zh-Hans.srt'}: the model failed"
    assert isinstance(done, JobDone)
    assert sorted(_bytes(done.job.output.parent)) == ["E02.en-US.srt", FILE_NAME]
    assert list(read_manifest(done.job.output.parent)) == ["E02.en-US.srt"]


def test_an_input_that_vanished_costs_only_itself(jobs: tuple[Job, ...]) -> None:
    jobs[0].source.unlink()
    failed, done = _do(jobs)
    assert isinstance(failed, JobFailed)
    assert failed.error.message == "no such file"
    assert isinstance(done, JobDone)


def test_what_is_up_to_date_is_not_done_again(jobs: tuple[Job, ...]) -> None:
    first = _do(jobs)
    before = _bytes(jobs[0].output.parent)
    engine = Fake()
    second = _do(jobs, _bench(engine))
    assert [end.unchanged for end in second if isinstance(end, JobDone)] == [True, True]
    assert [end.entry for end in second if isinstance(end, JobDone)] == [
        end.entry for end in first if isinstance(end, JobDone)
    ]
    assert engine.asked == []
    assert _bytes(jobs[0].output.parent) == before


@pytest.mark.parametrize("change", ["input", "table", "output removed", "report wanted"])
def test_what_changed_is_done_again(
    jobs: tuple[Job, ...], change: str, tmp_path: Path, make_srt: Callable[..., str]
) -> None:
    _do(jobs)
    bench = _bench()
    if change == "input":
        jobs[0].source.write_text(make_srt("你好吗"), encoding="utf-8")
    elif change == "table":
        table = tmp_path / "names.csv"
        table.write_text("source,target\n你好,Hi\n", encoding="utf-8")
        bench = _bench(tables=(table,))
    elif change == "output removed":
        jobs[0].output.unlink()
    else:
        bench = _bench(report=True)
    (end,) = _do(jobs[:1], bench)
    assert isinstance(end, JobDone)
    assert not end.unchanged
    assert jobs[0].output.exists()


def test_an_edited_output_is_refused_and_kept(jobs: tuple[Job, ...]) -> None:
    _do(jobs)
    edited = jobs[0].output.read_bytes().replace(b"Words", b"Word")
    jobs[0].output.write_bytes(edited)
    failed, done = _do(jobs)
    assert isinstance(failed, JobFailed)
    assert isinstance(failed.error, OutputError)
    assert failed.error.path == str(jobs[0].output)
    assert "edited since" in failed.error.message
    assert isinstance(done, JobDone)
    assert jobs[0].output.read_bytes() == edited


def test_force_replaces_an_edited_output(jobs: tuple[Job, ...]) -> None:
    _do(jobs)
    written = jobs[0].output.read_bytes()
    jobs[0].output.write_bytes(b"edited")
    (end, _) = _do(jobs, _bench(force=True))
    assert isinstance(end, JobDone)
    assert jobs[0].output.read_bytes() == written
    (again, _) = _do(jobs)
    assert isinstance(again, JobDone)
    assert again.unchanged


def test_a_strangers_file_is_not_replaced(jobs: tuple[Job, ...]) -> None:
    jobs[0].output.parent.mkdir()
    jobs[0].output.write_bytes(b"by hand")
    failed, _ = _do(jobs)
    assert isinstance(failed, JobFailed)
    assert jobs[0].output.read_bytes() == b"by hand"


def test_two_runs_give_the_same_bytes(show: Path, tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        jobs = plan(find_episodes([str(show)], None), ["en-US", "zh-Hant-TW"], folder)
        _do(jobs, _bench(report=True))
    first, second = map(_bytes, folders)
    assert len(first) == 2 * 2 * 2 + 1
    assert first == second


def test_the_input_is_never_touched(show: Path) -> None:
    before = _bytes(show)
    jobs = plan(find_episodes([str(show)], None), ["en-US"], None)
    _do(jobs)
    after = _bytes(show)
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"E01.en-US.srt", "E02.en-US.srt", FILE_NAME}


def test_an_output_that_its_encoding_cannot_hold_is_not_begun(jobs: tuple[Job, ...]) -> None:
    (end,) = _do(jobs[:1], _bench(EchoEngine(), output_encoding="ascii"))
    assert isinstance(end, JobFailed)
    assert end.error.path == str(jobs[0].output)
    assert "ascii cannot write" in end.error.message
    assert not jobs[0].output.parent.exists()


def test_the_output_is_utf8_with_lf_whatever_the_input_was(
    jobs: tuple[Job, ...], make_srt: Callable[..., str]
) -> None:
    text = make_srt("你好", "奶奶来了").replace("\n", "\r\n")
    jobs[0].source.write_bytes(text.encode("utf-8-sig"))
    _do(jobs[:1])
    written = jobs[0].output.read_bytes()
    assert written.startswith(b"1\n00:00:00,000 --> 00:00:02,000\n")
    assert b"\r" not in written


def test_a_damaged_manifest_stops_the_job_before_anything_is_written(
    jobs: tuple[Job, ...],
) -> None:
    folder = jobs[0].output.parent
    folder.mkdir()
    (folder / FILE_NAME).write_text("{")
    (end,) = _do(jobs[:1])
    assert isinstance(end, JobFailed)
    assert list(_bytes(folder)) == [FILE_NAME]


def test_the_report_says_for_every_cue_why(jobs: tuple[Job, ...]) -> None:
    _do(jobs[:1], _bench(report=True))
    report = json.loads(report_path(jobs[0]).read_text(encoding="utf-8"))
    assert report_path(jobs[0]).name == "E01.en-US.srt.report.json"
    assert [cue["source"] for cue in report["cues"]] == ["你好", "奶奶来了"]
    assert [cue["cue"] for cue in report["cues"]] == [1, 2]
    assert report["cues"][0]["target"] == "Words 2."
    assert report["terms"][0]["required"] == "Grandma"
    assert (
        report["output_digest"]
        == read_manifest(jobs[0].output.parent)["E01.en-US.srt"].output_digest
    )


def test_progress_is_told_per_job_and_ends_complete(jobs: tuple[Job, ...]) -> None:
    events: list[tuple[Job, Progress]] = []
    list(run(jobs, _bench(), lambda job, event: events.append((job, event))))
    assert {job.output.name for job, _ in events} == {"E01.en-US.srt", "E02.en-US.srt"}
    for job in jobs:
        last = [event for told, event in events if told == job][-1]
        assert last.done == last.total > 0


def test_prepare_refuses_before_any_job_starts(jobs: tuple[Job, ...], tmp_path: Path) -> None:
    broken = tmp_path / "names.csv"
    broken.write_text("source,target\n木雕,\n", encoding="utf-8")
    with pytest.raises(TableError):
        _bench(tables=(broken,)).prepare(jobs)
    assert _bench().prepare(jobs) == ()


def test_engines_and_markets_are_loaded_once() -> None:
    bench = Workbench(Options(engine="echo"))
    assert bench.engine("zh-Hans", "en") is bench.engine("zh-Hans", "en")
    assert bench.market("en-US") is bench.market("en-US")


def test_without_a_name_each_pair_gets_its_own_engine() -> None:
    bench = Workbench(Options())
    assert bench.engine("zh-Hans", "zh-Hant-TW").name == "opencc"
    assert bench.engine("zh-Hans", "en").name == "argos"


@pytest.mark.parametrize("writes", range(3))  # each job writes once, and then the manifest
def test_a_kill_between_two_writes_loses_nothing(
    jobs: tuple[Job, ...], monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    _do(jobs)
    before = _bytes(jobs[0].output.parent)
    source = jobs[0].source
    source.write_bytes(source.read_bytes().replace("你".encode(), "她们".encode()))

    left = writes

    def killed_after_some(path: Path, data: bytes) -> None:
        nonlocal left
        if left == 0:
            raise KeyboardInterrupt
        left -= 1
        path.write_bytes(data)

    with monkeypatch.context() as patch:
        patch.setattr("dramaloc.batch.run.write_atomic", killed_after_some)
        patch.setattr("dramaloc.batch.manifest.write_atomic", killed_after_some)
        patch.setattr("dramaloc.batch.ledger.write_atomic", killed_after_some)
        with pytest.raises(KeyboardInterrupt):
            _do(jobs, _bench(force=True))

    assert all(isinstance(end, JobDone) for end in _do(jobs))
    after = _bytes(jobs[0].output.parent)
    assert set(after) == set(before)
    assert b'"replaces": "sha' not in after[FILE_NAME]


def test_after_one_term_changed_only_its_cues_are_translated_and_differ(
    jobs: tuple[Job, ...], tmp_path: Path, make_srt: Callable[..., str]
) -> None:
    jobs[0].source.write_text(make_srt("你好", "木雕很好", "明天见"), encoding="utf-8")
    table, memory = tmp_path / "names.csv", tmp_path / "memory.sqlite"

    def after(target: str) -> tuple[list[str], list[str]]:
        table.write_text(f"source,target\n木雕,{target}\n明天,tomorrow\n", encoding="utf-8")
        engine = Fake()
        bench = _bench(engine, tables=(table,))
        bench.renderings = KeptRenderings(memory)
        assert all(isinstance(end, JobDone) for end in _do(jobs, bench))
        written = formats.read(jobs[0].output.read_bytes())
        return engine.asked, [cue.text for cue in written.cues]

    asked, before = after("carving")
    assert {"你好", "木雕很好", "明天见", "再见"} <= set(asked)
    asked, now = after("wood carving")
    assert asked
    assert not {"你好", "木雕很好", "明天见", "再见"} & set(asked)
    assert [one == two for one, two in zip(before, now, strict=True)] == [True, False, True]


@pytest.mark.parametrize("workers", [2, 5])
def test_any_number_of_workers_gives_the_same_bytes(
    show: Path, tmp_path: Path, make_srt: Callable[..., str], workers: int
) -> None:
    for number in range(3, 7):
        text = make_srt(f"奶奶第{number}次来", "你好")
        (show / f"E0{number}.zh-Hans.srt").write_text(text, encoding="utf-8")
    found = []
    for count in (1, workers):
        folder = tmp_path / str(count)
        jobs = plan(find_episodes([str(show)], None), ["en-US", "en-GB"], folder)
        ended = list(run(jobs, _bench(report=True), lambda _job, _event: None, count))
        assert len(ended) == 12
        found.append(_bytes(folder))
    assert found[0] == found[1]
