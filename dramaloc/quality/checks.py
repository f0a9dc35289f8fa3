"""All checks, and the one place that runs them.

A check sees one cue with its source (if there is one) and its neighbours, a document check
all of them; each yields what it has to say. Codes are stable: scripts depend on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from dramaloc.markets.market import Market, for_reading
from dramaloc.quality import (
    consistency,
    conversion,
    delivery,
    fields,
    limits,
    pronouns,
    punctuation,
    style,
    terms,
    text,
)
from dramaloc.quality.finding import Finding
from dramaloc.quality.subject import (
    FRAMES_PER_SECOND,
    Check,
    DocumentCheck,
    Rule,
    Subject,
    Whole,
    align,
    finding,
    is_caption,
    shared_sentences,
)
from dramaloc.subtitles.document import Cue, Document

CHECKS: tuple[Check, ...] = (
    *text.CHECKS,
    *terms.CHECKS,
    *pronouns.CHECKS,
    *limits.CHECKS,
    *style.CHECKS,
    *punctuation.CHECKS,
)
DOCUMENT_CHECKS: tuple[DocumentCheck, ...] = (*consistency.CHECKS, *fields.CHECKS)
_UNTIMED = tuple(rule for rule in CHECKS if rule not in limits.CHECKS)
RULES: tuple[Rule, ...] = (
    *CHECKS,
    *DOCUMENT_CHECKS,
    terms.FIRST_MENTION,
    conversion.FORMAT_LOSS,
    *delivery.RULES,
)


def check(
    document: Document,
    market: Market,
    source: Document | None = None,
    *,
    fps: float = FRAMES_PER_SECOND,
    first_mention: bool = False,
    groups: tuple[tuple[int, ...], ...] | None = None,
) -> tuple[Finding, ...]:
    """Run every check over a document; findings come in cue order, those of the file first.

    With `source`, each cue is held against the source cue of the same times, or else of the
    largest overlap in time. `fps` is the video's frame rate, by which gaps are counted.
    `first_mention` also asks for each term's note; where notes were meant to be left out, or
    stood in an earlier episode, that is no fault. `groups` are the cues that were translated as
    one sentence; None finds those that probably are one in the source.
    """
    market = market if document.timed else for_reading(market)
    whole = look_at(document, market, source, fps=fps, groups=groups)
    rules = (*DOCUMENT_CHECKS, terms.FIRST_MENTION) if first_mention else DOCUMENT_CHECKS
    found = [finding(rule, fault, whole.cues) for rule in rules for fault in rule.run(whole)]
    found += [
        finding(rule, replace(fault, position=subject.position), whole.cues)
        for subject in subjects(whole)
        for rule in (CHECKS if document.timed else _UNTIMED)
        for fault in rule.run(subject)
    ]
    return tuple(sorted(found, key=lambda each: -1 if each.position is None else each.position))


def check_across(wholes: Mapping[str, Whole]) -> dict[str, tuple[Finding, ...]]:
    """Hold the episodes of a show against one another, in the order given.

    Returns by name what each says otherwise than an episode before it.
    """
    found: dict[str, list[Finding]] = {name: [] for name in wholes}
    for name, fault in consistency.inconsistent_across(wholes):
        found[name].append(finding(consistency.INCONSISTENT, fault, wholes[name].cues))
    return {name: tuple(findings) for name, findings in found.items()}


def look_at(
    document: Document,
    market: Market,
    source: Document | None = None,
    *,
    fps: float = FRAMES_PER_SECOND,
    groups: tuple[tuple[int, ...], ...] | None = None,
) -> Whole:
    """Lay a document beside its source, ready for the rules."""
    partners = align(document.cues, source.cues) if source else [None] * len(document.cues)
    language = (source and source.language) or "zh-Hans"
    if groups is None:
        groups = shared_sentences(partners, language, market) if document.timed else ()
    return Whole(
        document=document,
        market=market,
        matcher=market.glossary.matcher,
        sources=tuple(partners),
        banned=tuple(t for t in market.glossary if t.action == "forbid" and not t.source),
        source_language=language,
        fps=fps,
        groups={position: group for group in groups for position in group},
    )


def subjects(whole: Whole) -> Iterator[Subject]:
    """Yield every cue as the checks see it; speech follows speech, captions captions."""
    previous: dict[bool, Cue] = {}
    for position, cue in enumerate(whole.cues):
        kind = is_caption(cue)
        yield Subject(whole=whole, position=position, previous=previous.get(kind))
        previous[kind] = cue
