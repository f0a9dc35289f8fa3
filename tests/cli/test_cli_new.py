"""`markets new` and `init`: what they write, and that they overwrite nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from dramaloc.glossary.tables import COLUMNS, read_table
from dramaloc.markets.packs import load_market
from dramaloc.settings import OPTIONS, resolve

Cli = Callable[..., Result]


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    folder = tmp_path / "packs" / "en"
    folder.mkdir(parents=True)
    (folder / "market.toml").write_text('name = "English"\n', encoding="utf-8")
    (folder / "t.csv").write_text("source,target\n木雕,wood carving\n", encoding="utf-8")
    return folder.parent


def test_a_new_market_loads_and_is_clean(cli: Cli, packs: Path) -> None:
    result = cli("markets", "new", "en_au", "--parent", "EN", "--in", packs)
    assert result.exit_code == 0, result.stderr
    written = [packs / "en-AU" / name for name in ("market.toml", "overrides.csv")]
    assert result.stdout.splitlines() == [str(path) for path in written]
    assert load_market("en-AU", packs).inherits == ("en",)
    assert cli("glossary", "lint", packs).stdout == "2 checked, 0 problems\n"


@pytest.mark.parametrize(
    ("tag", "parent", "what"),
    [
        ("en-AU", "zz", "no market is called 'zz'"),
        ("../x", "en", "is no language tag"),
        ("en", "en", "cannot inherit from itself"),
        ("fr", "en", "fr: this pack is there already"),
    ],
)
def test_a_market_that_cannot_be(cli: Cli, packs: Path, tag: str, parent: str, what: str) -> None:
    (packs / "fr").mkdir()
    result = cli("markets", "new", tag, "--parent", parent, "--in", packs)
    assert (result.exit_code, result.stdout) == (2, "")
    assert what in result.stderr
    assert sorted(path.name for path in packs.iterdir()) == ["en", "fr"]
    assert list((packs / "fr").iterdir()) == []


def test_the_packs_of_an_installation_are_left_alone(
    cli: Cli, packs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dramaloc.__file__", str(packs / "__init__.py"))
    (packs / "glossaries").mkdir()
    result = cli("markets", "new", "en-AU", "--parent", "en")
    assert result.exit_code == 2
    assert "Name a folder of packs with --in" in result.stderr


def test_a_new_show(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "show"
    result = cli("init", folder)
    assert result.exit_code == 0, result.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["dramaloc.toml", "names.csv"]
    assert read_table(folder / "names.csv") == ()
    assert (folder / "names.csv").read_text(encoding="utf-8") == ",".join(COLUMNS) + "\n"
    settings = resolve({}, {}, folder)
    assert settings.folder == folder
    assert {setting.origin for setting in settings.values.values()} == {"default"}


def test_a_new_shows_settings_can_be_taken_as_they_stand(cli: Cli, tmp_path: Path) -> None:
    cli("init", tmp_path)
    path = tmp_path / "dramaloc.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\n# ", "\n"), encoding="utf-8")
    (tmp_path / "ranks.csv").write_text("source,target\n", encoding="utf-8")
    assert set(tomllib.loads(path.read_text("utf-8"))["localize"]) == {o.name for o in OPTIONS}
    settings = resolve({}, {}, tmp_path)
    assert {setting.origin for setting in settings.values.values()} == {str(path)}


@pytest.mark.parametrize("name", ["dramaloc.toml", "names.csv"])
def test_nothing_is_overwritten_and_nothing_half_done(cli: Cli, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine", encoding="utf-8")
    result = cli("init", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{tmp_path / name}: this file is there already" in result.stderr
    assert [(p.name, p.read_text("utf-8")) for p in tmp_path.iterdir()] == [(name, "mine")]
