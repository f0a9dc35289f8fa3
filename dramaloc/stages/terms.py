"""The term contract itself, as pure functions over texts.

A contract says which renderings a target text owes its source. Everything here either asks
whether a text fulfils it, or makes texts that stand a better chance to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from dramaloc.glossary.forms import accepted, located, unfulfilled, violations
from dramaloc.glossary.matcher import Match, Matcher
from dramaloc.glossary.term import Glossary, Term
from dramaloc.letters import HAN
from dramaloc.loops import loop_in, repeats
from dramaloc.stages.mending import joined

_LEFTOVER = re.compile(r"[⟦⟧]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What one source text asks of its rendering in `language`."""

    text: str
    language: str
    matches: tuple[Match, ...] = ()
    watched: tuple[Term, ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        return tuple(match.term for match in self.matches)


def contract(text: str, matcher: Matcher, everywhere: Sequence[Term], language: str) -> Contract:
    """Draw up the contract of a text; `everywhere` are terms that forbid whatever the source."""
    found = matcher.find(text)
    return Contract(
        text=text,
        language=language,
        matches=tuple(m for m in found if m.term.action in ("translate", "keep")),
        watched=(*everywhere, *(m.term for m in found if m.term.action == "forbid")),
    )


def carried(due: Contract, rendering: str, glossary: Glossary, language: str) -> Contract:
    """Draw up the contract of the next hop: what this one rendered is what that one translates.

    Of the terms found in `rendering`, those that `glossary` renders in `language` are due.
    """
    matches = []
    for term, span in zip(due.terms, located(due.terms, rendering, due.language), strict=True):
        onward = glossary.by_source.get(term.source)
        if span is not None and onward is not None and onward.action in ("translate", "keep"):
            surface = replace(onward, source=rendering[slice(*span)], target=onward.required)
            matches.append(Match(term=surface, start=span[0], end=span[1]))
    return Contract(
        text=rendering,
        language=language,
        matches=tuple(sorted(matches, key=lambda match: match.start)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How a rendering stands to its contract; `defects` are faults no draft may have."""

    missing: tuple[Term, ...] = ()
    forbidden: tuple[Term, ...] = ()
    defects: tuple[str, ...] = ()

    @property
    def kept(self) -> bool:
        return not (self.missing or self.forbidden or self.defects)


def judge(rendering: str, due: Contract) -> Verdict:
    """Hold a rendering against its contract."""
    terms = due.terms
    wrong = violations((*terms, *due.watched), rendering, due.language)
    return Verdict(
        missing=unfulfilled(terms, rendering, due.language),
        forbidden=tuple(term for term, _ in wrong),
        defects=tuple(name for name, found in DEFECTS if found(rendering, due)),
    )


def _is_blank(rendering: str, due: Contract) -> bool:
    return not any(map(str.isalnum, rendering)) and any(map(str.isalnum, due.text))


def _has_leftovers(rendering: str, _due: Contract) -> bool:
    return bool(_LEFTOVER.search(rendering))


def _doubles_a_term(rendering: str, due: Contract) -> bool:
    """`wood carving wood carving`, unless the source says it as often."""
    for term in dict.fromkeys(due.terms):
        spans = [found.span() for found in accepted(term, due.language).finditer(rendering)]
        touching = sum(not rendering[one[1] : two[0]].strip(" ,-") for one, two in pairwise(spans))
        if touching and len(spans) > due.terms.count(term):
            return True
    return False


def _is_only_terms(rendering: str, due: Contract) -> bool:
    """Nothing but the terms came out, although the source says more than them."""
    if not due.matches or len(HAN.findall(without(due.text, due.matches))) < 2:  # noqa: PLR2004  # one more character may be a particle
        return False
    rest = rendering
    for term in dict.fromkeys(due.terms):
        rest = accepted(term, due.language).sub("", rest)
    return not any(map(str.isalnum, rest))


def _has_source_script(rendering: str, due: Contract) -> bool:
    """Han characters where the target language writes none and no term asks for them."""
    if due.language.split("-")[0] in ("zh", "ja", "ko"):
        return False
    allowed = set("".join(term.required for term in due.terms))
    return any(char not in allowed for char in HAN.findall(rendering))


def _loops(rendering: str, due: Contract) -> bool:
    return bool(loop_in(rendering)) and not repeats(due.text)


DEFECTS = (
    ("blank", _is_blank),
    ("leftover-placeholder", _has_leftovers),
    ("doubled-term", _doubles_a_term),
    ("only-terms", _is_only_terms),
    ("source-script", _has_source_script),
    ("loop", _loops),
)


def without(text: str, matches: Iterable[Match]) -> str:
    """Return a text without the matched stretches."""
    for match in sorted(matches, key=lambda match: -match.start):
        text = text[: match.start] + text[match.end :]
    return text


def substituted(text: str, matches: Sequence[Match], words: Sequence[str]) -> str:
    """Put words where the matched terms stood."""
    for match, word in sorted(zip(matches, words, strict=True), key=lambda pair: -pair[0].start):
        text = f"{text[: match.start]}{word}{text[match.end :]}"
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """A source text in which `marks` stand for `matches`, in order."""

    text: str
    marks: tuple[str, ...]
    matches: tuple[Match, ...]


def protect(due: Contract, marks: Sequence[str], matches: Sequence[Match]) -> Protected | None:
    """Put a mark in the place of each match; None if there are too few, or one is there already."""
    used = tuple(marks[: len(matches)])
    if len(used) < len(matches) or not matches or any(mark in due.text for mark in used):
        return None
    text = substituted(due.text, matches, used)
    return Protected(text=text, marks=used, matches=tuple(matches))


def restore(rendering: str, protected: Protected, language: str) -> str | None:
    """Put the required renderings in for their marks; None unless each is there exactly once."""
    owed = dict(zip(protected.marks, protected.matches, strict=True))
    if any(rendering.count(mark) != 1 for mark in owed):
        return None
    pieces = re.split(f"({'|'.join(map(re.escape, owed))})", rendering)
    return joined([owed[piece].term if piece in owed else piece for piece in pieces], language)


def inline(due: Contract) -> str:
    """Return the source with the required renderings written where the terms stood."""
    text = substituted(due.text, due.matches, [f" {match.term.required} " for match in due.matches])
    return re.sub(r" +", " ", text).strip()


def parts_around(due: Contract) -> tuple[str, ...]:
    """Return what stands before, between and after the terms: one more part than terms."""
    ends = [0, *(match.end for match in due.matches)]
    starts = [*(match.start for match in due.matches), len(due.text)]
    return tuple(due.text[end:start].strip() for end, start in zip(ends, starts, strict=True))
