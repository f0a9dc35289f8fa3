"""Doing the jobs one after another; a failure costs only its own."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

import dramaloc
from dramaloc import documents
from dramaloc.batch.manifest import (
    Entry,
    is_complete,
    read_manifest,
    refuse_to_lose_edits,
    replace_output,
    write_manifest,
)
from dramaloc.batch.plan import Job
from dramaloc.batch.remember import Remembered
from dramaloc.engines.engine import Engine
from dramaloc.engines.registry import best_for, create
from dramaloc.errors import DramalocError, InputError, OutputError
from dramaloc.files import digest, read_bytes, write_atomic
from dramaloc.glossary.matcher import Matcher
from dramaloc.glossary.tables import read_table
from dramaloc.glossary.term import Term
from dramaloc.marketing.copy import settled
from dramaloc.marketing.field import Wanted
from dramaloc.markets.market import Market
from dramaloc.markets.packs import load_market
from dramaloc.memory.entry import Recollection
from dramaloc.memory.recall import fingerprint
from dramaloc.quality.conversion import lost
from dramaloc.quality.finding import SEVERITIES, Finding, in_order
from dramaloc.quality.subject import FRAMES_PER_SECOND
from dramaloc.stages.localization import Choices, Localization, Progress, Watcher, unwatched
from dramaloc.stages.pipeline import localize, with_series
from dramaloc.stages.renderings import Recent, Renderings
from dramaloc.stages.segment import segment
from dramaloc.subtitles import formats
from dramaloc.subtitles.convert import convert
from dramaloc.subtitles.document import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDone:
    """A finished job; `unchanged` if its output was up to date already.

    `terms` is the term audit of what was written now, as in the report.
    """

    job: Job
    entry: Entry
    unchanged: bool = False
    terms: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFailed:
    """A job that came to nothing; nothing of it was written."""

    job: Job
    error: DramalocError


Ended = JobDone | JobFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How jobs are to be done, the same for all of them.

    `conventions` are the show's own, which outrank every market's; `copy` says by name what is
    asked for in files of marketing copy.
    """

    engine: str | None = None
    encoding: str | None = None
    output_encoding: str = "utf-8"
    output_format: str | None = None
    tables: tuple[Path, ...] = ()
    first_mention: str = "episode"
    conventions: Mapping[str, str] = field(default_factory=dict)
    retime: bool = False
    fps: float = FRAMES_PER_SECOND
    memory: Remembered | None = None
    copy: Mapping[str, Wanted] = field(default_factory=dict)
    report: bool = False
    force: bool = False


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
            self._engines[name] = create(name)
        return self._engines[name]

    def forget_engines(self) -> None:
        """Look for models anew, after one was installed."""
        self._engines.clear()

    def market(self, code: str) -> Market:
        if code not in self._markets:
            if self._series is None:
                tables = map(read_table, self.options.tables)
                self._series = tuple(term for table in tables for term in table)
            market = load_market(code)
            conventions = replace(market.conventions, **self.options.conventions)  # type: ignore[arg-type]  # checked where the settings are read
            market = replace(market, conventions=conventions)
            self._markets[code] = with_series(market, self._series)
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
            matcher = Matcher(self.market(job.market).glossary)
            if job.source not in texts:  # the same for every market
                document, _ = self.read(job, read_bytes(job.source))
                texts[job.source] = [sentence.text for sentence in segment(document)]
            found = {m.term.target for text in texts[job.source] for m in matcher.find(text)}
            so_far[job.market] = so_far.get(job.market, frozenset()) | found

    def known(self, job: Job, document: Document) -> tuple[Recollection, ...]:
        """Return what the memory knows of a document's cues."""
        memory = self.options.memory
        return memory.known(job, document) if memory else ()

    def localize(
        self,
        job: Job,
        document: Document,
        known: tuple[Recollection, ...] = (),
        watch: Watcher = unwatched,
    ) -> Localization:
        """Localize a document as the options say; `known` is what the memory knows of it."""
        market = self.market(job.market)
        result = localize(
            document,
            market,
            engine=self.engine(job.language, market.language),
            pivot=self.pivot(job.language, market),
            choices=Choices(
                explained=self.explained(job),
                retime=self.options.retime,
                fps=self.options.fps,
                known=known,
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
        if not self.options.output_format:
            return document, ()
        kind = formats.named(self.options.output_format)
        if not document.timed:
            hint = "Localize it by itself, without --output-format"
            raise InputError(f"this is copy, which cannot become {kind.title}", hint=hint)
        document, losses = convert(document, kind.name)
        return document, lost(losses, document.cues, kind.title)


def run(
    jobs: Sequence[Job], bench: Workbench, watch: Callable[[Job, Progress], None]
) -> Iterator[Ended]:
    """Do the jobs in order, yielding how each ended."""
    for job in jobs:
        try:
            yield _do(job, bench, partial(watch, job))
        except DramalocError as error:
            blamed = job.output if isinstance(error, OutputError) else job.source
            yield JobFailed(job=job, error=error.at(blamed))


def _do(job: Job, bench: Workbench, watch: Watcher) -> JobDone:
    data = read_bytes(job.source)
    market = bench.market(job.market)
    document, losses = bench.read(job, data)
    remembered = bench.known(job, document)
    made_from = Entry(
        dramaloc=dramaloc.__version__,
        input=job.source.name,
        input_digest=digest(data),
        market=market.code,
        market_fingerprint=f"{market.fingerprint}+{market.glossary.fingerprint}",
        engine=bench.signature(job.language, market),
        options=_recorded(job, bench, fingerprint(remembered)),
        output_digest="",
        counts={},
    )
    known = read_manifest(job.output.parent).get(job.output.name)
    if not bench.options.force:
        refuse_to_lose_edits(job.output, known)
        reported = not bench.options.report or report_path(job).exists()
        same = known is not None and known.made_from_the_same(made_from)
        if known and same and reported and is_complete(job.output, known):
            return JobDone(job=job, entry=_settled(job.output, known), unchanged=True)
    result = bench.localize(job, document, remembered, watch)
    result = replace(result, findings=in_order((*losses, *result.findings)))
    written = compose_output(result.target, bench.options.output_encoding)
    entry = replace(
        made_from, output_digest=digest(written), counts=counts(result), rungs=rungs(result)
    )
    if bench.options.report:
        memory = bench.options.memory
        similar = memory.suggestions(result) if memory else {}
        text = json.dumps(report(result, entry, similar), ensure_ascii=False, indent=2) + "\n"
        write_atomic(report_path(job), text.encode())
    replace_output(job.output, written, entry)
    return JobDone(job=job, entry=entry, terms=tuple(audit(result)))


def _settled(output: Path, entry: Entry) -> Entry:
    """Finish what a killed run had all but finished."""
    if not entry.replaces:
        return entry
    settled = replace(entry, replaces="")
    write_manifest(output.parent, {**read_manifest(output.parent), output.name: settled})
    return settled


def compose_output(document: Document, encoding: str) -> bytes:
    """Write a localized document: in `encoding`, without BOM, with LF line ends."""
    ends = 2 if document.format == "srt" else 1
    return documents.write(
        replace(document, encoding=encoding, bom=False, newline="\n", final_newlines=ends)
    )


def _recorded(job: Job, bench: Workbench, memory: str) -> dict[str, str]:
    """Return the options that change an output's bytes."""
    options, explained = bench.options, bench.explained(job)
    asked = documents.asked_of(job.source.name, options.copy)
    return {
        "encoding": options.encoding or "",
        "output_encoding": options.output_encoding,
        "output_format": options.output_format or "",
        "first_mention": options.first_mention,
        **options.conventions,
        **({} if asked == Wanted() else {"copy": repr(asked)}),
        **({"retime": f"{options.fps:g}"} if options.retime else {}),
        **({"memory": memory} if memory else {}),
        "explained_before": digest("\n".join(sorted(explained)).encode()) if explained else "",
    }


def counts(result: Localization) -> dict[str, int]:
    """Count what the summary shows: cues, terms, findings by severity."""
    severities = Counter(finding.severity for finding in result.findings)
    uses = [use for _, use in result.term_audit]
    return {
        "cues": len(result.target.cues),
        "terms_required": len(uses),
        "terms_kept": sum(use.kept for use in uses),
        **{severity: severities[severity] for severity in SEVERITIES},
    }


def rungs(result: Localization) -> dict[str, int]:
    """Count the term occurrences that each rung of the ladder settled."""
    return dict(sorted(Counter(use.rung for _, use in result.term_audit).items()))


def audit(result: Localization) -> list[dict[str, Any]]:
    """List every required term occurrence: where, what, whether and how it was kept."""
    return [
        {
            "cue": result.target.cues[position].number or position + 1,
            "position": position,
            "source": use.term.source,
            "required": use.term.required,
            "kept": use.kept,
            "rung": use.rung,
            "score_drop": use.score_drop,
        }
        for position, use in result.term_audit
    ]


def report_path(job: Job) -> Path:
    return job.output.with_name(f"{job.output.name}.report.json")


def report(
    result: Localization,
    entry: Entry,
    similar: Mapping[int, Sequence[Mapping[str, Any]]] = MappingProxyType({}),
) -> dict[str, Any]:
    """Say for every cue why it is as it is: the shape documented in the README.

    `similar` are, by position, what the memory holds for lines like these.
    """
    said: dict[int, list[dict[str, Any]]] = {}
    for translation in result.translations:
        position = translation.segment.cue_positions[0]
        said.setdefault(position, []).append(
            {
                "source": translation.segment.source,
                "target": translation.text,
                "origin": translation.origin,
                "rung": translation.rung,
                "reasons": list(translation.reasons),
            }
        )
    cues = zip(result.source.cues, result.target.cues, strict=True)
    return {
        **asdict(entry),
        "cues": [
            {
                "cue": target.number or position + 1,
                "position": position,
                "start_ms": target.start_ms,
                "end_ms": target.end_ms,
                "source": source.text,
                "target": target.text,
                "segments": said.get(position, []),
                "suggestions": list(similar.get(position, ())),
            }
            for position, (source, target) in enumerate(cues)
        ],
        "first_mentions": [
            {"position": position, "source": term.source, "required": term.required}
            for position, term in result.explained
        ],
        "terms": audit(result),
        "findings": [asdict(finding) for finding in result.findings],
    }
