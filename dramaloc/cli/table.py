"""Tables for people: drawn by rich on a terminal, plain columns in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from dramaloc.cli.answer import harmless


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out rows as text. A column whose name begins with `>` is set to the right."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    terminal = sys.stdout.isatty()
    drawn = Table(
        title=title if terminal and title else None,
        title_justify="left",
        box=box.ROUNDED if terminal else None,
        pad_edge=terminal,
        header_style="bold" if terminal else "",
    )
    for column in columns:
        drawn.add_column(
            column.removeprefix(">"),
            justify="right" if column.startswith(">") else "left",
            no_wrap=not terminal,
            overflow="fold",
        )
    for row in rows:
        drawn.add_row(*(Text.from_markup(cell) if terminal else _plain(cell) for cell in row))
    console = Console(
        file=sys.stdout,
        force_terminal=terminal,
        width=None if terminal else 10_000,
        legacy_windows=False,
    )
    with console.capture() as capture:
        console.print(drawn)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def _plain(cell: str) -> str:
    from rich.text import Text

    return Text.from_markup(cell).plain


def escape(text: str) -> str:
    """Make a user's text safe to stand in a cell."""
    from rich.markup import escape as rich_escape

    return rich_escape(harmless(text))


def styled(text: tuple[str, str]) -> str:
    """Choose between a text with rich's markup, for a terminal, and a plain one."""
    marked, plain = text
    if not sys.stdout.isatty():
        return plain
    from rich.console import Console

    console = Console(file=sys.stdout)
    with console.capture() as capture:
        console.print(marked, highlight=False, soft_wrap=True)
    return capture.get().rstrip()
