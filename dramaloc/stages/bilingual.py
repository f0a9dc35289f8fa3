"""Both languages in one cue, for those who read along in the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from dramaloc.markets.market import Market
from dramaloc.quality.finding import Finding
from dramaloc.quality.subject import Fault, Rule, finding
from dramaloc.subtitles.document import Cue, Document
from dramaloc.subtitles.inline import bare, take_apart, words_of
from dramaloc.subtitles.lines import break_lines
from dramaloc.subtitles.second import beside, dressed, marked
from dramaloc.subtitles.width import width

BILINGUAL_LINES = Rule(
    code="bilingual-lines",
    severity="warning",
    what="the lines of two languages together do not fit",
    source="ours: both languages may take one line more than the market's own",
    hint="Shorten the translation, or deliver two tracks with --bilingual tracks",
)
_SPOKEN = re.compile(r"[^\w]+")


def bilingual(
    source: Document, target: Document, market: Market, *, above: bool
) -> tuple[Document, tuple[Finding, ...]]:
    """Put each source cue's words into the target cue at its position, above or below.

    The source comes without tags, positions and notes, which the target has already, and without
    captions, whose original stands in the picture. Where both say the same it is said once.
    """
    if not target.timed:
        return target, ()
    pairs = list(zip(source.cues, target.cues, strict=True))
    shown = [_shown(old, new, source, market) for old, new in pairs]
    cues = tuple(
        replace(new, text=beside(new.text, marked(words, target, source.language),
                                 target.format, above=above)) if words else new
        for (_, new), words in zip(pairs, shown, strict=True)
    )  # fmt: skip
    faults = (
        fault
        for at, ((_, new), words) in enumerate(zip(pairs, shown, strict=True))
        for fault in _faults(at, new, words, market)
    )
    found = tuple(finding(BILINGUAL_LINES, fault, target.cues) for fault in faults)
    return dressed(replace(target, cues=cues)), found


def _shown(old: Cue, new: Cue, source: Document, market: Market) -> str:
    """Return what of a source cue is shown beside its translation."""
    voices = [voice for voice in take_apart(old.text) if not voice.caption and words_of(voice)]
    dashes = len(voices) > 1
    words = "  ".join(
        f"{voice.dash.strip()}{words_of(voice)}" if dashes else words_of(voice) for voice in voices
    )
    if _SPOKEN.sub("", words).casefold() in _SPOKEN.sub("", bare(new.text)).casefold():
        return ""
    room = _room(market)
    if width(words, "east-asian") <= room:
        return words
    return break_lines(
        words, max_columns=room, max_lines=2, counting="east-asian", language=source.language
    )


def _room(market: Market) -> float:
    """Return how many full-width characters stand in a line: two Latin ones take as much."""
    most = market.limits.max_line_columns
    return most / 2 if market.conventions.counting == "characters" else most


def _faults(at: int, new: Cue, words: str, market: Market) -> Iterator[Fault]:
    if not words:
        return
    lines, limit = bare(new.text).count("\n") + words.count("\n") + 2, market.limits.max_lines + 1
    if lines > limit:
        yield Fault(message=f"{lines} lines in two languages where {limit} fit", position=at)
    longest = max(width(line, "east-asian") for line in words.split("\n"))
    if longest > _room(market):
        yield Fault(
            message=f"a source line of {longest:g} where {_room(market):g} fit", position=at
        )
