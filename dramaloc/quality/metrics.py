"""Figures over whole documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dramaloc.glossary.forms import located
from dramaloc.glossary.term import Term
from dramaloc.markets.market import Market
from dramaloc.quality.subject import align
from dramaloc.subtitles.document import Cue, Document
from dramaloc.subtitles.inline import bare, take_apart, words_of
from dramaloc.subtitles.runon import run_on_groups
from dramaloc.subtitles.timeline import Timeline
from dramaloc.subtitles.width import width


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A required term at a cue of the source, and whether the target keeps it there."""

    position: int
    term: Term
    kept: bool


def term_occurrences(target: Document, source: Document, market: Market) -> tuple[Occurrence, ...]:
    """Hold any translation, whoever made it, against a market's terms.

    Positions are the target's; source cues without a cue in the target at their time count as
    not kept, at the position of the nearest one. Where a sentence runs over cues, a term may
    stand in any of them.
    """
    return tuple(_occurrences(target, source, market))


def _occurrences(target: Document, source: Document, market: Market) -> Iterator[Occurrence]:
    matcher = market.glossary.matcher
    partners = align(source.cues, target.cues)
    timeline = Timeline(target.cues)
    zh = market.language.startswith("zh")  # a change of script keeps every word in its cue
    groups = {at: each for each in (() if zh else run_on_groups(source)) for at in each}
    for position in range(len(source.cues)):
        group = groups.get(position, (position,))
        if position != group[0]:
            continue
        required = [
            (at, match.term)
            for at in group
            for utterance in take_apart(source.cues[at].text)
            for match in matcher.find(words_of(utterance))
            if match.term.action in ("translate", "keep")
        ]
        found = dict.fromkeys(partner.text for at in group if (partner := partners[at]))
        terms = [term for _, term in required]
        spans = located(terms, bare("\n".join(found)), market.language)
        for (at, term), span in zip(required, spans, strict=True):
            near = timeline.nearest(source.cues[at].start_ms)
            yield Occurrence(position=near, term=term, kept=span is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conformity:
    """How many of a document's cues keep a market's limits, by each and by all of them."""

    cues: int
    line_length: int
    line_count: int
    reading_speed: int
    all_three: int

    def share(self, kept: int) -> float:
        """Return a count as a share of all cues, in per cent; 100 of none."""
        return 100.0 * kept / self.cues if self.cues else 100.0


def conformity(document: Document, market: Market) -> Conformity:
    """Count the cues whose lines, number of lines and reading speed a market allows."""
    kept = [keeps_limits(cue, market) for cue in document.cues]
    return Conformity(
        cues=len(kept),
        line_length=sum(each[0] for each in kept),
        line_count=sum(each[1] for each in kept),
        reading_speed=sum(each[2] for each in kept),
        all_three=sum(all(each) for each in kept),
    )


def keeps_limits(cue: Cue, market: Market) -> tuple[bool, bool, bool]:
    """Say whether a cue keeps characters per line, the number of lines, and reading speed."""
    limits, counting = market.limits, market.conventions.counting
    lines = bare(cue.text).split("\n")
    size = sum(width(line, counting) for line in lines)
    return (
        all(width(line, counting) <= limits.max_line_columns for line in lines),
        len(lines) <= limits.max_lines,
        size * 1000 <= limits.max_cps * cue.duration_ms,
    )
