"""The word lists that finding names needs: surnames, forms of address, places, everyday words."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dramaloc.files import read_text

_FOLDER = Path(__file__).parent / "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordLists:
    """What is known of Chinese names and of everyday Chinese.

    `surnames` holds compound ones too; `everyday_surnames` those that are also common words,
    so that one of them alone proves nothing. `given` are characters common in given names.
    `after` and `before` map a form of address to its English, with `{}` for the name.
    `everyday` are words that look like names and are none.
    """

    surnames: frozenset[str]
    everyday_surnames: frozenset[str]
    given: frozenset[str]
    after: dict[str, str]
    before: dict[str, str]
    places: frozenset[str]
    organizations: tuple[str, ...]
    everyday: frozenset[str]


@lru_cache(maxsize=1)
def word_lists() -> WordLists:
    """Read the lists that came with dramaloc; pypinyin's dictionary adds everyday words."""
    from pypinyin.phrases_dict import phrases_dict

    address = list(csv.DictReader(read_text(_FOLDER / "address.csv").splitlines()))
    places = frozenset(_words("places"))
    common = frozenset(_words("everyday")) | phrases_dict.keys()
    return WordLists(
        surnames=_surnames(),
        everyday_surnames=frozenset("".join(_words("everyday_surnames"))),
        given=frozenset("".join(_words("given"))),
        after={row["word"]: row["english"] for row in address if row["place"] == "after"},
        before={row["word"]: row["english"] for row in address if row["place"] == "before"},
        places=places,
        organizations=tuple(sorted(_words("organizations"), key=len, reverse=True)),
        everyday=frozenset(word for word in common if len(word) > 1) - places,
    )


def _surnames() -> frozenset[str]:
    single, *compound = _words("surnames")
    return frozenset(single) | frozenset(compound)


def _words(name: str) -> Iterator[str]:
    for line in read_text(_FOLDER / f"{name}.txt").splitlines():
        if not line.startswith("#"):
            yield from line.split()
