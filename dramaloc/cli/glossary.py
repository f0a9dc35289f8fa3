"""`dramaloc glossary`: term tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from dramaloc.cli.answer import DONE, FINDINGS, Answer, answer
from dramaloc.cli.glossary_diff import diff_command
from dramaloc.cli.glossary_exchange import export_command, import_command
from dramaloc.cli.glossary_extract import extract_command
from dramaloc.cli.glossary_show import show_command
from dramaloc.cli.inputs import market_with_series, read_subtitles
from dramaloc.cli.table import escape, table
from dramaloc.errors import InputError
from dramaloc.glossary.lint import Problem, lint
from dramaloc.glossary.tables import read_table
from dramaloc.glossary.term import Term
from dramaloc.markets.market import Market
from dramaloc.markets.packs import bundled_packs, list_codes, load_market, read_pack
from dramaloc.quality.metrics import Occurrence, term_occurrences
from dramaloc.subtitles.document import Document


@click.group("glossary")
def group() -> None:
    """Term tables: check, show, compare, exchange and begin them; audit subtitles."""


for _command in (show_command, diff_command, extract_command, import_command, export_command):
    group.add_command(_command)


@group.command("lint")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "output_format", type=click.Choice(["text", "json"]), default="text")
def lint_command(paths: Sequence[Path], output_format: str) -> None:
    """Check tables and packs; without PATH, every pack that came with dramaloc."""
    answer("glossary lint", output_format, lambda: _lint(paths))


def _lint(paths: Sequence[Path]) -> Answer:
    folders = [pack for path in paths if path.is_dir() for pack in _packs(path)]
    files = [path for path in paths if not path.is_dir()]
    if not paths:
        folders = [bundled_packs() / code for code in list_codes()]
    problems = [problem for folder in folders for problem in _lint_pack(folder)]
    for file in files:
        problems += lint(read_table(file), "en", 42, series=True)
    lines = [f"{problem.path}:{problem.line}: {problem.message}" for problem in problems]
    checked = f"{len(folders) + len(files)} checked, {len(problems)} problems"
    return Answer(
        text="\n".join([*lines, checked]),
        data=[asdict(problem) for problem in problems],
        exit_code=FINDINGS if problems else DONE,
    )


def _packs(folder: Path) -> list[Path]:
    """Return the folder if it is a pack, else the packs in it."""
    markets = [folder / "market.toml", *sorted(folder.glob("*/market.toml"))]
    found = [path.parent.resolve() for path in markets if path.is_file()]
    if not found:
        raise InputError(
            "no market pack in this folder", path=folder, hint="Name its tables themselves"
        )
    return found


def _lint_pack(folder: Path) -> tuple[Problem, ...]:
    market = load_market(folder.name, folder.parent)
    pack = read_pack(folder)
    return lint(pack.terms, market.language, market.limits.max_line_columns)


@group.command("audit")
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--source", required=True, type=click.Path(path_type=Path), help="What it was made of."
)
@click.option("-m", "--market", required=True, help="Market tag or territory.")
@click.option("--glossary", multiple=True, help="A series table on top of the packs; repeatable.")
@click.option("--format", "output_format", type=click.Choice(["text", "json"]), default="text")
def audit_command(
    target: Path, source: Path, market: str, glossary: Sequence[str], output_format: str
) -> None:
    """Measure how a subtitle file, ours or a vendor's, keeps a market's terms."""
    answer(
        "glossary audit",
        output_format,
        lambda: _audit(target, source, market_with_series(market, glossary, target, source)),
    )


def _audit(target: Path, source: Path, market: Market) -> Answer:
    translated = read_subtitles(target, language=market.code)
    found = term_occurrences(translated, read_subtitles(source), market)
    kept: dict[Term, list[Occurrence]] = {}
    for occurrence in found:
        kept.setdefault(occurrence.term, []).append(occurrence)
    rows = [
        (
            escape(term.source),
            escape(term.required),
            str(len(uses)),
            str(sum(use.kept for use in uses)),
            ", ".join(str(_number(translated, use)) for use in uses if not use.kept),
        )
        for term, uses in sorted(kept.items(), key=lambda item: _order(item[1]))
    ]
    total, good = len(found), sum(occurrence.kept for occurrence in found)
    share = f"{good} of {total} required terms kept"
    data = {
        "required": total,
        "kept": good,
        "occurrences": [
            {
                "cue": _number(translated, occurrence),
                "position": occurrence.position,
                "source": occurrence.term.source,
                "required": occurrence.term.required,
                "kept": occurrence.kept,
            }
            for occurrence in found
        ],
    }
    drawn = table("Terms", ["source", "required", ">times", ">kept", "missing at cue"], rows)
    return Answer(text=f"{drawn}\n{share}", data=data)


def _order(uses: Sequence[Occurrence]) -> tuple[bool, int]:
    """Broken terms first, then those that come first."""
    return all(use.kept for use in uses), uses[0].position


def _number(document: Document, occurrence: Occurrence) -> int:
    return document.cues[occurrence.position].number_at(occurrence.position)
