"""Reviewed text in the language on the way, as the trade's template files hold it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dramaloc.glossary.term import Term
from dramaloc.stages.localization import Segment
from dramaloc.subtitles.document import Document
from dramaloc.subtitles.inline import take_apart, words_of


def with_template(
    segments: Sequence[Segment],
    document: Document,
    template: Mapping[int, str],
    terms: Iterable[Term] = (),
) -> tuple[Segment, ...]:
    """Give segments the words that a template has for them; `template` is by cue position.

    First-mention notes of `terms` are left out: the market has its own. A cue whose template
    has other parts than its source gives its words only to a source of one part.
    """
    notes = [f" ({note})" for term in terms for note in term.notes]
    return tuple(_given(each, document, template, notes) for each in segments)


def _given(
    segment: Segment, document: Document, template: Mapping[int, str], notes: Sequence[str]
) -> Segment:
    slot = segment.slots[0]
    ours = take_apart(document.cues[slot.cue].text)
    theirs = take_apart(template.get(slot.cue, ""))
    if len(ours) == len(theirs):
        words = words_of(theirs[slot.utterance])
    elif len(ours) == 1:
        words = " ".join(map(words_of, theirs))
    else:
        return segment
    for note in notes:
        words = words.replace(note, "")
    return replace(segment, between=words) if any(map(str.isalnum, words)) else segment
