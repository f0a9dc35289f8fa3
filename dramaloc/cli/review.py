"""`dramaloc review`: hand a translation out to reviewers, and take their edits back."""

from __future__ import annotations

import click

from dramaloc.cli.review_apply import apply_command
from dramaloc.cli.review_export import export_command


@click.group("review")
def group() -> None:
    """A page, sheet or XLIFF for reviewers, and their edits back into the subtitles."""


group.add_command(export_command)
group.add_command(apply_command)
