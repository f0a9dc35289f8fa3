"""The coverage table in the glossaries' README is what the packs say today."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

from dramaloc.markets.packs import list_codes


@pytest.fixture
def coverage(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(root))
    sys.modules.pop("benchmarks", None)
    return importlib.import_module("benchmarks.coverage")


def test_the_readme_is_up_to_date(coverage: ModuleType) -> None:
    readme = coverage.README.read_text(encoding="utf-8")
    assert readme == coverage.rewritten(readme), "run: uv run python -m benchmarks.coverage --write"


def test_every_pack_has_a_row_whose_kinds_add_up(coverage: ModuleType) -> None:
    _, _, *lines = coverage.table().split("\n")
    assert len(lines) == len(list_codes())
    for line in lines:
        *counts, total, _ = [int(cell.strip() or 0) for cell in line.split("|")[2:-1]]
        assert sum(counts) == total


def test_only_what_stands_between_the_markers_changes(
    coverage: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coverage, "table", lambda: "| market |")
    begin, end = coverage.BEGIN, coverage.END
    written = coverage.rewritten(f"before\n{begin}\nold\n{end}\nafter\n")
    assert written.startswith(f"before\n{begin}\n\n| market |")
    assert written.endswith(f"\n\n{end}\nafter\n")
    assert coverage.rewritten(written) == written
    assert coverage.rewritten("text\n").startswith(f"text\n\n{begin}\n")
