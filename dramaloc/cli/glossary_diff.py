"""`dramaloc glossary diff`: what changed between two packs, tables or versions of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from dramaloc.cli.answer import DONE, FINDINGS, Answer, answer
from dramaloc.cli.inputs import terms_of
from dramaloc.errors import InputError
from dramaloc.glossary.compare import as_data, as_lines, compare
from dramaloc.glossary.term import Term


@click.command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--inherited", is_flag=True, help="Compare packs with all that they inherit.")
@click.option("--exit-code", is_flag=True, help="Exit 1 if anything changed.")
@click.option("--format", "output_format", type=click.Choice(["text", "json"]), default="text")
def diff_command(
    old: str, new: str, *, inherited: bool, exit_code: bool, output_format: str
) -> None:
    """Show which terms were added, removed or changed between OLD and NEW.

    Each is a market's tag, a pack's folder, a folder of packs, or a table.
    """
    answer(
        "glossary diff",
        output_format,
        lambda: _body(
            _sides(old, inherited=inherited), _sides(new, inherited=inherited), exit_code=exit_code
        ),
    )


def _sides(name: str, *, inherited: bool) -> Mapping[str, tuple[Term, ...]]:
    """Return the terms under a name; a folder of packs has some for each of its tags."""
    folder = Path(name)
    packs = sorted(folder.glob("*/market.toml")) if folder.is_dir() else []
    if not packs or (folder / "market.toml").is_file():
        return {"": terms_of(name, inherited=inherited)}
    return {path.parent.name: terms_of(str(path.parent), inherited=inherited) for path in packs}


def _body(
    old: Mapping[str, tuple[Term, ...]], new: Mapping[str, tuple[Term, ...]], *, exit_code: bool
) -> Answer:
    if ("" in old) != ("" in new):
        raise InputError(
            "a folder of packs can only be compared with another", hint="Name a pack in it"
        )
    found = {
        code: changes
        for code in sorted({*old, *new})
        if (changes := compare(old.get(code, ()), new.get(code, ())))
    }
    lines = [
        line
        for code, changes in found.items()
        for line in ([f"{code}:"] if code else []) + as_lines(changes)
    ]
    kinds = [each.kind for changes in found.values() for each in changes]
    count = ", ".join(f"{kinds.count(kind)} {kind}" for kind in ("added", "removed", "changed"))
    data = [
        {"pack": code or None, **change}
        for code, changes in found.items()
        for change in as_data(changes)
    ]
    return Answer(
        text="\n".join([*lines, count]),
        data=data,
        exit_code=FINDINGS if kinds and exit_code else DONE,
    )
