"""`dramaloc status`: the release board."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from dramaloc.batch.board import (
    STATES,
    Board,
    Cell,
    State,
    as_html,
    board,
    cell,
    find_records,
    summed,
)
from dramaloc.batch.ledger import read_entries
from dramaloc.batch.manifest import inputs_of
from dramaloc.cli.answer import Answer, answer, envelope
from dramaloc.cli.place import Place
from dramaloc.cli.table import escape, table
from dramaloc.errors import InputError
from dramaloc.files import write_atomic
from dramaloc.review.record import read_record

_MARKS: dict[State, tuple[str, str]] = {
    "missing": ("-", "dim"),
    "outdated": ("O", "red"),
    "edited": ("E", "magenta"),
    "findings": ("f", "yellow"),
    "draft": ("d", "cyan"),
    "reviewed": ("R", "green"),
}
_MOST_NAMED = 10


@click.command("status")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text")
@click.option("-o", "--output", type=Place(), help="Write to this file.")
def command(folder: Path, form: str, output: Path | None) -> None:
    """Show how far each episode is for each market: DIR is where localize wrote to."""
    answer("status", form, lambda: _body(folder, form, output))


def _body(folder: Path, form: str, output: Path | None) -> Answer:
    if not folder.is_dir():
        raise InputError("no such folder", path=folder, hint="Name the one localize wrote to")
    found = board(_cells(folder))
    if not found.cells:
        hint = "Name the folder given to localize as -o"
        raise InputError("nothing was localized into this folder", path=folder, hint=hint)
    data = {
        "episodes": found.episodes,
        "markets": {market: asdict(summed(found.of(market))) for market in found.markets},
        "total": asdict(summed(found.cells)),
        "cells": [asdict(each) for each in found.cells],
    }
    title = folder.resolve().name
    if output is None and form == "json":
        return Answer(data=data)
    if form == "json":
        text = envelope("status", ok=True, data=data)
    else:
        text = as_html(title, found) if form == "html" else _text(found)
    if output is not None:
        write_atomic(output, f"{text.rstrip()}\n".encode())
        return Answer(text=f"Wrote {output}", data=data)
    return Answer(text=text, data=data)


def _cells(folder: Path) -> Iterator[Cell]:
    for place in find_records(folder):
        for name, entry in read_entries(place).items():
            reviewed = sum(bool(each.by) for each in read_record(place / name).values())
            yield cell(place, name, entry, inputs_of(place, entry), reviewed)


def _text(found: Board) -> str:
    columns = ["market", "episodes", ">terms kept", ">in time", ">errors", ">warnings"]
    rows = []
    for market in found.markets:
        cells = found.of(market)
        total = summed(cells)
        rows.append(
            (
                market,
                "".join(_marked(each.state) for each in cells),
                f"{total.terms_kept:,}/{total.terms_required:,}",
                f"{100 * total.in_time:.1f} %",
                f"{total.errors:,}",
                f"{total.warnings:,}",
            )
        )
    first, last = found.episodes[0], found.episodes[-1]
    span = first if first == last else f"{first} to {last}"
    states = summed(found.cells).states
    key = ", ".join(f"{_MARKS[name][0]} {name} {states[name]}" for name in STATES if states[name])
    named = [each for each in found.cells if each.state in ("outdated", "edited", "missing")]
    lines = [f"  {each.episode} {each.market}: {each.state}" for each in named[:_MOST_NAMED]]
    if len(named) > _MOST_NAMED:
        lines.append(f"  and {len(named) - _MOST_NAMED} more")
    return "\n".join([table(escape(span), columns, rows), key, *lines])


def _marked(state: State) -> str:
    mark, style = _MARKS[state]
    return f"[{style}]{mark}[/]"
