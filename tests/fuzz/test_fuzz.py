"""A short run of what `python -m benchmarks.fuzz` does in millions."""

from __future__ import annotations

import pytest

from benchmarks.fuzz.loop import fuzz
from benchmarks.fuzz.subjects import Subject, subjects

READERS = subjects()


@pytest.mark.filterwarnings("ignore::UserWarning")  # openpyxl tells of what it mends
@pytest.mark.parametrize("name", READERS)
def test_no_traceback_and_no_letter_lost(name: str) -> None:
    tally = fuzz(name, READERS[name], 12 if name == "review xlsx" else 60, first=10**9)
    assert [(found.number, found.error) for found in tally.found] == []
    assert tally.cases


def test_what_breaks_a_promise_is_found() -> None:
    def breaks(_data: bytes, number: int) -> None:
        if number == 3:
            raise ZeroDivisionError

    tally = fuzz("broken", Subject(seeds=("a",), check=breaks), 5)
    assert (tally.crashed, [found.number for found in tally.found]) == (1, [3])
