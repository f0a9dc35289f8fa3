"""Doing the jobs, several episodes at a time; a failure costs only its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import dramaloc
from dramaloc import documents
from dramaloc.batch.crew import Crew, Ended, JobDone, JobFailed, Made, Step, Task, at_work
from dramaloc.batch.deliver import SOURCE_TRACK, deliver, path_beside
from dramaloc.batch.ledger import Ledger, Ledgers
from dramaloc.batch.manifest import (
    Entry,
    is_complete,
    is_reported,
    may_replace,
    refuse_to_lose_edits,
    way_to,
)
from dramaloc.batch.plan import Job
from dramaloc.batch.remember import Similar, translated
from dramaloc.batch.report import audit, counts, report, report_path, rungs
from dramaloc.batch.template import recorded_template
from dramaloc.batch.workbench import Options, Workbench
from dramaloc.engines.engine import Usage, since
from dramaloc.errors import DramalocError, OutputError
from dramaloc.files import digest, read_bytes, write_atomic
from dramaloc.marketing.field import Wanted
from dramaloc.markets.profiles import Profile
from dramaloc.memory.entry import Recollection
from dramaloc.memory.recall import fingerprint
from dramaloc.quality.delivery import deliverable
from dramaloc.quality.finding import in_order
from dramaloc.stages.localization import Localization, Progress, Watcher
from dramaloc.subtitles.document import Document


def run(
    jobs: Sequence[Job],
    bench: Workbench,
    watch: Callable[[Job, Progress], None],
    workers: int = 1,
    crew: Crew | None = None,
) -> Iterator[Ended]:
    """Do the jobs, `workers` episodes at a time, yielding how each ended as it does.

    Another `crew` may do them elsewhere; what it makes is written here all the same.
    """
    ledgers = Ledgers()
    episodes: dict[Path, list[Job]] = {}
    for job in jobs:
        episodes.setdefault(job.source, []).append(job)
    groups = ([_examined(job, bench, ledgers) for job in group] for group in episodes.values())
    here = partial(
        at_work, do=partial(attempt, bench=bench), workers=workers, break_off=bench.break_off
    )
    committed = partial(_committed, ledgers=ledgers, force=bench.options.force)
    try:
        for event in (crew or here)(groups):
            if isinstance(event, Step):
                watch(event.job, event.progress)
            else:
                yield committed(event) if isinstance(event, Made) else event
    finally:
        ledgers.close()


def examine(jobs: Sequence[Job], bench: Workbench) -> Iterator[Task | Ended]:
    """Say what each job takes, without doing any; what cannot be read has failed already."""
    ledgers = Ledgers()
    for job in jobs:
        try:
            bench.read(job, read_bytes(job.source))
        except DramalocError as error:
            yield failed(job, error)
        else:
            yield _examined(job, bench, ledgers)


def _examined(job: Job, bench: Workbench, ledgers: Ledgers) -> Task | Ended:
    """Say what a job takes: work, or nothing because its output is up to date, or impossible."""
    try:
        return _task(job, bench, ledgers.of(job.output))
    except DramalocError as error:
        return failed(job, error)
    except OSError as error:
        return failed(job, _unwritable(error))


def _task(job: Job, bench: Workbench, ledger: Ledger) -> Task | JobDone:
    task = describe(job, bench)
    name, known = job.output.name, ledger.known(job.output.name)
    if bench.options.force:
        return task
    if not may_replace(job.output, known):
        known = ledger.known(name, anew=True)  # another run may have been here
    refuse_to_lose_edits(job.output, known)
    if known is None or not known.made_from_the_same(task.made_from):
        return task
    reported = not bench.options.report or is_reported(report_path(job), known)
    if reported and is_complete(job.output, known) and _has_beside(job, known, ledger):
        return JobDone(job=job, entry=ledger.settle(name, known), unchanged=True)
    return task


def _has_beside(job: Job, known: Entry, ledger: Ledger) -> bool:
    """Whether the files beside an output are there as well; raises if somebody edited one."""
    for name in known.beside:
        path, entry = job.output.with_name(name), ledger.known(name)
        refuse_to_lose_edits(path, entry)
        if entry is None or not is_complete(path, entry):
            return False
    return True


def describe(job: Job, bench: Workbench) -> Task:
    """Put together all that decides what comes of a job."""
    data, market, explained = read_bytes(job.source), bench.market(job.market), bench.explained(job)
    known: tuple[Recollection, ...] = ()
    template: tuple[str, Mapping[int, str]] = ("", {})
    pivots = bench.pivot(job.language, market) is not None
    if pivots or bench.options.memory.may_know(job):  # else it need not be parsed to be skipped
        document, _ = bench.read(job, data)
        known, template = bench.known(job, document), bench.template(job, document)
    made_from = Entry(
        dramaloc=dramaloc.__version__,
        input=job.source.name,
        input_folder=way_to(job.source.parent, job.output.parent),
        input_digest=digest(data),
        market=market.code,
        market_fingerprint=market.whole_fingerprint,
        engine=bench.signature(job.language, market),
        options=_recorded(bench.options, job, explained, _decided(known, template)),
        output_digest="",
        counts={},
    )
    return Task(
        job=job, made_from=made_from, explained=explained, known=known, template=template[1]
    )


def packed(task: Task, bench: Workbench) -> Task:
    """Put into a task what only this machine can read. Raises what reading it may raise."""
    data, memory = read_bytes(task.job.source), bench.options.memory
    similar: Similar = {}
    if bench.options.report and memory.path:
        document, _ = bench.read(task.job, data)
        positions = range(len(document.cues))
        similar = memory.suggestions(document, task.job.market, positions)
    return replace(task, data=data, similar=similar)


def attempt(task: Task, watch: Watcher, bench: Workbench) -> Made | JobFailed:
    """Make what a task asks for, or say why not. Writes nothing."""
    try:
        return make(task, watch, bench)
    except DramalocError as error:
        return failed(task.job, error)


def make(task: Task, watch: Watcher, bench: Workbench) -> Made:
    """Make an output and its entry. A task and what it makes can be sent to another process."""
    data = read_bytes(task.job.source) if task.data is None else task.data
    document, losses = bench.read(task.job, data)
    before = bench.used_here()
    result = bench.localize(
        task.job,
        document,
        explained=task.explained,
        known=task.known,
        template=task.template,
        watch=watch,
    )
    options = bench.options
    delivered = deliver(result, bench.market(task.job.market), options.delivery)
    target = replace(delivered.document, encoding=options.output_encoding)
    asked = deliverable(target, options.profile, options.fps, task.job.output.name)
    found = (*asked, *losses, *delivered.findings, *result.findings)
    result = replace(result, findings=in_order(found))
    written = compose_output(target, options.output_encoding)
    beside = tuple(_beside(task, delivered.beside, options))
    entry = replace(
        task.made_from,
        input_digest=digest(data),
        output_digest=digest(written),
        counts=counts(result),
        rungs=rungs(result),
        beside={path.name: digest(each) for path, each, _ in beside},
    )
    usage = since(before, bench.used_here())
    similar = _similar(task, result, options) if options.report else {}
    told = _report_file(result, entry, similar, usage) if options.report else None
    return Made(
        job=task.job,
        entry=replace(entry, report_digest=digest(told) if told else ""),
        output=written,
        report=told,
        beside=beside,
        terms=tuple(audit(result)),
    )


def _beside(
    task: Task, documents_beside: Mapping[str, Document], options: Options
) -> Iterator[tuple[Path, bytes, Entry]]:
    """Yield the files to be written beside an output, and their entries."""
    naming = options.profile.naming if options.profile else ""
    for kind, document in documents_beside.items():
        path = path_beside(task.job, kind, naming)
        if path.resolve() == task.job.source.resolve():
            continue  # the source is there already, as a track of its own
        data = compose_output(document, options.output_encoding)
        same = {"market": task.job.language, "market_fingerprint": "", "engine": ""}
        entry = replace(
            task.made_from,
            **(same if kind == SOURCE_TRACK else {}),  # type: ignore[arg-type]  # all are text
            output_digest=digest(data),
            counts={"cues": len(document.cues)},
        )
        yield path, data, entry


def _similar(task: Task, result: Localization, options: Options) -> Similar:
    """Return what the memory suggests for the cues that were translated, by position."""
    wanted = translated(result)
    if task.similar is None:
        return options.memory.suggestions(result.source, result.market, wanted)
    return {position: task.similar[position] for position in wanted if position in task.similar}


def _report_file(result: Localization, entry: Entry, similar: Similar, usage: Usage) -> bytes:
    told = report(result, entry, similar, usage)
    return f"{json.dumps(told, ensure_ascii=False, indent=2)}\n".encode()


def failed(job: Job, error: DramalocError) -> JobFailed:
    blamed = job.output if isinstance(error, OutputError) else job.source
    return JobFailed(job=job, error=error.at(blamed))


def _unwritable(error: OSError) -> OutputError:
    """Say what the system said of an output: its name may be too long for this drive."""
    return OutputError(f"cannot be written ({error.strerror})")


def _committed(made: Made, ledgers: Ledgers, *, force: bool) -> Ended:
    try:
        for path, _, _ in () if force else made.beside:
            refuse_to_lose_edits(path, ledgers.of(path).known(path.name, anew=True))
        if made.report is not None:
            write_atomic(report_path(made.job), made.report)
        for path, data, entry in made.beside:
            ledgers.of(path).write(path, data, entry)
        ledgers.of(made.job.output).write(made.job.output, made.output, made.entry)
    except DramalocError as error:
        return failed(made.job, error)
    except OSError as error:
        return failed(made.job, _unwritable(error))
    return JobDone(job=made.job, entry=made.entry, terms=made.terms)


def compose_output(document: Document, encoding: str) -> bytes:
    """Write a localized document: in `encoding`, without BOM, with LF line ends."""
    ends = 2 if document.format == "srt" else 1
    return documents.write(
        replace(document, encoding=encoding, bom=False, newline="\n", final_newlines=ends)
    )


def _decided(
    known: tuple[Recollection, ...], template: tuple[str, Mapping[int, str]]
) -> dict[str, str]:
    """Return what of people's decisions may change an output's bytes."""
    said = {"memory": fingerprint(known), "template": recorded_template(*template)}
    return {name: value for name, value in said.items() if value}


def _named(profile: Profile) -> str:
    return f"{profile.name}@{profile.fingerprint[:16]}"


def _recorded(
    options: Options,
    job: Job,
    explained: frozenset[str] | None,
    decided: Mapping[str, str],
) -> dict[str, str]:
    """Return the options that change an output's bytes."""
    asked = documents.asked_of(job.source.name, options.copy)
    return {
        "encoding": options.encoding or "",
        "output_encoding": options.output_encoding,
        "output_format": options.output_format or "",
        "first_mention": options.first_mention,
        "merge": str(options.joining or "off"),
        **options.conventions,
        **({} if asked == Wanted() else {"copy": repr(asked)}),
        **options.delivery.recorded,
        **({"profile": _named(options.profile)} if options.profile else {}),
        **({"retime": f"{options.fps:g}"} if options.retime else {}),
        **decided,
        "explained_before": digest("\n".join(sorted(explained)).encode()) if explained else "",
    }
