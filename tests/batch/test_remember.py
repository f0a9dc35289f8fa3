"""What engines wrote is kept from run to run, beside what people decided."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "stages"))  # the tests are no package

from fakes import FakeEngine

from dramaloc.batch.remember import KeptRenderings
from dramaloc.glossary.term import Term
from dramaloc.markets.market import Market
from dramaloc.memory.store import Memory
from dramaloc.stages.localization import Choices
from dramaloc.stages.pipeline import localize
from dramaloc.subtitles.document import Document

Make = Callable[..., Document]
Bare = Callable[..., Market]
LINES = ("他学木雕", "你好", "木雕很好", "再见")
CARVING = Term(source="木雕", target="wood carving")


def _asked(path: Path, document: Document, market: Market) -> tuple[set[str], list[str]]:
    """Run as a new process would; return what the engine was asked, and what came of it."""
    engine = FakeEngine(default=lambda text: "A wood carving." if "木雕" in text else "Hello.")
    found = localize(
        document,
        market,
        engine=engine,
        choices=Choices(joining=None),
        renderings=KeptRenderings(path),
    )
    asked = {request.text for call in engine.calls for request in call}
    return asked, [cue.text for cue in found.target.cues]


def test_after_a_term_was_edited_only_its_lines_are_asked_again(
    tmp_path: Path, document: Make, bare_market: Bare
) -> None:
    path = tmp_path / "memory.sqlite"
    Memory.open(path, create=True).close()
    episode, market = document(*LINES), bare_market(CARVING)
    asked, texts = _asked(path, episode, market)
    assert asked == set(LINES)
    assert _asked(path, episode, market) == (set(), texts)
    edited = bare_market(replace(CARVING, accept=("woodwork",)))
    asked, again = _asked(path, episode, edited)
    assert asked <= {"他学木雕", "木雕很好"}
    assert again == texts
    with Memory.open(path) as memory:
        assert len(memory) == 0  # a machine's lines are nobody's decision


def test_a_memory_that_cannot_be_used_costs_time_and_nothing_else(
    tmp_path: Path, document: Make, bare_market: Bare
) -> None:
    path = tmp_path / "memory.sqlite"
    path.write_bytes(b"not SQLite at all" * 99)
    asked, _ = _asked(path, document(*LINES), bare_market(CARVING))
    assert asked == set(LINES)
