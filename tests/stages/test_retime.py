from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dramaloc.markets.market import Limits, Market
from dramaloc.stages.retime import retime
from dramaloc.subtitles.document import Cue, Document

MARKET = Market(code="en-US", name="English", limits=Limits(max_cps=20.0, min_duration_ms=833))


def ends(*cues: tuple[int, int, str], fps: float = 25.0) -> list[int]:
    document = Document(cues=tuple(Cue(start_ms=a, end_ms=b, text=text) for a, b, text in cues))
    return [cue.end_ms for cue in retime(document, MARKET, fps).cues]


@pytest.mark.parametrize(
    ("cues", "expected", "why"),
    [
        ([(0, 1000, "Hi.")], [1000], "nothing asks for more"),
        ([(0, 400, "Hi.")], [840], "minimum duration, on the next frame"),
        ([(0, 1000, "x" * 24)], [1200], "24 characters need 1.2 seconds"),
        ([(0, 1000, "x" * 40)], [1520], "no more than half a second after the last word"),
        ([(0, 1000, "x" * 24), (1150, 3000, "y")], [1070, 3000], "two frames before the next"),
        ([(0, 1000, "x"), (1300, 3000, "y")], [1220, 3000], "a gap that flickers is closed"),
        ([(0, 1000, "x"), (1500, 3000, "y")], [1000, 3000], "a gap one can see stays"),
        ([(0, 1000, "x"), (1080, 3000, "y")], [1000, 3000], "two frames are there already"),
        ([(0, 1000, "x" * 40), (900, 3000, "y")], [1000, 3000], "an overlap is not made worse"),
        ([(0, 1000, "x" * 40), (1000, 3000, "y")], [1000, 3000], "nothing gets shorter"),
        ([(1000, 1000, "x"), (5000, 6000, "y")], [1000, 6000], "no time at all is a fault to see"),
        ([(0, 6900, "x"), (7200, 9000, "y")], [7000, 9000], "never longer than the maximum"),
        ([(0, 400, "{\\an8}<i>Hi.</i>")], [840], "tags are not read"),
        ([(5000, 5400, "b"), (0, 400, "a")], [5840, 840], "order in the file does not matter"),
    ],
)
def test_out_times(cues: list[tuple[int, int, str]], expected: list[int], why: str) -> None:
    assert ends(*cues) == expected, why


def test_frames_of_the_video_count() -> None:
    cues = ((0, 400, "Hi."),)
    assert ends(*cues, fps=23.976) == [834]
    assert ends(*cues, fps=120.0) == [833]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 20_000),
            st.integers(0, 8_000),
            st.text(st.sampled_from("ab \n"), max_size=90),
        ),
        max_size=12,
    ),
    st.sampled_from([23.976, 24.0, 25.0, 29.97, 50.0, 120.0]),
)
def test_only_out_times_move_and_only_into_silence(
    said: list[tuple[int, int, str]], fps: float
) -> None:
    cues = tuple(Cue(start_ms=at, end_ms=at + long, text=text) for at, long, text in said)
    document = Document(cues=cues)
    found = retime(document, MARKET, fps)
    longest = MARKET.limits.max_duration_ms
    for old, new in zip(cues, found.cues, strict=True):
        assert replace(new, end_ms=old.end_ms) == old
        assert new.end_ms >= old.end_ms
        assert new.end_ms == old.end_ms or new.duration_ms <= longest
    in_order = sorted(zip(cues, found.cues, strict=True), key=lambda pair: pair[0].start_ms)
    gap = int(2 * 1000 / fps)
    for (old, new), (_, following) in pairwise(in_order):
        if new.end_ms != old.end_ms and following.start_ms > new.start_ms:
            assert new.end_ms <= following.start_ms - gap
