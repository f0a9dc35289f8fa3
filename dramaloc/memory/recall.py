"""What a memory has to say about the cues of a document."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from dramaloc.memory.entry import Asked, Entry, Hit, Recollection, Suggestion, asked, plain
from dramaloc.memory.store import Memory, rank
from dramaloc.subtitles.document import Cue

_STILL_ITSELF = 0.5  # a line this similar, between the same neighbours, is the old one changed


def recollect(
    memory: Memory, cues: Sequence[Cue], market: str, *, show: str = "", episode: str = ""
) -> tuple[Recollection, ...]:
    """Look up every cue with its neighbours; cues of which nothing is known are left out."""
    found: list[Recollection] = []
    unknown: list[tuple[int, Asked]] = []
    for position, cue in enumerate(cues):
        if not plain(cue.text):
            continue
        wanted = asked(cues, position, show=show, episode=episode)
        best = tuple(_best(memory.exact(wanted, market), wanted))
        if best:
            found.append(Recollection(position=position, hits=best, own=_is_own(best[0], wanted)))
        else:
            unknown.append((position, wanted))
    if unknown and episode:
        here = memory.entries(market, show=show, episode=episode)
        gone = _gone((entry for entry in here if entry.reviewed), cues)
        found += _changed(unknown, gone)
    return tuple(sorted(found, key=lambda each: each.position))


def _best(hits: Sequence[Hit], wanted: Asked) -> Iterator[Hit]:
    """Yield the reviewed hits that fit as well as the first, one for each target."""
    reviewed = [hit for hit in hits if hit.entry.reviewed]
    seen = set()
    for hit in reviewed:
        if rank(hit, wanted) == rank(reviewed[0], wanted) and hit.entry.target not in seen:
            seen.add(hit.entry.target)
            yield hit


def _is_own(hit: Hit, wanted: Asked) -> bool:
    there = bool(wanted.before) + bool(wanted.after)
    same = (hit.entry.show, hit.entry.episode) == (wanted.show, wanted.episode)
    return bool(wanted.episode) and same and hit.neighbours >= min(1, there)


def _gone(entries: Iterable[Entry], cues: Sequence[Cue]) -> list[tuple[str, str, str, Entry]]:
    """Return the entries, with words and neighbours, whose line the document no longer has."""
    lines = {plain(cue.text) for cue in cues}
    return [
        (words, plain(entry.before), plain(entry.after), entry)
        for entry in entries
        if (words := plain(entry.source)) not in lines
    ]


def _changed(
    unknown: Iterable[tuple[int, Asked]], gone: Sequence[tuple[str, str, str, Entry]]
) -> Iterator[Recollection]:
    """Find for lines nobody reviewed the reviewed line that stood in their place."""
    from rapidfuzz.distance import Levenshtein

    for position, wanted in unknown:
        words, around = plain(wanted.source), (plain(wanted.before), plain(wanted.after))
        ranked = []
        for old, before, after, entry in gone:
            met = (bool(before) and before == around[0]) + (bool(after) and after == around[1])
            likeness = Levenshtein.normalized_similarity(words, old)
            if met == 2 or (met and likeness >= _STILL_ITSELF):  # noqa: PLR2004  # both neighbours
                ranked.append((met, likeness, entry))
        if ranked:
            *_, former = max(ranked, key=lambda each: each[:2])
            yield Recollection(position=position, former=former)


def fingerprint(recollections: Iterable[Recollection]) -> str:
    """Sum up what may decide a document's text: equal fingerprints, equal decisions.

    Empty if nothing is known; entries about other lines change nothing.
    """
    said = [
        (each.position, each.own, [(h.entry.source, h.entry.target, h.entry.origin) for h in hits])
        for each in recollections
        if (hits := each.hits)
    ]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32] if said else ""


def suggest(
    memory: Memory, cues: Sequence[Cue], market: str, positions: Iterable[int]
) -> tuple[Suggestion, ...]:
    """Find what is known of similar lines, the most similar first for each position."""
    return tuple(
        Suggestion(position=position, hit=hit)
        for position in positions
        for hit in _alike(memory, asked(cues, position), market)
    )


def _alike(memory: Memory, wanted: Asked, market: str) -> Iterator[Hit]:
    """Yield drafts of the same words, and renderings of similar ones."""
    seen = set()
    for hit in (*memory.exact(wanted, market), *memory.fuzzy(wanted.source, market)):
        if hit.entry.target not in seen:
            seen.add(hit.entry.target)
            yield hit
