"""What a timeline finds is what asking every cue would find."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dramaloc.subtitles.document import Cue
from dramaloc.subtitles.timeline import Timeline

TIMES = st.integers(0, 40)
CUES = st.builds(
    lambda start, lasts: Cue(start_ms=start, end_ms=start + lasts, text=""),
    TIMES,
    st.integers(-3, 12),
)


@given(cues=st.lists(CUES, max_size=12), cue=CUES)
def test_cues_that_share_time_are_found_in_their_order(cues: list[Cue], cue: Cue) -> None:
    sharing = [
        at
        for at, other in enumerate(cues)
        if min(cue.end_ms, other.end_ms) > max(cue.start_ms, other.start_ms)
    ]
    assert set(sharing) <= set(found := Timeline(cues).beside(cue))
    assert found == sorted(found)


@given(cues=st.lists(CUES, max_size=12), ms=TIMES)
def test_the_nearest_is_the_first_of_those_that_begin_nearest(cues: list[Cue], ms: int) -> None:
    expected = min(range(len(cues)), key=lambda at: abs(cues[at].start_ms - ms), default=0)
    found = Timeline(cues).nearest(ms)
    if not cues:
        assert found == 0
    else:
        assert abs(cues[found].start_ms - ms) == abs(cues[expected].start_ms - ms)
        assert found == cues.index(next(c for c in cues if c.start_ms == cues[found].start_ms))
