"""Settings: which source wins, and what is said about bad values."""

from __future__ import annotations

from pathlib import Path

import pytest

from dramaloc.errors import SettingsError
from dramaloc.settings import OPTIONS, Setting, find_file, resolve
from dramaloc.subtitles.runon import USUAL_JOINING, Joining


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "dramaloc.toml").write_text(
        '[series]\ntitle = "蓝院"\n[localize]\nmarket = ["en-US", "zh-Hant-TW"]\n'
        'engine = "argos"\nglossary = "terms/more.csv"\n',
        encoding="utf-8",
    )
    return tmp_path


def test_flags_outrank_the_environment_outranks_the_file_outranks_defaults(folder: Path) -> None:
    file = str(folder / "dramaloc.toml")
    flags: dict[str, str | None] = {"engine": None}
    environ: dict[str, str] = {}
    asked = [resolve(flags, environ, folder).values["engine"]]
    environ["DRAMALOC_ENGINE"] = "opencc"
    asked.append(resolve(flags, environ, folder).values["engine"])
    flags["engine"] = "echo"
    asked.append(resolve(flags, environ, folder).values["engine"])
    assert asked == [
        Setting(value="argos", origin=file),
        Setting(value="opencc", origin="DRAMALOC_ENGINE"),
        Setting(value="echo", origin="flag"),
    ]


def test_without_any_word_the_defaults_hold(tmp_path: Path) -> None:
    settings = resolve({}, {}, tmp_path)
    assert {name: s.value for name, s in settings.values.items()} == {
        option.name: option.default for option in OPTIONS
    }
    assert {s.origin for s in settings.values.values()} == {"default"}
    assert settings.folder is None


def test_lists(folder: Path) -> None:
    assert resolve({}, {}, folder).many("market") == ("en-US", "zh-Hant-TW")
    environ = {"DRAMALOC_MARKET": "en-US, TW,"}
    assert resolve({}, environ, folder).many("market") == ("en-US", "TW")
    assert resolve({"market": ["en"]}, environ, folder).many("market") == ("en",)
    assert resolve({"market": []}, {}, folder).many("market") == ("en-US", "zh-Hant-TW")


def test_one_and_many_do_not_mix(folder: Path) -> None:
    settings = resolve({}, {}, folder)
    assert settings.one("market") is None
    assert settings.many("engine") == ()


def test_a_glossary_in_the_file_is_relative_to_the_file(folder: Path) -> None:
    settings = resolve({}, {}, folder)
    assert settings.many("glossary") == (str((folder / "terms" / "more.csv").resolve()),)
    assert settings.folder == folder


@pytest.mark.parametrize("name", ["../secret.csv", "/etc/passwd", "terms/../../x.csv"])
def test_a_file_one_is_sent_does_not_reach_outside_its_folder(folder: Path, name: str) -> None:
    (folder / "dramaloc.toml").write_text(f'[localize]\nglossary = ["{name}"]\n')
    with pytest.raises(SettingsError, match="outside"):
        resolve({}, {}, folder)
    assert resolve({"glossary": [name]}, {}, folder).many("glossary") == (name,)


def test_the_nearest_file_above_the_input_is_found(folder: Path) -> None:
    inner = folder / "season-2"
    inner.mkdir()
    assert find_file(inner / "E01.srt") == folder / "dramaloc.toml"
    (inner / "dramaloc.toml").write_text("")
    assert find_file(inner / "E01.srt") == inner / "dramaloc.toml"
    assert find_file(folder) == folder / "dramaloc.toml"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[localize", "not valid TOML"),
        ("[localise]\n", "unknown key 'localise'"),
        ("localize = 3\n", "localize is 3"),
        ("[localize]\nengines = 'argos'\n", "unknown key 'engines'"),
        ("[localize]\nengine = 3\n", "engine is 3"),
        ("[localize]\nfail-on = 'info'\n", "fail-on is 'info'"),
    ],
)
def test_a_bad_file_is_refused_by_name(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "dramaloc.toml"
    path.write_text(text)
    with pytest.raises(SettingsError) as caught:
        resolve({}, {}, tmp_path)
    assert what in caught.value.message
    assert caught.value.path == str(path)
    assert "\n" not in str(caught.value)


def test_a_bad_environment_value_is_refused_by_the_variables_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="DRAMALOC_PROGRESS: progress is 'bar'") as caught:
        resolve({}, {"DRAMALOC_PROGRESS": "bar"}, tmp_path)
    assert "auto, plain, json, none" in caught.value.hint


def test_every_option_has_a_variable() -> None:
    assert {o.name: o.variable for o in OPTIONS}["output-encoding"] == "DRAMALOC_OUTPUT_ENCODING"


@pytest.mark.parametrize("value", ["0", "2.5", "many", True, "1000"])
def test_jobs_are_a_whole_number(tmp_path: Path, value: object) -> None:
    with pytest.raises(SettingsError, match="whole number from 1 to 256"):
        resolve({"jobs": value}, {}, tmp_path)  # type: ignore[dict-item]
    assert resolve({}, {"DRAMALOC_JOBS": "3"}, tmp_path).one("jobs") == "3"


def test_joining_is_on_within_limits_and_can_be_turned_off(tmp_path: Path) -> None:
    assert resolve({}, {}, tmp_path).joining == USUAL_JOINING
    (tmp_path / "dramaloc.toml").write_text(
        "[localize]\nmerge-threshold = 0.6\nmerge-max-cues = 3\nmerge-max-gap = 800\n"
    )
    environ = {"DRAMALOC_MERGE_MAX_CUES": "5", "DRAMALOC_MERGE_MAX_CHARACTERS": "30"}
    assert resolve({}, environ, tmp_path).joining == Joining(
        threshold=0.6, max_cues=5, max_characters=30, max_gap_ms=800
    )
    assert resolve({"merge": "off"}, environ, tmp_path).joining is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MERGE", "always"),
        ("MERGE_THRESHOLD", "2"),
        ("MERGE_MAX_CUES", "1"),
        ("MERGE_MAX_GAP", "x"),
    ],
)
def test_bad_limits_of_joining_are_refused(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"DRAMALOC_{name}"):
        resolve({}, {f"DRAMALOC_{name}": value}, tmp_path)
