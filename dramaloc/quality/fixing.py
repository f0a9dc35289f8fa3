"""Mending what can be mended without reading the sentence: `dramaloc check --fix`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dramaloc.markets.market import Market
from dramaloc.quality.checks import CHECKS, look_at, subjects
from dramaloc.quality.metrics import keeps_limits
from dramaloc.quality.subject import Check, Subject
from dramaloc.subtitles.document import Cue, Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """A cue that was mended: 0-based position, its text before and after, by which rules."""

    position: int
    cue: int
    codes: tuple[str, ...]
    before: str
    after: str


def fixed(
    document: Document, market: Market, source: Document | None = None
) -> tuple[Document, tuple[Mended, ...]]:
    """Apply every safe fix to the cues that need it; times, order and words stay.

    A fix that would break a limit of the market which the cue keeps is left to a person.
    """
    mended = tuple(_mended(document, market, source))
    cues = list(document.cues)
    for each in mended:
        cues[each.position] = replace(cues[each.position], text=each.after)
    return replace(document, cues=tuple(cues)), mended


def _mended(document: Document, market: Market, source: Document | None) -> Iterator[Mended]:
    for subject in subjects(look_at(document, market, source)):
        cue, codes = subject.cue, []
        for rule in CHECKS:
            better = _better(rule, cue, subject)
            if better is not None:
                cue = replace(cue, text=better)
                codes.append(rule.code)
        if codes:
            yield Mended(
                position=subject.position,
                cue=cue.number_at(subject.position),
                codes=tuple(codes),
                before=subject.cue.text,
                after=cue.text,
            )


def _better(rule: Check, cue: Cue, subject: Subject) -> str | None:
    """Return a cue's text as a rule wants it; None if it wants nothing or it does no good."""
    if rule.fix is None:
        return None
    text = rule.fix(cue.text, subject.market)
    kept = keeps_limits(cue, subject.market)
    keeps = keeps_limits(replace(cue, text=text), subject.market)
    worse = any(before and not after for before, after in zip(kept, keeps, strict=True))
    return None if text == cue.text or worse else text
