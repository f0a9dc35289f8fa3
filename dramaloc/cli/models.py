"""`dramaloc models`: the translation models on this machine."""

from __future__ import annotations

import click

from dramaloc.cli.answer import Answer, answer
from dramaloc.cli.table import escape, table


@click.group("models")
def group() -> None:
    """Show the translation models there are."""


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
