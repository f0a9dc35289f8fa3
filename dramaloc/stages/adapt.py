"""Rewrite the source before translation: idioms whose meaning matters more than their image."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dramaloc.glossary.matcher import Matcher
from dramaloc.glossary.term import Glossary
from dramaloc.stages.localization import Segment


def adapt(segments: Iterable[Segment], glossary: Glossary) -> tuple[Segment, ...]:
    """Apply the glossary's `paraphrase` terms; each rewriting is recorded as a reason."""
    # All terms are matched, so that an idiom inside a longer required term stays as it is.
    matcher = Matcher(glossary)
    return tuple(_paraphrased(segment, matcher) for segment in segments)


def _paraphrased(segment: Segment, matcher: Matcher) -> Segment:
    text, reasons = segment.text, []
    for match in reversed(matcher.find(text)):
        if match.term.action == "paraphrase":
            text = f"{text[: match.start]}{match.term.target}{text[match.end :]}"
            reasons.append(f"paraphrase: {match.term.source} → {match.term.target}")
    return replace(segment, text=text, reasons=(*segment.reasons, *reversed(reasons)))
