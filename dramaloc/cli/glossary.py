"""`dramaloc glossary`: term tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from dramaloc.cli.answer import DONE, FINDINGS, Answer, answer
from dramaloc.glossary.lint import Problem, lint
from dramaloc.glossary.tables import read_table
from dramaloc.markets.packs import bundled_packs, list_codes, load_market, read_pack


@click.group("glossary")
def group() -> None:
    """Check term tables."""


@group.command("lint")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "output_format", type=click.Choice(["text", "json"]), default="text")
def lint_command(paths: Sequence[Path], output_format: str) -> None:
    """Check tables and packs; without PATH, every pack that came with dramaloc."""
    answer("glossary lint", output_format, lambda: _lint(paths))


def _lint(paths: Sequence[Path]) -> Answer:
    folders = [path for path in paths if path.is_dir()]
    files = [path for path in paths if not path.is_dir()]
    if not paths:
        folders = [bundled_packs() / code for code in list_codes()]
    problems = [problem for folder in folders for problem in _lint_pack(folder)]
    problems += [problem for file in files for problem in lint(read_table(file), "en", 42)]
    lines = [f"{problem.path}:{problem.line}: {problem.message}" for problem in problems]
    checked = f"{len(folders) + len(files)} checked, {len(problems)} problems"
    return Answer(
        text="\n".join([*lines, checked]),
        data=[asdict(problem) for problem in problems],
        exit_code=FINDINGS if problems else DONE,
    )


def _lint_pack(folder: Path) -> tuple[Problem, ...]:
    market = load_market(folder.name, folder.parent)
    pack = read_pack(folder)
    return lint(pack.terms, market.language, market.limits.max_line_columns)
