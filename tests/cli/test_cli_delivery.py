"""What is delivered: profiles over markets, from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

Cli = Callable[..., Result]


def test_a_profile_gives_format_limits_and_a_record(cli: Cli, show: Path) -> None:
    run = ("localize", "show/E01.zh-Hans.srt", "-m", "en-US", "-o", "out", "--engine", "echo")
    done = cli(*run, "--profile", "netflix", "--fps", "25", "--report", "--format", "json")
    (output,) = json.loads(done.stdout)["data"]["outputs"]
    assert output["path"].endswith("E01.en-US.ttml")
    assert output["options"]["profile"].startswith("netflix@")
    report = json.loads((show.parent / "out/E01.en-US.ttml.report.json").read_text("utf-8"))
    codes = [found["code"] for found in report["findings"]]
    assert "off-frame" not in codes  # whole seconds are frames at 25
    again = cli(*run, "--profile", "netflix", "--fps", "25", "--format", "json")
    assert json.loads(again.stdout)["data"]["outputs"][0]["unchanged"]
    other = cli(*run, "--profile", "amazon", "--format", "json")
    assert json.loads(other.stdout)["data"]["outputs"][0]["path"].endswith("E01.en-US.srt")
    named = cli(*run, "--profile", "netflix", "--output-format", "vtt", "--report")
    assert named.exit_code == 0
    report = json.loads((show.parent / "out/E01.en-US.vtt.report.json").read_text("utf-8"))
    assert report["findings"][0]["code"] == "delivery-format"


def test_the_shows_settings_outrank_the_profile(cli: Cli, show: Path) -> None:
    (show / "dramaloc.toml").write_text(
        '[localize]\nprofile = "ted"\n[limits]\nmax_cps = 1\n', encoding="utf-8"
    )
    check = ("check", "show/E01.reference.en.srt", "-m", "en-US", "--format", "json")
    said = cli(*check).stdout
    assert "1 can be read" in said
    (show / "dramaloc.toml").write_text("[limits]\nmax_cp = 1\n", encoding="utf-8")
    wrong = cli(*check)
    assert wrong.exit_code == 2
    assert "max_cp" in json.loads(wrong.stdout)["error"]["message"]


def test_check_and_convert_hold_a_file_against_a_profile(cli: Cli, show: Path) -> None:
    reference = show / "E01.reference.en.srt"
    checked = cli("check", reference, "-m", "en-US", "--profile", "web")
    assert "SubRip where Web players takes vtt [delivery-format]" in checked.stdout
    converted = cli("convert", reference, "-o", "x.vtt", "--profile", "web")
    assert "delivery" not in converted.stdout
    wrong = cli("convert", reference, "-o", "y.ass", "--profile", "web")
    assert "delivery-format" in wrong.stdout
    unknown = cli("check", reference, "-m", "en-US", "--profile", "hulu")
    assert (unknown.exit_code, unknown.stderr.count("\n")) == (2, 1)


def test_files_are_called_as_a_profile_says(cli: Cli, show: Path) -> None:
    (show / "house.toml").write_text(
        '[delivery]\nname = "{episode}_{language}_{kind}.{ending}"\n', encoding="utf-8"
    )
    (show / "dramaloc.toml").write_text('[localize]\nprofile = "house.toml"\n', encoding="utf-8")
    assert cli("localize", show, "-m", "en-US", "-o", "out", "--engine", "echo").exit_code == 0
    assert sorted(path.name for path in (show.parent / "out").glob("*.srt")) == [
        "E01_en.srt",
        "E02_en.srt",
    ]


def test_profiles_are_listed_with_their_sources(cli: Cli) -> None:
    assert "Amazon Prime Video" in cli("markets", "profiles").stdout
    shown = json.loads(cli("markets", "profiles", "bbc", "--format", "json").stdout)["data"]
    columns = {rule["rule"]: rule for rule in shown["rules"]}["max_line_columns"]
    assert (columns["for"], columns["value"], columns["source"]["verified"]) == (
        "characters", 37, False,
    )  # fmt: skip
