"""A folder's record while one run or several write to it."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dramaloc.batch.ledger import JOURNAL, Ledger, read_entries
from dramaloc.batch.manifest import FILE_NAME, Entry, may_replace, read_manifest
from dramaloc.errors import OutputError
from dramaloc.files import digest


def entry(data: bytes, **changes: str) -> Entry:
    made = Entry(
        dramaloc="0.1.0", input="E01.zh-Hans.srt", input_digest="sha256:00", market="en-US",
        market_fingerprint="f1", engine="echo", options={}, output_digest=digest(data), counts={},
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_at_the_end_there_is_a_manifest_and_nothing_else(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.write(tmp_path / "a.srt", b"one", entry(b"one"))
    assert ledger.known("a.srt") == entry(b"one")
    assert (tmp_path / JOURNAL).exists()
    assert not (tmp_path / FILE_NAME).exists()
    ledger.close()
    assert _names(tmp_path) == ["a.srt", FILE_NAME]
    assert read_manifest(tmp_path) == {"a.srt": entry(b"one")}


def test_a_run_without_news_writes_nothing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "absent")
    assert ledger.known("a.srt") is None
    ledger.close()
    assert not (tmp_path / "absent").exists()


def test_a_killed_run_leaves_either_bytes_as_its_own(tmp_path: Path) -> None:
    output = tmp_path / "a.srt"
    first = Ledger(tmp_path)
    first.write(output, b"one", entry(b"one"))
    first.close()
    second = Ledger(tmp_path)
    second.write(output, b"two", entry(b"two"))  # and never closed: killed
    for left in (b"one", b"two"):
        output.write_bytes(left)
        assert may_replace(output, Ledger(tmp_path).known("a.srt"))
    output.write_bytes(b"by hand")
    assert not may_replace(output, Ledger(tmp_path).known("a.srt"))


@settings(max_examples=15)
@given(cut=st.integers(0, 2000))
def test_a_journal_cut_anywhere_keeps_the_lines_before(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    folder = tmp_path_factory.mktemp("out")
    ledger = Ledger(folder)
    for name in ("a.srt", "b.srt", "c.srt"):
        ledger.write(folder / name, name.encode(), entry(name.encode()))
    whole = (folder / JOURNAL).read_bytes()
    (folder / JOURNAL).write_bytes(whole[:cut])
    left = read_entries(folder)
    assert list(left) == ["a.srt", "b.srt", "c.srt"][: len(left)]
    later = Ledger(folder)
    later.write(folder / "d.srt", b"d", entry(b"d"))
    later.close()
    assert set(read_manifest(folder)) == {*left, "d.srt"}


def test_the_next_run_takes_over_what_a_killed_one_recorded(tmp_path: Path) -> None:
    Ledger(tmp_path).write(tmp_path / "a.srt", b"one", entry(b"one"))
    later = Ledger(tmp_path)
    known = later.known("a.srt")
    assert known is not None
    later.settle("a.srt", known)
    later.close()
    assert read_manifest(tmp_path) == {"a.srt": entry(b"one")}
    assert not (tmp_path / JOURNAL).exists()


def test_what_another_run_wrote_later_stands(tmp_path: Path) -> None:
    output = tmp_path / "a.srt"
    one, two = Ledger(tmp_path), Ledger(tmp_path)
    one.write(output, b"one", entry(b"one"))
    two.write(output, b"two", entry(b"two"))
    one.close()
    two.close()
    assert output.read_bytes() == b"two"
    assert read_manifest(tmp_path)["a.srt"] == entry(b"two")


def _write_many(folder: str, name: str) -> None:
    ledger = Ledger(Path(folder))
    for number in range(8):
        data = f"{name} {number}".encode()
        ledger.write(Path(folder) / f"{name}{number}.srt", data, entry(data))
        if number % 3 == 0:
            ledger.close()
    ledger.close()


def test_runs_at_once_lose_nothing_of_one_another(tmp_path: Path) -> None:
    spawn = get_context("spawn")
    runs = [spawn.Process(target=_write_many, args=(str(tmp_path), name)) for name in "ab"]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert [run.exitcode for run in runs] == [0, 0]
    entries = read_manifest(tmp_path)
    assert len(entries) == 16
    for name, known in entries.items():
        assert digest((tmp_path / name).read_bytes()) == known.output_digest
        assert known.replaces == ""
    assert len(_names(tmp_path)) == 17


def test_what_killed_runs_left_half_written_is_cleared_away(tmp_path: Path) -> None:
    for name, age in ((".dramaloc-old.part", 3600), (".dramaloc-new.part", 0)):
        (tmp_path / name).write_bytes(b"half")
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    ledger = Ledger(tmp_path)
    ledger.write(tmp_path / "a.srt", b"one", entry(b"one"))
    ledger.close()
    assert _names(tmp_path) == [".dramaloc-new.part", "a.srt", FILE_NAME]


def test_a_season_appends_and_does_not_rewrite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifests: list[int] = []

    def counted(_folder: Path, entries: dict[str, Entry]) -> None:
        manifests.append(len(entries))

    monkeypatch.setattr("dramaloc.batch.ledger.write_manifest", counted)
    ledger = Ledger(tmp_path)
    for number in range(200):
        ledger.write(tmp_path / f"{number}.srt", b"", entry(b""))
    size = (tmp_path / JOURNAL).stat().st_size
    ledger.close()
    assert manifests == [200]
    assert size < 200 * 1000


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OutputError, match="cannot be"):
        Ledger(tmp_path / "out").write(tmp_path / "out" / "a.srt", b"", entry(b""))
