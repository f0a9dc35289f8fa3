"""Cues to sentences: one segment for each utterance of each cue, and for cues that run on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dramaloc.stages.localization import Segment, Slot
from dramaloc.subtitles.document import Document
from dramaloc.subtitles.inline import take_apart, words_of


def segment(document: Document) -> tuple[Segment, ...]:
    """Return what is to be translated, in order; utterances without words are not."""
    return tuple(_segments(document))


def join(parts: Sequence[Segment], groups: Iterable[Sequence[int]]) -> tuple[Segment, ...]:
    """Return for each group of cue positions its words as one segment.

    The cues of a group have one utterance each; a space between them is their comma.
    """
    at = {part.slots[0].cue: part for part in parts}
    return tuple(_joined([at[position] for position in group]) for group in groups)


def _segments(document: Document) -> Iterator[Segment]:
    for position, cue in enumerate(document.cues):
        for place, utterance in enumerate(take_apart(cue.text)):
            words = words_of(utterance)
            if any(map(str.isalnum, words)):
                slot = Slot(cue=position, utterance=place)
                yield Segment(slots=(slot,), text=words, source=words)


def _joined(parts: Sequence[Segment]) -> Segment:
    text = ""
    for part in parts:
        gap = " " if text[-1:].isalnum() else ""
        text += gap + part.text
    return Segment(
        slots=tuple(slot for part in parts for slot in part.slots), text=text, source=text
    )
