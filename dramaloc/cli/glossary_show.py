"""`dramaloc glossary show`: what applies to a Chinese term, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from dramaloc.cli.answer import Answer, answer
from dramaloc.cli.inputs import series_tables
from dramaloc.cli.table import escape, table
from dramaloc.errors import InputError
from dramaloc.glossary.compare import shown_cells
from dramaloc.glossary.layers import Layer, Standing, inside, standings
from dramaloc.glossary.tables import read_table
from dramaloc.glossary.term import Term
from dramaloc.markets.packs import list_codes, load_market, read_chain, resolve
from dramaloc.stages.pipeline import applying

_NEAR = 5


@click.command("show")
@click.argument("source", required=False)
@click.option("-m", "--market", help="Market tag or territory. Default: every market.")
@click.option("--kind", help="Only terms of this kind, such as heritage or name.")
@click.option("--glossary", multiple=True, help="A series table on top of the packs; repeatable.")
@click.option("--format", "output_format", type=click.Choice(["text", "json"]), default="text")
def show_command(
    source: str | None,
    market: str | None,
    kind: str | None,
    glossary: Sequence[str],
    output_format: str,
) -> None:
    """Show what applies to SOURCE, a Chinese term, and which row of which table says so.

    Without SOURCE, list all terms of the market. The names.csv of the show one stands in counts.
    """
    answer("glossary show", output_format, lambda: _body(source, market, kind, glossary))


def _body(
    source: str | None, market: str | None, kind: str | None, tables: Sequence[str]
) -> Answer:
    if source is None:
        if market is None:
            raise InputError("nothing to show", hint="Say dramaloc glossary show SOURCE, or -m")
        return _list(_standings(market, tables), kind)
    codes = [market] if market else list_codes()
    found = {resolve(code): _standings(code, tables) for code in codes}
    known = {
        code: each for code, standing in found.items() for each in standing if _is(each, source)
    }
    if not known:
        near = inside([each for standing in found.values() for each in standing], source)
        listed = ", ".join(list(dict.fromkeys(near))[:_NEAR])
        raise InputError(
            f"no row for {source!r} in {', '.join(found)}",
            hint=f"There is {listed}" if listed else "Add it to a table to have it kept",
        )
    text = "\n".join(_paragraph(code, each) for code, each in known.items())
    if market is None:
        text = f"{_across(known)}\nWith -m MARKET: all that its row says"
    return Answer(text=text, data={code: _data(each) for code, each in known.items()})


def _across(known: Mapping[str, Standing]) -> str:
    rows = [
        (code, escape(_rendering(each.term)), escape(_where(each.rows[0][1])))
        for code, each in known.items()
    ]
    return table("Markets", ["market", "rendering", "row"], rows)


def _is(standing: Standing, source: str) -> bool:
    return standing.term.source == source


def _standings(name: str, tables: Sequence[str]) -> tuple[Standing, ...]:
    layers = [Layer(name=pack.code, terms=pack.terms) for pack in reversed(read_chain(name))]
    if paths := series_tables(tables, Path.cwd()):
        market = load_market(name)
        layers += [
            Layer(name=str(path), terms=applying(market, read_table(path))) for path in paths
        ]
    return standings(layers)


def _list(found: Sequence[Standing], kind: str | None) -> Answer:
    chosen = [each for each in found if kind is None or (each.term.kind or "-") == kind]
    if kind is not None and not chosen:
        kinds = sorted({each.term.kind or "-" for each in found})
        raise InputError(f"no term is of kind {kind!r}", hint=f"Known: {', '.join(kinds)}")
    rows = [
        (
            escape(each.term.source or "(any)"),
            escape(_rendering(each.term)),
            each.term.kind or "-",
            escape(each.rows[0][0]),
            escape(_where(each.rows[0][1])),
        )
        for each in chosen
    ]
    text = table("Terms", ["source", "rendering", "kind", "layer", "row"], rows)
    return Answer(text=f"{text}\n{len(chosen)} terms", data=[_data(each) for each in chosen])


def _rendering(term: Term) -> str:
    said = {
        "translate": term.target,
        "keep": f"{term.source} (kept)",
        "paraphrase": f"{term.target} (paraphrase)",
        "ignore": "(ignored)",
        "forbid": f"(never {', '.join(term.forbid)})",
    }
    return said[term.action]


def _where(term: Term) -> str:
    """Write a row's place as editors can jump to it, short where it is below the cwd."""
    path = Path(term.origin.path)
    if path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return f"{path}:{term.origin.line}"


def _paragraph(code: str, standing: Standing) -> str:
    term = standing.term
    (layer, deciding), *others = standing.rows
    lines = [
        f"{term.source} in {code}: {_rendering(term)}",
        *(
            f"  {name:<10} {text}"
            for name, text in (
                ("status", "" if term.status == "preferred" else term.status),
                ("accepted", ", ".join(term.accept)),
                ("forbidden", ", ".join(term.forbid)),
                ("kind", term.kind),
                ("note", term.note),
                ("reference", term.reference),
                ("gender", term.gender),
                ("age", term.age),
                ("relation", term.relation),
                ("row", f"{_where(deciding)} ({layer})"),
            )
            if text
        ),
        *(
            f"  {'adds to' if _only_forbids(row) else 'replaces':<10} "
            f"{row.required or ', '.join(row.forbid)}, {_where(row)} ({name})"
            for name, row in others
        ),
    ]
    return "\n".join(lines)


def _only_forbids(term: Term) -> bool:
    return term.action == "forbid" or term.status in ("forbidden", "obsolete")


def _data(standing: Standing) -> dict[str, Any]:
    term = standing.term
    (layer, deciding), *others = standing.rows
    return {
        "source": term.source,
        **shown_cells(term),
        "accept": term.accept,
        "forbid": term.forbid,
        "layer": layer,
        "path": deciding.origin.path,
        "line": deciding.origin.line,
        "replaced": [
            {
                "target": row.required,
                "layer": name,
                "path": row.origin.path,
                "line": row.origin.line,
            }
            for name, row in others
        ],
    }
