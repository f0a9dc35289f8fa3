"""Rewrite the source before translation: idioms whose meaning matters, measures of old."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dramaloc.glossary.matcher import Matcher
from dramaloc.markets.market import Market, System
from dramaloc.stages.localization import Segment
from dramaloc.stages.units import convert


def adapt(segments: Iterable[Segment], market: Market) -> tuple[Segment, ...]:
    """Rewrite what the market wants said otherwise; each rewriting is recorded as a reason.

    First the glossary's `paraphrase` terms, then old measures outside of any other term.
    """
    matcher = Matcher(market.glossary)
    system = market.conventions.units
    return tuple(_measured(_paraphrased(found, matcher), matcher, system) for found in segments)


def _paraphrased(segment: Segment, matcher: Matcher) -> Segment:
    # All terms are matched, so that an idiom inside a longer required term stays as it is.
    text, reasons = segment.text, []
    for match in reversed(matcher.find(text)):
        if match.term.action == "paraphrase":
            text = f"{text[: match.start]}{match.term.target}{text[match.end :]}"
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
