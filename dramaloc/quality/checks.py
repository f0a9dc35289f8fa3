"""The checks: one small function each, all in one tuple, run in one place.

A check sees one cue with its source (if there is one) and its neighbours, and yields what it
has to say. Codes are stable: scripts depend on them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from dramaloc.glossary.forms import unfulfilled, violations
from dramaloc.glossary.matcher import Matcher
from dramaloc.loops import loop_in, repeats
from dramaloc.markets.market import Market
from dramaloc.quality.finding import Finding, Severity
from dramaloc.quality.numbers import numbers_missing
from dramaloc.subtitles.document import Cue, Document
from dramaloc.subtitles.inline import bare, tags, take_apart, words_of
from dramaloc.subtitles.width import width

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_PLACEHOLDER = re.compile(r"⟦\d*⟧?|\d?⟧")
_SPACING = re.compile(r" {2,}|^ | $| [,.;!?](?!\.)|\( | \)")
_FULL_WIDTH_LANGUAGES = ("zh", "ja", "ko")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One cue under inspection, with what stands around it."""

    cue: Cue
    position: int
    market: Market
    matcher: Matcher
    source: Cue | None = None
    previous: Cue | None = None
    source_language: str = "zh-Hans"
    frame_ms: float = 1000 / 24

    @property
    def text(self) -> str:
        return bare(self.cue.text)

    @property
    def inherited_times(self) -> bool:
        """Whether the times are the source's own, which localization does not touch."""
        source = self.source
        return source is not None and (source.start_ms, source.end_ms) == (
            self.cue.start_ms,
            self.cue.end_ms,
        )


Check = Callable[[Subject], Iterator[Finding]]


def _found(
    subject: Subject, code: str, severity: Severity, message: str, hint: str = ""
) -> Finding:
    return Finding(
        code=code,
        severity=severity,
        message=message,
        hint=hint,
        cue=subject.cue.number if subject.cue.number is not None else subject.position + 1,
        position=subject.position,
        line=subject.cue.line,
    )


def _timing(subject: Subject, code: str, message: str, hint: str) -> Finding:
    if subject.inherited_times:
        return _found(subject, code, "info", f"{message} (the source's own timing)", hint)
    return _found(subject, code, "warning", message, hint)


def empty_text(subject: Subject) -> Iterator[Finding]:
    """A cue with nothing to read; unless its source has nothing either."""
    empty = not any(map(str.isalnum, subject.text))
    if empty and (subject.source is None or any(map(str.isalnum, bare(subject.source.text)))):
        yield _found(subject, "empty-text", "error", "no words in this cue", "Translate it")


def untranslated(subject: Subject) -> Iterator[Finding]:
    """Han characters where the market's language writes none, `keep` terms apart."""
    if subject.market.code.split("-")[0] in _FULL_WIDTH_LANGUAGES:
        return
    kept = {term.source for term in subject.market.glossary if term.action == "keep"}
    text = subject.text
    for source in kept:
        text = text.replace(source, "")
    left = "".join(_HAN.findall(text))
    if left:
        yield _found(
            subject, "untranslated", "error", f"Chinese text is left: {left[:20]}", "Translate it"
        )


def copied_source(subject: Subject) -> Iterator[Finding]:
    """Exactly the source's text, between languages that never agree on a whole cue.

    A Chinese cue of Latin letters only (OK, a brand) may well stay as it is.
    """
    if subject.source is None or subject.market.code.startswith("zh"):
        return
    same = subject.text.strip() == bare(subject.source.text).strip()
    copied = _HAN.search if subject.source_language.startswith("zh") else re.compile(r"\w").search
    if same and copied(subject.text):
        yield _found(
            subject, "copied-source", "error", "the source stands here unchanged", "Translate it"
        )


def leftover_placeholder(subject: Subject) -> Iterator[Finding]:
    if found := _PLACEHOLDER.search(subject.text):
        yield _found(
            subject,
            "leftover-placeholder",
            "error",
            f"{found.group()} is a stand-in for a term, not text",
            "Write the term",
        )


def line_length(subject: Subject) -> Iterator[Finding]:
    """Characters per line (CPL), as counted in the market; its pack says by which source."""
    limit, counting = subject.market.limits.max_line_columns, subject.market.conventions.counting
    for line in subject.text.split("\n"):
        size = width(line, counting)
        if size > limit:
            yield _found(
                subject,
                "line-length",
                "error",
                f"a line of {size:g} where {limit:g} fit: {line[:60]}",
                "Break or shorten it",
            )


def line_count(subject: Subject) -> Iterator[Finding]:
    lines, limit = subject.text.count("\n") + 1, subject.market.limits.max_lines
    if lines > limit:
        yield _found(
            subject, "line-count", "error", f"{lines} lines where {limit} fit", "Join or shorten"
        )


def reading_speed(subject: Subject) -> Iterator[Finding]:
    """Characters per second (CPS), spaces and punctuation counted, tags not."""
    duration = subject.cue.duration_ms
    size = width(subject.text.replace("\n", ""), subject.market.conventions.counting)
    limit = subject.market.limits.max_cps
    if duration > 0 and size * 1000 / duration > limit:
        yield _found(
            subject,
            "reading-speed",
            "warning",
            f"{size * 1000 / duration:.1f} characters a second where {limit:g} can be read",
            f"Shorten it by {size - limit * duration / 1000:.0f} characters, or let it stay longer",
        )


def min_duration(subject: Subject) -> Iterator[Finding]:
    duration, limit = subject.cue.duration_ms, subject.market.limits.min_duration_ms
    if duration <= 0:
        yield _found(
            subject, "min-duration", "error", "the out-time is not after the in-time", "Set it"
        )
    elif duration < limit:
        yield _timing(
            subject, "min-duration", f"stays {duration} ms where {limit} are needed", "Extend it"
        )


def max_duration(subject: Subject) -> Iterator[Finding]:
    duration, limit = subject.cue.duration_ms, subject.market.limits.max_duration_ms
    if duration > limit:
        yield _timing(
            subject, "max-duration", f"stays {duration} ms where {limit} are allowed", "Split it"
        )


def min_gap(subject: Subject) -> Iterator[Finding]:
    """Two frames at least, at any frame rate (Netflix Subtitle Timing Guidelines)."""
    if subject.previous is None:
        return
    gap = subject.cue.start_ms - subject.previous.end_ms
    needed = subject.market.limits.min_gap_frames * subject.frame_ms
    if 0 <= gap < int(needed):
        yield _timing(
            subject, "min-gap", f"{gap} ms after the cue before it", f"Leave {needed:.0f} ms"
        )


def overlap(subject: Subject) -> Iterator[Finding]:
    """Dialogue over dialogue, or caption over caption; one over the other is usual."""
    before = subject.previous
    if before is not None and before.start_ms <= subject.cue.start_ms < before.end_ms:
        shared = before.end_ms - subject.cue.start_ms
        yield _timing(
            subject, "overlap", f"begins {shared} ms before the one before it ends", "Part them"
        )


def sort_order(subject: Subject) -> Iterator[Finding]:
    before = subject.previous
    if before is not None and subject.cue.start_ms < before.start_ms:
        yield _timing(
            subject, "sort-order", "begins before the cue before it", "Sort the cues by in-time"
        )


def number_mismatch(subject: Subject) -> Iterator[Finding]:
    if subject.source is None:
        return
    for number in numbers_missing(bare(subject.source.text), subject.text):
        yield _found(
            subject, "number-mismatch", "warning", f"the source says {number}", "Check the figure"
        )


def model_loop(subject: Subject) -> Iterator[Finding]:
    found = loop_in(subject.text)
    if found and not (subject.source and repeats(bare(subject.source.text))):
        yield _found(
            subject,
            "model-loop",
            "error",
            f"the same again and again: {found[:40]}",
            "Translate it by hand",
        )


def tag_mismatch(subject: Subject) -> Iterator[Finding]:
    """Every tag, position mark and note of the source, no more and no less."""
    if subject.source is None:
        return
    expected, found = sorted(tags(subject.source.text)), sorted(tags(subject.cue.text))
    if expected != found:
        yield _found(
            subject,
            "tag-mismatch",
            "warning",
            f"marks {' '.join(found) or 'none'}, the source has {' '.join(expected) or 'none'}",
            "Set them as in the source",
        )


def term_missing(subject: Subject) -> Iterator[Finding]:
    """A required term of the source without any accepted form here."""
    if subject.source is None:
        return
    terms = [
        match.term
        for match in subject.matcher.find(words_of_cue(subject.source))
        if match.term.action in ("translate", "keep")
    ]
    for term in unfulfilled(terms, subject.text, subject.market.language):
        yield _found(
            subject,
            "term-missing",
            "error",
            f"{term.source} must be rendered {term.required!r}",
            f"Use {' or '.join((term.required, *term.accept))}",
        )


def term_forbidden(subject: Subject) -> Iterator[Finding]:
    """A rendering the market forbids for a term of the source, or anywhere."""
    market = subject.market
    terms = [term for term in market.glossary if term.action == "forbid" and not term.source]
    if subject.source is not None:
        terms += [match.term for match in subject.matcher.find(words_of_cue(subject.source))]
    for term, (start, end) in violations(terms, subject.text, market.language):
        wanted = f"Use {term.required!r}" if term.target else "Say it otherwise"
        yield _found(
            subject,
            "term-forbidden",
            "error",
            f"{subject.text[start:end]!r} is wrong for {term.source or 'this market'}",
            wanted,
        )


def spacing(subject: Subject) -> Iterator[Finding]:
    if subject.market.code.split("-")[0] in _FULL_WIDTH_LANGUAGES:
        return
    for line in subject.text.split("\n"):
        if _SPACING.search(line):
            yield _found(subject, "spacing", "info", f"odd space at {line[:40]!r}", "Remove it")
            return


def words_of_cue(cue: Cue) -> str:
    """A cue's words without marks, its utterances apart so that no term spans two voices."""
    return "\n".join(words_of(utterance) for utterance in take_apart(cue.text))


CHECKS: tuple[tuple[str, Check], ...] = (
    ("empty-text", empty_text),
    ("untranslated", untranslated),
    ("copied-source", copied_source),
    ("leftover-placeholder", leftover_placeholder),
    ("model-loop", model_loop),
    ("term-missing", term_missing),
    ("term-forbidden", term_forbidden),
    ("number-mismatch", number_mismatch),
    ("line-length", line_length),
    ("line-count", line_count),
    ("reading-speed", reading_speed),
    ("min-duration", min_duration),
    ("max-duration", max_duration),
    ("min-gap", min_gap),
    ("overlap", overlap),
    ("sort-order", sort_order),
    ("tag-mismatch", tag_mismatch),
    ("spacing", spacing),
)


def check(
    document: Document, market: Market, source: Document | None = None
) -> tuple[Finding, ...]:
    """Run every check over a document; findings come in cue order.

    With `source`, each cue is held against the source cue of the same times, or else of the
    largest overlap in time.
    """
    return (*_unparsed(document), *_per_cue(document, market, source))


def _per_cue(document: Document, market: Market, source: Document | None) -> Iterator[Finding]:
    matcher = Matcher(market.glossary)
    partners = align(document.cues, source.cues) if source else [None] * len(document.cues)
    previous: dict[bool, Cue] = {}
    for position, (cue, partner) in enumerate(zip(document.cues, partners, strict=True)):
        kind = is_caption(cue)
        subject = Subject(
            cue=cue,
            position=position,
            market=market,
            matcher=matcher,
            source=partner,
            previous=previous.get(kind),
            source_language=(source and source.language) or "zh-Hans",
        )
        for _, function in CHECKS:
            yield from function(subject)
        previous[kind] = cue


def is_caption(cue: Cue) -> bool:
    """Whether a cue shows a sign rather than speech: it may lie over the dialogue in time."""
    utterances = take_apart(cue.text)
    return bool(utterances) and (
        all(utterance.caption for utterance in utterances) or "{\\an8}" in cue.text
    )


def _unparsed(document: Document) -> Iterator[Finding]:
    for item in document.unparsed:
        yield Finding(
            code="unparsed",
            severity="error",
            line=item.line,
            message=f"{item.reason}: {item.text.splitlines()[0][:60]}",
            hint="Mend it in the file; it is kept as it stands",
        )


def align(cues: Sequence[Cue], sources: Sequence[Cue]) -> list[Cue | None]:
    """Find for each cue its source: by position if all times agree, else by time."""
    times = [(cue.start_ms, cue.end_ms) for cue in cues]
    if times == [(cue.start_ms, cue.end_ms) for cue in sources]:
        return list(sources)
    return [_overlapping(cue, sources) for cue in cues]


def _overlapping(cue: Cue, sources: Sequence[Cue]) -> Cue | None:
    """Join the source cues that share at least half of their time with a cue."""
    partners = [
        source
        for source in sources
        if min(cue.end_ms, source.end_ms) - max(cue.start_ms, source.start_ms)
        > source.duration_ms / 2
        and is_caption(source) == is_caption(cue)
    ]
    if not partners:
        return None
    return replace(partners[0], text="\n".join(partner.text for partner in partners))
