"""`dramaloc localize`: the main job."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from dramaloc.batch.crew import Ended, JobDone
from dramaloc.batch.deliver import Delivery, deliver
from dramaloc.batch.names import canonical
from dramaloc.batch.plan import Job, find_episodes, plan
from dramaloc.batch.remember import KeptRenderings, Remembered
from dramaloc.batch.run import compose_output, examine, run
from dramaloc.batch.workbench import Options, Workbench
from dramaloc.cli.answer import DONE, FINDINGS, JOBS_FAILED, Answer, answer, harmless, say
from dramaloc.cli.clustered import crew_of, refuse_what_no_cluster_does
from dramaloc.cli.conforming import OldCut, as_data, listing, old_cut, settle
from dramaloc.cli.engines import described, engine_configs, refuse_unnamed, tell_usage
from dramaloc.cli.inputs import frames, profile_of, read_subtitles
from dramaloc.cli.models import install_pair
from dramaloc.cli.place import Place
from dramaloc.cli.progress import reporter
from dramaloc.cli.quoted import quoted
from dramaloc.cli.summary import summary
from dramaloc.cli.table import escape, table
from dramaloc.engines.engine import Usage
from dramaloc.errors import DramalocError, EngineNotInstalledError, InputError, OutputError
from dramaloc.files import decode, read_bytes
from dramaloc.marketing import copy
from dramaloc.marketing.field import Wanted
from dramaloc.markets.packs import resolve as resolve_market
from dramaloc.memory.store import Memory
from dramaloc.quality.finding import at_or_above
from dramaloc.settings import SERIES_TABLE, Settings, resolve
from dramaloc.stages.renderings import Recent
from dramaloc.subtitles.formats import named, recognise
from dramaloc.subtitles.kinds import PARTS

_MOST_WORKERS = 4  # engines use every core by themselves; more only wait for one another


@click.command("localize")
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option("-m", "--market", multiple=True, help="Market tag or territory; repeat for more.")
@click.option("-o", "--output", type=Place(file_okay=False), help="Folder.")
@click.option("--from", "source", help="Language of the input, such as zh-Hans.")
@click.option("--engine", help="An engine, or several with commas. Default: best for the pair.")
@click.option("--max-requests", type=click.IntRange(min=1), help="Budget for engines over HTTP.")
@click.option("--glossary", multiple=True, help="A series table on top of the packs; repeatable.")
@click.option("--memory", metavar="PATH", help="Translation memory, or none. Default: the show's.")
@click.option("--encoding", help="Encoding of the input. Default: detected.")
@click.option("--output-encoding", help="Encoding of the output. Default: UTF-8.")
@click.option("--output-format", metavar="EXT", help="srt, vtt, ass, … Default: as the input.")
@click.option(
    "--merge",
    type=click.Choice(["auto", "off"]),
    help="Translate sentences that run over cues as one where that reads better (default).",
)
@click.option(
    "--first-mention",
    type=click.Choice(["episode", "series", "never"]),
    help="Explain heritage terms once per episode (default) or per series, or never.",
)
@click.option(
    "--field",
    "fields",
    multiple=True,
    help="Of copy: a column, a JSON path or a heading to translate; repeatable. Default: all.",
)
@click.option(
    "--retime",
    is_flag=True,
    help="Let cues stay longer where their text asks for it; in-times never move.",
)
@click.option(
    "--profile",
    metavar="NAME",
    help="A platform's limits and format: netflix, amazon, ted, bbc, web, or a file.",
)
@click.option(
    "--bilingual",
    is_flag=False,
    flag_value="on",
    type=click.Choice(["on", "off", "above", "below", "tracks"]),
    help="The source too: above, below or (on) where the market has it, or in a file of its own.",
)
@click.option(
    "--split",
    multiple=True,
    type=click.Choice(["forced", "songs"]),
    help="Write these to a file of their own as well; repeatable.",
)
@click.option("--sdh/--no-sdh", default=None, help="Keep sounds and speakers' names or not.")
@click.option("--fps", help="Frames a second of the video, by which gaps count. Default: 24.")
@click.option("-j", "--jobs", help="Episodes at a time. Default: one a core, at most four.")
@click.option("--scheduler", metavar="ADDRESS", help="Do it on a Dask cluster: tcp://HOST:8786.")
@click.option(
    "--template",
    type=click.Path(path_type=Path),
    help="Reviewed text of one episode in the language that other markets go through.",
)
@click.option(
    "--conform",
    nargs=2,
    metavar="OLD_SOURCE OLD_TARGET",
    type=click.Path(path_type=Path),
    help="INPUT is a new cut: carry the old cut's reviewed text over to the new times.",
)
@click.option("--dry-run", is_flag=True, help="Say how much work it would be, and do none of it.")
@click.option("--report", is_flag=True, help="Write a report beside each output.")
@click.option("--force", is_flag=True, help="Replace outputs that were edited.")
@click.option("--fail-on", type=click.Choice(["error", "warning", "never"]), help="Exit 1 then.")
@click.option("--format", "answer_format", type=click.Choice(["text", "json"]), default="text")
@click.option("--progress", type=click.Choice(["auto", "plain", "json", "none"]))
@click.option("--quiet", is_flag=True, help="No progress and no notes.")
@click.option("--show-config", is_flag=True, help="Print each setting and its origin.")
def command(**flags: Any) -> None:
    """Localize subtitle files for one or more markets.

    INPUT is a file, a folder, a pattern, or - to read standard input and write standard output.
    """
    answer("localize", flags["answer_format"], lambda: _body(flags))


def _body(flags: Mapping[str, Any]) -> Answer:
    inputs: Sequence[str] = flags["inputs"]
    start = Path.cwd() if inputs[0] == "-" else Path(inputs[0])
    given = {"from": flags["source"], **{key.replace("_", "-"): flags[key] for key in flags}}
    given["sdh"] = {True: "on", False: "off"}.get(flags["sdh"])
    settings = resolve(given, os.environ, start)
    if flags["show_config"]:
        return _config(settings)
    refuse_unnamed(settings)
    refuse_what_no_cluster_does(settings)
    markets = _markets(settings)
    options = _options(settings, flags)
    if "-" in inputs:
        _refuse_in_pipe(flags, markets)
        return _pipe(markets[0], settings, options, quiet=flags["quiet"])
    episodes = find_episodes(inputs, _language(settings))
    if flags["output"] is None and (len(episodes) > 1 or Path(inputs[0]).is_dir()):
        raise InputError("several inputs need a folder to go to", hint="Say -o FOLDER")
    naming = options.profile.naming if options.profile else ""
    jobs = plan(episodes, markets, flags["output"], partial(_suffix, options=options), naming)
    if options.template and len(episodes) > 1:
        raise InputError("--template is for one episode", hint="Name one; reviewed ones are found")
    old = old_cut(flags["conform"], jobs, settings.show) if flags["conform"] else None
    if old:
        options = replace(options, memory=replace(options.memory, old_cut=old.entries))
    bench = _bench(options)
    for notice in _prepared(bench, jobs):
        if not flags["quiet"]:
            say(f"Note: {notice}.")
    if flags["dry_run"]:
        return quoted(list(examine(jobs, bench)), bench)
    ends, used, unrecorded = _done(jobs, bench, settings, flags)
    tell_usage(used, quiet=flags["quiet"])
    found = summary(ends, settings.one("fail-on") or "never", used)
    if unrecorded:
        say(f"Error: {harmless(str(unrecorded))}")
        found = replace(found, exit_code=JOBS_FAILED, error=unrecorded)
    return _with_conformed(found, old, bench) if old else found


def _done(
    jobs: Sequence[Job], bench: Workbench, settings: Settings, flags: Mapping[str, Any]
) -> tuple[list[Ended], Usage, OutputError | None]:
    """Do the jobs, here or on a cluster, and show how it goes; return their ends in order.

    Last comes why the manifest could not be written, if so; the next run will know all the same.
    """
    unrecorded = None
    style = "none" if flags["quiet"] else settings.one("progress") or "auto"
    ended: dict[Job, Ended] = {}
    with crew_of(settings, jobs, bench, quiet=flags["quiet"]) as crew:
        try:
            with reporter(style, jobs) as watch:
                for end in run(jobs, bench, watch.step, _workers(settings), crew):
                    watch.ended(end)
                    ended[end.job] = end if flags["answer_format"] == "json" else _brief(end)
        except OutputError as error:
            unrecorded = error
        used = crew.used() if crew else bench.used()
    return [ended[job] for job in jobs if job in ended], used, unrecorded


def _brief(end: Ended) -> Ended:
    """Leave out the term audit: a season's are as large as the season, and only JSON tells them."""
    return replace(end, terms=()) if isinstance(end, JobDone) else end


def _workers(settings: Settings) -> int:
    if settings.one("max-requests"):
        return 1  # who gets what is left of a budget must not depend on who is quicker
    asked = settings.one("jobs")
    return int(asked) if asked else min(_MOST_WORKERS, os.cpu_count() or 1)


def _with_conformed(found: Answer, old: OldCut, bench: Workbench) -> Answer:
    """Add to an answer what became of the old cut."""
    if found.exit_code == JOBS_FAILED:
        return found
    new, _ = bench.read(old.job, read_bytes(old.job.source))
    conformed = old.against(new)
    settle(conformed, new, read_subtitles(old.job.output, language=old.job.market), old.job.output)
    return replace(
        found,
        text="\n".join([found.text, listing(conformed, new)]),
        data={**found.data, "conformed": as_data(conformed)},
    )


def _prepared(bench: Workbench, jobs: Sequence[Job]) -> tuple[str, ...]:
    """Make everything ready; a person at a terminal may have a missing model installed."""
    while True:
        try:
            return bench.prepare(jobs)
        except EngineNotInstalledError as error:
            person = sys.stdin.isatty() and sys.stderr.isatty()
            question = f"{error.message}. Install it now?"
            if error.pair is None or not person or not click.confirm(question, err=True):
                raise
            install_pair(*error.pair)
            bench.forget_engines()


def _suffix(path: Path, options: Options) -> str | None:
    """Return how an output ends, if that is not its input's to say.

    Raises `OutputError` for a format we do not write.
    """
    if options.output_format:
        named(options.output_format)
        return f".{options.output_format.lower().lstrip('.')}"
    if options.profile is None or copy.kind_of(path.name):
        return None
    try:
        kind = recognise(decode(read_bytes(path), encoding=options.encoding).text).name
    except DramalocError:
        return None  # doing the job will say what is wrong
    ending = options.ending(kind)
    return f".{ending}" if ending else None


def _markets(settings: Settings) -> tuple[str, ...]:
    names = settings.many("market")
    if not names:
        raise InputError("no market named", hint="Say -m en-US; 'dramaloc markets list' shows all")
    return tuple(dict.fromkeys(resolve_market(name) for name in names))


def _language(settings: Settings) -> str | None:
    named = settings.one("from")
    return canonical(named) if named else None


def _options(settings: Settings, flags: Mapping[str, Any]) -> Options:
    tables = [Path(name) for name in settings.many("glossary")]
    if settings.folder is not None:
        series = settings.folder / SERIES_TABLE
        tables = [series, *tables] if series.is_file() and series not in tables else tables
    profile = profile_of(settings)
    return Options(
        engine=settings.one("engine"),
        engines=engine_configs(settings),
        encoding=settings.one("encoding"),
        output_encoding=settings.one("output-encoding") or "utf-8",
        output_format=settings.one("output-format"),
        tables=tuple(tables),
        first_mention=settings.one("first-mention") or "episode",
        conventions=settings.conventions,
        joining=settings.joining,
        limits=settings.limits,
        audience=settings.one("audience"),
        delivery=_delivery(settings),
        profile=profile,
        retime=settings.one("retime") == "on",
        fps=frames(settings, profile),
        memory=_memory(settings),
        copy={"*": Wanted(fields=flags["fields"])} if flags["fields"] else settings.copy,
        template=flags["template"],
        report=flags["report"],
        force=flags["force"],
    )


def _delivery(settings: Settings) -> Delivery:
    asked = settings.many("split")
    return Delivery(
        bilingual=settings.one("bilingual") or "off",
        split=tuple(part for part in PARTS if part in asked),
        sdh=settings.one("sdh") != "off",
    )


def _bench(options: Options) -> Workbench:
    path = options.memory.path
    return Workbench(options, KeptRenderings(path) if path else Recent())


def _memory(settings: Settings) -> Remembered:
    """Return the memory to consult; the show's own need not be there."""
    path = settings.memory
    if path is None or (settings.one("memory") is None and not path.exists()):
        return Remembered(show=settings.show)
    Memory.open(path).close()  # a wrong one is one error, not one for each job
    return Remembered(path=path, show=settings.show)


def _config(settings: Settings) -> Answer:
    rows = [(name, _shown(s.value), s.origin) for name, s in settings.values.items()]
    engines = [(f"engines.{c.name}", described(c), c.path) for c in engine_configs(settings)]
    rows += engines
    text = table(
        "Settings", ["setting", "value", "from"], [tuple(map(escape, row)) for row in rows]
    )
    data = {name: {"value": s.value, "origin": s.origin} for name, s in settings.values.items()}
    data |= {name: {"value": value, "origin": origin} for name, value, origin in engines}
    return Answer(text=text, data=data)


def _shown(value: str | tuple[str, ...] | None) -> str:
    return ", ".join(value) if isinstance(value, tuple) else value or "-"


def _refuse_in_pipe(flags: Mapping[str, Any], markets: Sequence[str]) -> None:
    if len(flags["inputs"]) > 1 or len(markets) > 1:
        raise InputError("standard input goes to one market", hint="Name one -m and only -")
    if flags["scheduler"]:
        raise InputError("standard input is localized here", hint="Leave out --scheduler")
    if flags["conform"]:
        raise InputError("--conform lists what changed", hint="Name the new cut's file, not -")
    if flags["split"] or flags["bilingual"] == "tracks":
        raise InputError("standard output holds one file", hint="Name a file instead of -")
    if flags["output"] or flags["report"] or flags["dry_run"] or flags["answer_format"] == "json":
        raise InputError(
            "standard output holds the subtitles and nothing else",
            hint="Leave out -o, --report, --dry-run and --format json, or name a file",
        )


def _pipe(market_code: str, settings: Settings, options: Options, *, quiet: bool) -> Answer:
    """Read standard input and write standard output: one file, one market."""
    language = _language(settings) or "zh-Hans"
    bench = _bench(options)
    job = Job(source=Path("-"), market=market_code, output=Path("-"), language=language)
    for notice in bench.prepare([job]):
        if not quiet:
            say(f"Note: {notice}.")
    try:
        document, losses = bench.read(job, sys.stdin.buffer.read())
        result = bench.localize(
            job, document, explained=bench.explained(job), known=bench.known(job, document)
        )
        delivered = deliver(result, bench.market(market_code), options.delivery)
        written = compose_output(delivered.document, options.output_encoding)
    except InputError as error:
        raise error.at("-") from error
    sys.stdout.buffer.write(written)
    sys.stdout.buffer.flush()
    found = (*losses, *delivered.findings, *result.findings)
    if not quiet:
        for finding in found:
            if finding.severity == "error":
                say(harmless(f"-:{finding.line}: error: {finding.message} [{finding.code}]"))
    failing = at_or_above(found, settings.one("fail-on") or "never")
    return Answer(exit_code=FINDINGS if failing else DONE)
