"""The way a document goes, start to end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dramaloc.engines.engine import Engine
from dramaloc.glossary.term import Term, layered
from dramaloc.markets.market import Market
from dramaloc.quality.checks import check
from dramaloc.quality.finding import Finding
from dramaloc.stages.adapt import adapt
from dramaloc.stages.fit import fit
from dramaloc.stages.localization import Localization, Translation, Watcher, unwatched
from dramaloc.stages.render import Hop, render
from dramaloc.stages.segment import segment
from dramaloc.subtitles.document import Document


def localize(
    document: Document,
    market: Market,
    *,
    engine: Engine,
    series: Sequence[Term] = (),
    watch: Watcher = unwatched,
) -> Localization:
    """Localize a document for a market.

    `series` are the show's own terms, which outrank the market's; the document's `language`
    says what is translated from. Cues, their order and their times stay as they are.
    Raises `EngineNotInstalledError` and `EngineError`.
    """
    market = with_series(market, series)
    hop = Hop(engine, document.language or "zh-Hans", market.language, market.glossary)
    sentences = adapt(segment(document), market.glossary)
    translations = render(sentences, hop, watch)
    target = fit(document, translations, market)
    findings = (*check(target, market, document), *_forced(translations, target))
    return Localization(
        source=document,
        target=target,
        market=market.code,
        engine=hop.signature,
        translations=translations,
        findings=tuple(sorted(findings, key=lambda f: -1 if f.position is None else f.position)),
    )


def with_series(market: Market, series: Sequence[Term]) -> Market:
    """Lay a show's terms over a market's; rows for other markets are left out."""
    tags = {market.code, *market.inherits, market.language}
    applying = [term for term in series if (term.market or "en") in tags]
    return replace(market, glossary=layered([market.glossary, applying])) if applying else market


def _forced(translations: Sequence[Translation], target: Document) -> list[Finding]:
    """Say where only the ladder's last rung could keep the terms: such text reads badly."""
    return [
        Finding(
            code="term-forced",
            severity="warning",
            message="put together from parts to keep its terms",
            hint="Read this cue again",
            position=(position := translation.segment.cue_positions[0]),
            cue=target.cues[position].number or position + 1,
            line=target.cues[position].line,
        )
        for translation in translations
        if translation.rung == "parts"
    ]
