"""Where a command may write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


class Place(click.Path):
    """A file or folder to write to, as a `Path`.

    Not `-`: results meant for standard output go there where no place is named, and a file or
    folder of that name is never what was meant.
    """

    def __init__(self, *, file_okay: bool = True, dir_okay: bool = True) -> None:
        super().__init__(file_okay=file_okay, dir_okay=dir_okay, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "-":
            self.fail("'-' is not written to: name a file or a folder", param, ctx)
        return super().convert(value, param, ctx)
