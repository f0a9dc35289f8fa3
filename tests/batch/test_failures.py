"""What goes wrong on a bad day: its exit code, one clear line, and nothing half-written."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from dramaloc.batch.manifest import FILE_NAME
from dramaloc.engines.echo import EchoEngine
from dramaloc.engines.engine import Candidate, Request, nothing_done
from dramaloc.engines.packages import bundled_models, find_packages
from dramaloc.errors import OutputError
from dramaloc.memory import file
from dramaloc.memory.entry import Entry
from dramaloc.memory.store import Memory
from dramaloc.subtitles import formats

Cli = Callable[..., Result]


def _run(cli: Cli, show: Path, *more: str | Path) -> Result:
    return cli(
        "localize", show, "-m", "en-US", "-o", show.parent / "out", "--engine", "echo", "--quiet",
        *more,
    )  # fmt: skip


def _left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*")) if folder.exists() else []


def _parts(folder: Path) -> list[Path]:
    return list(folder.rglob("*.part"))


def _failing(number: int) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> Any:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
def test_a_full_disk_leaves_no_half_file(
    cli: Cli, show: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", _failing(number))
        result = _run(cli, show)
    assert result.exit_code == 4
    assert "Traceback" not in result.stderr
    assert os.strerror(number) in result.stderr
    assert not list((show.parent / "out").glob("*.srt"))
    assert not _parts(show.parent)
    assert _run(cli, show).exit_code == 0  # once there is room again
    assert len(list((show.parent / "out").glob("*.srt"))) == 2


@pytest.mark.parametrize("number", [errno.EXDEV, errno.EBUSY, errno.EACCES, errno.EROFS])
def test_an_output_that_cannot_be_replaced_stays_as_it_was(
    cli: Cli, show: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    assert _run(cli, show).exit_code == 0
    before = {path: path.read_bytes() for path in (show.parent / "out").iterdir()}
    (show / "E01.zh-Hans.srt").write_text(
        (show / "E01.zh-Hans.srt").read_text("utf-8") + "\n", encoding="utf-8"
    )
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", _failing(number))
        result = _run(cli, show)
    assert result.exit_code == 4
    assert os.strerror(number) in result.stderr
    assert {path: path.read_bytes() for path in before} == before
    assert not _parts(show.parent)


def test_an_output_folder_that_is_a_file_is_one_line(cli: Cli, show: Path) -> None:
    (show.parent / "out").write_text("mine", encoding="utf-8")
    result = _run(cli, show)
    assert result.exit_code == 2  # nothing was begun
    assert "is a file" in result.stderr
    assert (show.parent / "out").read_text("utf-8") == "mine"


@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC])
def test_a_folder_nothing_can_be_made_in_is_told_for_each_output(
    cli: Cli, show: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("tempfile.mkstemp", _failing(number))
        result = _run(cli, show)
    assert result.exit_code == 4
    assert result.stderr.count(os.strerror(number)) == 3  # the outputs, and their manifest
    assert _left(show.parent / "out") == [".dramaloc.journal"]  # what was meant; no output
    assert _run(cli, show).exit_code == 0


def test_a_folder_that_cannot_be_made_is_told_for_each_output(
    cli: Cli, show: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", _failing(errno.EROFS))
        result = _run(cli, show)
    assert result.exit_code == 4
    assert not (show.parent / "out").exists()


def test_outputs_whose_record_cannot_be_written_are_known_to_the_next_run(
    cli: Cli, show: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("dramaloc.batch.ledger.write_manifest", _full)
        result = _run(cli, show, "--format", "json")
    said = json.loads(result.stdout)
    assert (result.exit_code, said["ok"], said["error"]["code"]) == (4, False, "bad-output")
    assert len(said["data"]["outputs"]) == 2
    again = json.loads(_run(cli, show, "--format", "json").stdout)["data"]["outputs"]
    assert [each["unchanged"] for each in again] == [True, True]


def _full(folder: Path, _entries: object) -> None:
    raise OutputError("cannot be written (No space left on device)", path=folder / FILE_NAME)


@pytest.mark.parametrize("lost", [1, 2])
@pytest.mark.parametrize(
    ("error", "said"),
    [(FileNotFoundError, "no such file"), (PermissionError, "cannot be read (Permission denied)")],
)
def test_an_input_that_is_gone_or_closed_costs_only_itself(
    cli: Cli,
    show: Path,
    monkeypatch: pytest.MonkeyPatch,
    lost: int,
    error: type[OSError],
    said: str,
) -> None:
    """It was there when the work was planned; nothing readable at all is the caller's mistake."""
    closed = {show / f"E0{number}.zh-Hans.srt" for number in range(1, lost + 1)}
    whole, looked = Path.read_bytes, dict.fromkeys(closed, 0)

    def read(path: Path) -> bytes:
        if path in closed:
            looked[path] += 1
            if looked[path] > 3 or error is PermissionError:
                raise error(errno.EACCES, os.strerror(errno.EACCES))
        return whole(path)

    monkeypatch.setattr(Path, "read_bytes", read)
    result = _run(cli, show)
    assert result.exit_code == (4 if lost == 1 else 2)
    assert result.stderr.count(said) == lost
    written = [path.name for path in (show.parent / "out").glob("*.srt")]
    assert written == ([] if lost == 2 else ["E02.en-US.srt"])
    assert not _parts(show.parent)


def test_a_drive_without_modes_is_written_to(
    cli: Cli, show: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "chmod", _failing(errno.EPERM))
    assert _run(cli, show).exit_code == 0


def test_a_damaged_manifest_is_refused_with_the_way_out(cli: Cli, show: Path) -> None:
    assert _run(cli, show).exit_code == 0
    manifest = show.parent / "out" / FILE_NAME
    manifest.write_bytes(manifest.read_bytes()[:100])
    result = _run(cli, show)
    assert result.exit_code == 4
    assert "Delete it and run with --force" in result.stderr
    manifest.unlink()
    assert _run(cli, show, "--force").exit_code == 0


def test_a_damaged_memory_is_refused_with_the_way_out(cli: Cli, show: Path, tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite"
    with Memory.open(path, create=True) as memory:
        memory.add([Entry(source=f"你好{at}", target="Hi", market="en-US") for at in range(500)])
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(bytes(data))
    result = _run(cli, show, "--memory", path)
    assert result.exit_code == 2
    assert "damaged" in result.stderr
    assert not list((show.parent / "out").glob("*.srt"))


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0" + b"\xff" * 5000, b"PK\3\4", b"x"])
def test_a_file_that_is_no_memory_is_refused_and_left(
    cli: Cli, show: Path, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "memory.sqlite"
    path.write_bytes(content)
    result = _run(cli, show, "--memory", path)
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert path.read_bytes() == content


def test_a_memory_that_another_holds_costs_no_output(
    cli: Cli, show: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "memory.sqlite"
    monkeypatch.setattr(file, "_PATIENCE_S", 0.02)
    with Memory.open(path, create=True) as memory:
        memory.add([Entry(source="再见", target="Bye!", market="en-US", reviewed=True)])
        with file.writing(memory._db):
            assert _run(cli, show, "--memory", path).exit_code == 0
            learning = cli("memory", "import", "--memory", path, "-m", "en-US", "--pair",
                           show / "E01.zh-Hans.srt", show / "E01.reference.en.srt")  # fmt: skip
    assert learning.exit_code == 2
    assert "another program holds this memory. Try again" in learning.stderr
    assert "Bye!" in (show.parent / "out" / "E02.en-US.srt").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("model/model.bin", 4),
        ("sentencepiece.model", 4),
        ("metadata.json", 3),
        ("model/config.json", 4),
    ],
)
def test_a_wrong_model_is_told_with_the_step_that_helps(
    cli: Cli, show: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: int
) -> None:
    (bundled,) = find_packages([bundled_models()])
    mine = tmp_path / "packages" / "translate-zh_en"
    shutil.copytree(bundled.path, mine)
    (mine / name).write_bytes(b"nonsense")
    found = find_packages([mine.parent])
    monkeypatch.setattr("dramaloc.engines.argos.find_packages", lambda: found)
    result = cli("localize", show, "-m", "en-US", "-o", "out", "--engine", "argos", "--quiet")
    assert result.exit_code == code, result.stderr
    assert all("Error: " in line for line in result.stderr.splitlines())
    assert not list((show.parent / "out").glob("*.srt"))


class _Broken(EchoEngine):
    """Breaks its promise in one way."""

    name = "broken"

    def __init__(self, way: str) -> None:
        self.way = way

    def translate(
        self,
        requests: Sequence[Request],
        source: str,  # noqa: ARG002
        target: str,  # noqa: ARG002
        done: Callable[[int], None] = nothing_done,  # noqa: ARG002
    ) -> Any:
        good = [(Candidate(text=request.text),) for request in requests]
        ways: dict[str, Callable[[], Any]] = {
            "fewer": lambda: good[:-1],
            "too many": lambda: [*good, good[0]],
            "none at all": lambda: None,
            "no candidate": lambda: [() for _ in good],
            "no text": lambda: [(Candidate(text=None),) for _ in good],  # type: ignore[arg-type]
            "raises": lambda: 1 / 0,
            "raises midway": lambda: (1 / 0 if at else each for at, each in enumerate([*good, 0])),
            "blanks": lambda: [(Candidate(text="  "),) for _ in good],
            "loops": lambda: [(Candidate(text="ha " * 400),) for _ in good],
            "breaks": lambda: [
                (Candidate(text="a\n\n2\n00:00:01,000 --> 00:00:09,000\nb"),) for _ in good
            ],
        }
        return ways[self.way]()


def _with(engine: EchoEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dramaloc.batch.workbench.create", lambda *_, **__: engine)


@pytest.mark.parametrize(
    "way",
    ["fewer", "too many", "none at all", "no candidate", "no text", "raises", "raises midway"],
)
def test_an_engine_that_breaks_its_promise_costs_its_jobs_and_says_so(
    cli: Cli, show: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    _with(_Broken(way), monkeypatch)
    result = _run(cli, show, "--format", "json")
    assert result.exit_code == 4
    assert {each["error"]["code"] for each in json.loads(result.stdout)["data"]["failed"]} == {
        "engine-failed"
    }
    assert all("engine 'broken'" in line for line in result.stderr.splitlines())
    assert not list((show.parent / "out").glob("*.srt"))


@pytest.mark.parametrize(("way", "code"), [("blanks", 1), ("loops", 1), ("breaks", 0)])
def test_an_engine_that_writes_rubbish_breaks_no_file(
    cli: Cli, show: Path, monkeypatch: pytest.MonkeyPatch, way: str, code: int
) -> None:
    _with(_Broken(way), monkeypatch)
    assert _run(cli, show, "--fail-on", "error").exit_code == code  # findings tell of it
    for name in ("E01", "E02"):
        source = formats.read((show / f"{name}.zh-Hans.srt").read_bytes())
        written = formats.read((show.parent / "out" / f"{name}.en-US.srt").read_bytes())
        assert [(c.start_ms, c.end_ms) for c in written.cues] == [
            (c.start_ms, c.end_ms) for c in source.cues
        ]


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_full_disk_behind_stdout_is_one_line(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr("dramaloc.cli.answer.write_out", _failing(errno.ENOSPC))
    result = cli("markets", "list", "--format", form)
    assert result.exit_code == 2
    assert result.stderr == (
        "Error: the system refused (No space left on device). Check the path\n"
    )


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device here")
def test_a_device_that_never_ends_is_not_read(cli: Cli) -> None:
    for words in (("check", "/dev/zero", "-m", "en-US"), ("glossary", "lint", "/dev/zero")):
        result = cli(*words)
        assert (result.exit_code, "this is a device" in result.output) == (2, True)


def test_more_than_there_is_room_for_is_one_line(
    cli: Cli, show: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def grow(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("dramaloc.cli.check.read_subtitles", grow)
    result = cli("check", show / "E01.zh-Hans.srt", "-m", "en-US")
    assert result.exit_code == 2
    assert result.stderr == (
        "Error: this takes more memory than there is. Do it in smaller parts\n"
    )
