"""What the documents show is run, parsed and looked up, so that they stay true."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import Result

from dramaloc.cli import COMMANDS, main
from dramaloc.cli.answer import DONE, FINDINGS, INTERRUPTED, JOBS_FAILED, MISSING, USAGE
from dramaloc.glossary.tables import parse_table
from dramaloc.markets.packs import list_codes
from dramaloc.settings import OPTIONS, resolve

Cli = Callable[..., Result]

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")
DOCUMENTS = (*READMES, "CHANGELOG.md", "CONTRIBUTING.md", "glossaries/README.md")
CUES = 12  # of each sample file: enough to have terms, few enough to be quick

in_both = pytest.mark.parametrize("name", READMES)


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", _text(name), re.DOTALL | re.MULTILINE)


def _commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command there is, as a user types it."""
    context = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        if isinstance(command, click.Group):
            yield from ((f"{name} {below}", leaf) for below, leaf in command.commands.items())
        elif command is not None:
            yield name, command


def _shown(name: str) -> list[str]:
    """Return what follows `dramaloc` wherever a block of the README calls it."""
    calls = re.compile(r"(?:^|[;&|(]|\bif|\brun) *dramaloc ([^#;&|)\n]*)", re.MULTILINE)
    blocks = [*_blocks(name, ""), *_blocks(name, "bash")]
    return [call.strip() for block in blocks for call in calls.findall(block)]


def _words(call: str) -> list[str]:
    """Take a shell's call apart, without what it does with the streams."""
    return shlex.split(re.sub(r"[<>]+ *\S+", "", call))


@pytest.fixture
def show(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The samples, cut to their first cues, in a folder that is the cwd."""
    shutil.copytree(root / "samples", tmp_path / "samples")
    for path in (tmp_path / "samples" / "indigo-house").glob("*.srt"):
        cues = path.read_text(encoding="utf-8").split("\n\n")[:CUES]
        path.write_text("\n\n".join(cues) + "\n\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@in_both
def test_the_two_commands_come_first(name: str) -> None:
    first, second = _blocks(name, "")[0].splitlines()
    start, call = first.split(" && ")
    assert start == "pip install uv"
    assert call == "uv run dramaloc localize samples/indigo-house -m en-US -m zh-Hant-TW -o out"
    assert second == "uv run pytest"


@in_both
def test_every_command_is_in_the_table_and_no_other(name: str) -> None:
    rows = re.findall(r"^\| `dramaloc ([a-z]+(?: [a-z]+)?)", _text(name), re.MULTILINE)
    assert sorted(rows) == sorted(command for command, _ in _commands())


@in_both
def test_every_command_line_parses(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    known = dict(_commands())
    shown = _shown(name)
    assert len(shown) > 8
    for call in shown:
        words = _words(call)
        depth = 2 if " ".join(words[:2]) in known else 1
        command = known[" ".join(words[:depth])]
        if words[-1].endswith(".argosmodel"):  # the one kind of file that has to be there
            Path(words[-1]).touch()
        command.make_context(command.name, words[depth:])  # raises what click would say


def test_the_command_lines_run(cli: Cli, show: Path) -> None:
    english, chinese = (
        block.splitlines()
        for name in READMES
        for block in _blocks(name, "bash")
        if block.startswith("dramaloc localize")
    )
    assert set(chinese) <= set(english)
    for line in english:
        call = line.removeprefix("dramaloc ")
        given = re.search(r"< *(\S+)", call)
        result = cli(*_words(call), stdin=(show / given[1]).read_bytes() if given else None)
        assert result.exit_code == DONE, (line, result.output)
        assert result.stdout_bytes.strip(), line
    assert (show / "out" / "E02.zh-Hant-TW.srt").is_file()


@in_both
def test_the_python_runs(name: str, show: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = _blocks(name, "python")
    exec(compile(block, name, "exec"), {"__name__": "__main__"})  # noqa: S102  # the README's own
    written = (show / "E01.en-US.srt").read_text(encoding="utf-8")
    assert "Cangshan" in written
    assert "error" not in capsys.readouterr().out


def test_the_python_shows_every_public_name() -> None:
    import dramaloc

    for name in READMES:
        for public in dramaloc.__all__:
            assert f"`{public}`" in _text(name)


def _script(name: str) -> str:
    (script,) = [block for block in _blocks(name, "bash") if block.startswith("#!")]
    return script


def test_both_production_scripts_call_the_same() -> None:
    english, chinese = (re.findall(r"(?:dramaloc|jq) .*", _script(name)) for name in READMES)
    assert [line.split()[:3] for line in english] == [line.split()[:3] for line in chinese]


@pytest.mark.skipif(
    os.name == "nt" or not (shutil.which("bash") and shutil.which("jq")),
    reason="the production script is for bash and jq",
)
def test_the_production_script_runs(show: Path) -> None:
    (show / "deliver.sh").write_text(_script("README.md"), encoding="utf-8")
    beside = Path(sys.executable).parent
    done = subprocess.run(
        ["bash", "deliver.sh", "samples/indigo-house", "out"],
        env={**os.environ, "PATH": f"{beside}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    said = [line for line in done.stdout.decode().splitlines() if not line.startswith(" ")]
    assert [re.findall(r"out/(E\d\d)", line)[:1] for line in said] == [["E01"], ["E02"]]


def test_the_json_is_as_shown(cli: Cli, show: Path) -> None:
    envelope, manifest, report = map(json.loads, _blocks("README.md", "json"))
    arguments = ("localize", "samples/indigo-house/E01.zh-Hans.srt", "-m", "en-US")
    ended = cli(*arguments, "--report", "--format", "json", "--quiet")
    folder = show / "samples" / "indigo-house"
    entry = manifest["outputs"]["E01.en-US.srt"]

    failed = json.loads(cli(*arguments, "--from", "ja", "--format", "json").stdout)
    assert _shape(failed) == _shape(envelope)
    assert failed["error"]["code"] == envelope["error"]["code"]
    assert failed["error"]["message"] == envelope["error"]["message"]

    written = json.loads((folder / "dramaloc.manifest.json").read_text(encoding="utf-8"))
    assert _shape(written) == _shape(manifest)

    told = json.loads((folder / "E01.en-US.srt.report.json").read_text(encoding="utf-8"))
    assert set(told) == {*entry, *report}
    for key in ("cues", "terms", "findings"):
        assert _shape(told[key][-1]) == _shape(report[key][-1])

    (output,) = json.loads(ended.stdout)["data"]["outputs"]
    assert set(output) == {*entry, "path", "unchanged", "terms"}


def _shape(value: Any) -> Any:
    """Return the keys of a JSON value, all the way down; a list is as its first object."""
    if isinstance(value, dict):
        return {key: key == "rungs" or _shape(below) for key, below in value.items()}
    if isinstance(value, list):
        return next((_shape(item) for item in value if isinstance(item, dict)), None)
    return None


@in_both
def test_pip_gets_every_dependency_by_name(name: str) -> None:
    said = tomllib.loads(_text("pyproject.toml"))["project"]["dependencies"]
    needed = {re.match(r"[\w-]+", line)[0] for line in said}  # type: ignore[index]
    (block,) = [block for block in _blocks(name, "bash") if block.startswith("pip install")]
    without, rest = (set(line.split()) for line in block.splitlines())
    assert needed <= without | rest
    assert "argostranslate" in without
    assert "argostranslate" not in rest


@in_both
def test_the_settings_are_all_there_and_the_file_is_valid(name: str, tmp_path: Path) -> None:
    for option in OPTIONS:
        assert f"`{option.variable}`" in _text(name)
    block = "\n".join(_blocks(name, "toml"))  # they stand in one file
    (tmp_path / "dramaloc.toml").write_text(block, encoding="utf-8")
    settings = resolve({}, {}, tmp_path)
    assert set(settings.copy) == set(tomllib.loads(block).get("copy", {}))
    for key, value in tomllib.loads(block)["localize"].items():
        assert settings.values[key].value == (tuple(value) if isinstance(value, list) else value)


@in_both
def test_the_term_table_is_valid(name: str) -> None:
    (block,) = _blocks(name, "csv")
    assert {term.action for term in parse_table(block)} == {"translate", "paraphrase"}


@in_both
def test_the_exit_codes_are_all_there(name: str) -> None:
    rows = re.findall(r"^\| (\d+) \|", _text(name), re.MULTILINE)
    assert [*map(int, rows)] == [DONE, FINDINGS, USAGE, MISSING, JOBS_FAILED, INTERRUPTED]


@in_both
def test_the_cues_are_the_samples(name: str, samples: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in samples.glob("*.zh-Hans.srt")]
    table = _text(name).partition("dramaloc")[2].partition("|---|---|---|\n")[2]
    rows = [line.split(" | ") for line in table.partition("\n\n")[0].splitlines()]
    assert len(rows) == 5
    for source, plain, kept in rows:
        assert any(source.removeprefix("| ") in text for text in texts)
        assert plain
        assert kept


@in_both
def test_the_markets_named_exist(name: str) -> None:
    (line,) = re.findall(r"^- .*`dramaloc markets list`.*$", _text(name), re.MULTILINE)
    named = set(re.findall(r"`([a-z]{2,3}(?:-\w+)*)`", line))
    assert named
    assert named <= set(list_codes())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_relative_links_lead_somewhere(name: str, root: Path) -> None:
    text = _text(name)
    for target, anchor in re.findall(r"\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)", text):
        path = (root / name).parent / target if target else root / name
        assert path.exists(), target
        if anchor:
            assert anchor in _anchors(path.read_text(encoding="utf-8"))


def _anchors(text: str) -> set[str]:
    """Make the anchors that headings get, as far as our headings need it."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_picture_shows_the_outputs(root: Path) -> None:
    picture = ET.parse(root / "samples" / "localize.svg")  # noqa: S314  # our own file
    said = "".join(picture.getroot().itertext()).replace("\xa0", " ")
    for episode in ("E01", "E02"):
        for market in ("en-US", "zh-Hant-TW"):
            assert f"out/{episode}.{market}.srt" in said


def test_every_file_that_is_named_is_there(root: Path) -> None:
    named = [
        (document.name, path)
        for document in (*root.glob("*.md"), *root.glob("*/README.md"))
        for path in re.findall(
            r"`((?:tests|training|benchmarks|dramaloc|glossaries|samples)/[\w./*-]+)`",
            document.read_text("utf-8"),
        )
    ]
    assert len(named) > 50
    made = "training/.runs"  # by a run of the recipe
    assert not [each for each in named if not (each[1].startswith(made) or [*root.glob(each[1])])]
