"""Where sentences begin and end, as far as a subtitle shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dramaloc.quality.subject import Subject
from dramaloc.subtitles.document import Cue
from dramaloc.subtitles.inline import Utterance, take_apart

# Abbreviations whose stop ends no sentence; single letters are initials: U.S., p.m.
_ABBREVIATIONS = set(
    """mr mrs ms dr st prof sr jr vs etc no vol ep lt col gen capt rev hon mt e.g i.e
    sra srta ud uds pág núm dra mme mlle bzw usw ca nr str""".split()
)
_END = re.compile(r"(?<![.…])[.!?]['’\"”»)\]]*\s*\Z")
_SEAM = re.compile(r"(?<![.…])[.!?](?![.…])\s+(?=\S)")
_TRAILS_OFF = ("...", "…", "⋯", "..")


def sentence_starts(subject: Subject) -> Iterator[str]:
    """Yield the rest of each utterance from where a sentence of speech begins.

    A cue's first words begin one if the speech before has ended; a second speaker's always
    do. Songs and captions have lines of their own and are left out, and what goes on after
    an ellipsis may begin as it likes.
    """
    utterances = subject.utterances
    speakers = sum(bool(utterance.dash) for utterance in utterances)
    for place, utterance in enumerate(utterances):
        if utterance.caption or utterance.is_song:
            continue
        text = " ".join(utterance.text.split())
        second = place > 0 and bool(utterance.dash) and speakers > 1
        first = place == 0 and (subject.previous is None or _has_ended(subject.previous))
        if text and (first or second) and not text.startswith(_TRAILS_OFF):
            yield text
        for seam in _SEAM.finditer(text):
            if not _is_abbreviation(text[: seam.start()]):
                yield text[seam.end() :]


def _has_ended(cue: Cue) -> bool:
    last: Utterance | None = next(iter(reversed(take_apart(cue.text))), None)
    if last is None or last.is_song or last.caption:
        return False
    text = last.text.rstrip()
    ended = _END.search(text)
    return bool(ended) and not (ended and _is_abbreviation(text[: ended.start()], ended.group()))


def _is_abbreviation(before: str, mark: str = ".") -> bool:
    words = before.split()
    if not words or not mark.startswith("."):
        return False
    word = words[-1].strip("\"“‘'(").casefold()
    return word in _ABBREVIATIONS or bool(re.search(r"(?:\A|\.)[^\W\d_]\Z", word))
