"""What the tests share: a home of their own, the samples, small files, the command line."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import settings

from dramaloc.glossary.term import Glossary, Term
from dramaloc.markets.market import Market
from dramaloc.markets.packs import load_market
from dramaloc.subtitles.document import Cue, Document

# A machine at work on something else is no reason to fail.
settings.register_profile("dramaloc", deadline=None)
settings.load_profile("dramaloc")

ROOT = Path(__file__).parent.parent
OUTER_ENVIRONMENT = dict(os.environ)

# argostranslate makes its folders when imported, so the home must move before any test runs.
_HOME = tempfile.TemporaryDirectory(prefix="dramaloc-tests-")
os.environ.update(
    {
        "HOME": _HOME.name,
        "USERPROFILE": _HOME.name,
        "XDG_DATA_HOME": f"{_HOME.name}/data",
        "XDG_CONFIG_HOME": f"{_HOME.name}/config",
        "XDG_CACHE_HOME": f"{_HOME.name}/cache",
    }
)
for _name in [name for name in os.environ if name.startswith(("DRAMALOC_", "ARGOS_"))]:
    del os.environ[_name]


def pytest_unconfigure() -> None:
    _HOME.cleanup()


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def outer_environment() -> dict[str, str]:
    """The environment as it was before the tests moved the home."""
    return OUTER_ENVIRONMENT


@pytest.fixture(scope="session")
def samples() -> Path:
    """The sample show."""
    return ROOT / "samples" / "indigo-house"


@pytest.fixture(scope="session")
def en_us() -> Market:
    return load_market("en-US")


@pytest.fixture(scope="session")
def bare_market(en_us: Market) -> Callable[..., Market]:
    """Make a market with en-US's limits and only the terms given."""

    def make(*terms: Term, code: str = "en-US", **limits: Any) -> Market:
        return replace(
            en_us, code=code, glossary=Glossary(terms), limits=replace(en_us.limits, **limits)
        )

    return make


@pytest.fixture(scope="session")
def document() -> Callable[..., Document]:
    """Make a document of texts, two seconds each, half a second apart."""

    def make(*texts: str) -> Document:
        cues = tuple(
            Cue(number=at + 1, start_ms=2500 * at, end_ms=2500 * at + 2000, text=text)
            for at, text in enumerate(texts)
        )
        return Document(cues=cues, language="zh-Hans")

    return make


def srt(*texts: str) -> str:
    """Write texts as SubRip, two seconds each."""
    cues = [
        f"{at + 1}\n00:00:{3 * at:02},000 --> 00:00:{3 * at + 2:02},000\n{text}\n"
        for at, text in enumerate(texts)
    ]
    return "\n".join(cues) + "\n"


@pytest.fixture(scope="session")
def make_srt() -> Callable[..., str]:
    return srt


@pytest.fixture
def show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two episodes and things that are none of our business; also the cwd."""
    folder = tmp_path / "show"
    folder.mkdir()
    (folder / "E01.zh-Hans.srt").write_text(srt("你好", "奶奶来了"), encoding="utf-8")
    (folder / "E02.zh-Hans.srt").write_text(srt("再见"), encoding="utf-8")
    (folder / "E01.reference.en.srt").write_text(srt("Hello", "Bye"), encoding="utf-8")
    (folder / "notes.txt").write_text("不是字幕", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


Cli = Callable[..., Result]


@pytest.fixture
def cli() -> Cli:
    """Call the command line in this process; any exception but its exit is a failure."""
    from dramaloc.cli import main

    def call(
        *args: str | Path,
        stdin: bytes | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Result:
        words: Sequence[str] = [str(arg) for arg in args]
        result = CliRunner().invoke(main, words, input=stdin, env=env)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call
