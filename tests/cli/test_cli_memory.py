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
