"""What the jobs of a run need, each loaded once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from dramaloc import documents
from dramaloc.batch.deliver import Delivery
from dramaloc.batch.plan import Job
from dramaloc.batch.remember import Remembered
from dramaloc.batch.template import found_template, named_template
from dramaloc.engines.config import EngineConfig
from dramaloc.engines.engine import Engine, Metered, Usage
from dramaloc.engines.registry import best_for, create
from dramaloc.errors import InputError
from dramaloc.files import read_bytes
from dramaloc.glossary.tables import read_table
from dramaloc.glossary.term import Term
from dramaloc.marketing.copy import settled
from dramaloc.marketing.field import Wanted
from dramaloc.markets.market import Market
from dramaloc.markets.packs import load_market
from dramaloc.markets.profiles import Profile, delivered
from dramaloc.memory.entry import Recollection
from dramaloc.quality.conversion import lost
from dramaloc.quality.delivery import accepts
from dramaloc.quality.finding import Finding
from dramaloc.quality.subject import FRAMES_PER_SECOND
from dramaloc.stages.localization import Choices, Localization, Watcher, unwatched
from dramaloc.stages.pipeline import localize, with_series
from dramaloc.stages.renderings import Recent, Renderings
from dramaloc.stages.segment import segment
from dramaloc.subtitles import formats
from dramaloc.subtitles.convert import convert
from dramaloc.subtitles.document import Document
from dramaloc.subtitles.runon import USUAL_JOINING, Joining


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How jobs are to be done, the same for all of them.

    `engine` names an engine or a chain of them, `engines` describes those the show has of its
    own. `conventions` and `limits` are the show's own, which outrank every market's and those of
    `profile`, the platform's; `audience` is `children` where the market's speed for them holds.
    `copy` says by name what is asked for in files of marketing copy.
    """

    engine: str | None = None
    engines: tuple[EngineConfig, ...] = ()
    encoding: str | None = None
    output_encoding: str = "utf-8"
    output_format: str | None = None
    tables: tuple[Path, ...] = ()
    first_mention: str = "episode"
    conventions: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)
    audience: str | None = None
    profile: Profile | None = None
    retime: bool = False
    fps: float = FRAMES_PER_SECOND
    memory: Remembered = field(default_factory=Remembered)
    template: Path | None = None
    copy: Mapping[str, Wanted] = field(default_factory=dict)
    joining: Joining | None = USUAL_JOINING
    delivery: Delivery = field(default_factory=Delivery)
    report: bool = False
    force: bool = False

    def ending(self, kind: str) -> str | None:
        """Return the ending of what subtitles in a format are written as, if not like them."""
        if self.output_format or self.profile is None or accepts(self.profile, kind):
            return self.output_format
        return self.profile.formats[0]


@dataclass
class Workbench:
    """Engines, markets and tables, each loaded once however many jobs use it.

    `renderings` holds what was translated before, in this run or in earlier ones.
    """

    options: Options
    renderings: Renderings = field(default_factory=Recent)
    _engines: dict[str, Engine] = field(default_factory=dict)
    _markets: dict[str, Market] = field(default_factory=dict)
    _series: tuple[Term, ...] | None = None
    _mentioned: dict[tuple[Path, str], frozenset[str]] = field(default_factory=dict)

    def engine(self, source: str, target: str) -> Engine:
        name = self.options.engine or best_for(source, target)
        if name not in self._engines:
            self._engines[name] = create(name, self.options.engines)
        return self._engines[name]

    def used(self) -> Usage:
        """Return what metered engines have used so far: requests, tokens, kept answers."""
        found = [engine.used() for engine in self._metered()]
        return {name: counts for each in found for name, counts in each.items()}

    def used_here(self) -> Usage:
        """Return what they have used for the thread that asks."""
        found = [engine.used_here() for engine in self._metered()]
        return {name: counts for each in found for name, counts in each.items()}

    def break_off(self) -> None:
        """Let nobody wait any longer for engines that answer from afar."""
        for engine in self._metered():
            engine.break_off()

    def _metered(self) -> list[Metered]:
        return [engine for engine in self._engines.values() if isinstance(engine, Metered)]

    def forget_engines(self) -> None:
        """Look for models anew, after one was installed."""
        self._engines.clear()

    def series(self) -> tuple[Term, ...]:
        """Return the terms of the show's own tables."""
        if self._series is None:
            tables = map(read_table, self.options.tables)
            self._series = tuple(term for table in tables for term in table)
        return self._series

    def market(self, code: str) -> Market:
        if code not in self._markets:
            asked = self.options
            market = delivered(load_market(code), asked.profile, asked.limits, asked.audience)
            conventions = replace(market.conventions, **self.options.conventions)  # type: ignore[arg-type]  # checked where the settings are read
            market = replace(market, conventions=conventions)
            self._markets[code] = with_series(market, self.series())
        return self._markets[code]

    def pivot(self, source: str, market: Market) -> Market | None:
        """Return the market whose terms hold on the way to another; None on a direct way."""
        route = self.engine(source, market.language).route(source, market.language)
        return self.market(route[1]) if len(route) > 2 else None  # noqa: PLR2004  # source, target

    def signature(self, source: str, market: Market) -> str:
        """Name engine and models of the whole way, and the terms that hold in between."""
        engine = self.engine(source, market.language)
        hops = pairwise(engine.route(source, market.language))
        pivot = self.pivot(source, market)
        terms = f" terms={pivot.glossary.fingerprint[:16]}" if pivot else ""
        return " + ".join(engine.signature(*hop) for hop in hops) + terms

    def prepare(self, jobs: Sequence[Job]) -> tuple[str, ...]:
        """Make sure that everything the jobs need is there, before any of them starts.

        Returns what the user should know about the engines. Raises `EngineNotInstalledError`,
        `MarketError` and `TableError`.
        """
        notices = []
        for language, code in dict.fromkeys((job.language, job.market) for job in jobs):
            market = self.market(code)
            engine = self.engine(language, market.language)
            route = engine.route(language, market.language)
            notices += [engine.notice(*hop) for hop in pairwise(route)]
        if self.options.first_mention == "series":
            self._read_ahead(jobs)
        return tuple(dict.fromkeys(filter(None, notices)))

    def explained(self, job: Job) -> frozenset[str] | None:
        """Return the renderings that earlier episodes explain; None if nothing is explained."""
        if self.options.first_mention == "never":
            return None
        return self._mentioned.get((job.source, job.market), frozenset())

    def _read_ahead(self, jobs: Sequence[Job]) -> None:
        """Find which episode mentions a term first, from the sources alone, in their order."""
        so_far: dict[str, frozenset[str]] = {}
        texts: dict[Path, list[str]] = {}
        for job in sorted(jobs, key=lambda job: job.source):
            self._mentioned[job.source, job.market] = so_far.get(job.market, frozenset())
            matcher = self.market(job.market).glossary.matcher
            if job.source not in texts:  # the same for every market
                document, _ = self.read(job, read_bytes(job.source))
                texts[job.source] = [sentence.text for sentence in segment(document)]
            found = {m.term.target for text in texts[job.source] for m in matcher.find(text)}
            so_far[job.market] = so_far.get(job.market, frozenset()) | found

    def known(self, job: Job, document: Document) -> tuple[Recollection, ...]:
        """Return what the memory knows of a document's cues."""
        return self.options.memory.known(job, document)

    def template(self, job: Job, document: Document) -> tuple[str, Mapping[int, str]]:
        """Return the name and texts of the template a job goes by; empty on a direct way."""
        pivot = self.pivot(job.language, self.market(job.market))
        if pivot is None:
            return "", {}
        if self.options.template:
            named = self.options.template
            return named.name, named_template(named, document, pivot.language)
        return found_template(job, document, pivot.language)

    def localize(
        self,
        job: Job,
        document: Document,
        *,
        explained: frozenset[str] | None = frozenset(),
        known: tuple[Recollection, ...] = (),
        template: Mapping[int, str] = MappingProxyType({}),
        watch: Watcher = unwatched,
    ) -> Localization:
        """Localize a document as the options say.

        `explained` is what earlier episodes explain, `known` what the memory knows of this one,
        `template` what was reviewed of it in the language on the way.
        """
        market = self.market(job.market)
        result = localize(
            document,
            market,
            engine=self.engine(job.language, market.language),
            pivot=self.pivot(job.language, market),
            choices=Choices(
                explained=explained,
                retime=self.options.retime,
                fps=self.options.fps,
                known=known,
                joining=self.options.joining,
                template=template,
            ),
            watch=watch,
            renderings=self.renderings,
        )
        if result.target.timed:
            return result
        return replace(result, target=settled(result.source, result.target, market.glossary))

    def read(self, job: Job, data: bytes) -> tuple[Document, tuple[Finding, ...]]:
        """Read one file's bytes, and what the format asked for has no place for.

        Into another format it goes before it is translated, so that lines are broken for what is
        written, and the words of a karaoke line are translated once they are a plain cue.
        """
        document = documents.read(
            data,
            job.source.name,
            language=job.language,
            encoding=self.options.encoding,
            wanted=self.options.copy,
        )
        ending = self.options.ending(document.format) if document.timed else None
        if not ending and not self.options.output_format:
            return document, ()
        kind = formats.named(ending or self.options.output_format or "")
        if not document.timed:
            hint = "Localize it by itself, without --output-format"
            raise InputError(f"this is copy, which cannot become {kind.title}", hint=hint)
        document, losses = convert(document, kind.name)
        return document, lost(losses, document.cues, kind.title)
