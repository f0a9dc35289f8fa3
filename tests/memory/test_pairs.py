"""Two subtitle files of one cut, paired by time."""

from __future__ import annotations

import pytest

from dramaloc.errors import InputError
from dramaloc.memory.pairs import learn, partners
from dramaloc.subtitles.document import Cue, Document


def _cues(*said: tuple[int, int, str]) -> Document:
    return Document(cues=tuple(Cue(start_ms=a, end_ms=b, text=text) for a, b, text in said))


SOURCE = _cues((0, 1000, "一"), (1000, 2000, "二"), (2000, 4000, "三"), (5000, 6000, "♪"))


def _partners(*targets: tuple[int, int, str]) -> list[tuple[int, ...]]:
    return partners(SOURCE.cues, _cues(*targets).cues)


def test_equal_times_pair_whatever_else_stands_there() -> None:
    targets = ((0, 1000, "one"), (0, 1000, "sign"), (2000, 4000, "three"), (2000, 4100, "more"))
    assert _partners(*targets) == [(0,), (), (2,), ()]


def test_shifted_and_split_cues_pair_by_their_time() -> None:
    targets = ((100, 1100, "one"), (900, 2100, "two"), (2000, 3000, "th-"), (3000, 4000, "-ree"))
    assert _partners(*targets) == [(0,), (1,), (2, 3), ()]


def test_what_covers_two_cues_is_the_partner_of_neither() -> None:
    assert _partners((0, 2000, "one and two"), (2000, 4000, "three")) == [(), (), (1,), ()]


def test_pairs_carry_their_place() -> None:
    target = _cues((0, 1000, "One."), (1000, 2000, "Two."), (2000, 4000, "♪"))
    paired = learn(SOURCE, target, "en-US", origin="Li Na", show="蓝院", episode="E01")
    assert [(e.source, e.target, e.before, e.after) for e in paired.entries] == [
        ("一", "One.", "", "二"),
        ("二", "Two.", "一", "三"),
    ]
    assert {(e.show, e.episode, e.reviewed) for e in paired.entries} == {("蓝院", "E01", True)}
    assert paired.alone == 1


def test_files_of_two_cuts_are_refused() -> None:
    with pytest.raises(InputError, match="only 0 of 3 cues"):
        learn(SOURCE, _cues((90_000, 91_000, "One.")), "en-US")
    with pytest.raises(InputError, match="only 0 of 0 cues"):
        learn(_cues((0, 1, "♪")), _cues((0, 1, "♪")), "en-US")
