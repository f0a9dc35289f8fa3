"""Sentences back into cues, and cues into lines the market can read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from dramaloc.markets.market import Conventions, Market
from dramaloc.stages.localization import Translation
from dramaloc.subtitles.document import Cue, Document
from dramaloc.subtitles.inline import Utterance, put_together, retext, take_apart
from dramaloc.subtitles.lines import break_lines
from dramaloc.subtitles.width import width


def fit(document: Document, translations: Iterable[Translation], market: Market) -> Document:
    """Return the document with every cue's words replaced; times and marks stay as they are."""
    texts: dict[int, dict[int, str]] = defaultdict(dict)
    for translation in translations:
        slot = translation.segment.slots[0]
        texts[slot.cue][slot.utterance] = translation.text
    cues = tuple(
        _fitted(cue, texts.get(position, {}), market) for position, cue in enumerate(document.cues)
    )
    return replace(document, cues=cues, language=market.code)


def _fitted(cue: Cue, texts: Mapping[int, str], market: Market) -> Cue:
    utterances = take_apart(cue.text)
    dialogue = sum(bool(utterance.dash) for utterance in utterances) > 1
    lines_left = max(1, market.limits.max_lines - (len(utterances) - 1))
    fitted = [
        _worded(utterance, texts[place], market, lines_left, dialogue=dialogue)
        if place in texts
        else utterance
        for place, utterance in enumerate(utterances)
    ]
    return replace(cue, text=put_together(fitted))


def _worded(
    utterance: Utterance, text: str, market: Market, max_lines: int, *, dialogue: bool
) -> Utterance:
    words = punctuated(text, market.conventions)
    dash = market.conventions.dual_speaker_dash if utterance.dash and dialogue else utterance.dash
    counting = market.conventions.counting
    around = width(f"{dash}{utterance.opening}{utterance.after}", counting)
    marked = retext(replace(utterance, dash=dash), words)
    lines = break_lines(
        words,
        max_columns=market.limits.max_line_columns - around,
        max_lines=max_lines,
        counting=counting,
    )
    return _broken_with_marks(marked, lines)


def _broken_with_marks(utterance: Utterance, lines: str) -> Utterance:
    """Break text that holds marks where its bare words were broken; marks move along."""
    moved = [0] * (len(utterance.text) + 1)
    at = 0
    for old, char in enumerate(utterance.text):
        at += lines[at : at + 1] == "\n" and not char.isspace()  # a break where no space was
        moved[old] = at
        at += 1
    moved[-1] = len(lines)
    marks = tuple(replace(mark, offset=moved[mark.offset]) for mark in utterance.inner)
    return replace(utterance, text=lines, inner=marks)


_PAUSE_COMMA = re.compile(r"[，。]\s*")
_DOTS = re.compile(r"\.{3,}|。{2,}|…+|⋯+")


def punctuated(text: str, conventions: Conventions) -> str:
    """Write a market's punctuation: its ellipsis, and spaces for Chinese commas and stops.

    >>> punctuated("Wait...", Conventions())
    'Wait…'
    """
    text = _DOTS.sub(conventions.ellipsis, text)
    if conventions.comma_as_space:
        text = _PAUSE_COMMA.sub(" ", text)
    return " ".join(text.split())
