"""`dramaloc models`: the translation models on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import click

from dramaloc.cli.answer import Answer, answer
from dramaloc.cli.table import escape, table
from dramaloc.errors import EngineNotInstalledError, InputError


@click.group("models")
def group() -> None:
    """Show the translation models there are, and try them."""


@group.command("list")
@click.option("--format", "output_format", type=click.Choice(["text", "json"]), default="text")
def list_command(output_format: str) -> None:
    """List the Argos packages on this machine, the user's and the bundled ones."""
    answer("models list", output_format, _list)


def _list() -> Answer:
    from dramaloc.engines.packages import find_packages

    packages = find_packages()
    rows = [
        (
            p.from_code,
            p.to_code,
            p.version,
            "dramaloc" if p.bundled else "user",
            escape(str(p.path)),
        )
        for p in packages
    ]
    data = [
        {
            "from": p.from_code,
            "to": p.to_code,
            "version": p.version,
            "bundled": p.bundled,
            "digest": p.digest,
            "path": str(p.path),
        }
        for p in packages
    ]
    columns = ["from", "to", "version", "came with", "path"]
    return Answer(text=table("Models", columns, rows), data=data)


@group.command("verify")
@click.argument("pair", nargs=-1)
@click.option("--format", "output_format", type=click.Choice(["text", "json"]), default="text")
def verify_command(pair: Sequence[str], output_format: str) -> None:
    """Try models on a few sentences: stand-ins they copy, loops, speed.

    PAIR is two language codes, such as zh en; without it every model is tried.
    """
    answer("models verify", output_format, lambda: _verify(pair))


def _verify(pair: Sequence[str]) -> Answer:
    from dramaloc.engines.argos import ArgosEngine
    from dramaloc.engines.packages import find_packages
    from dramaloc.engines.verify import verify

    if len(pair) not in (0, 2):
        raise InputError("a pair is two languages", hint="Say dramaloc models verify zh en")
    packages = [p for p in find_packages() if not pair or (p.from_code, p.to_code) == tuple(pair)]
    if not packages:
        raise EngineNotInstalledError(f"no package translates {' to '.join(pair)}")
    found = [(p, verify(ArgosEngine(packages=[p]), p.from_code, p.to_code)) for p in packages]
    rows = [
        (
            f"{package.from_code} → {package.to_code}",
            package.version,
            ", ".join(f"{f.name} {f.copied:.0%}" for f in seen.stand_ins) or "[yellow]none[/]",
            f"{seen.looping} of {seen.sentences}",
            f"{seen.sentences_per_second:.0f}",
        )
        for package, seen in found
    ]
    data = [
        {"from": p.from_code, "to": p.to_code, "digest": p.digest, **asdict(seen)}
        for p, seen in found
    ]
    columns = ["model", "version", "stand-ins copied", ">looping", ">sentences/s"]
    return Answer(text=table("Models", columns, rows), data=data)
