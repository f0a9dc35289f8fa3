"""TTML's times: clock times, frames, ticks, and the time codes of tape.

https://www.w3.org/TR/ttml2/#time-expression-syntax
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

_CLOCK = re.compile(r"(\d{2,6}):(\d\d):(\d\d)(?:\.(\d{1,99})|:(\d{2,9})(?:\.(\d{1,9}))?)?")
_OFFSET = re.compile(r"(\d{1,18}(?:\.\d{1,99})?)(h|ms|m|s|f|t)")
_WHOLE = re.compile(r"\s*\d{1,12}\s*")
_UNITS = {"h": Fraction(3600), "m": Fraction(60), "s": Fraction(1), "ms": Fraction(1, 1000)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How a file counts: `nominal` frames a second by the code, `rate` in truth; ticks a second.

    `smpte` means that hours and minutes are counted in frames too; `dropped` that every minute
    but each tenth leaves out its first two numbers.
    """

    nominal: int = 30
    rate: Fraction = Fraction(30)
    ticks: int = 1
    subframes: int = 1
    smpte: bool = False
    dropped: bool = False


def clock_of(root: Mapping[str, str]) -> Clock:
    """Read a root element's parameters, prefixes left out; what is no number is as usual."""
    nominal = _whole(root.get("frameRate", ""), 30)
    factor = root.get("frameRateMultiplier", "1 1").replace(":", " ").split()
    up, down = ([_whole(part, 1) for part in factor] + [1, 1])[:2]
    subframes = _whole(root.get("subFrameRate", ""), 1)
    usual = nominal * subframes if "frameRate" in root else 1
    return Clock(
        nominal=nominal,
        rate=Fraction(nominal * up, down),
        ticks=_whole(root.get("tickRate", ""), usual),
        subframes=subframes,
        smpte=root.get("timeBase") == "smpte",
        dropped=root.get("dropMode") == "dropNTSC",
    )


def _whole(text: str, usual: int) -> int:
    return int(text) if _WHOLE.fullmatch(text) and int(text) else usual


def offset(expression: str, clock: Clock) -> int | None:
    """Return a time expression in milliseconds; None if it is none.

    >>> offset("00:00:01:12", Clock(nominal=24, rate=Fraction(24))), offset("1.5s", Clock())
    (1500, 1500)
    """
    expression = expression.strip()
    if match := _OFFSET.fullmatch(expression):
        units = {**_UNITS, "f": 1 / clock.rate, "t": Fraction(1, clock.ticks)}
        return round(Fraction(match[1]) * units[match[2]] * 1000)
    if match := _CLOCK.fullmatch(expression):
        return round(_seconds(match, clock) * 1000)
    return None


def _seconds(match: re.Match[str], clock: Clock) -> Fraction:
    hours, minutes, seconds = map(int, match.groups()[:3])
    whole = (hours * 60 + minutes) * 60 + seconds
    if match[4]:
        return whole + Fraction(f"0.{match[4]}")
    frames = Fraction(int(match[5] or 0)) + Fraction(int(match[6] or 0), clock.subframes)
    if not clock.smpte:
        return whole + frames / clock.rate
    frames += whole * clock.nominal
    if clock.dropped:
        passed = hours * 60 + minutes
        frames -= 2 * (passed - passed // 10)
    return frames / clock.rate
