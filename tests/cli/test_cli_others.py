"""`markets`, `glossary`, `models`, `doctor`, and what all commands share."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from envelope import data_of

import dramaloc
from dramaloc.cli import COMMANDS
from dramaloc.markets.packs import list_codes

Cli = Callable[..., Result]


@pytest.mark.usefixtures("pair")
@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("check",), "nothing to check"),
        (("check", "E01.en-US.srt"), "no market named"),
        (("check", "absent.srt", "-m", "en-US"), "absent.srt: no such file"),
        (("check", "E01.en-US.srt", "-m", "zz"), "no market is called 'zz'"),
        (("check", "E01.en-US.srt", "-m", "en-US", "--source", "a.srt"), "a.srt: no such file"),
        (("markets", "show", "zz"), "no market is called 'zz'"),
        (("glossary", "lint", "absent.csv"), "absent.csv: no such file"),
        (("glossary", "lint", "E01.en-US.srt"), "E01.en-US.srt:1: unknown column"),
    ],
)
def test_failures_are_one_line_or_one_envelope(
    cli: Cli, arguments: tuple[str, ...], what: str
) -> None:
    result = cli(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: ")
    assert what in line
    result = cli(*arguments, "--format", "json")
    said = json.loads(result.stdout)
    assert (result.exit_code, result.stderr, said["ok"]) == (2, "", False)
    assert what in said["error"]["message"]
    assert said["error"]["code"].startswith("bad-")


def test_markets_list(cli: Cli) -> None:
    result = cli("markets", "list")
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["market", *list_codes()]
    listed = data_of(cli("markets", "list", "--format", "json"))
    assert {market["code"]: market["inherits"] for market in listed}["en-US"] == ["en"]


def test_markets_show(cli: Cli) -> None:
    result = cli("markets", "show", "TW")
    assert result.exit_code == 0
    assert result.stdout.startswith("zh-Hant-TW: ")
    rules = data_of(cli("markets", "show", "en-us", "--format", "json"))["rules"]
    assert rules["max_line_columns"]["value"] == 42
    assert rules["max_line_columns"]["source"]["title"]


def test_glossary_lint_of_our_packs(cli: Cli) -> None:
    result = cli("glossary", "lint")
    assert result.exit_code == 0, result.stdout
    assert result.stdout.strip() == f"{len(list_codes())} checked, 0 problems"


def test_glossary_lint_of_a_table(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("source,target\n木雕,wood carving\n木雕,carving\n", encoding="utf-8")
    result = cli("glossary", "lint", path)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0].startswith(f"{path}:3: 木雕 is 'carving' here")
    (problem,) = data_of(cli("glossary", "lint", path, "--format", "json"))
    assert (problem["path"], problem["line"]) == (str(path), 3)


def test_glossary_lint_of_a_pack(cli: Cli, tmp_path: Path) -> None:
    pack = tmp_path / "xx"
    pack.mkdir()
    (pack / "market.toml").write_text('name = "Test"\n[limits]\nmax_line_columns = 10\n')
    (pack / "terms.csv").write_text("source,target,note\n木雕,x,ten longer\n", encoding="utf-8")
    assert cli("glossary", "lint", pack).exit_code == 0
    (pack / "terms.csv").write_text("source,target,note\n木雕,x,eleven long\n", encoding="utf-8")
    result = cli("glossary", "lint", pack)
    assert result.exit_code == 1
    assert "11 characters, 10 fit" in result.stdout


def test_glossary_lint_of_a_folder(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for code in ("xx", "yy"):
        (tmp_path / code).mkdir()
        (tmp_path / code / "market.toml").write_text('name = "Test"\n')
    assert cli("glossary", "lint", tmp_path).stdout.strip() == "2 checked, 0 problems"
    monkeypatch.chdir(tmp_path / "xx")
    assert cli("glossary", "lint", ".").stdout.strip() == "1 checked, 0 problems"
    (tmp_path / "xx" / "empty").mkdir()
    result = cli("glossary", "lint", "empty")
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: empty: no market pack in this folder. ")


def test_models_list(cli: Cli) -> None:
    (model,) = data_of(cli("models", "list", "--format", "json"))
    assert (model["from"], model["to"], model["bundled"]) == ("zh", "en", True)
    assert "dramaloc" in cli("models", "list").stdout


def test_doctor(cli: Cli) -> None:
    facts = {fact["name"]: fact for fact in data_of(cli("doctor", "--format", "json"))}
    assert all(fact["ok"] for fact in facts.values()), facts
    assert {"engine argos", "engine opencc", "market en-US"} <= set(facts)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_that_fits_its_line_in_the_list(cli: Cli, name: str) -> None:
    result = cli(name, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: main {name}")
    listed = cli("--help")
    assert COMMANDS[name][1] in " ".join(listed.stdout.split())


@pytest.mark.usefixtures("pair")
@pytest.mark.parametrize(
    "arguments",
    [
        ("localize", "E01.zh-Hans.srt", "-m", "en-US"),
        ("check", "E01.en-US.srt", "-m", "en-US", "--fix"),
        ("convert", "E01.en-US.srt"),
        ("diff", "E01.en-US.srt", "E01.en-US.srt"),
        ("status", "."),
        ("review", "export", "E01.zh-Hans.srt", "E01.en-US.srt"),
        ("review", "apply", "E01.zh-Hans.srt", "E01.en-US.srt", "x.html"),
        ("glossary", "extract", "E01.zh-Hans.srt"),
        ("glossary", "export", "en-US"),
        ("memory", "export"),
    ],
)
def test_no_file_or_folder_is_called_dash(
    cli: Cli, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    before = sorted(tmp_path.iterdir())
    refused = cli(*arguments, "-o", "-")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "'-' is not written to" in refused.stderr.splitlines()[-1]
    assert sorted(tmp_path.iterdir()) == before


def test_an_unknown_command(cli: Cli) -> None:
    result = cli("translate")
    assert result.exit_code == 2
    assert "No such command 'translate'" in result.stderr


def test_the_version(cli: Cli) -> None:
    assert cli("--version").stdout.split()[-1] == dramaloc.__version__


def test_output_is_utf8_whatever_the_locale(pair: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from dramaloc.cli import main; main()",
         "check", "E01.en-US.srt", "-m", "en-US", "--source", "E01.zh-Hans.srt"],
        cwd=pair,
        env={"PATH": "", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "木雕" in done.stdout.decode("utf-8")
