"""Cues to sentences: one segment for each utterance of each cue."""

from __future__ import annotations

from collections.abc import Iterator

from dramaloc.stages.localization import Segment, Slot
from dramaloc.subtitles.document import Document
from dramaloc.subtitles.inline import take_apart, words_of


def segment(document: Document) -> tuple[Segment, ...]:
    """Return what is to be translated, in order; utterances without words are not."""
    return tuple(_segments(document))


def _segments(document: Document) -> Iterator[Segment]:
    for position, cue in enumerate(document.cues):
        for place, utterance in enumerate(take_apart(cue.text)):
            words = words_of(utterance)
            if any(map(str.isalnum, words)):
                slot = Slot(cue=position, utterance=place)
                yield Segment(slots=(slot,), text=words, source=words)
