"""Sentences into another language, with the term contract kept or the breach reported.

Everything is translated plainly first. Only texts whose rendering breaks their contract climb
the ladder, and every rung asks the engine once for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from dramaloc.engines.engine import Candidate, nothing_done
from dramaloc.glossary.forms import located
from dramaloc.stages.hop import Hop
from dramaloc.stages.localization import (
    Progress,
    Segment,
    TermUse,
    Translation,
    Watcher,
    unwatched,
)
from dramaloc.stages.mending import mended
from dramaloc.stages.renderings import Recent, Rendering, Renderings, key, plain_key
from dramaloc.stages.rungs import RUNGS, Plain, together
from dramaloc.stages.terms import Contract, carried, contract, judge

AS_IT_COMES = "as-it-comes"


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
            sure=_own_score(between[segment.text], first),
        )
        for segment in segments
    )


def plain_scores(
    segments: Sequence[Segment], hop: Hop, known: Renderings
) -> dict[str, float | None]:
    """Return by text how sure the model is of what it says if no term is asked for."""
    texts = dict.fromkeys(segment.text for segment in segments)
    dues = [contract(text, hop.matcher, hop.everywhere, hop.target) for text in texts]
    found = _plainly(hop, dues, known, nothing_done)
    return {text: _own_score(found[text], hop) for text in texts}


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
    keys = {due: key(due, hop.source, hop.signed(due)) for due in dict.fromkeys(dues.values())}
    outcomes = dict(known.get(keys.values()))
    unknown = [due for due in keys if keys[due] not in outcomes]
    count(len(dues) - len(unknown))
    plain = _plainly(hop, unknown, known, count)
    found = {keys[due]: outcome for due, outcome in climb(hop, unknown, plain).items()}
    known.put({name: outcome for name, outcome in found.items() if hop.stands_by(outcome)})
    outcomes |= found
    return {text: outcomes[keys[due]] for text, due in dues.items()}


def _plainly(
    hop: Hop, dues: Sequence[Contract], known: Renderings, count: Callable[[int], None]
) -> Plain:
    """Render texts as if no term were asked for: the same whatever the market's terms are."""
    keys = {due.text: plain_key(due.text, hop.source, hop.target, hop.signed(due)) for due in dues}
    remembered = known.get(keys.values())
    unknown = [text for text in keys if keys[text] not in remembered]
    count(len(dues) - len(unknown))
    contexts = {due.text: hop.context(due) for due in dues}
    asked = hop.translate(unknown, contexts=contexts, watch=count)
    found = {
        keys[text]: Rendering(
            text=first.text,
            score=first.score,
            rung=AS_IT_COMES,
            engine=first.engine,
            fault=first.fault,
        )
        for text, (first, *_) in asked.items()
    }
    known.put({name: plain for name, plain in found.items() if hop.stands_by(plain)})
    return {text: found.get(keys[text]) or remembered[keys[text]] for text in keys}


def _own_score(found: Rendering, hop: Hop) -> float | None:
    """Return what the model thinks of its own words; None if its score is of other words.

    An engine that gives no scores gives 0, of which no model is ever that sure.
    """
    own = found.rung == AS_IT_COMES and hop.stands_by(found)
    return found.score or None if own else None


def _after(first: Rendering, second: Rendering) -> Rendering:
    """Sum up two hops: the rung that is farther up, both drops."""
    ladder = [AS_IT_COMES, *(name for name, _ in RUNGS)]
    return replace(
        second,
        rung=max(first.rung, second.rung, key=ladder.index),
        score_drop=round(first.score_drop + second.score_drop, 4),
        engine=together([first.engine, second.engine]),
        fault=first.fault or second.fault,
    )


def climb(hop: Hop, dues: Sequence[Contract], plain: Plain) -> dict[Contract, Rendering]:
    """Send what breaks its contract up the ladder until it is kept or the ladder ends."""
    outcomes = {
        due: replace(plain[due.text], text=mended(plain[due.text].text, due.terms, due.language))
        for due in dues
    }
    pending = [
        due for due in dues if outcomes[due].fault or not judge(outcomes[due].text, due).kept
    ]
    for name, rung in RUNGS:
        if not pending:
            break
        for due, candidates in rung(hop, pending, plain).items():
            offered = [
                replace(found, text=mended(found.text, due.terms, due.language))
                for found in candidates
                if not found.fault
            ]
            keeping = [found for found in offered if judge(found.text, due).kept]
            if keeping:
                best = max(keeping, key=lambda found: found.score)
                outcomes[due] = _outcome(name, best, plain[due.text])
        pending = [due for due in pending if outcomes[due].rung == AS_IT_COMES]
    return outcomes


def _outcome(rung: str, best: Candidate, plain: Rendering) -> Rendering:
    same = plain.engine == best.engine and not plain.fault  # scores of two models are no measure
    drop = round(max(0.0, plain.score - best.score), 4) if same else 0.0
    return Rendering(
        text=best.text, score=best.score, rung=rung, score_drop=drop, engine=best.engine
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
        origin=outcome.engine or last.engine.name,
        engine=signature,
        fault=outcome.fault,
        rung=outcome.rung,
        terms=uses,
        reasons=(*segment.reasons, *because),
    )
