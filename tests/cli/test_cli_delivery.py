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


def test_children_are_given_more_time(cli: Cli, show: Path) -> None:
    run = ("localize", "show/E01.zh-Hans.srt", "-m", "en-US", "-o", "out", "--engine", "echo")
    cli(*run)
    (show / "dramaloc.toml").write_text('[localize]\naudience = "children"\n', encoding="utf-8")
    # Nineteen characters a second: within the 20 that adults read, not within children's 17.
    (show / "quick.srt").write_text(f"1\n00:00:01,000 --> 00:00:03,000\n{'a' * 38}\n", "utf-8")
    said = cli("check", show / "quick.srt", "-m", "en-US", "--format", "json").stdout
    assert "17 can be read" in said
    again = json.loads(cli(*run, "--format", "json").stdout)["data"]["outputs"][0]
    assert not again["unchanged"]
    (show / "dramaloc.toml").write_text('[localize]\naudience = "all"\n', encoding="utf-8")
    assert "adults, children" in cli(*run).stderr


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


ECHO = ("--engine", "echo", "--progress", "none")


def season(show: Path) -> None:
    text = (show / "E01.zh-Hans.srt").read_text("utf-8")
    more = ["[云南大理]", "♪ 苍山的云 ♪", "[敲门声]", "Good evening, sir."]
    for at, words in enumerate(more, 3):
        text += f"{at}\n00:01:{at:02},000 --> 00:01:{at:02},900\n{words}\n\n"
    (show / "E01.zh-Hans.srt").write_text(text, encoding="utf-8")


def test_parts_are_files_of_their_own_and_done_once(cli: Cli, show: Path) -> None:
    season(show)
    out = show.parent / "out"
    run = ("localize", show, "-m", "en-US", "-o", "out", "--split", "forced", "--split", "songs")
    assert cli(*run, *ECHO).exit_code == 0
    assert sorted(path.name for path in out.glob("*.srt")) == [
        "E01.en-US.forced.srt", "E01.en-US.songs.srt", "E01.en-US.srt", "E02.en-US.srt",
    ]  # fmt: skip
    forced = (out / "E01.en-US.forced.srt").read_text("utf-8")
    assert forced.startswith("1\n00:01:03,000 --> 00:01:03,900\n[云南大理]\n\n2\n")
    assert "Good evening" in forced
    assert "苍山" in (out / "E01.en-US.songs.srt").read_text("utf-8")
    assert "苍山" in (out / "E01.en-US.srt").read_text("utf-8")

    again = json.loads(cli(*run, *ECHO, "--format", "json").stdout)["data"]["outputs"]
    assert [output["unchanged"] for output in again] == [True, True]
    assert list(again[0]["beside"]) == ["E01.en-US.forced.srt", "E01.en-US.songs.srt"]
    (out / "E01.en-US.songs.srt").unlink()
    third = json.loads(cli(*run, *ECHO, "--format", "json").stdout)["data"]["outputs"]
    assert [output["unchanged"] for output in third] == [False, True]
    assert (out / "E01.en-US.songs.srt").exists()


def test_an_edited_part_is_not_lost(cli: Cli, show: Path) -> None:
    season(show)
    run = ("localize", show / "E01.zh-Hans.srt", "-m", "en-US", "-o", "out", "--split", "forced")
    cli(*run, *ECHO)
    part = show.parent / "out" / "E01.en-US.forced.srt"
    part.write_text("edited", encoding="utf-8")
    refused = cli(*run, *ECHO)
    assert refused.exit_code == 4
    assert "edited since it was written" in refused.stderr
    assert part.read_text(encoding="utf-8") == "edited"
    assert cli(*run, *ECHO, "--force").exit_code == 0
    assert "云南大理" in part.read_text(encoding="utf-8")


def test_without_what_is_only_heard(cli: Cli, show: Path) -> None:
    season(show)
    cli("localize", show / "E01.zh-Hans.srt", "-m", "en-US", "-o", "out", "--no-sdh", *ECHO)
    text = (show.parent / "out" / "E01.en-US.srt").read_text("utf-8")
    assert "敲门声" not in text
    assert "云南大理" in text


def test_both_languages(cli: Cli, show: Path) -> None:
    run = ("localize", show / "E01.zh-Hans.srt", "-o", "out", "--progress", "none", "--report")
    assert cli(*run, "-m", "zh-Hant-TW", "--bilingual").exit_code == 0
    below = (show.parent / "out" / "E01.zh-Hant-TW.srt").read_text("utf-8")
    assert "奶奶來了\n奶奶来了\n" in below
    assert below.count("你好") == 1
    assert cli(*run, "-m", "zh-Hant-TW", "--bilingual", "above").exit_code == 0
    above = (show.parent / "out" / "E01.zh-Hant-TW.srt").read_text("utf-8")
    assert "奶奶来了\n奶奶來了\n" in above
    report = json.loads((show.parent / "out/E01.zh-Hant-TW.srt.report.json").read_text("utf-8"))
    assert report["options"]["bilingual"] == "above"
    assert "reading-speed" not in [found["code"] for found in report["findings"]]


def test_two_tracks_and_no_track_is_taken_for_an_episode(cli: Cli, show: Path) -> None:
    run = ("localize", show, "-m", "en-US", "-o", "show", "--bilingual", "tracks",
           "--output-format", "vtt", *ECHO)  # fmt: skip
    assert cli(*run).exit_code == 0
    assert (show / "E01.zh-Hans.vtt").read_text("utf-8").startswith("WEBVTT")
    assert (show / "E01.en-US.vtt").exists()
    again = cli(*run, "--format", "json")
    outputs = json.loads(again.stdout)["data"]["outputs"]
    assert [output["unchanged"] for output in outputs] == [True, True]
    plain = ("localize", show, "-m", "en-US", "-o", "show", "--bilingual", "tracks", *ECHO)
    source = (show / "E01.zh-Hans.srt").read_bytes()
    assert cli(*plain).exit_code == 0
    assert (show / "E01.zh-Hans.srt").read_bytes() == source


def test_convert_splits_and_leaves_out(cli: Cli, show: Path) -> None:
    season(show)
    source = show / "E01.zh-Hans.srt"
    done = cli("convert", source, "-o", "E01.zh-Hans.vtt", "--split", "forced", "--no-sdh")
    assert done.stdout.splitlines()[-2:] == [
        "E01.zh-Hans.forced.vtt: 2 cues, WebVTT",
        "E01.zh-Hans.vtt: 5 cues, WebVTT",
    ]
    assert "敲门声" not in (show.parent / "E01.zh-Hans.vtt").read_text("utf-8")
    refused = cli("convert", source, "-o", "new.vtt", "--split", "songs", "--force")
    assert refused.exit_code == 0
    (show.parent / "kept.songs.vtt").write_text("mine", encoding="utf-8")
    refused = cli("convert", source, "-o", "kept.vtt", "--split", "songs")
    assert refused.exit_code == 2
    assert not (show.parent / "kept.vtt").exists()


def test_standard_output_holds_one_file(cli: Cli, show: Path) -> None:
    data = (show / "E01.zh-Hans.srt").read_bytes()
    pipe = ("localize", "-", "-m", "zh-Hant-TW", "--progress", "none")
    assert "奶奶來了\n奶奶来了" in cli(*pipe, "--bilingual", stdin=data).stdout
    assert cli(*pipe, "--split", "songs", stdin=data).exit_code == 2
