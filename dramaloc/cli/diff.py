"""`dramaloc diff`: what changed between two subtitle files, or two folders of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from dramaloc.cli.answer import DONE, FINDINGS, Answer, answer
from dramaloc.cli.inputs import read_subtitles
from dramaloc.cli.place import Place
from dramaloc.cli.reviewed import reasons_of
from dramaloc.cli.table import escape, styled
from dramaloc.errors import InputError
from dramaloc.files import write_atomic
from dramaloc.review.diff import Change, as_data, as_unified, diff, heading, times
from dramaloc.review.fields import shown
from dramaloc.subtitles.formats import SUFFIXES

_STYLES = {"same": "{}", "old": "[red strike]{}[/]", "new": "[green bold]{}[/]"}
_PLAIN = {"same": "{}", "old": "[-{}-]", "new": "{{+{}+}}"}


@click.command("diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(["text", "unified", "html", "json"]), default="text"
)
@click.option("-o", "--output", type=Place(), help="Write it there.")
@click.option("--exit-code", is_flag=True, help="Exit 1 if anything changed.")
def command(old: Path, new: Path, form: str, output: Path | None, *, exit_code: bool) -> None:
    """Show what changed between two subtitle files, cue by cue, word by word.

    Of two folders, files of the same name are compared. Reports that `localize --report` wrote
    beside the new file say why.
    """
    answer("diff", form, lambda: _body(old, new, form, output, exit_code=exit_code))


def _body(old: Path, new: Path, form: str, output: Path | None, *, exit_code: bool) -> Answer:
    changed, notes = _compared(old, new)
    folders = old.is_dir()
    if form == "html":
        from dramaloc.review.diff_page import compose_diff

        text = compose_diff(f"{old} → {new}", changed, notes)
    elif form == "unified":
        text = "\n".join(
            _named(name, as_unified(changes)) for name, changes in changed.items() if changes
        )
    else:
        text = styled(_text(changed, notes))
    if output is not None:
        if output.resolve() in (old.resolve(), new.resolve()):
            raise InputError("this would overwrite an input", path=output, hint="Name another -o")
        write_atomic(output, f"{text.rstrip()}\n".encode())
        text = str(output)
    data = {name: as_data(changes) for name, changes in changed.items()}
    differ = any(changed.values()) or bool(notes)
    return Answer(
        text=text,
        data={"files": data, "notes": notes} if folders else data[""],
        exit_code=FINDINGS if differ and exit_code else DONE,
    )


def _compared(old: Path, new: Path) -> tuple[dict[str, Sequence[Change]], list[str]]:
    """Compare two files, named by an empty string, or the files of two folders by their names."""
    if old.is_dir() != new.is_dir():
        raise InputError("a file and a folder", path=new, hint="Name two files or two folders")
    if not old.is_dir():
        return {"": _diff(old, new)}, []
    before, after = _files(old), _files(new)
    if not before and not after:
        raise InputError("no subtitle files in these folders", path=old, hint="Name others")
    changed: dict[str, Sequence[Change]] = {
        name: _diff(old / name, new / name) for name in sorted(before & after)
    }
    notes = [f"{name} is only in {old}" for name in sorted(before - after)]
    return changed, notes + [f"{name} is only in {new}" for name in sorted(after - before)]


def _diff(old: Path, new: Path) -> tuple[Change, ...]:
    before, after = (shown(read_subtitles(path)) for path in (old, new))
    return diff(before, after, reasons_of(new))


def _files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES and path.is_file()
    }


def _named(name: str, text: str) -> str:
    return f"--- {name}\n+++ {name}\n{text}" if name else text


def in_text(changes: Sequence[Change]) -> tuple[list[str], list[str]]:
    """Write changes twice: with rich's markup, and with marks that survive a pipe."""
    return _lines(changes, _STYLES), _lines(changes, _PLAIN)


def _text(changed: Mapping[str, Sequence[Change]], notes: Sequence[str]) -> tuple[str, str]:
    marked: list[str] = []
    plain: list[str] = []
    for name, changes in changed.items():
        written = in_text(changes)
        count = f"{len(changes)} cue{'s' if len(changes) != 1 else ''} differ"
        where = f"{name}: " if name else ""
        marked += [*written[0], escape(f"{where}{count}")]
        plain += [*written[1], f"{where}{count}"]
    return "\n".join([*marked, *map(escape, notes)]), "\n".join([*plain, *notes])


def _lines(changes: Sequence[Change], marks: dict[str, str]) -> list[str]:
    clean = escape if marks is _STYLES else str
    lines = []
    for change in changes:
        lines.append(f"[bold]{escape(heading(change))}[/]" if marks is _STYLES else heading(change))
        if change.kind in ("retimed", "moved") and change.old:
            lines.append(f"  was {times(change.old)}")
        else:
            marked = "".join(marks[edit.op].format(clean(edit.text)) for edit in change.edits)
            lines += [f"  {line}" for line in marked.split("\n")]
        lines += [clean(f"  because {reason}") for reason in change.reasons]
    return lines
