"""`dramaloc localize` as people and scripts call it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

import dramaloc
from dramaloc.batch.manifest import FILE_NAME
from dramaloc.subtitles import formats

Cli = Callable[..., Result]
ECHO = ("--engine", "echo")


def _error(result: Result, code: int) -> str:
    """The one line of a failure; checks that nothing else was said."""
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: ")
    return line.removeprefix("Error: ")


def _envelope(result: Result) -> dict[str, Any]:
    said = json.loads(result.stdout)
    assert list(said) == ["dramaloc", "command", "ok", "data", "error"]
    assert said["dramaloc"] == dramaloc.__version__
    assert said["command"] == "localize"
    return dict(said)


def test_one_file_beside_its_input(cli: Cli, show: Path) -> None:
    result = cli("localize", show / "E01.zh-Hans.srt", "-m", "en-US", *ECHO)
    assert result.exit_code == 0
    assert (show / "E01.en-US.srt").read_text(encoding="utf-8").startswith("1\n00:00:00,000 -->")
    assert "E01.en-US.srt" in result.stdout
    assert "[1/1]" in result.stderr
    assert not result.stdout.startswith("{")


def test_a_folder_for_two_markets(cli: Cli, show: Path, tmp_path: Path) -> None:
    result = cli("localize", show, "-m", "us", "-m", "TW", "-o", "out", *ECHO)
    assert "'us'" in _error(result, 2)  # territories are written in capitals
    result = cli("localize", show, "-m", "US", "-m", "TW", "-m", "en-us", "-o", "out", *ECHO)
    assert result.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "E01.en-US.srt", "E01.zh-Hant-TW.srt", "E02.en-US.srt", "E02.zh-Hant-TW.srt", FILE_NAME,
    ]  # fmt: skip


def test_several_inputs_need_a_folder(cli: Cli, show: Path) -> None:
    assert "Say -o FOLDER" in _error(cli("localize", show, "-m", "en-US", *ECHO), 2)
    two = (show / "E01.zh-Hans.srt", show / "E02.zh-Hans.srt")
    assert "Say -o FOLDER" in _error(cli("localize", *two, "-m", "en-US", *ECHO), 2)
    assert not (show / "E01.en-US.srt").exists()


def test_a_pattern_is_expanded_where_no_shell_does(cli: Cli, show: Path, tmp_path: Path) -> None:
    result = cli("localize", show / "*.zh-Hans.srt", "-m", "en-US", "-o", "out", *ECHO)
    assert result.exit_code == 0
    assert (tmp_path / "out" / "E02.en-US.srt").exists()


def test_a_second_run_changes_nothing(cli: Cli, show: Path, tmp_path: Path) -> None:
    arguments = ("localize", show, "-m", "en-US", "-o", "out", *ECHO)
    cli(*arguments)
    before = {path: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    result = cli(*arguments)
    assert result.exit_code == 0
    assert result.stdout.count("unchanged") == 2
    assert {path: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_an_edited_output_needs_force(cli: Cli, show: Path) -> None:
    arguments = ("localize", show / "E01.zh-Hans.srt", "-m", "en-US", "--quiet", *ECHO)
    cli(*arguments)
    output = show / "E01.en-US.srt"
    output.write_text("mended", encoding="utf-8")
    message = _error(cli(*arguments), 4)
    assert message.startswith(f"{output}: this file was edited")
    assert "--force" in message
    assert output.read_text(encoding="utf-8") == "mended"
    assert cli(*arguments, "--force").exit_code == 0
    assert output.read_text(encoding="utf-8") != "mended"


def test_one_failed_job_leaves_the_others_complete(cli: Cli, show: Path, tmp_path: Path) -> None:
    (show / "E01.zh-Hans.srt").write_text("没有一行时间\n", encoding="utf-8")
    result = cli("localize", show, "-m", "en-US", "-o", "out", *ECHO)
    assert result.exit_code == 4
    assert "[1/2]" in result.stderr
    (line,) = [line for line in result.stderr.splitlines() if line.startswith("Error")]
    assert line.startswith(f"Error: {show / 'E01.zh-Hans.srt'}:")
    assert not (tmp_path / "out" / "E01.en-US.srt").exists()
    assert (tmp_path / "out" / "E02.en-US.srt").exists()
    assert "E02.en-US.srt" in result.stdout


@pytest.mark.parametrize("kept", [25, 40, 45, 60])
def test_a_truncated_file_never_ends_in_a_traceback(cli: Cli, show: Path, kept: int) -> None:
    path = show / "E01.zh-Hans.srt"
    whole = path.read_bytes()
    path.write_bytes(whole[:kept])
    result = cli("localize", path, "-m", "en-US", "--quiet", *ECHO)
    assert "Traceback" not in result.output
    if result.exit_code == 0:
        assert formats.read((show / "E01.en-US.srt").read_bytes()).cues
    else:
        assert _error(result, 2).startswith(f"{path}:")
        assert not (show / "E01.en-US.srt").exists()


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_never_ends_in_a_traceback(cli: Cli, show: Path, content: bytes) -> None:
    path = show / "E01.zh-Hans.srt"
    path.write_bytes(content)
    result = cli("localize", path, "-m", "en-US", "--quiet", *ECHO)
    assert result.exit_code in (0, 2)
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (("E77.srt", "-m", "en-US"), ("E77.srt: no such file", "Check the path")),
        (("show/E01.zh-Hans.srt", "-m", "zz"), ("'zz'", "dramaloc markets list")),
        (("show/E01.zh-Hans.srt",), ("no market", "-m en-US")),
        (("show", "-m", "en-US", "--from", "ja", "-o", "out"), ("show: no ja subtitle", "--from")),
        (("show/E01.zh-Hans.srt", "-m", "en-US", "--glossary", "n.csv"), ("n.csv: no such file",)),
        (("show/E01.zh-Hans.srt", "-m", "en-US", "--glossary", "bad.csv"),
         ("bad.csv:2: 木雕 has no target", "Fill it in")),
        (("show/E01.en-US.srt", "-m", "en-US", "--from", "zh-Hans"), ("overwrite an input",)),
        (("-", "show", "-m", "en-US"), ("standard input",)),
        (("-", "-m", "en-US", "-m", "TW"), ("standard input", "Name one -m")),
        (("-", "-m", "en-US", "--format", "json"), ()),
    ],
)  # fmt: skip
def test_bad_use_is_one_clear_line(
    cli: Cli, show: Path, tmp_path: Path, arguments: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    (tmp_path / "bad.csv").write_text("source,target\n木雕,\n", encoding="utf-8")
    (show / "E01.en-US.srt").write_bytes((show / "E01.zh-Hans.srt").read_bytes())
    result = cli("localize", *arguments, *ECHO, stdin=b"")
    if "json" in arguments:
        assert result.exit_code == 2
        assert "standard output" in _envelope(result)["error"]["message"]
        return
    message = _error(result, 2)
    assert [part for part in parts if part not in message] == []


@pytest.mark.parametrize(
    "arguments", [(), ("x.srt", "--bogus"), ("x.srt", "--engine", "deepl"), ("x", "--fail-on", "x")]
)
def test_what_click_refuses_is_bad_use_too(cli: Cli, arguments: tuple[str, ...]) -> None:
    result = cli("localize", *arguments)
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].startswith("Error: ")


def test_a_missing_model_is_exit_3_with_the_way_to_get_it(cli: Cli, show: Path) -> None:
    path = show / "E01.zh-Hans.srt"
    message = _error(cli("localize", path, "-m", "en-US", "--from", "ja"), 3)
    assert message.startswith("no Argos package translates ja to en. Get one with: ")
    assert "opencc" in _error(cli("localize", path, "-m", "en-US", "--engine", "opencc"), 3)
    unknown = cli("localize", path, "-m", "en-US", env={"DRAMALOC_ENGINE": "deepl"})
    assert _error(unknown, 3).startswith("no engine is called 'deepl'")
    assert not (show / "E01.en-US.srt").exists()


def test_json_on_success(cli: Cli, show: Path, tmp_path: Path) -> None:
    result = cli("localize", show, "-m", "en-US", "-o", "out", "--format", "json", *ECHO)
    said = _envelope(result)
    assert (said["ok"], said["error"], result.exit_code) == (True, None, 0)
    outputs = said["data"]["outputs"]
    assert [Path(output["path"]).name for output in outputs] == ["E01.en-US.srt", "E02.en-US.srt"]
    assert outputs[0]["unchanged"] is False
    assert outputs[0]["counts"]["cues"] == 2
    manifest = json.loads((tmp_path / "out" / FILE_NAME).read_text(encoding="utf-8"))
    recorded = manifest["outputs"]["E01.en-US.srt"]
    assert {key: outputs[0][key] for key in recorded} == recorded


def test_json_on_failure(cli: Cli, show: Path) -> None:
    result = cli("localize", show / "E77.srt", "-m", "en-US", "--format", "json")
    said = _envelope(result)
    assert (said["ok"], said["data"], result.exit_code) == (False, None, 2)
    assert said["error"] == {
        "code": "bad-input",
        "message": f"{show / 'E77.srt'}: no such file or folder",
        "hint": "Check the path",
    }
    assert result.stderr == ""


def test_json_when_some_jobs_failed(cli: Cli, show: Path) -> None:
    (show / "E01.zh-Hans.srt").write_text("没有一行时间\n", encoding="utf-8")
    said = _envelope(cli("localize", show, "-m", "en-US", "-o", "o", "--format", "json", *ECHO))
    assert said["ok"] is False
    assert len(said["data"]["outputs"]) == 1
    (failed,) = said["data"]["failed"]
    assert failed["error"]["code"] == "bad-subtitles"
    assert set(failed["error"]) == {"code", "message", "hint"}


def test_fail_on_turns_findings_into_exit_1(cli: Cli, show: Path) -> None:
    path = show / "E01.zh-Hans.srt"  # echo leaves Chinese text, which is an error in English
    for threshold, code in (("never", 0), ("error", 1), ("warning", 1)):
        result = cli("localize", path, "-m", "en-US", "--force", "--fail-on", threshold, *ECHO)
        assert result.exit_code == code, threshold
    clean = cli("localize", path, "-m", "zh-Hant-TW", "--fail-on", "error", "--quiet")
    assert clean.exit_code == 0


def test_standard_input_to_standard_output(cli: Cli, show: Path) -> None:
    before = sorted(show.parent.rglob("*"))
    data = (show / "E01.zh-Hans.srt").read_bytes()
    result = cli("localize", "-", "-m", "TW", stdin=data)
    assert result.exit_code == 0
    document = formats.read(result.stdout_bytes)
    assert [cue.text for cue in document.cues] == ["你好", "奶奶來了"]
    assert result.stderr == ""
    assert sorted(show.parent.rglob("*")) == before


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_standard_input_in_any_encoding(cli: Cli, show: Path, encoding: str) -> None:
    text = (show / "E01.zh-Hans.srt").read_text(encoding="utf-8")
    result = cli("localize", "-", "-m", "TW", stdin=text.encode(encoding))
    assert result.exit_code == 0
    assert "奶奶來了" in result.stdout_bytes.decode("utf-8")


@pytest.mark.usefixtures("show")
def test_standard_input_that_is_no_subtitles(cli: Cli) -> None:
    assert _error(cli("localize", "-", "-m", "TW", stdin="没有时间".encode()), 2).startswith("-:")


def test_standard_input_honours_fail_on(cli: Cli, show: Path) -> None:
    data = (show / "E01.zh-Hans.srt").read_bytes()
    result = cli("localize", "-", "-m", "en-US", "--fail-on", "error", *ECHO, stdin=data)
    assert result.exit_code == 1
    assert result.stdout_bytes.startswith(b"1\n")


def test_quiet_says_nothing_but_the_result(cli: Cli, show: Path) -> None:
    result = cli("localize", show / "E01.zh-Hans.srt", "-m", "en-US", "--quiet")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert "E01.en-US.srt" in result.stdout


def test_the_starter_model_is_named_once(cli: Cli, show: Path) -> None:
    result = cli("localize", show, "-m", "en-US", "-m", "en", "-o", "out")
    assert result.exit_code == 0
    assert result.stderr.count("starter model") == 1
    piped = cli("localize", "-", "-m", "en", stdin=(show / "E02.zh-Hans.srt").read_bytes())
    assert piped.stderr.count("starter model") == 1
    assert "starter" not in piped.stdout


def test_json_progress_is_one_event_a_line_on_stderr(cli: Cli, show: Path) -> None:
    result = cli("localize", show, "-m", "TW", "-o", "out", "--progress", "json")
    events = [json.loads(line) for line in result.stderr.splitlines()]
    assert {event["event"] for event in events} == {"progress", "ended"}
    ended = [event for event in events if event["event"] == "ended"]
    assert [(Path(event["output"]).name, event["ok"]) for event in ended] == [
        ("E01.zh-Hant-TW.srt", True),
        ("E02.zh-Hant-TW.srt", True),
    ]
    for event in events:
        if event["event"] == "progress":
            assert 0 <= event["done"] <= event["total"]


def test_progress_can_be_turned_off(cli: Cli, show: Path) -> None:
    result = cli("localize", show, "-m", "TW", "-o", "out", "--progress", "none")
    assert (result.exit_code, result.stderr) == (0, "")


def test_the_shows_own_file_and_names_are_found(cli: Cli, show: Path) -> None:
    (show / "dramaloc.toml").write_text('[localize]\nmarket = ["en-US"]\nengine = "echo"\n')
    (show / "names.csv").write_text("source,target,action\n你好,,keep\n", encoding="utf-8")
    result = cli("localize", show / "E01.zh-Hans.srt", "--format", "json")
    (output,) = _envelope(result)["data"]["outputs"]
    assert (output["market"], output["engine"]) == ("en-US", "echo")
    assert output["counts"]["terms_required"] == 2  # 你好 of the series, 奶奶 of the pack


def _config(cli: Cli, *arguments: str | Path, **environ: str) -> dict[str, tuple[Any, str]]:
    result = cli("localize", *arguments, "--show-config", "--format", "json", env=environ)
    data = _envelope(result)["data"]
    return {name: (entry["value"], entry["origin"]) for name, entry in data.items()}


def test_config_precedence(cli: Cli, show: Path) -> None:
    path, file = show / "E01.zh-Hans.srt", show / "dramaloc.toml"
    assert _config(cli, path)["fail-on"] == ("never", "default")
    file.write_text('[localize]\nfail-on = "warning"\nmarket = ["en"]\n')
    assert _config(cli, path)["fail-on"] == ("warning", str(file))
    said = _config(cli, path, DRAMALOC_FAIL_ON="error")
    assert said["fail-on"] == ("error", "DRAMALOC_FAIL_ON")
    assert said["market"] == (["en"], str(file))
    said = _config(cli, path, "--fail-on", "never", "-m", "TW", DRAMALOC_FAIL_ON="error")
    assert said["fail-on"] == ("never", "flag")
    assert said["market"] == (["TW"], "flag")
    assert not (show / "E01.en.srt").exists()


def test_config_for_people(cli: Cli, show: Path) -> None:
    result = cli("localize", show, "--from", "zh", "--show-config")
    assert result.exit_code == 0
    rows = {line.split()[0]: line.split()[1:] for line in result.stdout.splitlines()}
    assert rows["from"] == ["zh", "flag"]
    assert rows["engine"] == ["-", "default"]


def test_a_broken_file_of_the_show_is_one_line(cli: Cli, show: Path) -> None:
    (show / "dramaloc.toml").write_text("localize = 3\n")
    message = _error(cli("localize", show / "E01.zh-Hans.srt", "-m", "en-US"), 2)
    assert message.startswith(f"{show / 'dramaloc.toml'}: localize is 3")


def test_encodings_can_be_named(cli: Cli, show: Path) -> None:
    path = show / "E01.zh-Hans.srt"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    arguments = ("localize", path, "-m", "TW", "--quiet", "--encoding", "gb18030")
    assert cli(*arguments, "--output-encoding", "big5").exit_code == 0
    written = (show / "E01.zh-Hant-TW.srt").read_bytes()
    assert "奶奶來了" in written.decode("big5")
    wrong = _error(cli(*arguments[:-1], "ascii", "--force"), 2)
    assert wrong.startswith(f"{path}:3: not valid ascii")
    assert _error(cli(*arguments[:-1], "klingon", "--force"), 2).endswith("shift_jis")
    assert (show / "E01.zh-Hant-TW.srt").read_bytes() == written


def test_a_report_stands_beside_each_output(cli: Cli, show: Path) -> None:
    cli("localize", show / "E01.zh-Hans.srt", "-m", "en-US", "--report", *ECHO)
    report = json.loads((show / "E01.en-US.srt.report.json").read_text(encoding="utf-8"))
    assert {"cues", "terms", "findings"} <= set(report)
    assert {"code", "severity", "cue", "position", "message", "hint"} <= set(report["findings"][0])


def test_interrupting_is_exit_130(cli: Cli, show: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dramaloc.cli.localize.find_episodes", interrupted)
    result = cli("localize", show, "-m", "en-US", "-o", "out", *ECHO)
    assert result.exit_code == 130
    assert "same command again" in result.stderr


def test_merge_tries_sentences_over_cues_as_a_whole_or_not_at_all(cli: Cli, tmp_path: Path) -> None:
    source = tmp_path / "E01.zh-Hans.srt"
    texts = ("你来了", "要是让嫂子知道了", "她非跟你拼命", "好啊")
    source.write_text(
        "\n".join(
            f"{at + 1}\n00:00:{at * 3:02},000 --> 00:00:{at * 3 + 2:02},900\n{text}\n"
            for at, text in enumerate(texts)
        ),
        encoding="utf-8",
    )
    said: dict[str, tuple[str, list[bool], str]] = {}
    for way in ("auto", "off"):
        folder = tmp_path / way
        result = cli(
            "localize", source, "-m", "en-US", "-o", folder, "--merge", way, "--report", "--quiet"
        )
        assert result.exit_code == 0
        report = json.loads((folder / "E01.en-US.srt.report.json").read_text(encoding="utf-8"))
        over = [
            any(reason.startswith("sentence over cues 2–3") for reason in part["reasons"])
            for each in report["cues"]
            for part in each["segments"]
        ]
        text = (folder / "E01.en-US.srt").read_text(encoding="utf-8")
        said[way] = (report["options"]["merge"], over, text)
        for each in report["cues"]:
            assert [part["sentence_over"] for part in each["segments"]] in ([[]], [[2, 3]])
    assert said["auto"][:2] == ("auto: 4 cues, 48 characters, 1500 ms", [False, True, True, False])
    assert said["off"][:2] == ("off", [False] * 4)
    assert said["auto"][2].count("-->") == said["off"][2].count("-->") == 4


def test_nothing_that_can_be_read_is_the_callers_mistake(
    cli: Cli, show: Path, tmp_path: Path
) -> None:
    for path in show.glob("*.zh-Hans.srt"):
        path.write_text("没有一行时间\n", encoding="utf-8")
    result = cli("localize", show, "-m", "en-US", "-o", tmp_path / "out", "--format", "json", *ECHO)
    said = json.loads(result.stdout)
    assert result.exit_code == 2
    assert said["error"]["code"] == "bad-subtitles"
    assert len(said["data"]["failed"]) == 2


@pytest.mark.parametrize(
    "words",
    [
        ("localize", "--nonsense", "--format", "json"),
        ("localize", "--format=json"),
        ("models", "verify", "--nonsense", "--format", "json"),
    ],
)
def test_wrong_usage_is_answered_in_json_where_it_was_asked_for(
    cli: Cli, words: tuple[str, ...]
) -> None:
    result = cli(*words)
    said = json.loads(result.stdout)
    assert (result.exit_code, said["ok"], said["error"]["code"]) == (2, False, "bad-usage")
    assert said["command"] == " ".join(word for word in words[:2] if not word.startswith("-"))
    assert "--help" in said["error"]["hint"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("name", [b"E01\x1b[2J\n.zh-Hans.srt", b"\xff\xfe.zh-Hans.srt"])
def test_a_files_name_commands_no_terminal(cli: Cli, show: Path, name: bytes) -> None:
    path = show / os.fsdecode(name)
    path.write_text("没有一行时间\n", encoding="utf-8")
    result = cli("localize", path, "-m", "en-US", *ECHO, "--quiet")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert "\x1b" not in result.stderr
