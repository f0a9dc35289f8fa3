"""Sentences into another language, with the term contract kept or the breach reported.

Everything is translated plainly first. Only texts whose rendering breaks their contract climb
the ladder, and every rung asks the engine once for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from dramaloc.engines.engine import Candidate, Engine, Request, nothing_done
from dramaloc.engines.standins import Family
from dramaloc.glossary.forms import accepted, located, pattern, violations
from dramaloc.glossary.matcher import Matcher
from dramaloc.glossary.term import Glossary, Term
from dramaloc.letters import LETTER
from dramaloc.stages.localization import (
    Progress,
    Segment,
    TermUse,
    Translation,
    Watcher,
    unwatched,
)
from dramaloc.stages.mending import joined, mended, sentence_case
from dramaloc.stages.renderings import Recent, Rendering, Renderings, key, plain_key
from dramaloc.stages.terms import (
    Contract,
    Protected,
    carried,
    contract,
    inline,
    judge,
    parts_around,
    protect,
    restore,
)

AS_IT_COMES = "as-it-comes"
_HYPOTHESES = 4
_MOST_FORCED = 3  # terms forced into one sentence
_MOST_PLACES = 8  # places in it that are tried


@dataclass(frozen=True)
class Hop:
    """One direct translation: an engine between two languages, and the terms due there."""

    engine: Engine
    source: str
    target: str
    glossary: Glossary

    @cached_property
    def matcher(self) -> Matcher:
        return Matcher(self.glossary)

    @cached_property
    def everywhere(self) -> tuple[Term, ...]:
        """Terms that forbid a rendering whatever the source says."""
        return tuple(t for t in self.glossary if t.action == "forbid" and not t.source)

    @property
    def hypotheses(self) -> int:
        """How many renderings to ask for where one of them may do."""
        return _HYPOTHESES if "n-best" in self.engine.capabilities else 1

    @cached_property
    def signature(self) -> str:
        return self.engine.signature(self.source, self.target)

    @cached_property
    def families(self) -> tuple[Family, ...]:
        """Stand-ins that the engine copies, best first; asked for only if a term needs one."""
        return self.engine.stand_ins(self.source, self.target)

    def translate(
        self,
        texts: Iterable[str],
        hypotheses: int = 1,
        *,
        watch: Callable[[int], None] = nothing_done,
    ) -> dict[str, tuple[Candidate, ...]]:
        """Translate each different text once."""
        asked = list(dict.fromkeys(texts))
        requests = [Request(text=text, hypotheses=hypotheses) for text in asked]
        found = self.engine.translate(requests, self.source, self.target, watch)
        return dict(zip(asked, found, strict=True))

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Return the mean log-probability per token of each (source, rendering) pair."""
        return self.engine.score(pairs, self.source, self.target)

    def finish(self, begun: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Candidate]:
        """Translate texts whose renderings must begin as given."""
        asked = list(dict.fromkeys(begun))
        requests = [Request(text=text, prefix=prefix) for text, prefix in asked]
        found = self.engine.translate(requests, self.source, self.target, nothing_done)
        return {pair: candidates[0] for pair, candidates in zip(asked, found, strict=True)}


Plain = Mapping[str, Rendering]
Proposals = dict[Contract, list[Candidate]]
Rung = Callable[[Hop, Sequence[Contract], Plain], Proposals]


def render(
    segments: Sequence[Segment],
    hops: Sequence[Hop],
    watch: Watcher = unwatched,
    known: Renderings | None = None,
) -> tuple[Translation, ...]:
    """Translate segments, in their order, over one hop or several. Equal texts come out equal.

    What is `known` is not asked of an engine again, and what is found out is added to it. A
    segment that a template has words for goes only over the last hop.
    """
    known = Recent() if known is None else known
    given = [segment for segment in segments if segment.between and len(hops) > 1]
    if given:
        onward = iter(_from_template(given, hops, known))
        rest = [segment for segment in segments if not segment.between]
        others = iter(render(rest, hops, watch, known))
        return tuple(next(onward if segment.between else others) for segment in segments)
    texts = list(dict.fromkeys(segment.text for segment in segments))
    done = 0

    def count(finished: int) -> None:
        nonlocal done
        done += finished
        watch(Progress(stage="translate", done=done, total=len(texts) * len(hops)))

    first, *later = hops
    dues = {text: contract(text, first.matcher, first.everywhere, first.target) for text in texts}
    outcomes = between = _over(first, dues, known, count)
    for hop in later:
        dues = {
            text: carried(dues[text], outcomes[text].text, hop.glossary, hop.target)
            for text in texts
        }
        before = outcomes
        after = _over(hop, dues, known, count)
        outcomes = {text: _after(before[text], outcome) for text, outcome in after.items()}
    signature = " + ".join(hop.signature for hop in hops)
    return tuple(
        replace(
            _translation(segment, outcomes[segment.text], hops[-1], signature),
            between=between[segment.text].text,
        )
        for segment in segments
    )


def _from_template(
    segments: Sequence[Segment], hops: Sequence[Hop], known: Renderings
) -> Iterator[Translation]:
    """Translate what people wrote in the language on the way, with the source's terms kept."""
    first, last = hops[0], hops[-1]
    dues = {}
    for at, segment in enumerate(segments):
        asked = contract(segment.text, first.matcher, first.everywhere, first.target)
        dues[str(at)] = carried(asked, segment.between, last.glossary, last.target)
    outcomes = _over(last, dues, known, nothing_done)
    for at, segment in enumerate(segments):
        found = _translation(segment, outcomes[str(at)], last, last.signature)
        because = (*found.reasons, f"template: {segment.between}")
        yield replace(found, between=segment.between, reasons=because)


def _over(
    hop: Hop, dues: Mapping[str, Contract], known: Renderings, count: Callable[[int], None]
) -> dict[str, Rendering]:
    """Take every text over one hop, its contract kept."""
    keys = {due: key(due, hop.source, hop.signature) for due in dict.fromkeys(dues.values())}
    outcomes = dict(known.get(keys.values()))
    unknown = [due for due in keys if keys[due] not in outcomes]
    count(len(dues) - len(unknown))
    plain = _plainly(hop, unknown, known, count)
    found = {keys[due]: outcome for due, outcome in climb(hop, unknown, plain).items()}
    known.put(found)
    outcomes |= found
    return {text: outcomes[keys[due]] for text, due in dues.items()}


def _plainly(
    hop: Hop, dues: Sequence[Contract], known: Renderings, count: Callable[[int], None]
) -> Plain:
    """Render texts as if no term were asked for: the same whatever the market's terms are."""
    keys = {due.text: plain_key(due.text, hop.source, hop.target, hop.signature) for due in dues}
    remembered = known.get(keys.values())
    unknown = [text for text in keys if keys[text] not in remembered]
    count(len(dues) - len(unknown))
    asked = hop.translate(unknown, watch=count)
    found = {
        keys[text]: Rendering(text=first.text, score=first.score, rung=AS_IT_COMES)
        for text, (first, *_) in asked.items()
    }
    known.put(found)
    return {text: found.get(keys[text]) or remembered[keys[text]] for text in keys}


def _after(first: Rendering, second: Rendering) -> Rendering:
    """Sum up two hops: the rung that is farther up, both drops."""
    ladder = [AS_IT_COMES, *(name for name, _ in RUNGS)]
    return replace(
        second,
        rung=max(first.rung, second.rung, key=ladder.index),
        score_drop=round(first.score_drop + second.score_drop, 4),
    )


def climb(hop: Hop, dues: Sequence[Contract], plain: Plain) -> dict[Contract, Rendering]:
    """Send what breaks its contract up the ladder until it is kept or the ladder ends."""
    outcomes = {
        due: replace(plain[due.text], text=mended(plain[due.text].text, due.terms, due.language))
        for due in dues
    }
    pending = [due for due in dues if not judge(outcomes[due].text, due).kept]
    for name, rung in RUNGS:
        if not pending:
            break
        for due, candidates in rung(hop, pending, plain).items():
            offered = [
                replace(found, text=mended(found.text, due.terms, due.language))
                for found in candidates
            ]
            keeping = [found for found in offered if judge(found.text, due).kept]
            if keeping:
                best = max(keeping, key=lambda found: found.score)
                outcomes[due] = _outcome(name, best, plain[due.text])
        pending = [due for due in pending if outcomes[due].rung == AS_IT_COMES]
    return outcomes


def _outcome(rung: str, best: Candidate, plain: Rendering) -> Rendering:
    drop = round(max(0.0, plain.score - best.score), 4)
    return Rendering(text=best.text, score=best.score, rung=rung, score_drop=drop)


def by_placeholder(hop: Hop, pending: Sequence[Contract], _plain: Plain) -> Proposals:
    """Let a stand-in that the model copies hold each term's place.

    One rendering each: this rung settles nearly all, and asking for more slows decoding.
    """
    ways = {
        due: [protect(due, family.marks, due.matches) for family in hop.families[:1]]
        for due in pending
    }
    return _by_stand_ins(hop, ways, hypotheses=1)


def by_other_placeholders(hop: Hop, pending: Sequence[Contract], plain: Plain) -> Proposals:
    """Try again with more renderings, other stand-ins, or only where a term is missing."""
    ways: dict[Contract, list[Protected | None]] = {}
    for due in pending:
        missing = judge(plain[due.text].text, due).missing
        some = [match for match in due.matches if match.term in missing]
        ways[due] = [protect(due, family.marks, due.matches) for family in hop.families[1:]]
        for family in hop.families[:1]:
            ways[due].append(protect(due, family.marks, due.matches))
            ways[due].append(protect(due, family.marks[::-1], due.matches))
            if len(some) < len(due.matches):
                ways[due].append(protect(due, family.marks, some))
    return _by_stand_ins(hop, ways, hypotheses=hop.hypotheses)


def _by_stand_ins(
    hop: Hop, ways: dict[Contract, list[Protected | None]], hypotheses: int
) -> Proposals:
    asked = {due: [way for way in listed if way] for due, listed in ways.items()}
    texts = [way.text for listed in asked.values() for way in listed]
    found = hop.translate(texts, hypotheses=hypotheses)
    return {
        due: [
            Candidate(text=text, score=candidate.score)
            for way in listed
            for candidate in found[way.text]
            if (text := restore(candidate.text, way, due.language))
        ]
        for due, listed in asked.items()
    }


def by_n_best(hop: Hop, pending: Sequence[Contract], _plain: Plain) -> Proposals:
    """Offer the model's other renderings."""
    if hop.hypotheses == 1:
        return {}
    found = hop.translate((due.text for due in pending), hypotheses=hop.hypotheses)
    return {due: list(found[due.text]) for due in pending}


def by_inline(hop: Hop, pending: Sequence[Contract], _plain: Plain) -> Proposals:
    """Write the rendering into the source: models often copy Latin text."""
    asked = {due: inline(due) for due in pending if due.matches}
    found = hop.translate(asked.values(), hypotheses=hop.hypotheses)
    return {due: list(found[text]) for due, text in asked.items()}


def by_replacement(hop: Hop, pending: Sequence[Contract], plain: Plain) -> Proposals:
    """Find what the model makes of the term alone in its rendering, and put the right one there."""
    sources = [term.source for due in pending for term in due.terms]
    alone = hop.translate(sources, hypotheses=hop.hypotheses)
    texts: dict[Contract, list[str]] = {}
    for due in pending:
        text: str | None = plain[due.text].text
        for term in dict.fromkeys(due.terms):
            wrong = [found.text.rstrip(".!?") for found in alone[term.source]]
            text = text and _replaced(text, term, [*term.forbid, *wrong], due)
        if text:
            texts[due] = [text]
    return _scored(hop, texts)


def _replaced(text: str, term: Term, wrong: Sequence[str], due: Contract) -> str | None:
    if accepted(term, due.language).search(text):
        return text
    usable = tuple(form for form in wrong if any(map(str.isalnum, form)))
    found = pattern(usable, due.language).search(text) if usable else None
    if not found:
        return None
    return joined([text[: found.start()], term, text[found.end() :]], due.language)


def by_suppression(hop: Hop, pending: Sequence[Contract], plain: Plain) -> Proposals:
    """Translate again without the words that must not appear."""
    wrong: dict[Contract, tuple[str, ...]] = {}
    for due in pending:
        text = plain[due.text].text
        spans = [span for _, span in violations((*due.terms, *due.watched), text, due.language)]
        if spans and "suppress" in hop.engine.capabilities:
            wrong[due] = tuple(sorted({text[start:end] for start, end in spans}))
    # Each text goes without its own words only: what its neighbours break is none of its business.
    requests = [
        Request(text=due.text, hypotheses=hop.hypotheses, suppress=words)
        for due, words in wrong.items()
    ]
    found = hop.engine.translate(requests, hop.source, hop.target, nothing_done)
    return {due: list(listed) for due, listed in zip(wrong, found, strict=True)}


def by_forcing(hop: Hop, pending: Sequence[Contract], plain: Plain) -> Proposals:
    """Break the plain rendering off at each word, force the missing term, let the model finish."""
    if "prefix" not in hop.engine.capabilities:
        return {}
    texts = {due: [plain[due.text].text] for due in pending if due.matches}
    for _ in range(_MOST_FORCED):
        begun = {
            due: begun
            for due, listed in texts.items()
            if (begun := [prefix for text in listed for prefix in _forced_prefixes(text, due)])
        }
        if not begun:
            break
        finished = hop.finish(
            (due.text, prefix) for due, found in begun.items() for prefix in found
        )
        for due, prefixes in begun.items():
            texts[due] = _best_texts([finished[due.text, prefix] for prefix in prefixes])
    return _scored(hop, texts)


def _forced_prefixes(text: str, due: Contract) -> list[str]:
    """Return beginnings of a text that end in the first term it lacks; none if it lacks none."""
    missing = judge(text, due).missing
    if not missing:
        return []
    ends = [0, *(found.end() for found in re.finditer(f"{LETTER}+", text))]
    return [joined([text[:end], missing[0]], due.language) for end in ends[:_MOST_PLACES]]


def _best_texts(candidates: Sequence[Candidate]) -> list[str]:
    ranked = sorted(dict.fromkeys(candidates), key=lambda found: -found.score)
    return [found.text for found in ranked[:2]]


def by_parts(hop: Hop, pending: Sequence[Contract], _plain: Plain) -> Proposals:
    """Translate what stands around the terms and join the parts: always possible, never pretty."""
    parts = {due: parts_around(due) for due in pending if due.matches}
    wanted = [part for found in parts.values() for part in found if any(map(str.isalnum, part))]
    rendered = {text: found[0].text for text, found in hop.translate(wanted).items()}
    texts = {
        due: [_assembled(due, [rendered.get(part, "") for part in found])]
        for due, found in parts.items()
    }
    return _scored(hop, texts)


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


def _scored(hop: Hop, texts: Mapping[Contract, Sequence[str]]) -> Proposals:
    pairs = [(due.text, text) for due, listed in texts.items() for text in listed]
    scores = dict(zip(pairs, hop.score(pairs), strict=True))
    return {
        due: [Candidate(text=text, score=scores[due.text, text]) for text in listed]
        for due, listed in texts.items()
    }


RUNGS: tuple[tuple[str, Rung], ...] = (
    ("placeholder", by_placeholder),
    ("n-best", by_n_best),
    ("other-placeholder", by_other_placeholders),
    ("inline", by_inline),
    ("replaced", by_replacement),
    ("suppressed", by_suppression),
    ("forced", by_forcing),
    ("parts", by_parts),
)


def _translation(segment: Segment, outcome: Rendering, last: Hop, signature: str) -> Translation:
    terms = contract(segment.text, last.matcher, last.everywhere, last.target).terms
    uses = tuple(
        TermUse(
            term=term,
            kept=span is not None,
            rung=outcome.rung,
            score_drop=outcome.score_drop,
        )
        for term, span in zip(terms, located(terms, outcome.text, last.target), strict=True)
    )
    because = (f"term: {term.source} → {term.required} ({outcome.rung})" for term in terms)
    return Translation(
        segment=segment,
        text=outcome.text,
        origin=last.engine.name,
        engine=signature,
        rung=outcome.rung,
        terms=uses,
        reasons=(*segment.reasons, *because),
    )
