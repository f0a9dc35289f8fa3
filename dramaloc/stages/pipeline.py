"""The way a document goes, start to end."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace

from dramaloc.engines.engine import Engine
from dramaloc.glossary.term import Glossary, Term, layered
from dramaloc.markets.market import Market, for_reading
from dramaloc.markets.policies import under_policies
from dramaloc.quality.checks import check
from dramaloc.quality.finding import Finding
from dramaloc.stages.adapt import adapt
from dramaloc.stages.context import contexts
from dramaloc.stages.fit import Fitted, fit
from dramaloc.stages.hop import Hop
from dramaloc.stages.localization import (
    USUAL,
    Choices,
    Localization,
    Segment,
    Translation,
    Watcher,
    unwatched,
)
from dramaloc.stages.recall import Recalled, recall, with_recalled
from dramaloc.stages.render import plain_scores, render
from dramaloc.stages.renderings import Recent, Renderings
from dramaloc.stages.retime import retime
from dramaloc.stages.segment import join, segment
from dramaloc.stages.spread import hopeful, spread
from dramaloc.stages.template import with_template
from dramaloc.subtitles.document import Document
from dramaloc.subtitles.runon import run_on_groups

_COSTLY_RUNGS = ("forced", "parts")
_COSTLY_DROP = 0.7  # mean log-probability per token below the unconstrained rendering


def localize(
    document: Document,
    market: Market,
    *,
    engine: Engine,
    series: Sequence[Term] = (),
    pivot: Market | None = None,
    choices: Choices = USUAL,
    watch: Watcher = unwatched,
    renderings: Renderings | None = None,
) -> Localization:
    """Localize a document for a market.

    `series` are the show's own terms, which outrank the market's; the document's `language`
    says what is translated from. `pivot` is the market whose terms hold on the way, where the
    engine has no direct model. `renderings` holds what was translated before, which changes no
    byte of the result. Cues, their order and their in-times stay as they are.
    Raises `EngineNotInstalledError` and `EngineError`.
    """
    market = with_series(market if document.timed else for_reading(market), series)
    pivot = with_series(pivot, series) if pivot else None
    hops = route(document.language or "zh-Hans", market, engine, pivot)
    recalled = recall(document, choices.known, market)
    parts, wholes = _sentences(document, hops, choices, recalled)
    parts = with_template(parts, document, choices.template, pivot.glossary if pivot else ())
    idioms = _with_idioms(market, pivot)
    parts, wholes = adapt(parts, idioms), adapt(wholes, idioms)
    if "context" in engine.capabilities:
        said = adapt(segment(document), idioms)
        hops = (replace(hops[0], contexts=contexts(said, document, market)), *hops[1:])
    known = Recent() if renderings is None else renderings
    apart = render(parts, hops, watch, known)
    shared = _shared(apart, wholes, hops, known, document, market)
    translations = with_recalled(shared, recalled)
    due = _due(market, choices.explained if document.timed else None)
    fitted = fit(document, translations, market, due, recalled.texts)
    target = fitted.document
    if choices.retime and document.timed:
        target = retime(target, market, choices.fps)
    findings = (
        *check(target, market, document, fps=choices.fps, groups=_joined(translations)),
        *_doubtful(translations, target),
        *_unrendered(translations, target),
        *_unexplained(fitted),
        *recalled.findings,
    )
    return Localization(
        source=document,
        target=target,
        market=market.code,
        engine=" + ".join(hop.signature for hop in hops),
        translations=translations,
        explained=fitted.explained,
        findings=tuple(sorted(findings, key=lambda f: -1 if f.position is None else f.position)),
    )


def _due(market: Market, explained: Container[str] | None) -> Iterator[Term]:
    """Yield the terms whose note is still owed to the viewer."""
    if explained is not None:
        yield from (term for term in market.glossary if term.target not in explained)


def _sentences(
    document: Document, hops: Sequence[Hop], choices: Choices, recalled: Recalled
) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    """Return what is to be rendered cue by cue, and the sentences over cues to try as a whole.

    The sentences are the same for every market. There are none where the engine only changes
    the script, or cannot say what it thinks of a rendering. A cue that a person reviewed does
    not change what its neighbours share; a text reviewed for another place stands by itself,
    and so does one that is translated from its template.
    """
    settled = set(recalled.texts)
    groups: Sequence[tuple[int, ...]] = ()
    if choices.joining is not None and "score" in hops[0].engine.capabilities:
        elsewhere = {each.position for each in choices.known if not each.own} & settled
        if len(hops) > 1:
            elsewhere |= choices.template.keys()
        groups = [
            group
            for group in run_on_groups(document, choices.joining)
            if not (elsewhere.intersection(group) or settled.issuperset(group))
        ]
    grouped = {position for group in groups for position in group}
    parts = tuple(
        each
        for each in segment(document)
        if each.slots[0].cue not in settled or each.slots[0].cue in grouped
    )
    return parts, join(parts, groups)


def _shared(
    apart: Sequence[Translation],
    wholes: Sequence[Segment],
    hops: Sequence[Hop],
    known: Renderings,
    document: Document,
    market: Market,
) -> tuple[Translation, ...]:
    """Render those sentences over cues that may be better whole, and share them out."""
    score = hops[0].score
    tried = hopeful(apart, wholes, plain_scores(wholes, hops[0], known), score) if wholes else ()
    hopeless = [whole for whole in wholes if whole not in tried]
    together = render(tried, hops, known=known)
    return spread(apart, together, score, document, market, hopeless)


def _joined(translations: Sequence[Translation]) -> tuple[tuple[int, ...], ...]:
    """Return the groups of cues that share a sentence's rendering."""
    return tuple(dict.fromkeys(each.group for each in translations if each.group))


def _with_idioms(market: Market, pivot: Market | None) -> Market:
    """Add the paraphrases of the language on the way: they rewrite Chinese, whoever reads it.

    Its shields come with them: 承让 is to be rewritten in every market, but in none inside 传承让.
    """
    rewriting = ("paraphrase", "ignore")
    shared = [term for term in pivot.glossary if term.action in rewriting] if pivot else []
    return replace(market, glossary=layered([shared, market.glossary])) if shared else market


def route(source: str, market: Market, engine: Engine, pivot: Market | None) -> tuple[Hop, ...]:
    """Return the hops to a market, each with the terms due after it.

    On the way through another language a term goes by that language's rendering; one that has
    none there goes as the final rendering, which the next hop then has to keep.
    """
    languages = engine.route(source, market.language)
    if len(languages) == 2:  # noqa: PLR2004  # source and target, nothing between
        return (Hop(engine, source, market.language, market.glossary),)
    between = pivot.glossary if pivot else Glossary()
    foreign = [
        replace(term, accept=(), forbid=(), note="")
        for term in market.glossary
        if term.action in ("translate", "keep") and term.source not in between.by_source
    ]
    _, middle, _ = languages
    return (
        Hop(engine, source, middle, layered([between, foreign])),
        Hop(engine, middle, market.language, market.glossary),
    )


def with_series(market: Market, series: Sequence[Term]) -> Market:
    """Lay a show's terms over a market's, as its policies want them.

    Rows for other markets are left out.
    """
    rows = applying(market, series)
    laid = replace(market, glossary=layered([market.glossary, rows])) if rows else market
    cast = tuple(term for term in series if term.tells_of_a_person)
    return under_policies(replace(laid, cast=cast) if cast else laid)


def applying(market: Market, series: Sequence[Term]) -> tuple[Term, ...]:
    """Return a show's rows for a market: for its tag, its language, or a pack it inherits."""
    tags = {market.code, *market.inherits, market.language}
    return tuple(term for term in series if (term.market or "en") in tags)


def _doubtful(translations: Sequence[Translation], target: Document) -> list[Finding]:
    """Say where keeping the terms cost so much that the text may read badly."""
    return [
        Finding(
            code="term-forced",
            severity="warning",
            message=f"its terms were kept at a cost ({translation.rung})",
            hint="Read this cue again",
            position=(position := translation.segment.cue_positions[0]),
            cue=target.cues[position].number_at(position),
            line=target.cues[position].line,
        )
        for translation in translations
        if not translation.group or translation.terms  # else another part of the sentence has them
        if translation.rung in _COSTLY_RUNGS
        or any(use.score_drop > _COSTLY_DROP for use in translation.terms)
    ]


def _unrendered(translations: Sequence[Translation], target: Document) -> list[Finding]:
    """Name what no engine gave a usable rendering of: the source stands there still."""
    return [
        Finding(
            code="engine-failed",
            severity="error",
            message=f"no usable rendering came back ({translation.fault})",
            hint="Translate this cue by hand, or name another engine behind: --engine NAME,argos",
            position=(position := translation.segment.cue_positions[0]),
            cue=target.cues[position].number_at(position),
            line=target.cues[position].line,
        )
        for translation in translations
        if translation.fault
    ]


def _unexplained(fitted: Fitted) -> list[Finding]:
    return [
        Finding(
            code="first-mention-missing",
            severity="info",
            message=f"no cue had room to explain {term.target!r}: {term.notes[0]}",
            hint="Explain it by hand where you can",
            position=position,
            cue=fitted.document.cues[position].number_at(position),
            line=fitted.document.cues[position].line,
        )
        for position, term in fitted.unexplained
    ]
