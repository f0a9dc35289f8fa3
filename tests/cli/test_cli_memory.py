"""`dramaloc memory` as people and scripts call it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Cli = Callable[..., Result]


@pytest.fixture
def filled(cli: Cli, show: Path, make_srt: Callable[..., str]) -> Path:
    """A show with a memory learnt from its first episode; returns the memory."""
    (show / "dramaloc.toml").write_text('[series]\ntitle = "蓝院"\n', encoding="utf-8")
    (show / "E01.en-US.srt").write_text(make_srt("Hello.", "Grandma is here."), encoding="utf-8")
    pair = (show / "E01.zh-Hans.srt", show / "E01.en-US.srt")
    result = cli("memory", "import", "-m", "US", "--pair", *pair)
    assert result.exit_code == 0, result.output
    assert "2 new or changed, 2 in all" in result.stdout
    return show / "memory.sqlite"


def _data(result: Result) -> Any:
    said = json.loads(result.stdout)
    assert (said["ok"], said["error"]) == (True, None), said
    return said["data"]


def _error(result: Result) -> str:
    assert result.exit_code == 2, result.output
    (line,) = result.stderr.splitlines()
    return line


def test_a_pair_is_learnt_with_its_show_and_episode(cli: Cli, filled: Path) -> None:
    (count,) = _data(cli("memory", "stats", "--memory", filled, "--format", "json"))["counts"]
    assert count == {
        "market": "en-US", "show": "蓝院", "episode": "E01", "origin": "E01.en-US.srt",
        "entries": 2, "reviewed": 2,
    }  # fmt: skip
    text = cli("memory", "stats", "--memory", filled).stdout
    assert "蓝院" in text
    assert "2 entries, 2 reviewed" in text


def test_the_shows_memory_is_found_from_within_the_show(
    cli: Cli, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(filled.parent)
    (found,) = _data(cli("memory", "search", "grandma", "--format", "json"))
    assert (found["source"], found["target"]) == ("奶奶来了", "Grandma is here.")
    assert "E01" in cli("memory", "search", "奶奶").stdout
    (similar,) = _data(cli("memory", "search", "奶奶走了", "-m", "en-US", "--format", "json"))
    assert (similar["source"], similar["similarity"]) == ("奶奶来了", 0.75)
    assert cli("memory", "search", "下雨", "-m", "en-US").stdout == "nothing found\n"


def test_a_memory_goes_out_and_comes_in_again(cli: Cli, filled: Path, tmp_path: Path) -> None:
    out = tmp_path / "show.tmx"
    assert cli("memory", "export", "--memory", filled, "-o", out).exit_code == 0
    assert "there already" in _error(cli("memory", "export", "--memory", filled, "-o", out))
    arguments = ("memory", "import", out, "-m", "en-US", "--format", "json", "--memory")
    assert _data(cli(*arguments, filled))["changed"] == 0
    copy = tmp_path / "new" / "copy.sqlite"
    assert _data(cli(*arguments, copy))["changed"] == 2
    again = tmp_path / "again.tmx"
    assert cli("memory", "export", "--memory", copy, "-o", again).exit_code == 0
    assert again.read_bytes() == out.read_bytes()


def test_drafts_are_taken_in_as_drafts(cli: Cli, filled: Path) -> None:
    pair = (filled.parent / "E01.zh-Hans.srt", filled.parent / "E01.reference.en.srt")
    cli("memory", "import", "-m", "en-GB", "--draft", "--origin", "vendor", "--pair", *pair)
    counts = _data(cli("memory", "stats", "--memory", filled, "--format", "json"))["counts"]
    (vendor,) = [count for count in counts if count["market"] == "en-GB"]
    assert (vendor["origin"], vendor["entries"], vendor["reviewed"]) == ("vendor", 2, 0)


def test_what_cannot_be_used_is_one_line_and_takes_nothing_in(
    cli: Cli, filled: Path, tmp_path: Path
) -> None:
    assert "nothing to import" in _error(cli("memory", "import", "-m", "en-US"))
    assert "Say --memory PATH" in _error(cli("memory", "stats"))
    assert "no such memory" in _error(cli("memory", "stats", "--memory", "missing.sqlite"))
    one = filled.parent / "E01.zh-Hans.srt"
    assert "Say --pair" in _error(cli("memory", "import", one, "-m", "en-US"))
    broken = tmp_path / "broken.tmx"
    broken.write_text("<tmx><body>", encoding="utf-8")
    good = tmp_path / "good.tmx"
    assert cli("memory", "export", "--memory", filled, "-o", good).exit_code == 0
    assert "broken.tmx:1: not valid XML" in _error(
        cli("memory", "import", good, broken, "-m", "en-US", "--memory", "new.sqlite")
    )
    assert not Path("new.sqlite").exists()
    assert "no entry for de-DE" in _error(
        cli("memory", "export", "--memory", filled, "-m", "de-DE", "-o", "x.tmx")
    )
    failed = cli("memory", "stats", "--memory", good, "--format", "json")
    assert json.loads(failed.stdout)["error"]["code"] == "bad-memory"


_RUN = ("-m", "en-US", "-o", "out", "--engine", "echo", "--report")


def _report(name: str = "E01.en-US.srt") -> dict[str, Any]:
    return dict(json.loads(Path("out", f"{name}.report.json").read_text(encoding="utf-8")))


def test_localize_keeps_what_the_shows_memory_holds(cli: Cli, filled: Path) -> None:
    assert cli("localize", filled.parent, *_RUN).exit_code == 0
    reviewed = filled.parent / "E01.en-US.srt"
    assert Path("out/E01.en-US.srt").read_text("utf-8") == reviewed.read_text("utf-8")
    segments = [part for cue in _report()["cues"] for part in cue["segments"]]
    assert [part["origin"] for part in segments] == ["memory", "memory"]
    assert segments[0]["reasons"] == ["memory: reviewed (E01.en-US.srt), for this cue"]
    assert Path("out/E02.en-US.srt").read_text("utf-8").splitlines()[2] == "再见"


def test_only_episodes_that_the_memory_changed_for_are_done_again(
    cli: Cli, filled: Path, make_srt: Callable[..., str]
) -> None:
    cli("localize", filled.parent, *_RUN)
    assert cli("localize", filled.parent, *_RUN).stdout.count("unchanged") == 2
    bye = filled.parent / "E02.en-US.srt"
    bye.write_text(make_srt("Bye."), encoding="utf-8")
    source = filled.parent / "E02.zh-Hans.srt"
    cli("memory", "import", "-m", "en-US", "--pair", source, bye)
    first, second = cli("localize", filled.parent, *_RUN).stdout.splitlines()[1:]
    assert ("E01" in first, "unchanged" in first) == (True, True)
    assert ("E02" in second, "written" in second) == (True, True)
    assert "Bye." in Path("out/E02.en-US.srt").read_text("utf-8")


def test_a_changed_line_is_told_with_its_old_text_and_similar_ones_suggested(
    cli: Cli, filled: Path, make_srt: Callable[..., str]
) -> None:
    changed = make_srt("你好", "奶奶走了")
    (filled.parent / "E01.zh-Hans.srt").write_text(changed, encoding="utf-8")
    cli("localize", filled.parent / "E01.zh-Hans.srt", *_RUN)
    report = _report()
    (finding,) = [f for f in report["findings"] if f["code"] == "reviewed-source-changed"]
    assert (finding["cue"], finding["hint"]) == (2, "The reviewed text was: Grandma is here.")
    assert report["cues"][1]["suggestions"] == [
        {
            "similarity": 0.75, "source": "奶奶来了", "target": "Grandma is here.",
            "origin": "E01.en-US.srt", "reviewed": True,
        }
    ]  # fmt: skip
    assert report["cues"][1]["target"] == "奶奶走了"


def test_the_memory_can_be_left_out_or_named(cli: Cli, filled: Path, show: Path) -> None:
    one = show / "E01.zh-Hans.srt"
    cli("localize", one, *_RUN, "--memory", "none")
    assert "Hello." not in Path("out/E01.en-US.srt").read_text("utf-8")
    elsewhere = filled.rename(show.parent / "elsewhere.sqlite")
    cli("localize", one, *_RUN, "--memory", elsewhere)
    assert "Hello." in Path("out/E01.en-US.srt").read_text("utf-8")
    result = cli("localize", "-", "-m", "en-US", "--engine", "echo", "--memory", elsewhere,
                 stdin=one.read_bytes())  # fmt: skip
    assert "Hello." in result.stdout
    failed = cli("localize", one, *_RUN, "--memory", "missing.sqlite")
    assert "no such memory" in _error(failed)
    elsewhere.write_bytes(b"not SQLite at all" * 99)
    assert "no translation memory" in _error(cli("localize", one, *_RUN, "--memory", elsewhere))


def test_a_new_cut_carries_the_reviewed_text_over(
    cli: Cli, show: Path, make_srt: Callable[..., str]
) -> None:
    old, new = (
        ("你好", "奶奶来了", "坐吧", "吃饭", "走吧"),
        ("新的", "你好", "奶奶走了", "坐吧", "走吧"),
    )
    texts = ("Hello.", "Grandma is here.", "- Sit,\n- down.", "Let's eat.", "Off we go.")
    for name, lines in (("v1.zh-Hans", old), ("v1.en-US", texts), ("v2.zh-Hans", new)):
        (show / f"{name}.srt").write_text(make_srt(*lines), encoding="utf-8")
    conform = ("--conform", show / "v1.zh-Hans.srt", show / "v1.en-US.srt")
    run = ("localize", show / "v2.zh-Hans.srt", *_RUN)
    result = cli(*run, *conform)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[2:] == [
        "new cue 1 00:00:00,000 --> 00:00:02,000  新的",
        f"changed cue 3 00:00:06,000 --> 00:00:08,000  奶奶走了  it was: 奶奶来了 → {texts[1]}",
        "cut  吃饭 → Let's eat.",
        "Conformed: 3 carried, 1 changed, 0 unclear, 1 new, 1 cut",
    ]
    expected = make_srt("新的", "Hello.", "奶奶走了", "- Sit,\n- down.", "Off we go.")
    assert Path("out/v2.en-US.srt").read_text("utf-8") == expected
    data = _data(cli(*run, *conform, "--format", "json"))["conformed"]
    assert (data["carried"], data["new"]) == ([1, 3, 4], [0])
    assert (data["changed"][0]["position"], data["cut"][0]["source"]) == (2, "吃饭")
    assert cli(*run, "--memory", "none", "--first-mention", "never").exit_code == 0
    assert Path("out/v2.en-US.srt").read_text("utf-8") == expected  # also without the old cut


def test_conforming_is_for_one_new_cut_of_the_same_episode(cli: Cli, show: Path) -> None:
    pair = (show / "E01.zh-Hans.srt", show / "E01.reference.en.srt")
    assert "one episode for one market" in _error(cli("localize", show, *_RUN, "--conform", *pair))
    one = ("localize", show / "E02.zh-Hans.srt", *_RUN, "--conform")
    assert "no such file" in _error(cli(*one, "missing.srt", pair[1]))
    (show / "late.srt").write_text("1\n00:50:00,000 --> 00:50:01,000\nLate.\n", encoding="utf-8")
    assert "only 0 of 2 cues have a partner" in _error(cli(*one, pair[0], show / "late.srt"))


def test_what_was_reviewed_stays_without_any_memory(
    cli: Cli, show: Path, make_srt: Callable[..., str]
) -> None:
    run = ("localize", show / "E01.zh-Hans.srt", *_RUN)
    cli(*run)
    edits = Path("edits.csv")
    output = Path("out/E01.en-US.srt")
    exported = cli("review", "export", show / "E01.zh-Hans.srt", output, "-m", "en-US",
                   "--format", "csv", "-o", edits)  # fmt: skip
    assert exported.exit_code == 0, exported.output
    rows = edits.read_text("utf-8-sig").replace(
        '"你好","你好","你好",""', '"你好","你好","Hello there.","yes"'
    )
    edits.write_text(rows, encoding="utf-8")
    applied = cli("review", "apply", edits, output, "--source", show / "E01.zh-Hans.srt",
                  "--memory", "none", "--partial", "-o", output)  # fmt: skip
    assert "Hello there." in output.read_text("utf-8"), applied.output
    assert cli(*run, "--first-mention", "never").exit_code == 0
    assert output.read_text("utf-8") == make_srt("Hello there.", "奶奶来了")
