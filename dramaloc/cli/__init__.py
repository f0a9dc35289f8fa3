"""The command line. Each command's module is imported only when it is called."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from itertools import pairwise
from typing import Any, cast

import click

import dramaloc

COMMANDS = {
    "localize": (
        "dramaloc.cli.localize:command",
        "Localize subtitle files for one or more markets.",
    ),
    "check": ("dramaloc.cli.check:command", "Check subtitle files against a market's rules."),
    "convert": ("dramaloc.cli.convert:command", "Write a subtitle file in another format."),
    "diff": ("dramaloc.cli.diff:command", "Show what changed between two subtitle files."),
    "review": (
        "dramaloc.cli.review:group",
        "Hand a translation out to reviewers, and take their edits back.",
    ),
    "eval": ("dramaloc.cli.evaluate:command", "Score subtitles against a reference."),
    "status": ("dramaloc.cli.status:command", "Show how far each episode is for each market."),
    "markets": ("dramaloc.cli.markets:group", "Show the markets there are, and what they ask for."),
    "glossary": ("dramaloc.cli.glossary:group", "Check, show, compare and exchange term tables."),
    "memory": ("dramaloc.cli.memory:group", "Fill, search and exchange a translation memory."),
    "models": ("dramaloc.cli.models:group", "Install, show and try translation models."),
    "init": ("dramaloc.cli.init:command", "Begin a show: its settings and its names."),
    "doctor": ("dramaloc.cli.doctor:command", "Say what works on this machine."),
}


def _asks_for_json(words: Sequence[str]) -> bool:
    return "--format=json" in words or ("--format", "json") in pairwise(words)


class LazyGroup(click.Group):
    """A group that knows its commands' names and help without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        return cast("click.Command", getattr(import_module(module), attribute))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta["dramaloc.words"] = tuple(args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Answer wrong usage as everything else is answered where JSON was asked for."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            if not _asks_for_json(ctx.meta["dramaloc.words"]):
                raise
            from dramaloc.cli.answer import USAGE, envelope, write_out
            from dramaloc.errors import UsageError

            where = error.ctx or ctx
            command = where.command_path.removeprefix(ctx.command_path).strip()
            wrong = UsageError(
                error.format_message().rstrip("."), hint=f"See {where.command_path} --help"
            )
            write_out(envelope(command, ok=False, error=wrong))
            ctx.exit(USAGE)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_text) for name, (_, help_text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(dramaloc.__version__, prog_name="dramaloc")
def main() -> None:
    """Localize Chinese drama subtitles, offline, with terminology that holds."""
