"""Which strings count as a rendering: the forms a word takes in its language."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate

from dramaloc.glossary.term import Term
from dramaloc.letters import LETTER

Span = tuple[int, int]

# Written without spaces, or with endings glued on: a rendering may touch its neighbours.
_UNSPACED = {"zh", "ja", "ko", "th", "lo", "km", "my"}

_MOST_WEIGHED = 60  # terms in one text; nobody says so many at once, but files are made so

_APOSTROPHES = "['’ʼ]"
_JOINTS = r"(?:\s+|\s?[-‐‑–]\s?)"
_IRREGULAR = (("man", "men"), ("child", "children"), ("foot", "feet"), ("wife", "wives"))


def accepted(term: Term, language: str) -> re.Pattern[str]:
    """Compile the pattern of all forms that fulfil a term in a text of `language`."""
    return pattern((term.required, *term.accept), language)


def forbidden(term: Term, language: str) -> re.Pattern[str] | None:
    """Compile the pattern of renderings that must not stand for a term; None if it has none."""
    return pattern(term.forbid, language) if term.forbid else None


@lru_cache(maxsize=32768)
def pattern(forms: Sequence[str], language: str) -> re.Pattern[str]:
    """Compile renderings into one pattern, longest first.

    Letter case, straight or curly apostrophes and accents left out count as the same. In
    English so do plural, possessive and hyphen variants of the last word. `*` stands for any
    ending, or at the beginning for what a language glues on there. Matches are whole words, so
    that `art` is not found in `party`.

    >>> pattern(("tie-dye",), "en").findall("Tie dyes, tied yes, a tie-dye's blue")
    ['Tie dyes', "tie-dye's"]
    """
    primary = language.split("-", maxsplit=1)[0]
    longest = sorted(dict.fromkeys(forms), key=len, reverse=True)
    if primary in _UNSPACED:
        return re.compile("|".join(_unspaced(form) for form in longest), re.IGNORECASE)
    spell = _english if primary == "en" else _spaced
    return re.compile(
        rf"(?<!{LETTER})(?:{'|'.join(map(spell, longest))})(?!{LETTER})", re.IGNORECASE
    )


def _unspaced(form: str) -> str:
    """Spell a form without spaces between words: a line may be broken anywhere in it."""
    letters = unicodedata.normalize("NFC", form).split(" ")
    return r"\s*".join(r"\n?".join(map(_letter, part)) for part in letters)


def _spaced(form: str) -> str:
    return r"\s+".join(_letters(word) for word in form.split())


def _english(form: str) -> str:
    words = [word for word in re.split(r"(\s+|-)", form.strip()) if word]
    spelled = []
    for word in words:
        if word == "-":
            spelled.append(rf"{_JOINTS}?")
        elif word.isspace():
            spelled.append(_JOINTS)
        else:
            spelled.append(_letters(word))
    if not words or words[-1].endswith("*"):
        return "".join(spelled)
    return "".join(spelled[:-1]) + _plural(words[-1])


def _plural(word: str) -> str:
    """Spell an English noun with its regular plural and the possessive of both."""
    low = word.casefold()
    possessive = rf"(?:{_APOSTROPHES}s|{_APOSTROPHES})?"
    for singular, plural in _IRREGULAR:
        if low.endswith(singular):
            stem = _letters(word[: -len(singular)])
            return f"{stem}(?:{singular}s?|{plural}){possessive}"  # women, but talismans
    if re.search(r"[^aeiou]y\Z", low):
        return f"{_letters(word[:-1])}(?:y|ies){possessive}"
    if re.search(r"(?:[sxz]|ch|sh)\Z", low):
        return f"{_letters(word)}(?:es)?{possessive}"
    if low.endswith("o"):
        return f"{_letters(word)}(?:e?s)?{possessive}"
    return f"{_letters(word)}(?:s)?{possessive}" if low[-1:].isalpha() else _letters(word)


def _letters(word: str) -> str:
    return "".join(map(_letter, word))


def _letter(char: str) -> str:
    if char == "*":
        return f"{LETTER}*"
    if char in "'’ʼ":
        return f"{_APOSTROPHES}?"
    plain = unicodedata.normalize("NFD", char)[0]
    # Cloisonné may be typed cloisonne; Hangul and kana also decompose, but are not the same.
    if plain != char and plain.isascii():
        return f"(?:{re.escape(char)}|{plain})"
    return re.escape(char)


def located(terms: Sequence[Term], text: str, language: str) -> tuple[Span | None, ...]:
    """Find for each term, in order, a form of its own in `text`; None for those that have none.

    A term listed twice needs two forms; no stretch of text counts for two terms. Longer
    renderings choose first, and give way if they have another form and a later term has not.
    """
    if not terms:
        return ()
    spans = {
        term: [match.span() for match in accepted(term, language).finditer(text)]
        for term in dict.fromkeys(terms)
    }
    order = sorted(range(len(terms)), key=lambda place: -len(terms[place].required))
    if len(terms) > _MOST_WEIGHED:
        return _first_come(terms, order, spans)
    choices = [spans[term] for term in terms]
    found: dict[int, Span] = {}
    for place in order:
        _settle(place, choices, found, set())
    return tuple(found.get(place) for place in range(len(terms)))


def _first_come(
    terms: Sequence[Term], order: Iterable[int], spans: Mapping[Term, Iterable[Span]]
) -> tuple[Span | None, ...]:
    """Give each term its first form that is free, and let nobody give way."""
    waiting = {term: iter(found) for term, found in spans.items()}
    taken: set[int] = set()
    found: dict[int, Span] = {}
    for place in order:
        for span in waiting[terms[place]]:
            if taken.isdisjoint(range(*span)):
                taken.update(range(*span))
                found[place] = span
                break
    return tuple(found.get(place) for place in range(len(terms)))


def _settle(
    place: int, choices: Sequence[Sequence[Span]], found: dict[int, Span], tried: set[Span]
) -> bool:
    """Find a span for one term by an augmenting path, as bipartite matching does."""
    for span in choices[place]:
        holders = [other for other, held in found.items() if _overlap(span, held)]
        if not holders:
            found[place] = span
            return True
        if len(holders) == 1 and span not in tried:
            tried.add(span)
            held = found.pop(holders[0])
            found[place] = span
            if _settle(holders[0], choices, found, tried):
                return True
            del found[place]
            found[holders[0]] = held
    return False


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def unfulfilled(terms: Sequence[Term], text: str, language: str) -> tuple[Term, ...]:
    """Return the terms that have no form of their own in `text`."""
    spans = located(terms, text, language)
    return tuple(term for term, span in zip(terms, spans, strict=True) if span is None)


def violations(terms: Iterable[Term], text: str, language: str) -> tuple[tuple[Term, Span], ...]:
    """Return where `text` holds a rendering forbidden by one of `terms`, and not allowed by any."""
    listed = list(terms)
    distinct = dict.fromkeys(listed)
    allowed = sorted(
        match.span()
        for term in distinct
        if term.target or term.accept
        for match in accepted(term, language).finditer(text)
    )
    starts = [start for start, _ in allowed]
    farthest = [0, *accumulate((end for _, end in allowed), max)]
    wrong = {
        term: [
            match.span()
            for match in found.finditer(text)
            if match.end() > farthest[bisect_right(starts, match.start())]
        ]
        for term in distinct
        if (found := forbidden(term, language))
    }
    return tuple((term, span) for term in listed for span in wrong.get(term, ()))
