"""Frames and SMPTE time codes, in exact fractions: a second of film has 24000/1001 frames.

Drop-frame time codes leave out numbers, never frames: 00 and 01 (0 to 3 at 59.94) at the start
of each minute that is no tenth, so that the count keeps to the clock (SMPTE ST 12-1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from dramaloc.errors import InputError

_RATE = re.compile(r"(\d+(?:\.\d+)?)(?:/(\d+))?\s*(df|drop|ndf)?", re.IGNORECASE)
_CODE = re.compile(r"(\d+):([0-5]\d):([0-5]\d)([:;.,])(\d+)")
_NTSC = Fraction(1000, 1001)
_ROUNDED = Fraction(1, 100)  # 23.98 and 23.976 both mean 24000/1001
_DROPPED_AT = 30  # two numbers a minute at 29.97, four at 59.94, eight at 119.88
_MOST = 1000
_NAMED = "Say 23.976, 24, 25, 29.97, 29.97df (drop frame), 30, 50, 59.94, 60 or 120"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameRate:
    """`exact` frames a second, of which a time code counts `nominal`; `drop` as SMPTE drops."""

    exact: Fraction
    drop: bool = False

    @property
    def nominal(self) -> int:
        """Frames a second as a time code counts them: 30 for 29.97."""
        return -(-self.exact.numerator // self.exact.denominator)

    @property
    def dropped(self) -> int:
        """How many numbers each minute leaves out, but for every tenth."""
        return self.nominal // _DROPPED_AT * 2 if self.drop else 0

    def __str__(self) -> str:
        return f"{float(self.exact):.3f}".rstrip("0").rstrip(".") + ("df" if self.drop else "")


def frame_rate(text: str) -> FrameRate:
    """Read a frame rate as people write it. Raises `InputError`.

    >>> [frame_rate(text).exact for text in ("23.98", "29.97df", "24000/1001", "25")]
    [Fraction(24000, 1001), Fraction(30000, 1001), Fraction(24000, 1001), Fraction(25, 1)]
    """
    match = _RATE.fullmatch(text.strip())
    exact = _exact(match) if match else Fraction(0)
    if match is None or not 1 <= exact <= _MOST:
        raise InputError(f"{text!r} is no frame rate", hint=_NAMED)
    drop = (match[3] or "").lower() in ("df", "drop")
    if drop and (exact / _NTSC) % _DROPPED_AT:
        raise InputError(f"no time code drops frames at {text!r}", hint="Say 29.97df or 59.94df")
    return FrameRate(exact=exact, drop=drop)


def _exact(match: re.Match[str]) -> Fraction:
    if match[2]:
        return Fraction(match[1]) / int(match[2]) if int(match[2]) else Fraction(0)
    said = Fraction(match[1])
    ntsc = -(-said.numerator // said.denominator) * _NTSC
    return ntsc if said.denominator > 1 and abs(ntsc - said) < _ROUNDED else said


def frame_at(ms: int | Fraction, rate: FrameRate) -> int:
    """Return the number of the frame whose beginning is nearest to a time, from 0 on."""
    return round(Fraction(ms) * rate.exact / 1000)


def time_of(frame: int, rate: FrameRate) -> int:
    """Return when a frame begins, to the nearest millisecond."""
    return round(Fraction(frame * 1000) / rate.exact)


def label(frame: int, rate: FrameRate) -> str:
    """Write a frame's number as a time code.

    >>> label(1800, frame_rate("29.97df")), label(1800, frame_rate("29.97"))
    ('00:01:00;02', '00:01:00:00')
    """
    if rate.drop:
        frame += _left_out_before(frame, rate)
    seconds, frames = divmod(frame, rate.nominal)
    minutes, seconds = divmod(seconds, 60)
    digits = max(2, len(str(rate.nominal - 1)))
    mark = ";" if rate.drop else ":"
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}{mark}{frames:0{digits}}"


def _left_out_before(frame: int, rate: FrameRate) -> int:
    minute = rate.nominal * 60 - rate.dropped
    tens, rest = divmod(frame, minute * 10 + rate.dropped)
    passed = max(0, (rest - rate.dropped) // minute)  # the first minute of ten is a whole one
    return (tens * 9 + passed) * rate.dropped


def labelled(code: str, rate: FrameRate) -> int:
    """Return the number of the frame with a time code. Raises `InputError` for one that none has.

    `;` counts as drop frame at the rates that know it, whatever `rate` says of itself.

    >>> labelled("00:10:00;00", frame_rate("29.97"))
    17982
    """
    match = _CODE.fullmatch(code.strip())
    if match is None or match[4] not in ":;":
        raise InputError(f"{code!r} is no time code", hint="Write 00:01:02:12")
    if match[4] == ";" and not rate.drop:
        rate = frame_rate(f"{rate.exact}df")
    hours, minutes, seconds, frames = (int(match[at]) for at in (1, 2, 3, 5))
    if frames >= rate.nominal:
        raise InputError(f"{code!r} has no such frame: a second has {rate.nominal}")
    if frames < rate.dropped and seconds == 0 and minutes % 10:
        raise InputError(
            f"{code!r} is left out in drop-frame time code",
            hint=f"The frame after it is {code.strip()[:-1]}{rate.dropped}",
        )
    passed = hours * 60 + minutes
    counted = (passed * 60 + seconds) * rate.nominal + frames
    return counted - (passed - passed // 10) * rate.dropped


def span(text: str, rate: FrameRate) -> Fraction:
    """Read a time or an offset in milliseconds: a number, a clock time, or a time code.

    >>> [int(span(text, frame_rate("25"))) for text in ("-1500", "-00:00:01.5", "0:00:01:05")]
    [-1500, -1500, 1200]
    """
    plain = text.strip()
    sign = -1 if plain.startswith(("-", "−")) else 1
    body = plain.lstrip("+-−").strip()
    if match := re.fullmatch(r"(\d+(?:\.\d+)?)\s*(ms|s)?", body):
        return sign * Fraction(match[1]) * (1000 if match[2] == "s" else 1)
    code = _CODE.fullmatch(body)
    if code and code[4] in ":;":
        return sign * Fraction(labelled(body, rate) * 1000) / rate.exact
    if code or (code := re.fullmatch(r"(\d+):([0-5]\d):([0-5]\d)(.?)(\d*)", body)):
        whole = (int(code[1]) * 60 + int(code[2])) * 60 + int(code[3])
        return sign * (whole + Fraction(f"0.{code[5] or 0}")) * 1000
    raise InputError(
        f"{text!r} is no time", hint="Write milliseconds (-1500), 2.5s, 00:00:02.500 or 00:00:02:12"
    )
