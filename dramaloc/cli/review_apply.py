"""`dramaloc review apply`: reviewers' edits back into the subtitles, and into the memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from dramaloc.batch.ledger import replace_output
from dramaloc.batch.manifest import Entry
from dramaloc.cli.answer import DONE, FINDINGS, Answer, answer
from dramaloc.cli.diff import in_text
from dramaloc.cli.inputs import read_subtitles, reader
from dramaloc.cli.place import Place
from dramaloc.cli.reviewed import entry_of, market_of, remember, source_of
from dramaloc.cli.table import escape, styled
from dramaloc.errors import InputError
from dramaloc.files import digest, read_bytes, write_atomic
from dramaloc.markets.packs import resolve as resolve_market
from dramaloc.review.apply import rewritten, with_texts
from dramaloc.review.diff import Change, as_data, diff
from dramaloc.review.edits import Edits
from dramaloc.review.fields import as_read, as_written, by_sentence, shown
from dramaloc.review.identity import rows
from dramaloc.review.merge import Decided, Merged, in_words, merge, texts
from dramaloc.review.reading import read_edits
from dramaloc.review.record import answered_for, read_record, with_decided, write_record
from dramaloc.subtitles.document import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """The file to edit with all that is known of it."""

    path: Path
    data: bytes
    document: Document
    read: Callable[[bytes], Document]
    entry: Entry | None
    market: str
    source: Path | None


@click.command("apply")
@click.argument(
    "files", nargs=-1, type=click.Path(path_type=Path), metavar="EDITS… TARGET", required=True
)
@click.option("-m", "--market", help="Market. Default: the manifest's, or the file name's.")
@click.option("--source", type=click.Path(path_type=Path), help="Default: as the manifest says.")
@click.option("--memory", metavar="PATH|none", help="Default: the show's memory.sqlite.")
@click.option("--reviewer", help="Whose edits these are, where the file does not say.")
@click.option("--partial", is_flag=True, help="Apply what fits and is agreed on, leave the rest.")
@click.option("-o", "--output", type=Place(), required=True, help="May be TARGET itself.")
@click.option("--format", "output_format", type=click.Choice(["text", "json"]), default="text")
def apply_command(**flags: Any) -> None:
    """Apply reviewers' EDITS to TARGET: the page's JSON, CSV, XLSX or XLIFF, one or several.

    Nothing is written while an edit no longer fits or reviewers disagree, unless you say
    --partial.
    """
    answer("review apply", flags["output_format"], lambda: _apply(flags))


def _apply(flags: Mapping[str, Any]) -> Answer:
    *edit_paths, path = flags["files"]
    if not edit_paths:
        raise InputError("no edits", hint="Say dramaloc review apply EDITS TARGET -o OUT")
    output: Path = flags["output"]
    target = _target(path, flags)
    sources = {each.resolve() for each in (*edit_paths, target.source) if each}
    if output.resolve() in sources:
        raise InputError("this would overwrite an input", path=output, hint="Name another -o")
    source = read_subtitles(target.source) if target.source else None
    files = _edits(edit_paths, flags["reviewer"])
    known = read_record(path)
    here = rows(target.document, source)
    merged = merge(
        [as_written(row, target.document.format) for row in here],
        files,
        sourced=source is not None,
        approved={row.key for row in here if answered_for(row, known)},
    )
    problems = list(in_words(merged))
    if problems and not flags["partial"]:
        problems.append("Nothing was written. Settle these, or say --partial to apply the rest.")
        return Answer(
            text="\n".join(problems), data=_data(merged, None, target), exit_code=FINDINGS
        )
    decided = as_read(merged.decided, here, target.document.format)
    written = rewritten(target.data, target.document, texts(decided), target.read)
    if target.source and source and not source.timed:
        source = read_subtitles(target.source, whole=False)
        decided += tuple(by_sentence(decided, source))
    _write(output, written, decided, target)
    learnt = remember(decided, source, target.source, path, target.market, flags["memory"])
    return _answer(merged, output, target, problems, learnt)


def _target(path: Path, flags: Mapping[str, Any]) -> _Target:
    entry = entry_of(path)
    code = resolve_market(market_of(path, entry, flags["market"]))
    source = flags["source"] or source_of(path, entry)
    read = reader(path, language=code, beside=source)
    data = read_bytes(path)
    return _Target(
        path=path,
        data=data,
        document=read(data),
        read=read,
        entry=entry,
        market=code,
        source=source,
    )


def _edits(paths: Sequence[Path], reviewer: str | None) -> list[Edits]:
    found = []
    for path in paths:
        try:
            found.append(read_edits(read_bytes(path), name=reviewer or path.stem))
        except InputError as error:
            raise error.at(path) from error
    names = [each.reviewer for each in found]
    # Two files of one name are told apart by the files' own names.
    return [
        replace(each, reviewer=f"{each.reviewer} ({path.name})")
        if names.count(each.reviewer) > 1
        else each
        for each, path in zip(found, paths, strict=True)
    ]


def _write(output: Path, written: bytes, decided: Sequence[Decided], target: _Target) -> None:
    """Write the record first: it holds the texts, so that a kill in between loses nothing."""
    record = with_decided(read_record(target.path), decided)
    write_record(output, record)
    if target.entry is None:
        write_atomic(output, written)
    else:
        replace_output(output, written, replace(target.entry, output_digest=digest(written)))


def _answer(
    merged: Merged, output: Path, target: _Target, problems: Sequence[str], learnt: str
) -> Answer:
    changes = _changes(merged, target)
    plain, marked = [], []
    for change in changes:
        lines = in_text([change])
        marked += lines[0]
        plain += lines[1]
    reviewed = sum(each.reviewed for each in merged.decided)
    notes = [
        f"cue {each.row.number}: {who}: {' / '.join(text.splitlines())}"
        for each in merged.decided
        for who, text in each.comments
    ]
    notes += problems
    notes.append(f"{output}: {len(changes)} edited, {reviewed} reviewed" + learnt)
    if target.source is None:
        notes.append("Its source was not found, so that a changed source would go unnoticed.")
    text = styled(("\n".join([*marked, *map(escape, notes)]), "\n".join([*plain, *notes])))
    code = FINDINGS if problems else DONE
    return Answer(text=text, data=_data(merged, output, target), exit_code=code)


def _changes(merged: Merged, target: _Target) -> tuple[Change, ...]:
    old = shown(target.document)
    return diff(old, with_texts(old, texts(merged.decided)))


def _data(merged: Merged, output: Path | None, target: _Target) -> dict[str, Any]:
    changes = _changes(merged, target)
    return {
        "output": None if output is None else str(output),
        "changes": as_data(changes),
        "reviewed": [
            {"cue": each.row.number, "id": each.row.key, "by": list(each.by)}
            for each in merged.decided
            if each.reviewed
        ],
        "comments": [
            {"cue": each.row.number, "by": who, "text": text}
            for each in merged.decided
            for who, text in each.comments
        ],
        "refused": [
            {"cue": each.edit.cue, "id": each.edit.key, "by": each.reviewer, "reason": each.reason}
            for each in merged.refused
        ],
        "disputed": [
            {
                "cue": each.row.number,
                "id": each.row.key,
                "wishes": [{"by": who, "text": text} for who, text in each.wishes],
            }
            for each in merged.disputed
        ],
    }
