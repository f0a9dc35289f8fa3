"""A folder from a stranger: its records and settings lead nowhere but where a user pointed."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path, PureWindowsPath
from typing import Any

import pytest
from click.testing import Result

from dramaloc.batch.ledger import JOURNAL, read_entries
from dramaloc.batch.manifest import FILE_NAME, Entry, as_name, inputs_of, read_manifest
from dramaloc.errors import MarketError, OutputError, SettingsError
from dramaloc.markets.profiles import load_profile
from dramaloc.settings import resolve

Cli = Callable[..., Result]
ENTRY: dict[str, Any] = {
    "dramaloc": "0.1.0", "input": "E01.zh-Hans.srt", "input_digest": "sha256:00",
    "market": "en-US", "market_fingerprint": "f1", "engine": "echo", "options": {"encoding": ""},
    "output_digest": "sha256:01", "counts": {"cues": 2},
}  # fmt: skip


def _manifest(folder: Path, name: str = "E01.en-US.srt", **said: object) -> None:
    folder.mkdir(exist_ok=True)
    text = json.dumps({"outputs": {name: {**ENTRY, **said}}})
    (folder / FILE_NAME).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "said",
    [
        {"name": "../E01.en-US.srt"},
        {"name": ".."},
        {"name": ""},
        {"beside": {"../x.srt": "sha256:0"}},
        {"beside": {"a\0.srt": "sha256:0"}},
        {"beside": ["x"]},
        {"input_folder": "/etc"},
        {"input_folder": "//host/share"},
        {"input": 5},
        {"counts": {"cues": "many"}},
        {"counts": {"cues": True}},
        {"options": {"encoding": None}},
        {"market": None},
    ],
    ids=str,
)
def test_a_record_no_run_has_written_is_refused(
    cli: Cli, tmp_path: Path, said: dict[str, Any]
) -> None:
    _manifest(tmp_path, **said)
    with pytest.raises(OutputError, match=r"damaged.*--force"):
        read_manifest(tmp_path)
    assert cli("status", tmp_path).exit_code == 2
    journalled = json.loads((tmp_path / FILE_NAME).read_bytes())["outputs"]
    (tmp_path / FILE_NAME).unlink()
    lines = [json.dumps({"output": name, "entry": entry}) for name, entry in journalled.items()]
    (tmp_path / JOURNAL).write_text("\n".join(lines), encoding="utf-8")
    assert read_entries(tmp_path) == {}


@pytest.mark.parametrize("name", ["C:x.srt", "a/b", "..\\b"])
def test_on_windows_more_names_lead_elsewhere(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dramaloc.batch.manifest.Path", PureWindowsPath)
    with pytest.raises(ValueError, match=re.escape(name)):
        as_name(name)


@pytest.mark.skipif(os.name == "nt", reason="these names lead elsewhere on Windows")
@pytest.mark.parametrize("name", ["a\\b.srt", "C:x.srt"])
def test_elsewhere_files_and_folders_may_be_named_so(tmp_path: Path, name: str) -> None:
    _manifest(tmp_path, name=name, input_folder="c:d")
    assert list(read_manifest(tmp_path)) == [name]


@pytest.mark.parametrize("name", ["passwd", "id_rsa", "kmsg", "secret.key"])
def test_a_record_cannot_have_any_file_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine", encoding="utf-8")
    (tmp_path / "E01.zh-Hans.srt").write_text("1", encoding="utf-8")
    (tmp_path / "out").mkdir()
    other = Entry(**{**ENTRY, "input": name, "input_folder": ".."})
    assert list(inputs_of(tmp_path / "out", other)) == []
    ours = Entry(**{**ENTRY, "input_folder": ".."})
    assert list(inputs_of(tmp_path / "out", ours)) == [tmp_path / "E01.zh-Hans.srt"]


@pytest.mark.parametrize("name", [JOURNAL, ".dramaloc.lock"])
def test_what_is_added_to_is_no_link(cli: Cli, show: Path, tmp_path: Path, name: str) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("mine", encoding="utf-8")
    (tmp_path / "out").mkdir()
    try:
        (tmp_path / "out" / name).symlink_to(mine)
    except OSError:
        pytest.skip("links cannot be made here")
    result = cli("localize", show, "-m", "en-US", "-o", "out", "--engine", "echo", "--quiet")
    assert result.exit_code == 4
    assert "this is a link to another place. Delete it" in result.stderr
    assert mine.read_text("utf-8") == "mine"


def test_an_output_that_is_a_link_is_no_way_out(cli: Cli, show: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("mine", encoding="utf-8")
    (tmp_path / "out").mkdir()
    try:
        (tmp_path / "out" / "E01.en-US.srt").symlink_to(mine)
    except OSError:
        pytest.skip("links cannot be made here")
    for more in ((), ("--force",)):
        cli("localize", show, "-m", "en-US", "-o", "out", "--engine", "echo", "--quiet", *more)
        assert mine.read_text("utf-8") == "mine"


@pytest.mark.parametrize("key", ["glossary", "memory", "profile"])
@pytest.mark.parametrize(
    "way",
    ["../secret.toml", "{outside}", "sub/../../secret.toml", "link", "//host/x.toml",
     "\\\\host\\x.toml", "/\\host/x.toml"],
)  # fmt: skip
def test_a_show_names_files_of_its_own_only(tmp_path: Path, key: str, way: str) -> None:
    outside = tmp_path / "secret.toml"
    outside.write_text("title = 'x'", encoding="utf-8")
    show = tmp_path / "show"
    show.mkdir()
    if way == "link":
        way = "link.toml"
        try:
            (show / way).symlink_to(outside)
        except OSError:
            pytest.skip("links cannot be made here")
    named = json.dumps(way.format(outside=outside))
    (show / "dramaloc.toml").write_text(f"[localize]\n{key} = {named}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="lies outside this file's folder"):
        resolve({}, {}, show)


@pytest.mark.parametrize(
    "pattern",
    ["../{episode}", "C:{episode}", "{episode.__class__}", "{episode:>999999999}", "{episode!r}",
     "{episode}\\n", "{episode}.", "{episode}\\u0000", "{0}{episode}", "{episode}{{"],
)  # fmt: skip
def test_a_profile_names_files_by_its_fields_only(tmp_path: Path, pattern: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(f'[delivery]\nname = "{pattern}"\n', encoding="utf-8")
    with pytest.raises(MarketError, match=r"name is .*It can hold"):
        load_profile(str(path))
