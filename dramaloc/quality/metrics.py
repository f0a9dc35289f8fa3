"""Figures over whole documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dramaloc.glossary.forms import located
from dramaloc.glossary.matcher import Matcher
from dramaloc.glossary.term import Term
from dramaloc.markets.market import Market
from dramaloc.quality.checks import align
from dramaloc.subtitles.document import Document
from dramaloc.subtitles.inline import bare, take_apart, words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A required term at a cue of the source, and whether the target keeps it there."""

    position: int
    term: Term
    kept: bool


def term_occurrences(target: Document, source: Document, market: Market) -> tuple[Occurrence, ...]:
    """Hold any translation, whoever made it, against a market's terms.

    Positions are the target's; source cues without a cue in the target at their time count as
    not kept, at the position of the nearest one.
    """
    return tuple(_occurrences(target, source, market))


def _occurrences(target: Document, source: Document, market: Market) -> Iterator[Occurrence]:
    matcher = Matcher(market.glossary)
    partners = align(source.cues, target.cues)
    starts = [cue.start_ms for cue in target.cues]
    for cue, partner in zip(source.cues, partners, strict=True):
        matches = [m for u in take_apart(cue.text) for m in matcher.find(words_of(u))]
        terms = [match.term for match in matches if match.term.action in ("translate", "keep")]
        if not terms:
            continue
        at = min(range(len(starts)), key=lambda place: abs(starts[place] - cue.start_ms), default=0)
        spans = located(terms, bare(partner.text) if partner else "", market.language)
        for term, span in zip(terms, spans, strict=True):
            yield Occurrence(position=at, term=term, kept=span is not None)
