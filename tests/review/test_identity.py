"""Which cue is which, whatever happens around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from dramaloc.review.identity import rows, start_in
from dramaloc.subtitles.document import Cue, Document

Make = Callable[..., Document]


def _cues(*texts: str) -> tuple[Cue, ...]:
    return tuple(
        Cue(start_ms=2500 * at, end_ms=2500 * at + 2000, text=text) for at, text in enumerate(texts)
    )


@given(st.lists(st.sampled_from("木雕 扎染 泥塑 剪纸".split()), min_size=1, max_size=9), st.data())
def test_a_cue_taken_out_changes_no_other_key(texts: list[str], data: st.DataObject) -> None:
    cues = _cues(*texts)
    gone = data.draw(st.integers(0, len(cues) - 1))
    source, target = Document(cues=cues), Document(cues=cues, language="en-US")
    all_keys = [row.key for row in rows(target, source)]
    assert len(set(all_keys)) == len(cues)
    left = tuple(cue for at, cue in enumerate(cues) if at != gone)
    keys = [row.key for row in rows(replace(target, cues=left), replace(source, cues=left))]
    assert keys == [key for at, key in enumerate(all_keys) if at != gone]


def test_another_time_or_text_is_another_cue(document: Make) -> None:
    source = document("木雕")
    (row,) = rows(source, source)
    (moved,) = rows(source, replace(source, cues=(replace(source.cues[0], start_ms=40),)))
    (said,) = rows(source, document("泥塑"))
    assert len({row.key, moved.key, said.key}) == 3
    assert start_in(row.key) == 0
    assert start_in(moved.key) == 40


def test_twins_of_damaged_files_are_told_apart(document: Make) -> None:
    twice = replace(document("木雕"), cues=document("木雕").cues * 2)
    first, second = rows(twice, twice)
    assert second.key == f"{first.key}.2"


def test_what_is_no_key_has_no_time() -> None:
    assert [start_in(key) for key in ("", "-1-ab", "١٢-ab", "x", "12")] == [
        None, None, None, None, 12,
    ]  # fmt: skip
