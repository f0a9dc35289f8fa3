"""`dramaloc eval` as people and scripts call it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Cli = Callable[..., Result]


def _data(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)["data"]


@pytest.fixture
def files(tmp_path: Path, make_srt: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A translation, a reference and their source; also the cwd."""
    (tmp_path / "E01.zh-Hans.srt").write_text(make_srt("木雕来了", "急什么"), "utf-8")
    (tmp_path / "hyp.en.srt").write_text(make_srt("The wood carving came", "x" * 43), "utf-8")
    (tmp_path / "ref.en.srt").write_text(make_srt("The carving is here", "What's the rush?"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("files")
def test_eval_for_people(cli: Cli) -> None:
    arguments = ("hyp.en.srt", "ref.en.srt", "--source", "E01.zh-Hans.srt", "-m", "en-US")
    result = cli("eval", *arguments)
    assert result.exit_code == 0
    rows = {line.split("  ")[0]: line for line in result.stdout.splitlines()[1:]}
    assert list(rows) == [
        "chrF", "BLEU", "SubER", "terms kept", "within characters per line", "within lines",
        "within reading speed", "within all three",
    ]  # fmt: skip
    assert "100.0 %" in rows["terms kept"]
    assert "1 of 2 cues" in rows["within characters per line"]
    assert "less is better" in rows["SubER"]
    assert "version:" in rows["BLEU"]


@pytest.mark.usefixtures("files")
def test_eval_for_programs(cli: Cli) -> None:
    said = _data(cli("eval", "hyp.en.srt", "ref.en.srt", "--format", "json"))
    assert (said["language"], said["terms"], said["conformity"]) == ("en", None, None)
    assert [score["name"] for score in said["scores"]] == ["chrF", "BLEU", "SubER"]
    same = _data(cli("eval", "ref.en.srt", "ref.en.srt", "--format", "json"))
    values = {score["name"]: score["value"] for score in same["scores"]}
    assert (values["chrF"], values["SubER"]) == (100.0, 0.0)


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("hyp.en.srt", "absent.srt"), "absent.srt: no such file"),
        (("hyp.en.srt", "ref.en.srt", "--source", "E01.zh-Hans.srt"), "terms are a market's"),
        (("hyp.en.srt", "ref.en.srt", "-m", "zz"), "no market is called 'zz'"),
    ],
)
def test_bad_use_is_one_clear_line(cli: Cli, arguments: tuple[str, ...], what: str) -> None:
    result = cli("eval", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: ")
    assert what in line


def test_its_help_loads_no_metric() -> None:
    program = (
        "import sys\nfrom dramaloc.cli import main\n"
        "main(['eval', '--help'], standalone_mode=False)\n"
        "print(','.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert not {"sacrebleu", "suber", "numpy"} & set(done.stderr.split(","))
