"""`dramaloc glossary import` and `export`: term tables from and for other tools."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from dramaloc.cli.answer import Answer, answer
from dramaloc.cli.inputs import language_of, new_file, terms_of
from dramaloc.cli.place import Place
from dramaloc.errors import InputError
from dramaloc.files import write_atomic
from dramaloc.glossary.exchange import (
    FORMS,
    Form,
    form_of,
    left_out,
    only_for,
    read_foreign,
    write_foreign,
)
from dramaloc.glossary.tables import rows

_OUTPUT = click.option("-o", "--output", required=True, type=Place())
_AS = click.option("--as", "form", type=click.Choice(FORMS), help="Default: by the file's name.")
_FORCE = click.option("--force", is_flag=True, help="Replace the output if it is there.")
_FORMAT = click.option(
    "--format", "output_format", type=click.Choice(["text", "json"]), default="text"
)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@_OUTPUT
@click.option("-m", "--market", help="Only rows for this language. Default: all, by column.")
@_AS
@_FORCE
@_FORMAT
def import_command(
    file: Path, output: Path, market: str | None, form: Form | None, *, force: bool,
    output_format: str,
) -> None:  # fmt: skip
    """Make a table of FILE: CSV, TSV, OmegaT's glossary or TBX."""
    answer("glossary import", output_format, lambda: _import(file, output, market, form, force))


def _import(file: Path, output: Path, market: str | None, form: Form | None, force: bool) -> Answer:
    read = read_foreign(file, form)
    terms = only_for(read.terms, market) if market else read.terms
    if not terms:
        tags = ", ".join(sorted({term.market or "en" for term in read.terms}))
        raise InputError(
            f"no term for {market}" if tags else "no term with a Chinese source",
            path=file,
            hint=f"It has {tags}" if tags else "Its entries need a language zh-Hans or zh",
        )
    form = "tsv" if output.suffix.lower() == ".tsv" else "csv"
    # Where rows begin is told by their lines, which another file's entries need not have.
    text = write_foreign(terms, form)
    write_atomic(new_file(output, force=force), text.encode())
    count = len(rows(terms))
    said = f"{output}: {count} rows"
    if read.skipped:
        said += f"; {len(read.skipped)} entries without a Chinese term or a rendering left out"
    return Answer(text=said, data={"rows": count, "skipped": read.skipped, "output": str(output)})


@click.command("export")
@click.argument("pack_or_table")
@_OUTPUT
@click.option("--inherited", is_flag=True, help="With all that the pack inherits.")
@click.option("-m", "--market", help="Language of the table's rows. Default: the pack's, or en.")
@_AS
@_FORCE
@_FORMAT
def export_command(
    pack_or_table: str, output: Path, market: str | None, form: Form | None, *, inherited: bool,
    force: bool, output_format: str,
) -> None:  # fmt: skip
    """Write a market's pack, a pack's folder or a table as CSV, TSV, OmegaT's glossary or TBX."""
    answer(
        "glossary export",
        output_format,
        lambda: _export(pack_or_table, output, market, form, inherited, force),
    )


def _export(
    name: str, output: Path, market: str | None, form: Form | None, inherited: bool, force: bool
) -> Answer:
    form = form or form_of(output)
    terms = terms_of(name, inherited=inherited)
    if inherited:  # rows of several tables may share a line number; layers would part spellings
        terms = tuple(replace(term, origin=replace(term.origin, layer=0)) for term in terms)
    missing = left_out(terms, form)
    text = write_foreign(terms, form, market or language_of(name))
    write_atomic(new_file(output, force=force), text.encode())
    said = f"{output}: {len(terms) - len(missing)} terms"
    if missing:
        said += f"; {len(missing)} left out, which forbid or rewrite and have no place in {form}"
    data = {
        "terms": len(terms) - len(missing),
        "left_out": [term.source or term.target for term in missing],
        "output": str(output),
    }
    return Answer(text=said, data=data)
