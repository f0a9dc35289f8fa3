"""The loop: a case from its number, a reader's verdict, and the count of both."""

from __future__ import annotations

import faulthandler
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from benchmarks.fuzz.losses import LostError
from benchmarks.fuzz.subjects import Subject
from dramaloc.errors import DramalocError

_HANG_SECONDS = 120  # then the stack is printed and the process ends
_SLOW_SECONDS = 2.0  # of processor time, for a few thousand characters
_EVERY = 10_000
_MOST_FOUND = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A case that broke a promise."""

    number: int
    data: bytes
    error: str


@dataclass
class Tally:
    """What became of a reader's cases."""

    cases: int = 0
    accepted: int = 0
    crashed: int = 0
    lost: int = 0
    slow: int = 0
    seconds: float = 0.0
    found: list[Found] = field(default_factory=list)

    def line(self, name: str) -> str:
        return (
            f"{name}: {self.cases:,} cases, {self.accepted:,} accepted, {self.crashed} crashed, "
            f"{self.lost} lost text, {self.slow} slow, {self.seconds:.0f} s"
        )

    def data(self, name: str) -> dict[str, Any]:
        numbers = {key: value for key, value in vars(self).items() if key != "found"}
        return {"name": name, **numbers, "seconds": round(self.seconds, 1)}


def case(name: str, subject: Subject, number: int) -> bytes:
    """Make the file of a number: the same one every time."""
    return subject.make(subject.seeds, Random(f"{name} {number}"))  # noqa: S311  # no secret


def fuzz(
    name: str,
    subject: Subject,
    cases: int,
    *,
    first: int = 0,
    say: Callable[[str], object] = lambda _: None,
) -> Tally:
    """Try so many cases; a refusal is well, everything else is kept as found."""
    tally = Tally()
    began = time.perf_counter()
    for number in range(first, first + cases):
        if number % _EVERY == 0:
            faulthandler.dump_traceback_later(_HANG_SECONDS * 10, exit=True)
            tally.seconds = time.perf_counter() - began
            say(f"  {tally.line(name)}")
        _one(case(name, subject, number), number, subject, tally)
    faulthandler.cancel_dump_traceback_later()
    tally.seconds = time.perf_counter() - began
    return tally


def _one(data: bytes, number: int, subject: Subject, tally: Tally) -> None:
    tally.cases += 1
    began = time.process_time()
    try:
        subject.check(data, number)
    except DramalocError as error:
        if "\n" in str(error):
            _note(tally, number, data, f"a message of several lines: {error}")
            tally.crashed += 1
    except LostError as error:
        tally.lost += 1
        _note(tally, number, data, str(error))
    except Exception as error:  # noqa: BLE001  # what this is for
        tally.crashed += 1
        _note(tally, number, data, f"{type(error).__name__}: {error}")
    else:
        tally.accepted += 1
    if time.process_time() - began > _SLOW_SECONDS:
        tally.slow += 1
        _note(tally, number, data, "slow")


def _note(tally: Tally, number: int, data: bytes, error: str) -> None:
    if len(tally.found) < _MOST_FOUND:  # one fault is found thousands of times
        tally.found.append(Found(number=number, data=data, error=error[:200]))
