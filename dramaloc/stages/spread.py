"""Sentences back into cues: the words of a whole sentence shared out to the cues it is said in.

A sentence that runs over cues is rendered twice, as a whole and cue by cue. Which of the two a
viewer gets is decided here, by what the model itself thinks of them and by what becomes of the
terms, the figures and the reading speed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from dramaloc.glossary.forms import located
from dramaloc.loops import loop_in, repeats
from dramaloc.markets.market import Market
from dramaloc.quality.numbers import figures, numbers_missing
from dramaloc.stages.localization import Segment, Slot, Translation
from dramaloc.subtitles.document import Document
from dramaloc.subtitles.lines import break_cost, joint_of, ways_to_cut
from dramaloc.subtitles.width import single_spaced, width

Score = Callable[[Sequence[tuple[str, str]]], list[float]]

# A whole that says much less than its parts has lost one of them, one much longer has looped.
# By how much the model's mean log-probability must speak for the whole: on the sample episodes
# less than this gave worse text than cue by cue (benchmarks/segmentation.py).
_SURER = 0.2
_SHORTEST, _LONGEST = 0.75, 1.3
_FAST = 1.25  # times the reading speed; beyond that a viewer cannot follow
_KEPT_SPLITS = 4
_LESS_SURE = "the model is less sure of the whole"

# Prices, on the scale of `break_cost` (-3 after a comma, 4 after an article).
_SHARE_COST = 8.0
_STOP_BONUS = -2.0
_MOVED_TERM_COST = 3.0
_AFTER_FIGURE_COST = 4.0
_DANGLING_COST = 3.0  # a conjunction or preposition belongs to what follows it
_HURRY_COST = 6.0
_INSIDE_FIGURES = {"a", "and", "past", "to"}
_PAUSED = re.compile(r"[,;:.?!…]\Z")
_STOPPED = re.compile(r"[.?!…。？！؟।]['\"”’)\]]*\Z")


def spread(
    parts: Sequence[Translation],
    wholes: Sequence[Translation],
    score: Score,
    document: Document,
    market: Market,
    hopeless: Sequence[Segment] = (),
) -> tuple[Translation, ...]:
    """Return one translation for each slot, in the order of `parts`.

    Where a whole is better, its cues get shares of it; else they keep their own renderings, and
    say why; `hopeless` wholes were not even tried. `score` gives a model's mean log-probability
    per token of (source, rendering) pairs, both on its first hop.
    """
    said: dict[Slot, Translation] = {part.segment.slots[0]: part for part in parts}
    for segment in hopeless:
        because = f"{_over(segment, document)} rendered cue by cue: {_LESS_SURE}"
        for slot in segment.slots:
            said[slot] = replace(said[slot], reasons=(*said[slot].reasons, because))
    groups = [[said[slot] for slot in whole.segment.slots] for whole in wholes]
    scores = _scores((*wholes, *(part for own in groups for part in own)), score)
    for whole, own in zip(wholes, groups, strict=True):
        why = _objection(whole, own, scores)
        shares = None if why else _shared_out(whole, own, document, market)
        over = _over(whole.segment, document)
        if shares is None:
            because = f"{over} rendered cue by cue: {why or 'no split of it can be read in time'}"
            shares = [replace(part, reasons=(*part.reasons, because)) for part in own]
        else:
            shares = [replace(part, reasons=(*part.reasons, over)) for part in shares]
        said |= {part.segment.slots[0]: part for part in shares}
    return tuple(said.values())


def _scores(rendered: Iterable[Translation], score: Score) -> Mapping[tuple[str, str], float]:
    """Ask the model only for what it has not said while it translated."""
    said = {(each.segment.text, each.between): each.sure for each in rendered}
    unknown = [pair for pair, sure in said.items() if sure is None]
    asked = dict(zip(unknown, score(unknown), strict=True)) if unknown else {}
    return asked | {pair: sure for pair, sure in said.items() if sure is not None}


def _over(segment: Segment, document: Document) -> str:
    positions = segment.cue_positions
    first, last = (document.cues[at].number_at(at) for at in (positions[0], positions[-1]))
    return f"sentence over cues {first}–{last}"


def hopeful(
    parts: Sequence[Translation],
    wholes: Sequence[Segment],
    sure: Mapping[str, float | None],
    score: Score,
) -> tuple[Segment, ...]:
    """Return the wholes that may be better than their parts: the others need no terms kept.

    `sure` gives by text what the model thinks of its rendering of a whole without any terms. One
    that has to keep them is no likelier, and of a hundred wholes it prefers two.
    """
    said = {part.segment.slots[0]: part for part in parts}
    groups = [[said[slot] for slot in whole.slots] for whole in wholes]
    scores = _scores((part for own in groups for part in own), score)
    return tuple(
        whole
        for whole, own in zip(wholes, groups, strict=True)
        if (of_it := sure[whole.text]) is None or of_it > _usual(own, scores) + _SURER
    )


def _usual(own: Sequence[Translation], scores: Mapping[tuple[str, str], float]) -> float:
    """How sure the model is of the parts, each by its length."""
    weights = [len(part.between) for part in own]
    each = [scores[part.segment.text, part.between] for part in own]
    return sum(w * s for w, s in zip(weights, each, strict=True)) / max(1, sum(weights))


def _objection(
    whole: Translation, own: Sequence[Translation], scores: Mapping[tuple[str, str], float]
) -> str:
    """Say why a whole is no better than its parts; nothing if it is."""
    source, text = whole.segment.text, whole.text
    apart = sum(len(part.text) for part in own)
    lost = sum(not use.kept for use in whole.terms)
    missing = sum(len(numbers_missing(part.segment.text, part.text)) for part in own)
    sure = scores[source, whole.between]
    usual = _usual(own, scores)
    if any(part.origin != whole.origin for part in own):
        return "a part of it is known"
    if lost > sum(not use.kept for part in own for use in part.terms):
        return "it would lose a term"
    if len(numbers_missing(source, text)) > missing:
        return "it would lose a figure"
    if loop_in(text) and not repeats(source):
        return "it repeats itself"
    if not _SHORTEST * apart <= len(text) <= _LONGEST * apart:
        return "it says much less" if len(text) < apart else "it says much more"
    return "" if sure > usual + _SURER else _LESS_SURE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """A text in pieces to be shared out: what each cue should and can take.

    `ideal` are shares of the whole, `room` the widths that can be read in a cue's time, `space`
    what its lines hold. Between pieces of `bound` nothing may be cut; `homes` has for pieces in
    which a term stands the cue whose source says it.
    """

    pieces: Sequence[str]
    joint: str
    ideal: Sequence[float]
    room: Sequence[float]
    space: float
    bound: frozenset[int]
    homes: Mapping[int, int]
    market: Market

    def text(self, start: int, end: int) -> str:
        return self.joint.join(self.pieces[start:end]).strip()

    def width(self, start: int, end: int) -> float:
        return width(self.text(start, end), self.market.conventions.counting)


def _shared_out(
    whole: Translation, own: Sequence[Translation], document: Document, market: Market
) -> list[Translation] | None:
    """Share a whole out to its cues by the cheapest split that can be read; None if none can."""
    counting = market.conventions.counting
    homes = _homes(whole, own, market.language)
    for task in _tasks(whole, own, document, market, homes):
        bearable = max(1.0, _strain([width(part.text, counting) for part in own], task))
        for cuts in _splits(task):
            ends = [0, *cuts, len(task.pieces)]
            places = list(pairwise(ends))
            if _strain([task.width(*place) for place in places], task) <= bearable:
                return _handed_out(whole, own, [task.text(*place) for place in places], market)
    return None


def _strain(widths: Iterable[float], task: _Task) -> float:
    """How far the worst cue is beyond what can be read; 1 is just bearable."""
    return max(
        max(size / (room * _FAST), size / task.space)
        for size, room in zip(widths, task.room, strict=True)
    )


def _tasks(
    whole: Translation,
    own: Sequence[Translation],
    document: Document,
    market: Market,
    homes: Mapping[tuple[int, int], int],
) -> Iterator[_Task]:
    limits, counting, language = market.limits, market.conventions.counting, market.language
    cues = [document.cues[position] for position in whole.segment.cue_positions]
    times = _normal([max(1, cue.duration_ms) for cue in cues])
    lengths = _normal([len(part.segment.text) for part in own])
    joint = joint_of(language, counting)
    text = single_spaced(whole.text)
    for pieces in ways_to_cut(text, language, spaced=bool(joint)):
        starts = _starts(pieces, joint)
        bound = _inside_figures(pieces) | {
            at
            for at in range(1, len(pieces))
            if any(begin < starts[at] < end for begin, end in homes)
        }
        yield _Task(
            pieces=pieces,
            joint=joint,
            ideal=[(time + length) / 2 for time, length in zip(times, lengths, strict=True)],
            room=[limits.max_cps * max(1, cue.duration_ms) / 1000 for cue in cues],
            space=limits.max_lines * limits.max_line_columns,
            bound=frozenset(bound),
            homes={
                at: home
                for (begin, _), home in homes.items()
                for at in range(len(pieces))
                if starts[at] <= begin < starts[at] + max(1, len(pieces[at]))
            },
            market=market,
        )


def _normal(values: Sequence[float]) -> list[float]:
    return [value / sum(values) for value in values]


def _starts(pieces: Sequence[str], joint: str) -> list[int]:
    starts, at = [], 0
    for piece in pieces:
        starts.append(at)
        at += len(piece) + len(joint)
    return starts


def _inside_figures(pieces: Sequence[str]) -> set[int]:
    """Return the places between the words of a figure: two hundred and ten, half past three."""
    said = [at for at, piece in enumerate(pieces) if figures(piece)]
    return {
        place
        for one, other in pairwise(said)
        if all(piece.casefold() in _INSIDE_FIGURES for piece in pieces[one + 1 : other])
        and not _PAUSED.search(pieces[one])
        for place in range(one + 1, other + 1)
    }


def _homes(
    whole: Translation, own: Sequence[Translation], language: str
) -> dict[tuple[int, int], int]:
    """Find where terms stand in a whole, and which of its cues says each in the source."""
    terms = [use.term for use in whole.terms]
    places = [place for place, part in enumerate(own) for _ in part.terms]
    spans = located(terms, single_spaced(whole.text), language)
    known = terms == [use.term for part in own for use in part.terms]
    return {span: places[at] if known else 0 for at, span in enumerate(spans) if span is not None}


def _splits(task: _Task) -> Iterator[tuple[int, ...]]:
    """Yield the cheapest ways to cut, cheapest first: dynamic programming over the pieces."""
    count, total = len(task.ideal), len(task.pieces)
    whole = max(1.0, task.width(0, total))
    reached: dict[int, list[tuple[float, tuple[int, ...]]]] = {0: [(0.0, ())]}
    for place in range(count):
        further: dict[int, list[tuple[float, tuple[int, ...]]]] = {}
        for start, ways in reached.items():
            for end in _ends(task, start, last=place == count - 1):
                price = _price(task, start, end, place, whole)
                cut = (end,) if end < total else ()
                further.setdefault(end, []).extend(
                    (cost + price, (*done, *cut)) for cost, done in ways
                )
        reached = {end: sorted(ways)[:_KEPT_SPLITS] for end, ways in further.items()}
    yield from (cuts for _, cuts in reached.get(total, []))


def _ends(task: _Task, start: int, *, last: bool) -> Iterator[int]:
    """Yield where the share that begins at a piece may end: never empty, never in a term."""
    total = len(task.pieces)
    for end in [total] if last else range(start + 1, total):
        if end not in task.bound and any(map(str.isalnum, task.text(start, end))):
            yield end


def _price(task: _Task, start: int, end: int, place: int, whole: float) -> float:
    size = task.width(start, end)
    price = _SHARE_COST * abs(size / whole - task.ideal[place])
    price += _HURRY_COST * max(0.0, size / task.room[place] - 1)
    price += _MOVED_TERM_COST * sum(
        abs(place - home) for at, home in task.homes.items() if start <= at < end
    )
    if end < len(task.pieces):
        before = task.pieces[end - 1]
        price += break_cost(task.pieces, end, task.market.breaks)
        price += _STOP_BONUS if _STOPPED.search(before) else 0.0
        price += _DANGLING_COST if before.casefold() in task.market.breaks.opening else 0.0
        price += _AFTER_FIGURE_COST if before[-1:].isdigit() else 0.0
    return price


def _handed_out(
    whole: Translation, own: Sequence[Translation], texts: Sequence[str], market: Market
) -> list[Translation]:
    """Give each cue its share; a term is on record where its rendering came to stand."""
    left = list(whole.terms)
    shares: list[Translation] = []
    for part, text in zip(own, texts, strict=True):
        last = len(shares) == len(own) - 1
        spans = located([use.term for use in left], text, market.language)
        here = [use for use, span in zip(left, spans, strict=True) if span is not None or last]
        for use in here:
            left.remove(use)
        terms = (f"term: {u.term.source} → {u.term.required} ({u.rung})" for u in here)
        shares.append(
            replace(
                whole,
                segment=part.segment,
                text=text,
                terms=tuple(here),
                group=whole.segment.cue_positions,
                reasons=(*part.segment.reasons, *terms),
            )
        )
    return shares
