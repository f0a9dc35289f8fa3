"""Times moved together: nothing gets lost, out of order or off its frame."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dramaloc.errors import InputError
from dramaloc.subtitles.document import Block, Cue, Document
from dramaloc.subtitles.timecode import frame_at, frame_rate, time_of
from dramaloc.subtitles.timing import moved

PAL, FILM = frame_rate("25"), frame_rate("23.976")
RATES = st.sampled_from(["23.976", "24", "25", "29.97", "30", "50", "59.94", "60", "120"])


def one(start: int, end: int, text: str = "x") -> Document:
    return Document(cues=(Cue(start_ms=start, end_ms=end, text=text, number=1, line=2),))


def test_pal_speed_up_undone() -> None:
    """An hour at 25 is an hour, two minutes and 33.75 seconds of film at 23.976."""
    slower = moved(one(3_600_000, 3_601_000), stretch=PAL.exact / FILM.exact)
    assert (slower.cues[0].start_ms, slower.cues[0].end_ms) == (3_753_750, 3_754_793)


@given(st.lists(st.integers(0, 9_000_000), min_size=2, max_size=8), RATES, RATES)
def test_a_cue_keeps_its_frame_at_any_rate(frames: list[int], old: str, new: str) -> None:
    before, after = frame_rate(old), frame_rate(new)
    frames = [frame % (3600 * before.nominal) for frame in sorted(frames)]
    cues = tuple(Cue(start_ms=time_of(at, before), end_ms=time_of(at + 1, before), text="")
                 for at in frames)  # fmt: skip
    stretched = moved(Document(cues=cues), stretch=before.exact / after.exact)
    assert [frame_at(cue.start_ms, after) for cue in stretched.cues] == frames
    back = moved(stretched, stretch=after.exact / before.exact, onto=before)
    assert back.cues == cues


@given(
    st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 9000)), max_size=9),
    RATES,
    st.integers(-5000, 5000),
)
def test_snapped_times_lie_on_frames_in_the_same_order(
    times: list[tuple[int, int]], rate: str, shift: int
) -> None:
    video = frame_rate(rate)
    cues = tuple(Cue(start_ms=a + 6000, end_ms=a + b + 6000, text="") for a, b in sorted(times))
    snapped = moved(Document(cues=cues), shift=Fraction(shift), onto=video)
    for old, new in zip(cues, snapped.cues, strict=True):
        for ms in (new.start_ms, new.end_ms):
            assert time_of(frame_at(ms, video), video) == ms
        assert abs(new.start_ms - old.start_ms - shift) <= 500 / video.exact + 1
        assert (new.duration_ms > 0) == (old.duration_ms > 0)
    starts = [cue.start_ms for cue in snapped.cues]
    assert starts == sorted(starts)
    assert moved(snapped, onto=video) == snapped


@given(st.integers(-4000, 90_000_000))
def test_a_shift_can_be_taken_back(shift: int) -> None:
    document = one(5000, 7000, "<00:00:06.000>x")
    there = moved(document, shift=Fraction(shift))
    assert moved(there, shift=Fraction(-shift)) == document


def test_times_within_cues_and_karaoke_go_along() -> None:
    sung = Block(line=9, position=1, kind="karaoke", start_ms=1000, end_ms=2000,
                 text="Dialogue: 0,,,Default,,0,0,0,,{\\k33}蓝{\\kf33}花{\\k34}花")  # fmt: skip
    document = replace(one(1000, 3000, "<i>a<00:00:02.000>b</i>"), blocks=(sung,))
    done = moved(document, stretch=Fraction(3, 2), shift=Fraction(100))
    assert done.cues[0].text == "<i>a<00:00:03.100>b</i>"
    assert (done.blocks[0].start_ms, done.blocks[0].end_ms) == (1600, 3100)
    assert "{\\k50}蓝{\\kf49}花{\\k51}花" in done.blocks[0].text


@pytest.mark.parametrize(
    ("shift", "said"),
    [
        (-1500, "2: this cue would begin 0.5 s before the video. Shift by 500 ms more"),
        (360_000_000, "2: this cue would end after 100 hours"),
    ],
)
def test_times_out_of_range_are_one_error(shift: int, said: str) -> None:
    with pytest.raises(InputError) as error:
        moved(one(1000, 2000), shift=Fraction(shift))
    assert str(error.value).startswith(said)


def test_several_cues_out_of_range_are_counted() -> None:
    cues = tuple(Cue(start_ms=1000 * at, end_ms=1000 * at + 500, text="") for at in (3, 2, 1, 9))
    with pytest.raises(InputError, match=r"\(3 such cues\)\. Shift by 3000 ms more"):
        moved(Document(cues=cues), shift=Fraction(-4000))


def test_nothing_asked_changes_nothing() -> None:
    document = one(1, 3)
    assert moved(document) is document
