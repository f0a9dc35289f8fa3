"""The memory's file: what goes in comes out, for several processes and strange files too."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from dramaloc.errors import InputError, MemoryFileError
from dramaloc.memory import file
from dramaloc.memory.entry import Asked, Entry, plain
from dramaloc.memory.store import Memory

HELLO = Entry(source="你好", target="Hello.", market="en-US", origin="Li Na", reviewed=True)
PLACED = replace(HELLO, show="蓝院", episode="E01", before="谁啊", after="进来")


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    with Memory.open(tmp_path / "memory.sqlite", create=True) as opened:
        yield opened


def _targets(memory: Memory, asked: Asked, market: str = "en-US") -> list[str]:
    return [hit.entry.target for hit in memory.exact(asked, market)]


def test_what_goes_in_comes_out(memory: Memory) -> None:
    marked = replace(PLACED, source="{\\an8}<i>你\n好</i>", target="<i>Hi,\nthere.</i>")
    assert memory.add([PLACED, marked]) == 2
    assert tuple(memory.entries()) == (PLACED, marked)
    with Memory.open(memory.path) as reader:
        assert tuple(reader.entries("en-US", show="蓝院", episode="E01")) == (PLACED, marked)
        assert not tuple(reader.entries("de-DE"))
        assert len(reader) == 2


def test_the_same_again_changes_nothing_and_a_new_decision_replaces_the_old(
    memory: Memory,
) -> None:
    assert memory.add([PLACED, PLACED]) == 1
    assert memory.add([PLACED]) == 0
    decided = replace(PLACED, target="Hi.", origin="Tom")
    assert memory.add([decided]) == 1
    assert tuple(memory.entries()) == (decided,)


def test_reviewed_entries_and_matching_neighbours_come_first(memory: Memory) -> None:
    memory.add(
        [
            replace(HELLO, target="machine", origin="argos", reviewed=False, before="谁啊"),
            replace(HELLO, target="elsewhere", before="走", after="开"),
            replace(HELLO, target="one neighbour", before="谁啊", after="开"),
            replace(HELLO, target="both", before="<i>谁啊</i>", after="进来"),
            replace(HELLO, target="this episode", show="蓝院", episode="E01", before="走"),
            replace(HELLO, target="this show", show="蓝院", episode="E02", before="走"),
            replace(HELLO, target="Hallo.", market="de-DE"),
        ]
    )
    asked = Asked(source="你好", before="谁啊", after="进来", show="蓝院", episode="E01")
    assert _targets(memory, asked) == [
        "both", "one neighbour", "this episode", "this show", "elsewhere", "machine",
    ]  # fmt: skip
    assert [hit.neighbours for hit in memory.exact(asked, "en-US")] == [2, 1, 0, 0, 0, 1]
    assert _targets(memory, asked, "de-DE") == ["Hallo."]
    assert _targets(memory, Asked(source="再见")) == []


def test_neighbours_that_are_not_there_match_nothing(memory: Memory) -> None:
    memory.add([HELLO])
    (hit,) = memory.exact(Asked(source="你好"), "en-US")
    assert hit.neighbours == 0


def test_entries_without_words_are_passed_over(memory: Memory) -> None:
    assert memory.add([replace(HELLO, source="♪"), replace(HELLO, target=" ")]) == 0
    assert not memory.fuzzy("♪", "en-US")


def test_similar_entries_are_found_the_most_similar_first(memory: Memory) -> None:
    sources = ("我明天去大理看外婆", "我明天去大理看奶奶", "他昨天去大理看奶奶了", "今天下雨")
    memory.add([replace(HELLO, source=source, target=source) for source in sources])
    hits = memory.fuzzy("我明天去大理看外公", "en-US")
    assert [(hit.entry.source, hit.similarity) for hit in hits] == [
        ("我明天去大理看外婆", 0.8889),
        ("我明天去大理看奶奶", 0.7778),
    ]
    assert not memory.fuzzy("我明天去大理看外公", "de-DE")
    assert sources[0] not in {h.entry.source for h in memory.fuzzy(sources[0], "en-US")}


_HAN = st.text("一二三四五 ", min_size=1, max_size=9).map(str.strip).filter(bool)


@settings(max_examples=300)
@example(["一一一"], "一一一三")
@example(["一一三一"], "一一三")
@given(st.lists(_HAN, min_size=1, max_size=20, unique=True), _HAN)
def test_the_index_finds_what_reading_all_would(sources: list[str], wanted: str) -> None:
    with Memory.holding([replace(HELLO, source=text) for text in sources]) as memory:
        found = {hit.entry.source for hit in memory.fuzzy(wanted, "en-US", limit=99)}
    alike = {
        text
        for text in sources
        if text != wanted and Levenshtein.normalized_similarity(text, wanted) >= 0.7
    }
    assert found == alike


def test_search_looks_in_both_languages_and_takes_signs_as_they_are(memory: Memory) -> None:
    memory.add([HELLO, replace(HELLO, source="百分之百", target="100% sure")])
    assert [entry.target for entry in memory.search("hello")] == ["Hello."]
    assert [entry.target for entry in memory.search("之")] == ["100% sure"]
    assert [entry.target for entry in memory.search("0%")] == ["100% sure"]
    assert not memory.search("1_0")
    assert not memory.search("hello", "de-DE")


def test_stats_count_by_place_and_origin(memory: Memory) -> None:
    memory.add([PLACED, replace(PLACED, source="再见"), replace(PLACED, reviewed=False)])
    (count,) = memory.stats()
    assert (count.market, count.show, count.episode, count.origin) == (
        "en-US", "蓝院", "E01", "Li Na",
    )  # fmt: skip
    assert (count.entries, count.reviewed) == (3, 2)


_WRITER = """
import sys
from pathlib import Path
from dramaloc.memory.entry import Entry
from dramaloc.memory.store import Memory
for number in range(40):
    with Memory.open(Path(sys.argv[1]), create=True) as memory:
        memory.add([
            Entry(source=f"第{number}句{sys.argv[2]}", target=sys.argv[2], market="en-US"),
            Entry(source=f"第{number}句", target=sys.argv[2], market="en-US"),
        ])
"""


def test_two_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite"
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(path), name]) for name in ("甲", "乙")
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    with Memory.open(path) as memory:
        sources = {entry.source for entry in memory.entries()}
        assert len(memory) == len(sources) == 120
        assert memory.fuzzy("第7句", "en-US", at_least=0.5)
    assert [each.name for each in tmp_path.iterdir()] == ["memory.sqlite"]


def _refusal(path: Path, *, create: bool = False) -> str:
    with pytest.raises(InputError) as refused:
        Memory.open(path, create=create)
    assert str(path) in str(refused.value)
    return str(refused.value)


def test_files_that_are_no_memory_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite"
    assert "no such memory" in _refusal(path)
    assert not path.exists()
    assert "a folder" in _refusal(tmp_path, create=True)
    path.write_text("1\n00:00:01,000 --> 00:00:02,000\n你好\n" * 50, encoding="utf-8")
    assert "no translation memory" in _refusal(path, create=True)
    path.unlink()
    with sqlite3.connect(path) as foreign:
        foreign.execute("CREATE TABLE tm (source TEXT)")
    foreign.close()
    before = path.read_bytes()
    assert "another program's" in _refusal(path)
    assert "another program's" in _refusal(path, create=True)
    assert path.read_bytes() == before


def test_a_newer_memory_is_refused_and_left_alone(memory: Memory) -> None:
    memory.add([HELLO])
    memory._db.execute("PRAGMA user_version = 99")
    assert "Update dramaloc" in _refusal(memory.path)
    assert "Update dramaloc" in _refusal(memory.path, create=True)


def test_a_locked_memory_is_waited_for_and_then_reported(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.add([HELLO])
    monkeypatch.setattr(file, "_PATIENCE_S", 0.05)
    with Memory.open(memory.path, create=True) as other, file.writing(memory._db):
        with pytest.raises(MemoryFileError, match=r"another program holds this memory\. Try again"):
            other.add([PLACED])
        assert _targets(other, Asked(source="你好")) == ["Hello."]  # readers need not wait


def test_a_damaged_memory_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite"
    with Memory.open(path, create=True) as memory:
        memory.add([replace(HELLO, source=f"第{n}句话", target="x" * 50) for n in range(500)])
    data = bytearray(path.read_bytes())
    data[4096 * 2 :] = bytes(len(data) - 4096 * 2)
    path.write_bytes(data)
    with pytest.raises(MemoryFileError, match="is damaged") as refused, Memory.open(path) as memory:
        list(memory.entries())
    assert "\n" not in str(refused.value)


def test_an_interrupted_change_leaves_nothing_half_written(memory: Memory) -> None:
    def breaking() -> Iterator[Entry]:
        yield HELLO
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        memory.add(breaking())
    assert len(memory) == 0
    assert memory.add([HELLO]) == 1


@given(st.text("你 \n♪-[]<i>/{\\\\an8}", max_size=12))
def test_plain_text_is_one_line(text: str) -> None:
    assert "\n" not in plain(text)
