"""Which cues stay as people left them: decided before anything is translated.

A reviewed text is taken as it stands. One that was written for another place must keep today's
terms; a cue's own is kept even so, and the checks report what it breaks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dramaloc.glossary.forms import located
from dramaloc.markets.market import Market
from dramaloc.memory.entry import Entry, Recollection, plain
from dramaloc.quality.finding import Finding
from dramaloc.stages.localization import Segment, Slot, TermUse, Translation
from dramaloc.stages.terms import Contract, contract, judge
from dramaloc.subtitles.document import Cue, Document
from dramaloc.subtitles.inline import bare, put_together, retext, take_apart, words_of

MEMORY = "memory"
REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """What is settled: texts of cues by 0-based position, and how they came about.

    `translations` hold one for each settled cue. `reasons` are for cues of which something was
    known and which are translated all the same.
    """

    texts: Mapping[int, str] = field(default_factory=dict)
    translations: tuple[Translation, ...] = ()
    reasons: Mapping[int, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Declined:
    """Why nothing settles a cue; `code` and `hint` if a person should hear of it."""

    reason: str
    code: str = ""
    hint: str = ""


def recall(document: Document, known: Iterable[Recollection], market: Market) -> Recalled:
    """Decide for each cue of which something is known whether that settles it."""
    matcher = market.glossary.matcher
    everywhere = tuple(t for t in market.glossary if t.action == "forbid" and not t.source)
    texts: dict[int, str] = {}
    translations: list[Translation] = []
    reasons: dict[int, str] = {}
    findings: list[Finding] = []
    for each in known:
        cue = document.cues[each.position]
        due = contract(plain(cue.text), matcher, everywhere, market.language)
        found = _decided(each, cue, due)
        if isinstance(found, str):
            texts[each.position] = found
            translations.append(_translation(each, cue, found, due))
            continue
        reasons[each.position] = f"memory: {found.reason}"
        if found.code:
            findings.append(_finding(found, each.position, cue))
    return Recalled(
        texts=texts,
        translations=tuple(translations),
        reasons=reasons,
        findings=tuple(findings),
    )


def _decided(known: Recollection, cue: Cue, due: Contract) -> str | _Declined:
    """Return the text that settles a cue, or why there is none."""
    if known.former is not None:
        return _Declined(
            reason=f"its source changed since it was reviewed: it was {_line(known.former.source)}",
            code="reviewed-source-changed",
            hint=f"The reviewed text was: {_line(known.former.target)}",
        )
    if len(known.hits) > 1:
        ways = " | ".join(_line(hit.entry.target) for hit in known.hits)
        return _Declined(reason=f"reviewed elsewhere in several ways: {ways}")
    entry = known.hits[0].entry
    text = _in_marks_of(cue, entry)
    if text is None:
        return _Declined(reason=f"reviewed for other speakers or lines: {_line(entry.target)}")
    broken = _broken(text, due)
    if broken and not known.own:
        return _Declined(
            reason=f"a reviewed text was not used: it {broken}",
            code="reviewed-term-broken",
            hint=f"It says: {_line(entry.target)}",
        )
    return text


def _in_marks_of(cue: Cue, entry: Entry) -> str | None:
    """Return a reviewed text with a cue's own tags and notes; None if it has other parts."""
    if entry.source == cue.text:
        return entry.target
    ours, theirs = take_apart(cue.text), take_apart(entry.target)
    if len(ours) != len(theirs):
        return None
    return put_together(
        replace(retext(our, their.text), joint=their.joint, dash=their.dash)
        for our, their in zip(ours, theirs, strict=True)
    )


def _broken(text: str, due: Contract) -> str:
    """Say which of today's terms a text breaks; nothing if it keeps them."""
    verdict = judge(bare(text), due)
    lacking = [f"lacks {term.required!r} for {term.source}" for term in verdict.missing]
    wrong = [f"holds what is forbidden for {term.source or 'any'}" for term in verdict.forbidden]
    return ", ".join(dict.fromkeys([*lacking, *wrong]))


def _translation(known: Recollection, cue: Cue, text: str, due: Contract) -> Translation:
    entry = known.hits[0].entry
    slots = tuple(
        Slot(cue=known.position, utterance=place)
        for place, utterance in enumerate(take_apart(cue.text))
        if words_of(utterance)
    )
    spans = located(due.terms, bare(text), due.language)
    return Translation(
        segment=Segment(slots=slots, text=due.text, source=due.text),
        text=plain(text),
        origin=MEMORY,
        engine=entry.origin,
        rung=REVIEWED,
        terms=tuple(
            TermUse(term=term, kept=span is not None, rung=REVIEWED)
            for term, span in zip(due.terms, spans, strict=True)
        ),
        reasons=(f"memory: {_who(entry)}{_where(known)}",),
    )


def _who(entry: Entry) -> str:
    return f"reviewed ({entry.origin})" if entry.origin else "reviewed"


def _where(known: Recollection) -> str:
    hit = known.hits[0]
    if known.own:
        return ", for this cue"
    place = " ".join(filter(None, (hit.entry.show, hit.entry.episode)))
    around = ("", ", a neighbour matches", ", both neighbours match")[hit.neighbours]
    return f" in {place}{around}" if place else around


def _finding(declined: _Declined, position: int, cue: Cue) -> Finding:
    return Finding(
        code=declined.code,
        severity="warning",
        message=declined.reason,
        hint=declined.hint,
        position=position,
        cue=cue.number_at(position),
        line=cue.line,
    )


def _line(text: str) -> str:
    return bare(text).replace("\n", " / ")


def with_recalled(
    translations: Sequence[Translation], recalled: Recalled
) -> tuple[Translation, ...]:
    """Put what was recalled among the translations, or in their stead, in the order of the cues."""
    first: set[int] = set()
    said: list[Translation] = list(recalled.translations)
    for each in translations:
        position = each.segment.slots[0].cue
        if position in recalled.texts:
            continue  # it was rendered for the sake of the sentence it is a part of
        reason = recalled.reasons.get(position)
        if reason and position not in first:
            first.add(position)
            each = replace(each, reasons=(*each.reasons, reason))  # noqa: PLW2901  # the same
        said.append(each)
    return tuple(sorted(said, key=lambda each: _place(each.segment.slots[0])))


def _place(slot: Slot) -> tuple[int, int]:
    return slot.cue, slot.utterance
