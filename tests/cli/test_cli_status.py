"""The release board."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from dramaloc.batch.board import Cell, board, summed
from dramaloc.review.record import Reviewed, write_record

Cli = Callable[..., Result]


@pytest.fixture
def out(cli: Cli, show: Path, make_srt: Callable[..., str]) -> Path:
    """Two episodes for two markets, in every state there is."""
    for number in (3, 4):
        path = show / f"E0{number}.zh-Hans.srt"
        path.write_text(make_srt("你好"), encoding="utf-8")
    markets = ("-m", "zh-Hant-TW", "-m", "en-US")
    cli("localize", show, *markets, "-o", "out", "--engine", "echo", "--quiet")
    folder = show.parent / "out"
    (folder / "E01.en-US.srt").write_text("mended", encoding="utf-8")
    (folder / "E02.en-US.srt").unlink()
    (show / "E03.zh-Hans.srt").write_text(make_srt("你好吗"), encoding="utf-8")
    reviewed = Reviewed(source="你好", text="Hello", by=("Li",))
    write_record(folder / "E04.en-US.srt", {"00:00:00,000 你好": reviewed})
    return folder


def test_every_cell_says_how_it_stands(cli: Cli, out: Path) -> None:
    said = json.loads(cli("status", out, "--format", "json").stdout)["data"]
    states = {(cell["episode"], cell["market"]): cell["state"] for cell in said["cells"]}
    assert [states[f"E0{n}", "en-US"] for n in (1, 2, 3)] == ["edited", "missing", "outdated"]
    assert states["E01", "zh-Hant-TW"] in ("draft", "findings")
    assert states["E03", "zh-Hant-TW"] == "outdated"
    assert said["episodes"] == ["E01", "E02", "E03", "E04"]
    assert said["total"]["states"]["edited"] == 1
    assert 0 <= said["total"]["in_time"] <= 1


def test_the_text_fits_a_terminal(cli: Cli, out: Path) -> None:
    result = cli("status", out)
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 80
    (row,) = [line.split() for line in result.stdout.splitlines() if line.startswith("en-US")]
    assert row[1].startswith("E-O")
    assert "E01 en-US: edited" in result.stdout


def test_the_page_stands_alone(cli: Cli, out: Path) -> None:
    page = out / "board.html"
    assert cli("status", out, "--format", "html", "-o", page).exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert "E01.en-US.srt" in text
    assert "http" not in text
    assert "src=" not in text


def test_json_can_go_to_a_file(cli: Cli, out: Path) -> None:
    assert cli("status", out, "--format", "json", "-o", out / "board.json").exit_code == 0
    assert json.loads((out / "board.json").read_text())["ok"] is True


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_a_folder_without_outputs_is_one_clear_line(cli: Cli, tmp_path: Path, name: str) -> None:
    result = cli("status", tmp_path / name)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1


def test_pairs_that_nobody_made_are_missing() -> None:
    cells = [
        Cell(episode="E01", market="en", state="draft", cues=10, too_fast=1),
        Cell(episode="E02", market="ja", state="reviewed", cues=30, too_fast=1),
    ]
    found = board(cells)
    assert [cell.state for cell in found.cells] == ["draft", "missing", "missing", "reviewed"]
    assert summed(found.cells).in_time == 0.95
