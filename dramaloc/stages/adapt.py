"""Rewrite the source before translation: idioms whose meaning matters, measures of old."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from dramaloc.glossary.matcher import Matcher
from dramaloc.glossary.term import Glossary, Term
from dramaloc.markets.market import Market, System
from dramaloc.stages.localization import Segment
from dramaloc.stages.units import convert

# What may follow an idiom without changing it: 的 and 地 lead on, 了 closes.
_PARTICLES = ("的", "地", "了")
_SHORTEST_IDIOM = 3


def adapt(segments: Iterable[Segment], market: Market) -> tuple[Segment, ...]:
    """Rewrite what the market wants said otherwise; each rewriting is recorded as a reason.

    First the glossary's `paraphrase` terms, then old measures outside of any other term.
    """
    matcher = Matcher(Glossary((*market.glossary, *_without_particles(market.glossary))))
    system = market.conventions.units
    return tuple(_measured(_paraphrased(found, matcher), matcher, system) for found in segments)


def _without_particles(glossary: Glossary) -> Iterator[Term]:
    """Yield idioms that a table has with a closing particle also without it."""
    for term in glossary:
        source, particle = term.source[:-1], term.source[-1:]
        if (
            term.action == "paraphrase"
            and particle in _PARTICLES
            and len(source) >= _SHORTEST_IDIOM
            and source not in glossary.by_source
        ):
            yield replace(term, source=source, target=term.target.removesuffix(particle))


def _paraphrased(segment: Segment, matcher: Matcher) -> Segment:
    # All terms are matched, so that an idiom inside a longer required term stays as it is.
    text, reasons = segment.text, []
    for match in reversed(matcher.find(text)):
        if match.term.action == "paraphrase":
            said, rest = match.term.target, text[match.end :]
            if said[-1] in _PARTICLES and rest.startswith(said[-1]):
                rest = rest[1:]  # 一言为定了 → 就这么说定了, not 就这么说定了了
            text = f"{text[: match.start]}{said}{rest}"
            reasons.append(f"paraphrase: {match.term.source} → {match.term.target}")
    return replace(segment, text=text, reasons=(*segment.reasons, *reversed(reasons)))


def _measured(segment: Segment, matcher: Matcher, system: System) -> Segment:
    pieces, reasons, last = [], list(segment.reasons), 0
    for match in matcher.find(segment.text):
        if match.term.action != "paraphrase":
            before, changed = convert(segment.text[last : match.start], system)
            pieces += [before, segment.text[match.start : match.end]]
            reasons += changed
            last = match.end
    rest, changed = convert(segment.text[last:], system)
    return replace(segment, text="".join([*pieces, rest]), reasons=(*reasons, *changed))
