"""What the evaluation asks of an output besides likeness to a reference: pure functions."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from random import Random

from training.augment import shuffled_placeholders, substitute
from training.cleaning import HAN
from training.terms import Aligned

_PLACEHOLDER = re.compile(r"⟦\d⟧")
_WORD = re.compile(r"\w+")

NGRAM = 4
TIMES = 3


def has_loop(text: str, size: int = NGRAM, times: int = TIMES) -> bool:
    """Whether ``size`` words follow one another ``times`` times in a row.

    >>> has_loop("I don't know, I don't know, I don't know."), has_loop("No, no, no, no!")
    (True, False)
    """
    words = _WORD.findall(text.casefold())
    long = size * times
    return any(
        words[at : at + size] * times == words[at : at + long]
        for at in range(len(words) - long + 1)
    )


def says_twice(text: str) -> bool:
    """Whether three to six words are said again at once, as a model at a loss does.

    >>> says_twice("I threw a bracelet. I threw a bracelet and sent it."), says_twice("No, no, no!")
    (True, False)
    """
    return any(has_loop(text, size, times=2) for size in range(3, 7))


def has_han(text: str) -> bool:
    return bool(HAN.search(text))


def keeps_placeholders(source: str, output: str) -> bool:
    """Whether each placeholder of the source is in the output exactly once, and no other.

    >>> keeps_placeholders("⟦2⟧见过⟦0⟧", "⟦2⟧ has met ⟦0⟧.")
    True
    >>> keeps_placeholders("⟦2⟧来了", "⟦2⟧, ⟦2⟧ is here.")
    False
    """
    return misplaced(source, output) == 0


def misplaced(source: str, output: str) -> int:
    """How many placeholders an output lacks, plus how many it holds too often.

    >>> misplaced("⟦2⟧见过⟦0⟧", "⟦2⟧, ⟦2⟧ has met him.")
    2
    """
    asked, found = (Counter(_PLACEHOLDER.findall(text)) for text in (source, output))
    return ((asked - found) + (found - asked)).total()


def with_placeholders(
    source: str, nouns: Callable[[str], Sequence[str]], count: int, rng: Random
) -> str | None:
    """Hide ``count`` nouns of a line, or None if it has fewer that stand in it once."""
    found = [word for word in dict.fromkeys(nouns(source)) if source.count(word) == 1]
    if len(found) < count:
        return None
    ids = shuffled_placeholders(rng)
    for word in rng.sample(found, count):
        if word not in source:  # a part of it was hidden with another
            return None
        source = source.replace(word, next(ids))
    return source


def placeholder_lines(
    sources: Iterable[str], nouns: Callable[[str], Sequence[str]], count: int, rng: Random
) -> Iterator[str]:
    """Lines with exactly ``count`` placeholders; single lines, then joined neighbours."""
    singles = list(sources)
    joined = [f"{one} {two}" for one, two in pairwise(singles)]
    for source in singles + (joined if count > 1 else []):
        line = with_placeholders(source, nouns, count, rng)
        if line is not None:
            yield line


def rendered_terms(lines: Iterable[Aligned], count: int, rng: Random) -> Iterator[str]:
    """Lines with ``count`` terms hidden that their reference renders too, as a glossary would."""
    for aligned in lines:
        if len(aligned.terms) >= count:
            chosen = rng.sample(aligned.terms, count)
            hidden = zip(chosen, shuffled_placeholders(rng), strict=False)
            yield substitute(aligned, {term: (name, name) for term, name in hidden}).source


def share(flags: Iterable[bool]) -> float:
    """The share of true among flags; 0 for none."""
    found = list(flags)
    return sum(found) / len(found) if found else 0.0
