"""What a check sees, what it may say, and how a check is written down."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice

from dramaloc.glossary.matcher import Matcher
from dramaloc.glossary.term import Term
from dramaloc.markets.market import Market
from dramaloc.quality.finding import Finding, Severity
from dramaloc.subtitles.document import Cue, Document
from dramaloc.subtitles.inline import Utterance, bare, take_apart, words_of
from dramaloc.subtitles.runon import run_on_groups
from dramaloc.subtitles.timeline import Timeline

FRAMES_PER_SECOND = 24.0
_MOST_SHARED = 50  # source cues under one; a file whose cues all last for hours has thousands
_RAISED = re.compile(r"\{[^}]*\\an[789]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A document under inspection with its source cue by cue, for rules that span cues.

    `sources` has for each cue the source's cue at its time, or None; `banned` are the terms
    whose renderings the market forbids whatever the source says; `groups` give by position the
    cues that make one sentence in the source, whose words may stand in any of them.
    """

    document: Document
    market: Market
    matcher: Matcher
    sources: tuple[Cue | None, ...]
    banned: tuple[Term, ...] = ()
    source_language: str = "zh-Hans"
    fps: float = FRAMES_PER_SECOND
    groups: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    @property
    def cues(self) -> tuple[Cue, ...]:
        return self.document.cues

    def group(self, position: int) -> tuple[int, ...]:
        """Return the positions of the cues that share a cue's sentence, its own among them."""
        return self.groups.get(position, (position,))

    @property
    def frame_ms(self) -> float:
        return 1000 / self.fps


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One cue under inspection; `previous` is the one before it of the same kind.

    Speech follows speech and captions follow captions: a sign may lie over the dialogue.
    """

    whole: Whole
    position: int
    previous: Cue | None = None

    @property
    def cue(self) -> Cue:
        return self.whole.cues[self.position]

    @property
    def source(self) -> Cue | None:
        return self.whole.sources[self.position]

    @property
    def market(self) -> Market:
        return self.whole.market

    @property
    def language(self) -> str:
        """The market's primary language subtag: `en`, `zh`."""
        return self.market.code.split("-", maxsplit=1)[0]

    @property
    def text(self) -> str:
        return bare(self.cue.text)

    @property
    def utterances(self) -> tuple[Utterance, ...]:
        return take_apart(self.cue.text)

    @property
    def neighbours(self) -> Iterator[tuple[str, str]]:
        """Bare source and target texts of the cues just before and after, and of the sentence."""
        around = {self.position - 1, self.position + 1, *self.whole.group(self.position)}
        for at in sorted(around - {self.position}):
            if 0 <= at < len(self.whole.cues):
                source = self.whole.sources[at]
                yield bare(source.text) if source else "", bare(self.whole.cues[at].text)

    @property
    def inherited_times(self) -> bool:
        """Whether the times are the source's own, which localization does not touch."""
        source, cue = self.source, self.cue
        return source is not None and (source.start_ms, source.end_ms) == (cue.start_ms, cue.end_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What a check has to say; what it leaves out is its row's.

    `position` and `line` are for rules over the whole document.
    """

    message: str
    hint: str = ""
    severity: Severity | None = None
    position: int | None = None
    line: int = 0


Fix = Callable[[str, Market], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a finding's code stands for. `source` says whose rule it is."""

    code: str
    severity: Severity
    what: str
    source: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Rule):
    """A rule about one cue; `fix` mends a cue's text where that is safe."""

    run: Callable[[Subject], Iterator[Fault]]
    fix: Fix | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentCheck(Rule):
    """A rule that has to see the whole document; its faults name their positions."""

    run: Callable[[Whole], Iterator[Fault]]


def finding(rule: Rule, fault: Fault, cues: Sequence[Cue]) -> Finding:
    """Put a fault on record, at its cue or at its line in the file."""
    at = fault.position
    cue = None if at is None else cues[at]
    return Finding(
        code=rule.code,
        severity=fault.severity or rule.severity,
        message=fault.message,
        hint=fault.hint or rule.hint,
        cue=None if cue is None or at is None else cue.number_at(at),
        position=at,
        line=fault.line if cue is None else cue.line,
    )


def words_of_cue(cue: Cue) -> str:
    """A cue's words without marks, its utterances apart so that no term spans two voices."""
    return _words(cue.text)


@lru_cache(maxsize=8192)  # several rules hold each cue against its neighbours
def _words(text: str) -> str:
    return "\n".join(words_of(utterance) for utterance in take_apart(text))


def is_caption(cue: Cue) -> bool:
    """Whether a cue shows a sign rather than speech: it may lie over the dialogue in time."""
    utterances = take_apart(cue.text)
    return bool(utterances) and (
        all(utterance.caption for utterance in utterances) or bool(_RAISED.search(cue.text))
    )


def align(cues: Sequence[Cue], sources: Sequence[Cue]) -> list[Cue | None]:
    """Find for each cue its source: by position if all in-times agree, else by time."""
    if [cue.start_ms for cue in cues] == [cue.start_ms for cue in sources]:
        return list(sources)
    timeline = Timeline(sources)
    return [_overlapping(cue, (sources[at] for at in timeline.beside(cue))) for cue in cues]


def shared_sentences(
    partners: Sequence[Cue | None], language: str, market: Market
) -> tuple[tuple[int, ...], ...]:
    """Find the cues whose sources make one sentence; `partners` are those, cue by cue.

    A change of script keeps every word in its cue.
    """
    if market.language.startswith("zh"):
        return ()
    places = [position for position, partner in enumerate(partners) if partner is not None]
    sources = Document(
        cues=tuple(partner for partner in partners if partner is not None), language=language
    )
    return tuple(tuple(places[at] for at in group) for group in run_on_groups(sources))


def _overlapping(cue: Cue, sources: Iterable[Cue]) -> Cue | None:
    """Join the source cues that share at least half of their time with a cue."""
    caption = is_caption(cue)
    shared = (
        source
        for source in sources
        if min(cue.end_ms, source.end_ms) - max(cue.start_ms, source.start_ms)
        > source.duration_ms / 2
        and is_caption(source) == caption
    )
    partners = list(islice(shared, _MOST_SHARED))
    if not partners:
        return None
    return replace(partners[0], text="\n".join(partner.text for partner in partners))
