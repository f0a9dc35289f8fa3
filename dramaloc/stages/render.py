"""Sentences into another language, with the term contract kept or the breach reported.

Everything is translated plainly first. Only texts whose rendering breaks their contract climb
the ladder, and every rung asks the engine once for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from dramaloc.engines.engine import Candidate, Engine, Request
from dramaloc.glossary.forms import pattern
from dramaloc.glossary.matcher import Matcher
from dramaloc.glossary.term import Glossary, Term
from dramaloc.stages.localization import (
    Progress,
    Segment,
    TermUse,
    Translation,
    Watcher,
    unwatched,
)
from dramaloc.stages.mending import joined, sentence_case
from dramaloc.stages.terms import (
    Contract,
    Verdict,
    contract,
    inline,
    judge,
    parts_around,
    protect,
    restore,
)

_HYPOTHESES = 4


@dataclass(frozen=True)
class Hop:
    """One direct translation: an engine between two languages, and the terms due there."""

    engine: Engine
    source: str
    target: str
    glossary: Glossary
    matcher: Matcher = field(init=False)
    everywhere: tuple[Term, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "matcher", Matcher(self.glossary))
        banned = tuple(t for t in self.glossary if t.action == "forbid" and not t.source)
        object.__setattr__(self, "everywhere", banned)

    @property
    def signature(self) -> str:
        return self.engine.signature(self.source, self.target)

    def translate(
        self, texts: Iterable[str], hypotheses: int = 1, watch: Callable[[int], None] | None = None
    ) -> dict[str, tuple[Candidate, ...]]:
        """Translate each different text once."""
        asked = list(dict.fromkeys(texts))
        requests = [Request(text=text, hypotheses=hypotheses) for text in asked]
        watch = watch or (lambda _count: None)
        found = self.engine.translate(requests, self.source, self.target, watch)
        return dict(zip(asked, found, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a contract came to: the text shipped, the rung that made it, what is still broken."""

    text: str
    rung: str
    verdict: Verdict
    score_drop: float = 0.0


Proposals = dict[Contract, list[str]]
Rung = Callable[[Hop, Sequence[Contract], dict[str, Candidate]], Proposals]


def render(
    segments: Sequence[Segment], hop: Hop, watch: Watcher = unwatched
) -> tuple[Translation, ...]:
    """Translate segments, in their order. Equal texts come out equal."""
    dues = {
        text: contract(text, hop.matcher, hop.everywhere, hop.target)
        for text in dict.fromkeys(segment.text for segment in segments)
    }
    total, done = len(dues), 0

    def count(finished: int) -> None:
        nonlocal done
        done += finished
        watch(Progress(stage="translate", done=done, total=total))

    plain = {text: found[0] for text, found in hop.translate(dues, watch=count).items()}
    outcomes = climb(hop, list(dues.values()), plain)
    return tuple(
        _translation(segment, dues[segment.text], outcomes[dues[segment.text]], hop)
        for segment in segments
    )


def climb(
    hop: Hop, dues: Sequence[Contract], plain: dict[str, Candidate]
) -> dict[Contract, Outcome]:
    """Send what breaks its contract up the ladder until it is kept or the ladder ends."""
    outcomes = {
        due: Outcome(
            text=plain[due.text].text,
            rung="as-it-comes",
            verdict=judge(plain[due.text].text, due),
        )
        for due in dues
    }
    for name, rung in RUNGS:
        pending = [due for due in dues if not outcomes[due].verdict.kept]
        if not pending:
            break
        proposals = {
            due: [text for text in dict.fromkeys(texts) if judge(text, due).kept]
            for due, texts in rung(hop, pending, plain).items()
        }
        outcomes |= _choose(hop, name, proposals, plain)
    return outcomes


def _choose(
    hop: Hop, rung: str, proposals: Proposals, plain: dict[str, Candidate]
) -> dict[Contract, Outcome]:
    """Take for each contract the proposal that the model itself finds likeliest."""
    pairs = [(due.text, text) for due, texts in proposals.items() for text in texts]
    scores = dict(zip(pairs, hop.engine.score(pairs, hop.source, hop.target), strict=True))
    chosen = {}
    for due, texts in proposals.items():
        if texts:
            best = max(texts, key=lambda text: scores[due.text, text])
            drop = max(0.0, plain[due.text].score - scores[due.text, best])
            chosen[due] = Outcome(
                text=best, rung=rung, verdict=judge(best, due), score_drop=round(drop, 4)
            )
    return chosen


def by_n_best(hop: Hop, pending: Sequence[Contract], _plain: dict[str, Candidate]) -> Proposals:
    """Offer the model's other renderings."""
    if "n-best" not in hop.engine.capabilities:
        return {}
    found = hop.translate((due.text for due in pending), hypotheses=_HYPOTHESES)
    return {due: [candidate.text for candidate in found[due.text]] for due in pending}


def by_inline(hop: Hop, pending: Sequence[Contract], _plain: dict[str, Candidate]) -> Proposals:
    """Write the rendering into the source: models often copy Latin text."""
    asked = {due: inline(due) for due in pending if due.matches}
    found = hop.translate(asked.values())
    return {due: [found[text][0].text] for due, text in asked.items()}


def by_placeholder(
    hop: Hop, pending: Sequence[Contract], _plain: dict[str, Candidate]
) -> Proposals:
    """Let a stand-in that the model copies hold the term's place."""
    if "placeholders" not in hop.engine.capabilities:
        return {}
    asked = {due: text for due in pending if due.matches and (text := protect(due))}
    count = _HYPOTHESES if "n-best" in hop.engine.capabilities else 1
    found = hop.translate(asked.values(), hypotheses=count)
    return {
        due: [text for one in found[asked_text] if (text := restore(one.text, due))]
        for due, asked_text in asked.items()
    }


def by_replacement(hop: Hop, pending: Sequence[Contract], plain: dict[str, Candidate]) -> Proposals:
    """Find what the model makes of the term alone in its rendering, and put the right one there."""
    alone = (
        hop.translate(
            (term.source for due in pending for term in due.terms), hypotheses=_HYPOTHESES
        )
        if "n-best" in hop.engine.capabilities
        else {}
    )
    proposals: Proposals = {}
    for due in pending:
        text: str | None = plain[due.text].text
        for term in dict.fromkeys(due.terms):
            wrong = [c.text.rstrip(".!?") for c in alone.get(term.source, ())]
            text = text and _replaced(text, term, [*term.forbid, *wrong], due)
        proposals[due] = [text] if text else []
    return proposals


def _replaced(text: str, term: Term, wrong: Sequence[str], due: Contract) -> str | None:
    if pattern((term.required, *term.accept), due.language).search(text):
        return text
    usable = tuple(form for form in wrong if any(map(str.isalnum, form)))
    found = pattern(usable, due.language).search(text) if usable else None
    if not found:
        return None
    return joined([text[: found.start()], term, text[found.end() :]], due.language)


def by_parts(hop: Hop, pending: Sequence[Contract], _plain: dict[str, Candidate]) -> Proposals:
    """Translate what stands around the terms and join the parts: always possible, never pretty."""
    parts = {due: parts_around(due) for due in pending if due.matches}
    wanted = [part for found in parts.values() for part in found if any(map(str.isalnum, part))]
    rendered = {text: found[0].text for text, found in hop.translate(wanted).items()}
    return {
        due: [_assembled(due, [rendered.get(part, "") for part in found])]
        for due, found in parts.items()
    }


def _assembled(due: Contract, parts: Sequence[str]) -> str:
    pieces: list[str | Term] = []
    for place, part in enumerate(parts):
        last = place == len(parts) - 1
        text = sentence_case(part, first=not pieces)
        if text:
            pieces.append(text if last else f"{text.rstrip('.')} ")
        if not last:
            pieces.append(due.matches[place].term)
    return joined(pieces, due.language)


RUNGS: tuple[tuple[str, Rung], ...] = (
    ("n-best", by_n_best),
    ("placeholder", by_placeholder),
    ("inline", by_inline),
    ("replaced", by_replacement),
    ("parts", by_parts),
)


def _translation(segment: Segment, due: Contract, outcome: Outcome, hop: Hop) -> Translation:
    missing = list(outcome.verdict.missing)
    uses = []
    for term in due.terms:
        kept = term not in missing
        if not kept:
            missing.remove(term)
        uses.append(TermUse(term=term, kept=kept, rung=outcome.rung, score_drop=outcome.score_drop))
    return Translation(
        segment=segment,
        text=outcome.text,
        origin=hop.engine.name,
        engine=hop.signature,
        rung=outcome.rung,
        terms=tuple(uses),
        reasons=(
            *segment.reasons,
            *(f"term: {t.source} → {t.required} ({outcome.rung})" for t in due.terms),
        ),
    )
