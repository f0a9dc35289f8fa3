"""`dramaloc check` as people and scripts call it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import Result
from envelope import data_of

from dramaloc.quality.checks import RULES
from dramaloc.subtitles import formats

Cli = Callable[..., Result]


def test_check_prints_findings_as_compilers_do(cli: Cli, pair: Path) -> None:
    assert pair.is_dir()
    result = cli("check", "E01.en-US.srt", "-m", "en-US", "--source", "E01.zh-Hans.srt")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0].startswith("E01.en-US.srt:2: info: odd space")
    assert "[spacing] (cue 1)" in lines[0]
    assert any("error: 'woodcut' is wrong for 木雕 [term-forbidden] (cue 2)" in x for x in lines)
    assert lines[-1] == "E01.en-US.srt: 2 errors, 0 warnings, 1 info"


@pytest.mark.usefixtures("pair")
def test_check_in_json(cli: Cli) -> None:
    result = cli(
        "check", "E01.en-US.srt", "-m", "US", "--source", "E01.zh-Hans.srt", "--format", "json"
    )
    findings = data_of(result)["E01.en-US.srt"]
    assert {finding["code"] for finding in findings} == {
        "spacing", "term-missing", "term-forbidden",
    }  # fmt: skip
    assert {"code", "severity", "cue", "position", "message", "hint"} <= set(findings[0])


@pytest.mark.usefixtures("pair")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--source", "E01.zh-Hans.srt", "--fail-on", "never"), 0),
        (("--source", "E01.zh-Hans.srt", "--fail-on", "warning"), 1),
        ((), 0),
        (("--fail-on", "warning"), 0),
        (("--source", "E01.zh-Hans.srt", "--format", "sarif"), 1),
        (("--source", "E01.zh-Hans.srt", "--format", "junit"), 1),
    ],
)
def test_check_exits_by_what_it_found(cli: Cli, arguments: tuple[str, ...], code: int) -> None:
    assert cli("check", "E01.en-US.srt", "-m", "en-US", *arguments).exit_code == code


@pytest.mark.usefixtures("pair")
def test_check_knows_the_shows_names(cli: Cli) -> None:
    Path("dramaloc.toml").write_text("[series]\n")
    Path("names.csv").write_text("source,target\n你好,Good day\n", encoding="utf-8")
    result = cli("check", "E01.en-US.srt", "-m", "en-US", "--source", "E01.zh-Hans.srt")
    assert "你好 must be rendered 'Good day'" in result.stdout


def test_check_lists_its_checks(cli: Cli) -> None:
    result = cli("check", "--list")
    assert result.exit_code == 0
    header, *rows = result.stdout.splitlines()
    assert header.split() == ["code", "severity", "fix", "what", "source"]
    assert [row.split()[:2] for row in rows] == [[rule.code, rule.severity] for rule in RULES]
    listed = {row["code"]: row for row in data_of(cli("check", "--list", "--format", "json"))}
    assert listed["ellipsis"]["fix"] is True
    assert listed["overlap"]["fix"] is False
    assert all(row["what"] and row["source"] and row["hint"] for row in listed.values())


@pytest.mark.usefixtures("pair")
def test_check_in_sarif(cli: Cli) -> None:
    result = cli("check", "E01.en-US.srt", "-m", "en-US", "--format", "sarif")
    (run,) = json.loads(result.stdout)["runs"]
    (found,) = run["results"]
    place = found["locations"][0]["physicalLocation"]
    assert (found["ruleId"], found["level"]) == ("spacing", "note")
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("E01.en-US.srt", 2)


@pytest.mark.usefixtures("pair")
def test_check_in_junit(cli: Cli) -> None:
    arguments = ("E01.en-US.srt", "-m", "en-US", "--source", "E01.zh-Hans.srt")
    root = ET.fromstring(cli("check", *arguments, "--format", "junit").stdout)  # noqa: S314  # ours
    failed = [
        case.get("name") for case in root.iter("testcase") if case.find("failure") is not None
    ]
    assert failed == ["term-missing", "term-forbidden"]


@pytest.mark.usefixtures("pair")
@pytest.mark.parametrize("form", ["sarif", "junit"])
def test_a_failure_in_another_format_is_one_line_on_stderr(cli: Cli, form: str) -> None:
    result = cli("check", "absent.srt", "-m", "en-US", "--format", form)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: absent.srt: no such file")


def test_fix_writes_what_is_safe_and_says_so(cli: Cli, pair: Path) -> None:
    before = (pair / "E01.en-US.srt").read_bytes()
    arguments = ("E01.en-US.srt", "-m", "en-US", "--source", "E01.zh-Hans.srt")
    result = cli("check", *arguments, "--fix", "-o", "out.srt")
    assert result.exit_code == 1  # the woodcut is still there
    lines = result.stdout.splitlines()
    assert lines[0] == "out.srt: mended cue 1: 'Hello  there' → 'Hello there' [spacing]"
    assert lines[1] == "out.srt: 1 cue mended"
    assert "[spacing]" not in "\n".join(lines[2:])
    assert (pair / "E01.en-US.srt").read_bytes() == before
    document = formats.read((pair / "out.srt").read_bytes())
    assert [cue.text for cue in document.cues] == ["Hello there", "A woodcut"]
    assert before.replace(b"Hello  there", b"Hello there") == (pair / "out.srt").read_bytes()
    assert [path.name for path in pair.iterdir() if path.name.startswith(".")] == []
    again = cli("check", "out.srt", "-m", "en-US", "--fix", "-o", "again.srt")
    assert again.stdout.startswith("again.srt: 0 cues mended")
    assert (pair / "again.srt").read_bytes() == (pair / "out.srt").read_bytes()


def test_fix_in_json_and_into_a_folder(cli: Cli, pair: Path, make_srt: Callable[..., str]) -> None:
    (pair / "E02.en-US.srt").write_text(make_srt("Wait..."), "utf-8")
    files = ("E01.en-US.srt", "E02.en-US.srt")
    said = data_of(cli("check", *files, "-m", "en-US", "--fix", "-o", "out", "--format", "json"))
    second = said[str(Path("out") / "E02.en-US.srt")]
    assert second["input"] == "E02.en-US.srt"
    (mended,) = second["mended"]
    assert (mended["before"], mended["after"], mended["codes"]) == (
        "Wait...", "Wait…", ["ellipsis"],
    )  # fmt: skip
    assert sorted(path.name for path in (pair / "out").iterdir()) == list(files)


def test_fix_goes_to_utf8_where_its_encoding_has_no_place(cli: Cli, pair: Path) -> None:
    text = "1\n00:00:00,000 --> 00:00:02,000\nWait...\n\n"
    (pair / "a.srt").write_bytes(text.encode("latin-1"))
    arguments = ("a.srt", "-m", "en-US", "--encoding", "latin-1", "--fix", "-o", "b.srt")
    assert cli("check", *arguments).exit_code == 0
    assert "Wait…" in (pair / "b.srt").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--fix",), "--fix needs a place to write to"),
        (("-o", "x.srt"), "nothing is written without --fix"),
        (("--fix", "-o", "E01.en-US.srt"), "this would overwrite an input"),
        (("--fix", "-o", "."), "this would overwrite an input"),
        (
            ("--source", "E01.zh-Hans.srt", "--fix", "-o", "E01.zh-Hans.srt"),
            "this would overwrite an input",
        ),
        (("--source", "."), "no source of E01 in this folder"),
    ],
)
def test_bad_use_is_one_clear_line(
    cli: Cli, pair: Path, arguments: tuple[str, ...], what: str
) -> None:
    if arguments == ("--source", "."):
        (pair / "E01.zh-Hans.srt").unlink()
    before = {path: path.read_bytes() for path in pair.iterdir()}
    result = cli("check", "E01.en-US.srt", "-m", "en-US", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert what in line
    assert {path: path.read_bytes() for path in pair.iterdir()} == before


@pytest.mark.usefixtures("pair")
def test_sources_are_found_in_a_folder_by_episode(cli: Cli) -> None:
    result = cli("check", "E01.en-US.srt", "-m", "en-US", "--source", ".")
    assert "'woodcut' is wrong for 木雕" in result.stdout


def test_the_frame_rate_can_be_named(cli: Cli, pair: Path) -> None:
    text = "1\n00:00:00,000 --> 00:00:02,000\nOne.\n\n2\n00:00:02,070 --> 00:00:04,000\nTwo.\n\n"
    (pair / "a.srt").write_text(text, "utf-8")
    assert "min-gap" in cli("check", "a.srt", "-m", "en-US").stdout
    assert "min-gap" not in cli("check", "a.srt", "-m", "en-US", "--fps", "30").stdout


def test_several_files_are_held_against_one_another(
    cli: Cli, pair: Path, make_srt: Callable[..., str]
) -> None:
    for episode, text in (("E02", "What's the rush?"), ("E03", "Why the hurry?")):
        (pair / f"{episode}.zh-Hans.srt").write_text(make_srt("急什么 布又不会跑"), "utf-8")
        (pair / f"{episode}.en-US.srt").write_text(make_srt(text), "utf-8")
    files = ("E02.en-US.srt", "E03.en-US.srt")
    lines = cli("check", *files, "-m", "en-US", "--source", ".").stdout.splitlines()
    (line,) = [line for line in lines if "[inconsistent]" in line]
    assert line.startswith('E03.en-US.srt:2: info: the same line reads "What\'s the rush?" in E02')
    assert "E02.en-US.srt, line 2" in line
    assert "inconsistent" not in cli("check", *files, "-m", "en-US").stdout
