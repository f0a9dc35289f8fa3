"""What the stages hand on to one another, and what comes out at the end."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field

from dramaloc.glossary.term import Term
from dramaloc.memory.entry import Recollection
from dramaloc.quality.finding import Finding
from dramaloc.quality.subject import FRAMES_PER_SECOND
from dramaloc.subtitles.document import Document
from dramaloc.subtitles.runon import USUAL_JOINING, Joining


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """How a document is to be localized, where a show may choose.

    `explained` are the renderings that earlier episodes have explained at their first mention;
    None explains nothing. With `retime` cues may stay longer, into the silence after them;
    `fps` is the video's frame rate, by which gaps are counted. `known` is what the translation
    memory knows of the document's cues, `template` their reviewed texts, by position, in the
    language on the way to markets without a direct one. `joining` says which cues may be
    translated as one sentence; None takes each by itself.
    """

    explained: Container[str] | None = ()
    retime: bool = False
    fps: float = FRAMES_PER_SECOND
    known: tuple[Recollection, ...] = ()
    template: Mapping[int, str] = field(default_factory=dict)
    joining: Joining | None = USUAL_JOINING


USUAL = Choices()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """An utterance's place: 0-based position of its cue, and its place within the cue."""

    cue: int
    utterance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """What is translated as one sentence: `text` on one line, said in `slots`.

    `source` is the text as it stood before adaptation; `reasons` say what changed it. `between`
    is its reviewed rendering in the language on the way, if a template has one.
    """

    slots: tuple[Slot, ...]
    text: str
    source: str
    reasons: tuple[str, ...] = ()
    between: str = ""

    @property
    def cue_positions(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(slot.cue for slot in self.slots))


@dataclass(frozen=True, slots=True, kw_only=True)
class TermUse:
    """One required occurrence: `rung` says how it was kept, `score_drop` what that cost.

    `score_drop` is the model's unconstrained score less that of the text shipped, in mean
    log-probability per token; 0 where nothing had to change.
    """

    term: Term
    kept: bool
    rung: str
    score_drop: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A segment and its rendering; `origin` names what made it, `engine` the signature.

    `fault` says why there is no rendering, and `text` is the source's.
    `between` is the first hop's rendering (`text` itself where there is one hop). `group` are the
    positions of the cues that were translated as one sentence, of which this is a part. `sure`
    is the model's own mean log-probability of `between`, None where it never said one.
    """

    segment: Segment
    text: str
    origin: str
    engine: str
    fault: str = ""
    rung: str = "as-it-comes"
    terms: tuple[TermUse, ...] = ()
    reasons: tuple[str, ...] = ()
    between: str = ""
    group: tuple[int, ...] = ()
    sure: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Localization:
    """A localized document with all that explains it.

    `explained` are the terms that got their first-mention note, with the cue's position.
    """

    source: Document
    target: Document
    market: str
    engine: str
    translations: tuple[Translation, ...]
    explained: tuple[tuple[int, Term], ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def term_audit(self) -> tuple[tuple[int, TermUse], ...]:
        """Every required term occurrence with the position of its (first) cue."""
        return tuple(
            (translation.segment.cue_positions[0], use)
            for translation in self.translations
            for use in translation.terms
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A step of a long task: `done` of `total` segments in `stage`."""

    stage: str
    done: int
    total: int


Watcher = Callable[[Progress], None]


def unwatched(_event: Progress) -> None:
    """Stand in where nobody watches the progress."""
