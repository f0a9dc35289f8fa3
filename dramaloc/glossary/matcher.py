"""All terms in a text in one pass, however many terms there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a glossary has its matcher
    from dramaloc.glossary.term import Term


LABEL = "label"  # the kind of a term that is one only where nothing else is said: a heading
_MOST_KEPT = 4096  # texts, a few episodes' worth


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A term in a text, from `start` (0-based) up to but without `end`."""

    term: Term
    start: int
    end: int


class Matcher:
    """Finds terms by their source; built once, used for every cue.

    At each place only the lengths that some term with that first character has are looked
    up, so the cost does not grow with the number of terms.
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms = {term.source: term for term in terms if term.source}
        lengths: dict[str, set[int]] = defaultdict(set)
        for source in self._terms:
            lengths[source[0]].add(len(source))
        self._lengths = {first: sorted(found) for first, found in lengths.items()}
        self._found: dict[str, tuple[Match, ...]] = {}

    def find(self, text: str) -> tuple[Match, ...]:
        """Return the terms in `text`, left to right, none overlapping another.

        Where terms overlap the longest wins (a name before the word inside it), then the
        higher layer (the series' table before the market's), then the leftmost.
        """
        if self._lengths.keys().isdisjoint(text):
            return ()
        found = self._found.get(text)  # stages and checks ask for each text some six times
        if found is None:
            if len(self._found) >= _MOST_KEPT:
                self._found.clear()
            found = self._found[text] = self._search(text)
        return found

    def _search(self, text: str) -> tuple[Match, ...]:
        free = bytearray(b"\1") * len(text)
        taken: list[Match] = []
        for match in sorted(
            self._all(text), key=lambda m: (m.start - m.end, -m.term.origin.layer, m.start)
        ):
            if all(free[match.start : match.end]):
                free[match.start : match.end] = bytes(match.end - match.start)
                taken.append(match)
        return tuple(sorted(taken, key=lambda match: match.start))

    def _all(self, text: str) -> Iterator[Match]:
        for start, first in enumerate(text):
            for length in self._lengths.get(first, ()):
                source = text[start : start + length]
                term = self._terms.get(source)
                if term is None or len(source) < length:
                    continue
                if term.kind != LABEL or length == len(text):
                    yield Match(term=term, start=start, end=start + length)


class Shortlist:
    """Tells which of many terms may stand in a text: those all of whose letters are in it.

    What decides is given with each term; without letters it may stand nowhere.
    """

    def __init__(self, asked: Iterable[tuple[str, Term]]) -> None:
        self._by_letter: dict[str, list[tuple[int, str, Term]]] = defaultdict(list)
        for number, (letters, term) in enumerate(asked):
            if letters:
                self._by_letter[letters[0]].append((number, letters, term))

    def of(self, text: str) -> tuple[Term, ...]:
        """Return the terms to look for, each once, in the order they were given."""
        letters = set(text)
        found = {
            number: term
            for letter in letters
            for number, asked, term in self._by_letter.get(letter, ())
            if letters.issuperset(asked)
        }
        return tuple(dict.fromkeys(found[number] for number in sorted(found)))
