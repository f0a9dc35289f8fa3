"""Which cues of a document make one sentence together."""

from __future__ import annotations

import math
import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from dramaloc.subtitles.document import Cue, Document
from dramaloc.subtitles.inline import Utterance, tags, take_apart, words_of
from dramaloc.subtitles.seams import Boundary, probability, shipped

_STOPPED = re.compile(r"[。．！!？?…⋯](?:[”’」』\"'）)])*\Z")
_PAUSED = re.compile(r"[，,、；;：:—]\Z")
_PAUSE_ODDS = 2.5  # a writer who sets a comma at a cue's end says that the sentence goes on
_MOST_MARKED = 0.95
_POSITION = re.compile(r"\{\\an?\d+\}")

# Of 39,700 dialogue cues of a drama 29 % run on: 45 % of those less than 100 ms apart, 16 % at
# one second.
_RUN_ON = 0.29
_NEAR_MS, _NEAR = 50, 0.45
_FAR_MS, _FAR = 1000, 0.16


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """When cues are taken for one sentence, and how much of it at most.

    `threshold` is the probability from which a cue is taken to run on; None is the boundary
    model's own. `max_characters` counts the words of all the cues together.
    """

    threshold: float | None = None
    max_cues: int = 4
    max_characters: int = 48
    max_gap_ms: int = 1500

    def __str__(self) -> str:
        sure = "" if self.threshold is None else f" from {self.threshold:g}"
        limits = f"{self.max_cues} cues, {self.max_characters} characters, {self.max_gap_ms} ms"
        return f"auto{sure}: {limits}"


USUAL_JOINING = Joining()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seam:
    """The end of a cue's speech and the start of the next: 0-based positions, log-odds."""

    before: int
    after: int
    odds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spoken:
    """One voice's words, alone in their cue."""

    position: int
    cue: Cue
    utterance: Utterance
    words: str


def run_on_groups(
    document: Document, joining: Joining = USUAL_JOINING
) -> tuple[tuple[int, ...], ...]:
    """Return the positions of cues that make one sentence, two or more in each group, in order.

    Only for Chinese, which the boundary model knows; nothing is joined in another language, nor
    in a document that is no dialogue in time.
    Captions and songs may stand between the cues of a sentence and belong to none.
    """
    if not document.timed or not (document.language or "zh").startswith("zh"):
        return ()
    boundary = shipped()
    threshold = boundary.threshold if joining.threshold is None else joining.threshold
    spoken = list(_speech(document.cues))
    lengths = {each.position: len("".join(each.words.split())) for each in spoken}
    found: list[tuple[int, ...]] = []
    chain: list[Seam] = []
    for seam in (*_seams(spoken, boundary, joining), None):
        if (
            seam
            and probability(seam.odds) >= threshold
            and (not chain or chain[-1].after == seam.before)
        ):
            chain.append(seam)
            continue
        found += _within_limits(chain, joining, lengths)
        chain = [seam] if seam and probability(seam.odds) >= threshold else []
    return (*found, *_within_limits(chain, joining, lengths))


def _within_limits(
    chain: Sequence[Seam], joining: Joining, lengths: dict[int, int]
) -> list[tuple[int, ...]]:
    """Part a chain at its weakest seam, and its parts again, until what is left is short enough."""
    so_far = [0, *accumulate(lengths[seam.after] for seam in chain)]
    cuts = [-1, len(chain)]
    for at in sorted(range(len(chain)), key=lambda at: chain[at].odds):
        place = bisect(cuts, at)
        start, end = cuts[place - 1] + 1, cuts[place]
        size = lengths[chain[start].before] + so_far[end] - so_far[start]
        if end - start >= joining.max_cues or size > joining.max_characters:
            cuts.insert(place, at)
    parts = (chain[before + 1 : after] for before, after in pairwise(cuts))
    return [(part[0].before, *(seam.after for seam in part)) for part in parts if part]


def _speech(cues: Sequence[Cue]) -> Iterator[_Spoken]:
    """Yield cues with one voice's words; None of them shows a sign or a song."""
    for position, cue in enumerate(cues):
        spoken = [u for u in take_apart(cue.text) if any(map(str.isalnum, u.text))]
        if len(spoken) == 1 and not _is_sign(cues, position, spoken[0]):
            yield _Spoken(
                position=position, cue=cue, utterance=spoken[0], words=words_of(spoken[0])
            )


def _is_sign(cues: Sequence[Cue], position: int, utterance: Utterance) -> bool:
    """Whether words are shown or sung: bracketed, under notes, or at the top over others."""
    if utterance.caption or utterance.is_song:
        return True
    cue = cues[position]
    beside = [cues[at] for at in (position - 1, position + 1) if 0 <= at < len(cues)]
    return bool(_POSITION.search(cue.text)) and any(
        min(cue.end_ms, other.end_ms) > max(cue.start_ms, other.start_ms)
        and not _POSITION.search(other.text)
        for other in beside
    )


def _seams(spoken: Sequence[_Spoken], boundary: Boundary, joining: Joining) -> Iterator[Seam]:
    """Weigh every seam that a sentence may cross, with what the whole file does."""
    pairs = [(one, other) for one, other in pairwise(spoken)]
    habit = _habit(spoken)
    usual = _mean([_share(_gap_ms(one, other)) for one, other in pairs])
    for one, other in pairs:
        gap_ms = _gap_ms(one, other)
        if not _may_run_on(one, other) or gap_ms > joining.max_gap_ms:
            continue
        odds = boundary.log_odds(one.words, other.words)
        # The gap says how far this seam is from the file's usual one, not from another file's.
        odds += _logit(_share(gap_ms)) - _logit(usual) + habit
        odds += _PAUSE_ODDS if _PAUSED.search(one.words) else 0.0
        yield Seam(before=one.position, after=other.position, odds=round(odds, 6))


def _may_run_on(one: _Spoken, other: _Spoken) -> bool:
    """Whether one voice may be speaking: no dash, no end mark, no other speaker or slant."""
    return not (
        other.utterance.dash
        or _STOPPED.search(one.words)
        or one.cue.speaker != other.cue.speaker
        or other.cue.start_ms < one.cue.start_ms
        or _slant(one.utterance) != _slant(other.utterance)
        or other.position - one.position > _MOST_BETWEEN
    )


_MOST_BETWEEN = 3  # one or two signs between two cues of a sentence; a song has more


def _slant(utterance: Utterance) -> bool:
    return any("<i>" in tag.lower() for tag in tags(utterance.before + utterance.opening))


def _habit(spoken: Iterable[_Spoken]) -> float:
    """What a missing end mark says in this file: the more of them it has, the more.

    A file that marks a share q of its sentence ends leaves 1 - q of them bare, and all that
    runs on.
    """
    marked = _mean([float(bool(_STOPPED.search(each.words))) for each in spoken])
    return -math.log(1 - min(_MOST_MARKED, marked / (1 - _RUN_ON)))


def _gap_ms(one: _Spoken, other: _Spoken) -> int:
    return other.cue.start_ms - one.cue.end_ms


def _share(gap_ms: int) -> float:
    """The share of cues that run on over a gap, on a line in log-odds through two measurements."""
    way = (max(gap_ms, _NEAR_MS) - _NEAR_MS) / (_FAR_MS - _NEAR_MS)
    return probability(_logit(_NEAR) + way * (_logit(_FAR) - _logit(_NEAR)))


def _logit(share: float) -> float:
    return math.log(share / (1 - share))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else _RUN_ON
