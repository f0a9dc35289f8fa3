"""`dramaloc convert`, and every command on every format."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from dramaloc.subtitles import formats

Cli = Callable[..., Result]
CASES = Path(__file__).parents[1] / "cases" / "formats"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for path in CASES.glob("indigo.*"):
        shutil.copy(path, tmp_path / f"E01.zh-Hans{path.suffix}")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_lost_is_said_with_its_line(cli: Cli, folder: Path) -> None:
    done = cli("convert", "E01.zh-Hans.ass", "-o", "E01.srt")
    assert done.exit_code == 0
    assert (
        "E01.zh-Hans.ass:22: warning: SubRip has no place for: fade [format-loss] (cue 1)"
        in done.stdout.splitlines()
    )
    assert done.stdout.splitlines()[-1] == "E01.srt: 6 cues, SubRip"
    assert "{\\an8}" in (folder / "E01.srt").read_text(encoding="utf-8")


def test_the_envelope_names_the_findings(cli: Cli, folder: Path) -> None:
    done = cli("convert", "E01.zh-Hans.vtt", "-o", "E01.ass", "--format", "json")
    data = json.loads(done.stdout)["data"]
    assert (data["format"], data["cues"]) == ("ass", 3)
    assert {found["code"] for found in data["findings"]} == {"format-loss"}
    failing = cli("convert", "E01.zh-Hans.vtt", "-o", "E02.ass", "--fail-on", "warning")
    assert failing.exit_code == 1
    assert (folder / "E02.ass").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("E01.zh-Hans.ass", "-o", "E01.doc"), "'.doc' is no subtitle format"),
        (("E01.zh-Hans.ass", "-o", "E01.zh-Hans.ass"), "would overwrite the input"),
        (("E01.zh-Hans.ass", "-o", "E01.zh-Hans.vtt"), "there already"),
        (("no.ass", "-o", "E01.srt"), "no such file"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    cli: Cli, folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    before = sorted(folder.iterdir())
    done = cli("convert", *arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert sorted(folder.iterdir()) == before


def test_the_check_is_listed(cli: Cli) -> None:
    assert "format-loss" in cli("check", "--list").stdout


def test_a_folder_yields_every_format_and_each_keeps_its_own(cli: Cli, folder: Path) -> None:
    for path in folder.iterdir():  # one episode each
        path.rename(path.with_name(f"{path.suffix[1:]}.zh-Hans{path.suffix}"))
    done = cli("localize", folder, "-m", "zh-Hant-TW", "--engine", "echo", "-o", "out", "--quiet")
    assert done.exit_code == 0
    for source in folder.glob("*.zh-Hans.*"):
        written = folder / "out" / source.name.replace("zh-Hans", "zh-Hant-TW")
        assert formats.read(written.read_bytes()).format == formats.read(source.read_bytes()).format


def test_content_outranks_the_ending(cli: Cli, folder: Path) -> None:
    (folder / "E01.zh-Hans.vtt").rename(folder / "E02.zh-Hans.srt")
    done = cli("localize", "E02.zh-Hans.srt", "-m", "en-US", "--engine", "echo", "--quiet")
    assert done.exit_code == 0
    assert (folder / "E02.en-US.vtt").read_text(encoding="utf-8").startswith("WEBVTT")


def test_localizing_into_another_format_reports_what_it_cannot_hold(cli: Cli, folder: Path) -> None:
    words = ("E01.zh-Hans.ass", "-m", "en-US", "--engine", "echo", "--output-format", "VTT")
    done = cli("localize", *words, "--report", "--format", "json", "--quiet")
    (output,) = json.loads(done.stdout)["data"]["outputs"]
    assert output["path"] == "E01.en-US.vtt"
    assert output["options"]["output_format"] == "VTT"
    report = json.loads((folder / "E01.en-US.vtt.report.json").read_text(encoding="utf-8"))
    lost = [found for found in report["findings"] if found["code"] == "format-loss"]
    assert len(lost) == 7
    refused = cli("localize", *words[:-1], "doc")
    assert refused.exit_code == 2
    assert "'.doc' is no subtitle format" in refused.stderr


@pytest.mark.parametrize("ending", sorted(path.suffix for path in CASES.glob("indigo.*")))
def test_every_command_reads_every_format(cli: Cli, folder: Path, ending: str) -> None:
    name = f"E01.zh-Hans{ending}"
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    checked = cli("check", name, "-m", "en-US", "--format", "json")
    found = json.loads(checked.stdout)["data"][name]
    at = [each["line"] for each in found if each["code"] == "untranslated"]
    assert at
    assert all("云南" in f"{lines[line - 1]}{lines[line]}" for line in at[:1])
    assert cli("diff", name, name, "--exit-code").exit_code == 0
    assert cli("eval", name, name).exit_code == 0
    assert cli("glossary", "extract", name).exit_code == 0


@pytest.mark.parametrize("suffix", [".vtt", ".ass"])
def test_times_are_stretched_and_shifted_and_back(cli: Cli, folder: Path, suffix: str) -> None:
    source, film, back = f"E01.zh-Hans{suffix}", f"film{suffix}", f"back{suffix}"
    to_film = ("--fps-from", "25", "--fps-to", "23.976", "--shift", "01:00:00:00")
    assert cli("convert", source, "-o", film, *to_film).exit_code == 0
    hour = f"hour{suffix}"
    assert cli("convert", film, "-o", hour, "--shift", "-3603.6s").exit_code == 0
    to_pal = ("--fps-from", "23.976", "--fps-to", "25")
    assert cli("convert", hour, "-o", back, *to_pal).exit_code == 0
    before, after, between = (
        formats.read((folder / name).read_bytes()).cues for name in (source, back, film)
    )
    assert between[0].start_ms > 3_603_600
    for old, new in zip(before, after, strict=True):
        assert abs(old.start_ms - new.start_ms) <= 10  # the hundredths of ASS
        assert new.text == old.text or "<" in old.text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--shift", "-01:00:00"), "before the video"),
        (("--shift", "00:00:01:12"), "need a frame rate"),
        (("--shift", "soon"), "is no time"),
        (("--snap",), "needs the video's frame rate"),
        (("--fps-to", "25"), "one frame rate is missing"),
        (("--fps-from", "x", "--fps-to", "25"), "is no frame rate"),
        (("--shift", "00:01:00;00", "--fps", "29.97"), "left out in drop-frame"),
    ],
)
def test_times_that_cannot_be_are_one_line_and_no_file(
    cli: Cli, folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = cli("convert", "E01.zh-Hans.vtt", "-o", "out.vtt", *arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (folder / "out.vtt").exists()


def test_copy_is_no_subtitles(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "titles.csv"
    path.write_text("title\n蓝院\n", "utf-8")
    result = cli("convert", path, "-o", tmp_path / "titles.srt")
    assert result.exit_code == 2
    assert "titles.csv: this is copy" in result.stderr
    assert not (tmp_path / "titles.srt").exists()
