"""What a reviewer is handed: every cue with its source, terms, findings, reasons and comments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dramaloc.glossary.forms import unfulfilled
from dramaloc.glossary.matcher import Matcher
from dramaloc.glossary.term import Term
from dramaloc.markets.market import Market
from dramaloc.quality.checks import check
from dramaloc.quality.fields import room_for
from dramaloc.quality.finding import Finding
from dramaloc.quality.subject import align, words_of_cue
from dramaloc.review.comments import Comment
from dramaloc.review.fields import as_written
from dramaloc.review.identity import Row, rows
from dramaloc.review.record import Reviewed, answered_for
from dramaloc.subtitles.document import Cue, Document
from dramaloc.subtitles.inline import bare


@dataclass(frozen=True, slots=True, kw_only=True)
class TermHere:
    """A term said in a cue's source, and whether the target renders it."""

    term: Term
    kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CueHere:
    """One cue with all a reviewer may want to know of it.

    `approved` says whether somebody answers for the text as it stands; `room` is how many
    characters a field of copy may hold.
    """

    row: Row
    terms: tuple[TermHere, ...] = ()
    findings: tuple[Finding, ...] = ()
    reasons: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()
    reference: str | None = None
    previous: str | None = None
    reviewed: Reviewed | None = None
    room: int | None = None
    approved: bool = False

    @property
    def target(self) -> str:
        return self.row.cue.text

    @property
    def source(self) -> str:
        return self.row.source.text if self.row.source else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What may lie beside a target: other versions, and what is known of its cues.

    `reasons` are by position in the target, `record` by cue key.
    """

    reference: Document | None = None
    previous: Document | None = None
    reasons: Mapping[int, Sequence[str]] | None = None
    comments: Sequence[Comment] = ()
    record: Mapping[str, Reviewed] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handout:
    """A target laid out for review; `name` is its file's, `source_name` that of its source.

    `general` are findings about the whole file. Marketing copy is not `timed`.
    """

    name: str
    source_name: str
    market: Market
    source_language: str
    cues: tuple[CueHere, ...]
    general: tuple[Finding, ...] = ()
    timed: bool = True


def hand_out(
    target: Document,
    market: Market,
    source: Document | None = None,
    *,
    name: str,
    source_name: str = "",
    beside: Beside | None = None,
) -> Handout:
    """Lay a target out for review. Comments stand at the cue that was on screen then."""
    beside = beside or Beside()
    findings = check(target, market, source, first_mention=True)
    matcher = market.glossary.matcher
    heard = [comment.at(target.cues) for comment in beside.comments]
    references = _beside(target, beside.reference)
    previous = _beside(target, beside.previous)
    record = beside.record or {}
    cues = tuple(
        CueHere(
            row=row,
            terms=_terms(row, matcher, market),
            findings=tuple(each for each in findings if each.position == at),
            reasons=tuple((beside.reasons or {}).get(at, ())),
            comments=tuple(
                each for each, where in zip(beside.comments, heard, strict=True) if where == at
            ),
            reference=references[at],
            previous=previous[at],
            reviewed=record.get(row.key),
            room=room_for(row.cue, row.source, target),
            approved=answered_for(row, record),
        )
        for at, row in enumerate(rows(target, source))
    )
    return Handout(
        name=name,
        source_name=source_name,
        market=market,
        source_language=source.language if source else "zh-Hans",
        cues=tuple(replace(here, row=as_written(here.row, target.format)) for here in cues),
        timed=target.timed,
        general=tuple(each for each in findings if each.position is None),
    )


def _beside(target: Document, other: Document | None) -> list[str | None]:
    if other is None:
        return [None] * len(target.cues)
    partners: list[Cue | None] = align(target.cues, other.cues)
    return [partner.text if partner else "" for partner in partners]


def _terms(row: Row, matcher: Matcher, market: Market) -> tuple[TermHere, ...]:
    if row.source is None:
        return ()
    said = [
        match.term
        for match in matcher.find(words_of_cue(row.source))
        if match.term.action != "ignore"
    ]
    required = [term for term in said if term.action in ("translate", "keep")]
    lost = Counter(
        term.source for term in unfulfilled(required, bare(row.cue.text), market.language)
    )
    found = []
    for term in said:
        kept = lost[term.source] == 0
        lost[term.source] -= not kept
        found.append(TermHere(term=term, kept=kept))
    return tuple(found)


def limits_in_words(handout: Handout, cue: CueHere) -> str:
    """Say what a cue may hold: `at most 2 lines of 42 characters, 48 in its 2.4 s`.

    Full-width columns are counted in CJK markets. A field of copy has room, or no limit at all.
    """
    limits, counting = handout.market.limits, handout.market.conventions.counting
    unit = "characters" if counting == "characters" else "full-width characters"
    if not handout.timed:
        return "" if cue.room is None else f"at most {cue.room} {unit}"
    seconds = cue.row.cue.duration_ms / 1000
    most = max(0, int(limits.max_cps * seconds))
    return (
        f"at most {limits.max_lines} line{'s' if limits.max_lines != 1 else ''}"
        f" of {limits.max_line_columns:g} {unit},"
        f" {most} in its {seconds:.1f} s"
    )


def term_in_words(term: Term) -> str:
    """Say what a term asks for: `扎染 → tie-dye (or tied-dye; not batik). Bai craft`."""
    if term.action == "forbid":
        said = f"{term.source}: not {', '.join(term.forbid)}"
    else:
        extra = [f"or {', '.join(term.accept)}"] if term.accept else []
        extra += [f"not {', '.join(term.forbid)}"] if term.forbid else []
        said = f"{term.source} → {term.required}" + (f" ({'; '.join(extra)})" if extra else "")
    return f"{said}. {term.notes[0]}" if term.notes else said


def finding_in_words(finding: Finding) -> str:
    hint = f". {finding.hint}" if finding.hint else ""
    return f"{finding.severity}: {finding.message}{hint} [{finding.code}]"
