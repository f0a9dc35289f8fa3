"""Files that several commands are tried on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def pair(tmp_path: Path, make_srt: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A translation with one fault of each severity, and its source; also the cwd."""
    (tmp_path / "E01.zh-Hans.srt").write_text(make_srt("你好", "木雕"), encoding="utf-8")
    (tmp_path / "E01.en-US.srt").write_text(make_srt("Hello  there", "A woodcut"), "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path
