"""Engines from other packages: one that is really installed, and broken ones."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from dramaloc.engines.engine import Request
from dramaloc.engines.plugins import find_plugins
from dramaloc.engines.registry import create
from dramaloc.errors import EngineError, EngineNotInstalledError

EXAMPLE = Path(__file__).parent.parent / "packages" / "dramaloc-phrasebook"
MODULE = EXAMPLE / "dramaloc_phrasebook" / "__init__.py"


@pytest.fixture(scope="module")
def installed(outer_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example package, built and installed into a folder by itself, without the network."""
    program = outer_environment.get("UV") or shutil.which("uv")
    if program is None:
        pytest.skip("uv is not on PATH, so nothing can be installed")
    folder = tmp_path_factory.mktemp("plugin")
    copy = shutil.copytree(EXAMPLE, folder / "source")
    done = subprocess.run(
        [program, "pip", "install", "--offline", "--no-deps", "--target", folder / "site", copy],
        env=outer_environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode and "network was disabled" in done.stderr:
        pytest.skip("this uv brings no build backend of its own")
    assert done.returncode == 0, done.stderr
    return folder / "site"


@pytest.fixture
def phrasebook(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(installed))


def test_the_document_shows_the_package_as_it_is(root: Path) -> None:
    shown = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    code = MODULE.read_text(encoding="utf-8")
    assert f"```python\n{code}```" in shown
    assert len(code.splitlines()) <= 30
    entry = 'phrasebook = "dramaloc_phrasebook:Phrasebook"'
    assert entry in shown
    assert entry in (EXAMPLE / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.usefixtures("phrasebook")
def test_an_installed_plugin_translates() -> None:
    engine = create("phrasebook")
    found = engine.translate([Request(text="你好"), Request(text="走吧")], "zh-Hans", "en")
    assert [(one.text, one.fault) for (one,) in found] == [
        ("Hello.", ""),
        ("走吧", "no rendering"),
    ]
    assert engine.signature("zh", "en") == "dramaloc-phrasebook/1.0 lines=3 shout=False"
    assert engine.capabilities == frozenset()


@pytest.mark.usefixtures("phrasebook")
def test_a_chain_takes_what_a_plugin_knows(show: Path, cli: Callable[..., Result]) -> None:
    episode = show / "E01.zh-Hans.srt"
    ended = cli("localize", episode, "-m", "en-US", "--engine", "phrasebook,echo", "--report")
    assert ended.exit_code == 0, ended.output
    report = json.loads((show / "E01.en-US.srt.report.json").read_text(encoding="utf-8"))
    origins = [segment["origin"] for cue in report["cues"] for segment in cue["segments"]]
    assert origins == ["phrasebook", "phrasebook"]
    assert "Grandma's here." in (show / "E01.en-US.srt").read_text(encoding="utf-8")
    assert "dramaloc-phrasebook/1.0" in report["engine"]
    assert report["engine"].endswith(" | echo")


@pytest.mark.usefixtures("phrasebook")
def test_what_no_engine_knows_is_a_finding(
    show: Path, cli: Callable[..., Result], make_srt: Callable[..., str]
) -> None:
    (show / "E03.srt").write_text(make_srt("你好", "从来没听过的一句话"), encoding="utf-8")
    arguments = ("localize", show / "E03.srt", "-m", "en-US", "--engine", "phrasebook")
    ended = cli(*arguments, "--report", "--fail-on", "error")
    assert ended.exit_code == 1
    report = json.loads((show / "E03.en-US.srt.report.json").read_text(encoding="utf-8"))
    (failed,) = [each for each in report["findings"] if each["code"] == "engine-failed"]
    assert (failed["cue"], failed["severity"]) == (2, "error")
    assert "从来没听过的一句话" in (show / "E03.en-US.srt").read_text(encoding="utf-8")


@pytest.mark.usefixtures("phrasebook")
def test_a_table_in_the_shows_file_gives_a_plugin_its_options(
    show: Path, cli: Callable[..., Result]
) -> None:
    (show / "dramaloc.toml").write_text('[engines.loud]\ntype = "phrasebook"\nshout = true\n')
    ended = cli("localize", show / "E02.zh-Hans.srt", "-m", "en-US", "--engine", "loud")
    assert ended.exit_code == 0, ended.output
    assert "GOODBYE." in (show / "E02.en-US.srt").read_text(encoding="utf-8")
    shown = cli("localize", show, "--show-config").output
    assert "engines.loud" in shown
    assert "plug-in phrasebook" in shown


# Broken ones.


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Lay a package with some code where Python finds it."""

    def lay(code: str) -> None:
        folder = tmp_path / "site"
        about = folder / "dramaloc_bad-0.3.dist-info"
        about.mkdir(parents=True)
        (about / "METADATA").write_text("Metadata-Version: 2.1\nName: dramaloc-bad\nVersion: 0.3\n")
        (about / "entry_points.txt").write_text("[dramaloc.engines]\nbad = dramaloc_bad:Bad\n")
        (folder / "dramaloc_bad.py").write_text(code, encoding="utf-8")
        monkeypatch.syspath_prepend(str(folder))
        monkeypatch.delitem(sys.modules, "dramaloc_bad", raising=False)

    return lay


BASE = "from dramaloc.engines.engine import PlainEngine, Candidate\nclass Bad(PlainEngine):\n"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import no_such_library", r"cannot be loaded \(ModuleNotFoundError: No module named"),
        ("Bad = 1 / 0", r"cannot be loaded \(ZeroDivisionError"),
        ("def Good(): ...", r"cannot be loaded \(AttributeError"),
        ("class Bad:\n  name = 'bad'", "is no engine: it has no route, signature"),
        ("def Bad(", r"cannot be loaded \(SyntaxError"),
        ("raise SystemExit(9)", r"cannot be loaded \(SystemExit"),
    ],
)
def test_a_plugin_that_cannot_be_loaded_is_one_line(
    code: str,
    said: str,
    plugin: Callable[[str], None],
    show: Path,
    cli: Callable[..., Result],
) -> None:
    plugin(code)
    with pytest.raises(EngineNotInstalledError, match=said) as caught:
        create("bad")
    assert "dramaloc-bad 0.3" in str(caught.value)
    assert "\n" not in str(caught.value)
    ended = cli("localize", show / "E02.zh-Hans.srt", "-m", "en-US", "--engine", "bad")
    assert (ended.exit_code, ended.stderr.count("\n")) == (3, 1)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("  def translate_text(self, *a): raise ValueError('boom\\nboom')", r"failed \(ValueError"),
        ("  def translate(self, *a): return []", "gave 0 answers to 1 texts"),
        ("  def translate(self, *a): return [()]", "gave something that is no rendering"),
        ("  def translate(self, *a): return ['Hello']", "gave something that is no rendering"),
        ("  def translate(self, *a): return 7", r"failed \(TypeError"),
    ],
)
def test_a_plugin_that_breaks_its_promises_is_one_line(
    code: str, said: str, plugin: Callable[[str], None]
) -> None:
    plugin(BASE + code)
    with pytest.raises(EngineError, match=said) as caught:
        create("bad").translate([Request(text="你好")], "zh-Hans", "en")
    assert "\n" not in str(caught.value)


def test_the_doctor_sees_broken_plugins(
    plugin: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dramaloc.cli.doctor import _plugins

    monkeypatch.chdir(tmp_path)
    plugin("import no_such_library")
    facts = {name: (ok, detail) for name, ok, detail in _plugins()}
    ok, detail = facts["engine bad"]
    assert not ok
    assert "no_such_library" in detail


def test_finding_plugins_loads_none(plugin: Callable[[str], None]) -> None:
    plugin("raise SystemExit('loaded')")
    assert find_plugins()["bad"].package == "dramaloc-bad"
