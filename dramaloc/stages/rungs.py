"""The rungs of the ladder: ways to have a text rendered again so that it keeps its contract.

A rung proposes, for all texts that still break theirs; `render` judges and takes the best.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from dramaloc.engines.engine import Candidate, Request
from dramaloc.glossary.forms import accepted, pattern, violations
from dramaloc.glossary.term import Term
from dramaloc.letters import LETTER
from dramaloc.stages.hop import Hop
from dramaloc.stages.mending import joined, sentence_case
from dramaloc.stages.renderings import Rendering
from dramaloc.stages.terms import (
    Contract,
    Protected,
    inline,
    judge,
    parts_around,
    protect,
    restore,
)

_MOST_FORCED = 3  # terms forced into one sentence
_MOST_PLACES = 8  # places in it that are weighed
_MOST_FINISHED = 3  # of them, the likeliest are tried

Plain = Mapping[str, Rendering]
Proposals = dict[Contract, list[Candidate]]
Rung = Callable[[Hop, Sequence[Contract], Plain], Proposals]


def together(engines: Iterable[str]) -> str:
    """Name the engines that made something, each once."""
    return " + ".join(dict.fromkeys(filter(None, engines)))


def by_asking_again(hop: Hop, pending: Sequence[Contract], plain: Plain) -> Proposals:
    """Tell an engine that understands it what its rendering lacks."""
    if "context" not in hop.engine.capabilities:
        return {}
    asked = {
        due.text: replace(hop.context(due), tried=plain[due.text].text, wrong=wrong)
        for due in pending
        if not plain[due.text].fault and (wrong := _complaint(plain[due.text].text, due))
    }
    found = hop.translate(asked, contexts=asked)
    return {due: list(found[due.text]) for due in pending if due.text in asked}


def _complaint(rendering: str, due: Contract) -> str:
    """Say in words how a rendering breaks its contract."""
    verdict = judge(rendering, due)
    wrong = violations((*due.terms, *due.watched), rendering, due.language)
    said = [f"{term.source} must be rendered {term.required!r}" for term in verdict.missing]
    said += [f"{rendering[start:end]!r} must not be said" for _, (start, end) in wrong]
    said += [f"it has a fault: {defect}" for defect in verdict.defects]
    return "; ".join(said)


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
            replace(candidate, text=text)
            for way in listed
            for candidate in found[way.text]
            if not candidate.fault and (text := restore(candidate.text, way, due.language))
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
        text: str | None = None if plain[due.text].fault else plain[due.text].text
        for term in dict.fromkeys(due.terms):
            wrong = [found.text.rstrip(".!?") for found in alone[term.source]]
            text = text and _replaced(text, term, [*term.forbid, *wrong], due)
        if text:
            texts[due] = [text]
    return _scored(hop, texts, {due: plain[due.text].engine for due in texts})


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
    found = hop.ask(requests)
    return {due: list(listed) for due, listed in zip(wrong, found, strict=True)}


def by_forcing(hop: Hop, pending: Sequence[Contract], plain: Plain) -> Proposals:
    """Break the plain rendering off at a word, force the missing term, let the model finish."""
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
        likely = _likeliest(hop, begun)
        finished = hop.finish(
            (due.text, prefix) for due, found in likely.items() for prefix in found
        )
        for due, prefixes in likely.items():
            done = [text for text in texts[due] if not judge(text, due).missing]
            found = [finished[due.text, prefix] for prefix in prefixes]
            done += [one.text for one in found if not one.fault]
            texts[due] = list(dict.fromkeys(done))
    return _scored(hop, texts, {due: plain[due.text].engine for due in texts})


def _forced_prefixes(text: str, due: Contract) -> list[str]:
    """Return beginnings of a text that end in the first term it lacks; none if it lacks none."""
    missing = judge(text, due).missing
    if not missing:
        return []
    ends = [0, *(found.end() for found in re.finditer(f"{LETTER}+", text))]
    return [joined([text[:end], missing[0]], due.language) for end in ends[:_MOST_PLACES]]


def _likeliest(
    hop: Hop, begun: Mapping[Contract, Sequence[str]]
) -> Mapping[Contract, Sequence[str]]:
    """Keep the beginnings that the model itself would write; to weigh one is cheap, to finish not.

    On 80 sentences the best of these three texts was nearer to the best of all eight (0.02 in
    mean log-probability) than what comes of finishing all and taking the surest (0.11).
    """
    if "score" not in hop.engine.capabilities:
        return begun
    pairs = list(dict.fromkeys((due.text, each) for due, found in begun.items() for each in found))
    scores = dict(zip(pairs, hop.score(pairs), strict=True))
    return {
        due: sorted(dict.fromkeys(found), key=lambda each: -scores[text, each])[:_MOST_FINISHED]
        for due, found in begun.items()
        for text in [due.text]
    }


def by_parts(hop: Hop, pending: Sequence[Contract], _plain: Plain) -> Proposals:
    """Translate what stands around the terms and join the parts: always possible, never pretty."""
    parts = {due: parts_around(due) for due in pending if due.matches}
    wanted = [part for found in parts.values() for part in found if any(map(str.isalnum, part))]
    rendered = {text: found[0] for text, found in hop.translate(wanted).items()}
    none = Candidate(text="")
    made = {due: [rendered.get(part, none) for part in found] for due, found in parts.items()}
    whole = {due: found for due, found in made.items() if not any(one.fault for one in found)}
    return _scored(
        hop,
        {due: [_assembled(due, [one.text for one in found])] for due, found in whole.items()},
        {due: together(one.engine for one in found) for due, found in whole.items()},
    )


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


def _scored(
    hop: Hop, texts: Mapping[Contract, Sequence[str]], engines: Mapping[Contract, str]
) -> Proposals:
    pairs = [(due.text, text) for due, listed in texts.items() for text in listed]
    scores = dict(zip(pairs, hop.score(pairs), strict=True))
    return {
        due: [
            Candidate(text=text, score=scores[due.text, text], engine=engines[due])
            for text in listed
        ]
        for due, listed in texts.items()
    }


RUNGS: tuple[tuple[str, Rung], ...] = (
    ("asked-again", by_asking_again),
    ("placeholder", by_placeholder),
    ("n-best", by_n_best),
    ("other-placeholder", by_other_placeholders),
    ("inline", by_inline),
    ("replaced", by_replacement),
    ("suppressed", by_suppression),
    ("forced", by_forcing),
    ("parts", by_parts),
)
