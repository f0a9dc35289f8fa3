"""Sentences back into cues, and cues into lines the market can read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from dramaloc.glossary.forms import accepted
from dramaloc.glossary.term import Term
from dramaloc.markets.market import Market
from dramaloc.quality.punctuation import mend_spaces_before_marks
from dramaloc.quality.style import mend_commas, mend_ellipsis, mend_italics
from dramaloc.stages.localization import Translation
from dramaloc.subtitles.document import Cue, Document
from dramaloc.subtitles.formats import in_language
from dramaloc.subtitles.inline import Utterance, bare, put_together, retext, take_apart, words_of
from dramaloc.subtitles.lines import break_lines
from dramaloc.subtitles.width import single_spaced, width


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A document in its market's lines; which terms were explained at which cue position.

    `unexplained` are terms that were mentioned, at that position first, and found no room.
    """

    document: Document
    explained: tuple[tuple[int, Term], ...] = ()
    unexplained: tuple[tuple[int, Term], ...] = ()


def fit(
    document: Document,
    translations: Iterable[Translation],
    market: Market,
    explain: Iterable[Term] = (),
    settled: Mapping[int, str] = MappingProxyType({}),
) -> Fitted:
    """Give every cue its new words; times, order and marks stay as they are.

    `settled` are the texts of cues, by position, that are to stand as they are. `explain` are
    the terms whose note is still owed to the viewer. Each is explained once, at its first
    mention whose cue has room for the note within reading speed and lines; never in a song or
    a caption.
    """
    spoken: dict[int, dict[int, Translation]] = defaultdict(dict)
    for translation in translations:
        slot = translation.segment.slots[0]
        spoken[slot.cue][slot.utterance] = translation
    noteworthy = [term for term in explain if term.notes]
    owed = {term.target for term in noteworthy}
    mentioned: dict[str, tuple[int, Term]] = {}
    explained: list[tuple[int, Term]] = []
    cues = []
    for position, cue in enumerate(document.cues):
        if position in settled:
            cues.append(replace(cue, text=settled[position]))
            told = _explained_in(settled[position], noteworthy, owed)
        else:
            mentions = _mentions(cue, spoken[position], owed)
            for _, term in mentions:
                mentioned.setdefault(term.target, (position, term))
            fitted, told = _explaining(cue, spoken[position], mentions, market)
            cues.append(fitted)
        explained += [(position, term) for term in told]
        owed -= {term.target for term in told}
    return Fitted(
        document=in_language(replace(document, cues=tuple(cues)), market.code),
        explained=tuple(explained),
        unexplained=tuple(found for target, found in mentioned.items() if target in owed),
    )


def _explaining(
    cue: Cue,
    said: Mapping[int, Translation],
    mentions: Iterable[tuple[int, Term]],
    market: Market,
) -> tuple[Cue, list[Term]]:
    """Fit a cue with the notes that have room in it; return it and the terms explained."""
    texts = {place: found.text for place, found in said.items()}
    fitted, told = _fitted(cue, texts, market), []
    for place, term in mentions:
        for noted in with_notes(texts[place], term, market.language):
            longer = _fitted(cue, {**texts, place: noted}, market)
            if has_room(longer, market):
                fitted, texts[place] = longer, noted
                told.append(term)
                break
    return fitted, told


def _explained_in(text: str, terms: Iterable[Term], owed: Collection[str]) -> list[Term]:
    """Find the terms that a person has explained in a cue."""
    words = single_spaced(bare(text))
    return [
        term
        for term in terms
        if term.target in owed and any(f"({note})" in words for note in term.notes)
    ]


def _mentions(
    cue: Cue, said: Mapping[int, Translation], owed: Collection[str]
) -> list[tuple[int, Term]]:
    """Find the terms a cue mentions in speech that are still to be explained."""
    utterances = take_apart(cue.text)
    found = {
        use.term.target: (place, use.term)
        for place, translation in said.items()
        if not (utterances[place].caption or utterances[place].is_song)
        for use in translation.terms
        if use.kept and use.term.notes and use.term.target in owed
    }
    return list(found.values())


def with_notes(text: str, term: Term, language: str) -> list[str]:
    """Set a term's notes, longest first, behind its first form in a text; none after a possessive.

    >>> with_notes("This is tie-dye.", Term(source="扎染", target="tie-dye", note="bound"), "en")
    ['This is tie-dye (bound).']
    """
    found = accepted(term, language).search(text)
    if found is None or found.group().endswith(("'s", "’s", "'", "’")):
        return []
    start, end = text[: found.end()], text[found.end() :]
    return [f"{start} ({note}){end}" for note in term.notes]


def has_room(cue: Cue, market: Market) -> bool:
    """Whether a cue keeps its market's lines and reading speed."""
    limits, counting = market.limits, market.conventions.counting
    lines = bare(cue.text).split("\n")
    size = sum(width(line, counting) for line in lines)
    return (
        len(lines) <= limits.max_lines
        and all(width(line, counting) <= limits.max_line_columns for line in lines)
        and size * 1000 <= limits.max_cps * cue.duration_ms
    )


def _fitted(cue: Cue, texts: Mapping[int, str], market: Market) -> Cue:
    if not texts:
        return cue
    utterances = take_apart(mend_italics(cue.text, market))
    dialogue = sum(bool(utterance.dash) for utterance in utterances) > 1
    lines_left = max(1, market.limits.max_lines - (len(utterances) - 1))
    fitted = [
        _worded(utterance, texts[place], market, lines_left, dialogue=dialogue)
        if place in texts
        else utterance
        for place, utterance in enumerate(utterances)
    ]
    return replace(cue, text=put_together(_on_lines(fitted, market)))


def _on_lines(utterances: Iterable[Utterance], market: Market) -> list[Utterance]:
    """Give a second speaker a line of their own, and a voice that no longer fits on its line."""
    placed: list[Utterance] = []
    for utterance in utterances:
        if placed and not utterance.joint:
            previous = placed.pop()
            lines = bare(put_together([previous, utterance])).split("\n")
            wide = max(width(line, market.conventions.counting) for line in lines)
            if utterance.dash or wide > market.limits.max_line_columns:
                previous = replace(previous, after=previous.after.rstrip())
                utterance = replace(utterance, joint="\n")  # noqa: PLW2901  # the same, moved
            placed.append(previous)
        placed.append(utterance)
    return placed


def _worded(
    utterance: Utterance, text: str, market: Market, max_lines: int, *, dialogue: bool
) -> Utterance:
    words = punctuated(text, market)
    if utterance.caption:
        words = words.removesuffix(".")  # a sign is no sentence
    dash = market.conventions.dual_speaker_dash if utterance.dash and dialogue else utterance.dash
    counting = market.conventions.counting
    # Tags take no room, notes do; a cue may even be all notes.
    around = width(bare(f"{utterance.before}{dash}{utterance.opening}{utterance.after}"), counting)
    max_columns = max(1, market.limits.max_line_columns - around)
    kept = utterance.text.split("\n")
    fits = len(kept) <= max_lines and all(width(line, counting) <= max_columns for line in kept)
    if fits and words == single_spaced(words_of(utterance)):
        return replace(utterance, dash=dash)  # the same words, in lines that somebody chose
    marked = retext(replace(utterance, dash=dash), words)
    lines = break_lines(
        words,
        max_columns=max_columns,
        max_lines=max_lines,
        counting=counting,
        breaks=market.breaks,
        language=market.language,
    )
    return _broken_with_marks(marked, lines)


def _broken_with_marks(utterance: Utterance, lines: str) -> Utterance:
    """Break text that holds marks where its bare words were broken; marks move along."""
    if not utterance.inner:
        return replace(utterance, text=lines)
    moved = [0] * (len(utterance.text) + 1)
    at = 0
    for old, char in enumerate(utterance.text):
        at += lines[at : at + 1] == "\n" and not char.isspace()  # a break where no space was
        moved[old] = at
        at += 1
    moved[-1] = len(lines)
    marks = tuple(replace(mark, offset=moved[mark.offset]) for mark in utterance.inner)
    return replace(utterance, text=lines, inner=marks)


def punctuated(text: str, market: Market) -> str:
    """Write a market's punctuation, by the repairs of the rules that will check it.

    >>> punctuated("Wait...", Market(code="en", name="English"))
    'Wait…'
    """
    dotted = mend_spaces_before_marks(mend_ellipsis(text, market), market)
    return single_spaced(mend_commas(dotted, market))
