"""Frames and time codes: the numbers of SMPTE ST 12-1, and ways there and back."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dramaloc.errors import InputError
from dramaloc.subtitles.timecode import (
    FrameRate,
    frame_at,
    frame_rate,
    label,
    labelled,
    span,
    time_of,
)

RATES = ("23.976", "24", "25", "29.97", "29.97df", "30", "47.952", "48", "50", "59.94", "59.94df",
         "60", "100", "119.88", "119.88df", "120")  # fmt: skip
HOUR_MS = 3_600_000
rates = st.sampled_from(RATES).map(frame_rate)


@pytest.mark.parametrize(
    ("rate", "frame", "code"),
    [
        ("29.97df", 0, "00:00:00;00"),
        ("29.97df", 1799, "00:00:59;29"),
        ("29.97df", 1800, "00:01:00;02"),
        ("29.97df", 17981, "00:09:59;29"),
        ("29.97df", 17982, "00:10:00;00"),
        ("29.97df", 107892, "01:00:00;00"),
        ("29.97df", 2589407, "23:59:59;29"),
        ("59.94df", 3599, "00:00:59;59"),
        ("59.94df", 3600, "00:01:00;04"),
        ("59.94df", 35964, "00:10:00;00"),
        ("29.97", 1800, "00:01:00:00"),
        ("29.97", 108000, "01:00:00:00"),
        ("23.976", 86400, "01:00:00:00"),
        ("25", 90000, "01:00:00:00"),
        ("120", 119, "00:00:00:119"),
    ],
)
def test_frames_have_the_numbers_that_smpte_gives_them(rate: str, frame: int, code: str) -> None:
    assert label(frame, frame_rate(rate)) == code
    assert labelled(code, frame_rate(rate)) == frame


def test_drop_frame_keeps_to_the_clock() -> None:
    """A day of 29.97 is 86.4 ms late by drop-frame code, and 86.4 seconds by the other."""
    day = 24 * HOUR_MS
    assert abs(time_of(labelled("24:00:00;00", frame_rate("29.97df")), frame_rate("29.97")) - day
               ) == 86  # fmt: skip
    assert time_of(labelled("24:00:00:00", frame_rate("29.97")), frame_rate("29.97")) == day + 86400


@given(st.integers(0, 12_000_000), rates)
def test_a_frame_is_found_again_by_its_code_and_by_its_time(frame: int, rate: FrameRate) -> None:
    assert labelled(label(frame, rate), rate) == frame
    assert frame_at(time_of(frame, rate), rate) == frame


@given(st.integers(0, 12_000_000), rates)
def test_codes_are_in_the_order_of_their_frames(frame: int, rate: FrameRate) -> None:
    assert (
        label(frame, rate) < label(frame + 1, rate) or frame > 99 * HOUR_MS * rate.nominal // 1000
    )


@given(st.integers(0, 100 * HOUR_MS), rates)
def test_no_time_is_farther_than_half_a_frame_from_its_frame(ms: int, rate: FrameRate) -> None:
    there = Fraction(frame_at(ms, rate) * 1000) / rate.exact
    assert abs(there - ms) <= 500 / rate.exact


@pytest.mark.parametrize(
    ("text", "exact", "nominal"),
    [
        ("23.976", Fraction(24000, 1001), 24),
        ("23.98", Fraction(24000, 1001), 24),
        ("29.97", Fraction(30000, 1001), 30),
        ("59.94", Fraction(60000, 1001), 60),
        ("119.88", Fraction(120000, 1001), 120),
        ("30000/1001", Fraction(30000, 1001), 30),
        ("25.000", Fraction(25), 25),
        ("12.5", Fraction(25, 2), 13),
    ],
)
def test_rates_are_exact(text: str, exact: Fraction, nominal: int) -> None:
    assert (frame_rate(text).exact, frame_rate(text).nominal) == (exact, nominal)


@pytest.mark.parametrize(
    "text", ["", "0", "fast", "24/0", "-25", "2000", "25df", "23.976df", "1e3"]
)
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="frame"):
        frame_rate(text)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("00:01:00;00", "left out in drop-frame"),
        ("00:09:00;01", "left out in drop-frame"),
        ("00:00:00;30", "no such frame"),
        ("00:60:00;00", "no time code"),
        ("00:00:01.500", "no time code"),
        ("soon", "no time code"),
    ],
)
def test_codes_that_no_frame_has_are_refused(code: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        labelled(code, frame_rate("29.97df"))


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("1500", 1500),
        ("-1500", -1500),
        ("+1500ms", 1500),
        ("2.5s", 2500),
        ("−0.5 s", -500),
        ("00:00:02", 2000),
        ("-00:00:02,250", -2250),
        ("00:00:01:12", 1480),
        ("-10:00:00:00", -36_000_000),
    ],
)
def test_offsets_are_read(text: str, ms: int) -> None:
    assert span(text, frame_rate("25")) == ms


def test_an_hour_of_film_is_longer_than_an_hour() -> None:
    assert span("01:00:00:00", frame_rate("23.976")) == 3_603_600


@pytest.mark.parametrize("text", ["", "-", "1:30", "1m", "12:61:00", "00:00:01:25"])
def test_what_is_no_offset_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        span(text, frame_rate("25"))
