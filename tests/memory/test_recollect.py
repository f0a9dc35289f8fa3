"""What a memory says about a document's cues: the same ones, changed ones, similar ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dramaloc.memory.entry import Entry, Recollection, asked
from dramaloc.memory.recall import fingerprint, recollect, suggest
from dramaloc.memory.store import Memory
from dramaloc.subtitles.document import Document

Make = Callable[..., Document]


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    with Memory.open(tmp_path / "memory.sqlite", create=True) as opened:
        yield opened


def _reviewed(document: Document, *targets: str, episode: str = "E01") -> list[Entry]:
    return [
        Entry(
            source=(here := asked(document.cues, at)).source,
            target=target,
            market="en-US",
            origin="Li Na",
            reviewed=True,
            show="蓝院",
            episode=episode,
            before=here.before,
            after=here.after,
        )
        for at, target in enumerate(targets)
        if target
    ]


def _recall(memory: Memory, document: Document, episode: str = "E01") -> dict[int, Recollection]:
    known = recollect(memory, document.cues, "en-US", show="蓝院", episode=episode)
    return {each.position: each for each in known}


def _targets(known: Recollection) -> list[str]:
    return [hit.entry.target for hit in known.hits]


def test_a_cues_own_text_is_known_as_its_own(memory: Memory, document: Make) -> None:
    episode = document("谁", "好", "走吧", "好", "♪")
    memory.add(_reviewed(episode, "Who?", "Sure.", "", "Deal."))
    known = _recall(memory, episode)
    assert {at: _targets(each) for at, each in known.items()} == {
        0: ["Who?"], 1: ["Sure."], 3: ["Deal."],
    }  # fmt: skip
    assert all(each.own for each in known.values())
    assert not any(each.own for each in _recall(memory, episode, "E02").values())


def test_what_was_reviewed_in_several_ways_elsewhere_is_told_so(
    memory: Memory, document: Make
) -> None:
    memory.add(_reviewed(document("谁", "好", "走吧", "好"), "", "Sure.", "", "Deal."))
    known = _recall(memory, document("你好", "好", "再见"), "E02")
    assert _targets(known[1]) == ["Sure.", "Deal."]
    memory.add(_reviewed(document("你好", "好"), "", "Sure.", episode="E09"))
    assert _targets(_recall(memory, document("你好", "好", "再见"), "E02")[1]) == ["Sure."]


def test_drafts_are_no_decision(memory: Memory, document: Make) -> None:
    drafts = [replace(each, reviewed=False) for each in _reviewed(document("你好"), "Hello.")]
    memory.add(drafts)
    assert not _recall(memory, document("你好"))
    (suggested,) = suggest(memory, document("你好").cues, "en-US", [0])
    assert (suggested.hit.similarity, suggested.hit.entry.target) == (1.0, "Hello.")


def test_a_changed_line_is_known_by_its_neighbours(memory: Memory, document: Make) -> None:
    memory.add(
        _reviewed(document("甲", "我明天走", "乙", "丙"), "A", "I leave tomorrow.", "B", "C")
    )
    known = _recall(memory, document("甲", "我后天走", "乙", "丁"))
    assert [(at, each.former and each.former.target) for at, each in known.items()] == [
        (0, None),
        (1, "I leave tomorrow."),
        (2, None),
    ]  # 丙 → 丁 has one neighbour, and nothing else in common
    moved = _recall(memory, document("甲", "新的一句", "我明天走", "乙", "丙"))
    assert 1 not in moved  # the old line still stands elsewhere
    assert not _recall(memory, document("甲", "我后天走", "乙"), "E02")[0].former


def test_the_fingerprint_changes_only_with_what_matters(memory: Memory, document: Make) -> None:
    episode = document("你好", "再见")
    assert fingerprint(recollect(memory, episode.cues, "en-US")) == ""
    memory.add(_reviewed(episode, "Hello."))
    first = fingerprint(_recall(memory, episode).values())
    memory.add(_reviewed(document("完全别的", "一句话"), "Other.", "Lines."))
    assert fingerprint(_recall(memory, episode).values()) == first
    memory.add(_reviewed(episode, "Hi."))
    assert fingerprint(_recall(memory, episode).values()) != first


def test_suggestions_are_similar_lines_each_text_once(memory: Memory, document: Make) -> None:
    lines = document("我明天去大理看外婆", "我明天去大理看奶奶", "下雨")
    memory.add(_reviewed(lines, "To Gran.", "To Gran.", "Rain."))
    found = suggest(memory, document("我明天去大理看外公", "好").cues, "en-US", [0, 1])
    assert [(each.position, each.hit.entry.source) for each in found] == [(0, lines.cues[0].text)]
