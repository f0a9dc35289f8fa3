"""`dramaloc memory`: what reviewers decided, kept, searched and exchanged."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path

import click

from dramaloc.batch.names import episode_in_name
from dramaloc.cli.answer import Answer, answer
from dramaloc.cli.inputs import new_file, read_subtitles
from dramaloc.cli.place import Place
from dramaloc.cli.table import escape, table
from dramaloc.errors import InputError
from dramaloc.files import read_bytes, write_atomic
from dramaloc.markets.packs import resolve as resolve_market
from dramaloc.memory.entry import Entry
from dramaloc.memory.pairs import learn
from dramaloc.memory.store import Memory
from dramaloc.memory.tmx import compose_tmx, parse_tmx
from dramaloc.settings import Settings, resolve
from dramaloc.subtitles.formats import SUFFIXES

_MEMORY = click.option("--memory", "named", metavar="PATH", help="Default: the show's.")
_MARKET = click.option("-m", "--market", help="Only this market.")
_FORMAT = click.option(
    "--format", "output_format", type=click.Choice(["text", "json"]), default="text"
)


@click.group("memory")
def group() -> None:
    """Translation memory: what was decided once, found again wherever it fits."""


@group.command("import")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("-m", "--market", required=True, help="The market the renderings are for.")
@click.option(
    "--pair",
    "pairs",
    nargs=2,
    multiple=True,
    metavar="SOURCE TARGET",
    type=click.Path(path_type=Path),
    help="Two subtitle files of one cut, paired by time; repeatable.",
)
@click.option("--draft", is_flag=True, help="Nobody reviewed this: suggest it, never use it.")
@click.option("--origin", default="", help="Whose work it is. Default: as the files say.")
@_MEMORY
@_FORMAT
def import_command(
    files: Sequence[Path], market: str, pairs: Sequence[tuple[Path, Path]], origin: str,
    named: str | None, output_format: str, *, draft: bool,
) -> None:  # fmt: skip
    """Learn from TMX FILEs, or from a source and its translation.

    Nothing is taken in unless every file can be read.
    """
    answer(
        "memory import",
        output_format,
        lambda: _import(files, pairs, market, named, origin, reviewed=not draft),
    )


def _import(
    files: Sequence[Path], pairs: Sequence[tuple[Path, Path]], market: str, named: str | None,
    origin: str, *, reviewed: bool,
) -> Answer:  # fmt: skip
    if not files and not pairs:
        raise InputError("nothing to import", hint="Name a TMX file, or --pair SOURCE TARGET")
    code = resolve_market(market)
    settings = _settings(named, *(source for source, _ in pairs))
    read: list[tuple[str, Sequence[Entry], int]] = []
    for file in files:
        found = _tmx(file, code, origin=origin, reviewed=reviewed)
        read.append((str(file), *found))
    for source, target in pairs:
        learnt = _pair(source, target, code, settings.show, origin=origin, reviewed=reviewed)
        read.append((f"{source} + {target}", *learnt))
    path = _path(settings)
    with Memory.open(path, create=True) as memory:
        changed = memory.add(chain.from_iterable(entries for _, entries, _ in read))
        total = len(memory)
    lines = [
        f"{name}: {len(entries)} entries" + (f", {left} left out" if left else "")
        for name, entries, left in read
    ]
    data = {
        "memory": str(path),
        "files": [
            {"name": name, "entries": len(entries), "left_out": left}
            for name, entries, left in read
        ],
        "changed": changed,
        "total": total,
    }
    lines.append(f"{path}: {changed} new or changed, {total} in all")
    return Answer(text="\n".join(lines), data=data)


def _tmx(file: Path, market: str, *, origin: str, reviewed: bool) -> tuple[Sequence[Entry], int]:
    if file.suffix.lower() in SUFFIXES:
        raise InputError(
            "this is a subtitle file, and a memory needs both languages",
            path=file,
            hint="Say --pair SOURCE TARGET",
        )
    try:
        found = parse_tmx(read_bytes(file), market, origin=origin or file.name, reviewed=reviewed)
    except InputError as error:
        raise error.at(file) from error
    return found.entries, found.skipped


def _pair(
    source: Path, target: Path, market: str, show: str, *, origin: str, reviewed: bool
) -> tuple[Sequence[Entry], int]:
    try:
        found = learn(
            read_subtitles(source),
            read_subtitles(target, language=market),
            market,
            origin=origin or target.name,
            reviewed=reviewed,
            show=show,
            episode=episode_in_name(source),
        )
    except InputError as error:
        raise error.at(target) from error
    return found.entries, found.alone


@group.command("export")
@click.option("-o", "--output", required=True, type=Place(), help="TMX file.")
@click.option("--force", is_flag=True, help="Replace the output if it is there.")
@_MARKET
@_MEMORY
@_FORMAT
def export_command(
    output: Path, market: str | None, named: str | None, output_format: str, *, force: bool
) -> None:
    """Write a memory as TMX 1.4b, which every translation tool reads."""
    answer("memory export", output_format, lambda: _export(output, market, named, force=force))


def _export(output: Path, market: str | None, named: str | None, *, force: bool) -> Answer:
    code = resolve_market(market) if market else None
    with _open(named) as memory:
        found = tuple(memory.entries(code))
        if not found:
            raise InputError(
                f"no entry for {code}" if code else "this memory is empty", path=memory.path
            )
    text = "".join(compose_tmx(found))
    write_atomic(new_file(output, force=force), text.encode())
    data = {"entries": len(found), "output": str(output)}
    return Answer(text=f"{output}: {len(found)} entries", data=data)


@group.command("stats")
@_MEMORY
@_FORMAT
def stats_command(named: str | None, output_format: str) -> None:
    """Count what a memory holds, by market, show, episode and origin."""
    answer("memory stats", output_format, lambda: _stats(named))


def _stats(named: str | None) -> Answer:
    with _open(named) as memory:
        counts, path = memory.stats(), memory.path
    columns = ["market", "show", "episode", "origin", ">entries", ">reviewed"]
    rows = [
        (
            *(escape(word or "-") for word in (c.market, c.show, c.episode, c.origin)),
            str(c.entries),
            str(c.reviewed),
        )
        for c in counts
    ]
    total, reviewed = sum(c.entries for c in counts), sum(c.reviewed for c in counts)
    size = path.stat().st_size
    drawn = table("Memory", columns, rows) if rows else ""
    summary = f"{path}: {total} entries, {reviewed} reviewed, {size / 1e6:.1f} MB"
    data = {"memory": str(path), "bytes": size, "counts": [asdict(count) for count in counts]}
    return Answer(text="\n".join(filter(None, [drawn, summary])), data=data)


@group.command("search")
@click.argument("text")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@_MARKET
@_MEMORY
@_FORMAT
def search_command(
    text: str, limit: int, market: str | None, named: str | None, output_format: str
) -> None:
    """Find entries that hold TEXT in source or target, and with -m also sources like it."""
    answer("memory search", output_format, lambda: _search(text, market, named, limit))


def _search(text: str, market: str | None, named: str | None, limit: int) -> Answer:
    code = resolve_market(market) if market else None
    with _open(named) as memory:
        found = memory.search(text, code, limit)
        hits = [(1.0, entry) for entry in found]
        if code:
            similar = memory.fuzzy(text, code, limit=limit)
            hits += [(hit.similarity, hit.entry) for hit in similar if hit.entry not in found]
    columns = [">match", "source", "target", "market", "reviewed", "where"]
    rows = [
        (
            f"{similarity:.0%}" if similarity < 1 else "holds it",
            _line(entry.source),
            _line(entry.target),
            entry.market,
            f"by {escape(entry.origin)}" if entry.reviewed else "no",
            escape(" ".join(filter(None, (entry.show, entry.episode)))),
        )
        for similarity, entry in hits[:limit]
    ]
    data = [{"similarity": similarity, **asdict(entry)} for similarity, entry in hits[:limit]]
    return Answer(text=table("Found", columns, rows) if rows else "nothing found", data=data)


def _line(text: str) -> str:
    return escape(text.replace("\n", " / "))


def _settings(named: str | None, *beside: Path) -> Settings:
    """Resolve the settings from the show that the files lie in, or that one works in."""
    starts = [*beside, Path.cwd()]
    found = [resolve({"memory": named}, os.environ, start) for start in starts]
    return next((settings for settings in found if settings.folder), found[-1])


def _path(settings: Settings) -> Path:
    if settings.memory is None:
        raise InputError("no memory named, and no show here", hint="Say --memory PATH")
    return settings.memory


def _open(named: str | None) -> Memory:
    return Memory.open(_path(_settings(named)))
