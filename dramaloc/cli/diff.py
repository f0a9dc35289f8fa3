"""`dramaloc diff`: what changed between two subtitle files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from dramaloc.cli.answer import DONE, FINDINGS, Answer, answer
from dramaloc.cli.inputs import read_subtitles
from dramaloc.cli.table import escape, styled
from dramaloc.errors import InputError
from dramaloc.files import read_bytes
from dramaloc.review.diff import Change, as_data, as_unified, diff, heading, times

_STYLES = {"same": "{}", "old": "[red strike]{}[/]", "new": "[green bold]{}[/]"}
_PLAIN = {"same": "{}", "old": "[-{}-]", "new": "{{+{}+}}"}


@click.command("diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "unified", "json"]), default="text")
@click.option("--exit-code", is_flag=True, help="Exit 1 if anything changed.")
def command(old: Path, new: Path, form: str, *, exit_code: bool) -> None:
    """Show what changed between two subtitle files, cue by cue, word by word.

    Reports that `localize --report` wrote beside the new file say why.
    """
    answer("diff", form, lambda: _body(old, new, form, exit_code=exit_code))


def _body(old: Path, new: Path, form: str, *, exit_code: bool) -> Answer:
    changes = diff(read_subtitles(old), read_subtitles(new), _reasons(new))
    text = as_unified(changes) if form == "unified" else styled(_text(changes))
    code = FINDINGS if changes and exit_code else DONE
    return Answer(text=text, data=as_data(changes), exit_code=code)


def _reasons(path: Path) -> dict[int, tuple[str, ...]]:
    report = path.with_name(f"{path.name}.report.json")
    if not report.is_file():
        return {}
    try:
        cues = json.loads(read_bytes(report))["cues"]
        return {
            cue["position"]: tuple(reason for part in cue["segments"] for reason in part["reasons"])
            for cue in cues
        }
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            "this report is damaged", path=report, hint="Delete it, or localize again"
        ) from error


def in_text(changes: Sequence[Change]) -> tuple[list[str], list[str]]:
    """Write changes twice: with rich's markup, and with marks that survive a pipe."""
    return _lines(changes, _STYLES), _lines(changes, _PLAIN)


def _text(changes: Sequence[Change]) -> tuple[str, str]:
    written = in_text(changes)
    count = f"{len(changes)} cue{'s' if len(changes) != 1 else ''} differ"
    return "\n".join([*written[0], count]), "\n".join([*written[1], count])


def _lines(changes: Sequence[Change], marks: dict[str, str]) -> list[str]:
    clean = escape if marks is _STYLES else str
    lines = []
    for change in changes:
        lines.append(f"[bold]{escape(heading(change))}[/]" if marks is _STYLES else heading(change))
        if change.kind == "retimed" and change.old:
            lines.append(f"  was {times(change.old)}")
        else:
            marked = "".join(marks[edit.op].format(clean(edit.text)) for edit in change.edits)
            lines += [f"  {line}" for line in marked.split("\n")]
        lines += [clean(f"  because {reason}") for reason in change.reasons]
    return lines
