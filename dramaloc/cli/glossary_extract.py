"""`dramaloc glossary extract`: a `names.csv` to fill in, from a show's episodes."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from dramaloc.batch.plan import find_episodes
from dramaloc.cli.answer import Answer, answer
from dramaloc.cli.inputs import read_subtitles
from dramaloc.cli.place import Place
from dramaloc.cli.table import escape, table
from dramaloc.errors import InputError, OutputError
from dramaloc.files import decode, encode, read_bytes, write_atomic
from dramaloc.glossary.evidence import Candidate, Line
from dramaloc.glossary.extract import extract
from dramaloc.glossary.recurring import recurring
from dramaloc.glossary.tables import compose_rows, read_table
from dramaloc.markets.packs import load_market
from dramaloc.subtitles.document import Cue
from dramaloc.subtitles.inline import take_apart, words_of


@click.command("extract")
@click.argument("episodes", nargs=-1, required=True)
@click.option("-o", "--output", type=Place(), help="The table to write.")
@click.option("-m", "--market", multiple=True, help="Leave out what its pack knows. Default: en.")
@click.option("--all", "everything", is_flag=True, help="Leave nothing out.")
@click.option("--terms", is_flag=True, help="Words that recur too, without a rendering.")
@click.option("--merge", is_flag=True, help="Add to the output what it lacks.")
@click.option("--force", is_flag=True, help="Replace the output.")
@click.option("--format", "output_format", type=click.Choice(["text", "json"]), default="text")
def extract_command(
    episodes: Sequence[str],
    output: Path | None,
    market: Sequence[str],
    *,
    everything: bool,
    terms: bool,
    merge: bool,
    force: bool,
    output_format: str,
) -> None:
    """Propose the names, places and titles of a show, the likeliest first.

    EPISODES are subtitle files or folders. With -o a table is written, its renderings drafts in
    pinyin for a person to go through; without it the proposals are only shown.
    """

    def body() -> Answer:
        codes = () if everything else (market or ("en",))
        found = _find(episodes, codes, terms=terms)
        if output is None:
            return _shown(found, f"{len(found)} proposals")
        return _shown(*_write(output, found, merge=merge, force=force))

    answer("glossary extract", output_format, body)


def _find(episodes: Sequence[str], markets: Sequence[str], *, terms: bool) -> tuple[Candidate, ...]:
    known = {term.source for code in markets for term in load_market(code).glossary}
    lines = [
        Line(text=words_of(utterance), caption=utterance.caption)
        for episode in find_episodes(episodes, None)
        for cue in _prose(episode.path, episode.language)
        for utterance in take_apart(cue.text)
    ]
    found = extract(lines, known)
    return (*found, *(recurring(lines, known | {each.source for each in found}) if terms else ()))


def _prose(path: Path, language: str) -> Sequence[Cue]:
    document = read_subtitles(path, language=language)
    if document.format in ("csv", "json"):  # a term table would only find itself
        raise InputError("this is a table", path=path, hint="Name subtitle files")
    return document.cues


def _write(
    output: Path, found: Sequence[Candidate], *, merge: bool, force: bool
) -> tuple[Sequence[Candidate], str]:
    if output.exists() and merge:
        known = {term.source for term in read_table(output)}
        new = [each for each in found if each.source not in known]
        write_atomic(output, _with_rows(read_bytes(output), new, tabs=_tabs(output)))
        said = f"{output}: {len(new)} rows added, {len(found) - len(new)} were there"
    elif output.exists() and not force:
        raise OutputError(
            "this table is there already",
            path=output,
            hint="Say --merge to add what it lacks, or --force to replace it",
        )
    else:
        new = list(found)
        write_atomic(output, compose_rows(map(_cells, new), tabs=_tabs(output)).encode())
        said = f"{output}: {len(new)} rows"
    if blank := sum(not each.target for each in new):
        said += f"; {blank} have no rendering yet: fill them in, or delete them"
    return new, said


def _tabs(path: Path) -> bool:
    return path.suffix.lower() == ".tsv"


def _cells(candidate: Candidate) -> dict[str, str]:
    return {
        "source": candidate.source,
        "target": candidate.target,
        "action": "translate",
        "status": "preferred",
        "kind": candidate.kind,
        "reference": "ours",
    }


def _with_rows(data: bytes, new: Sequence[Candidate], *, tabs: bool) -> bytes:
    """Add rows behind a table's last, in its own columns, encoding and line ends."""
    read = decode(data)
    ending = "\r\n" if "\r\n" in read.text else "\n"
    delimiter = "\t" if tabs else ","
    header = next(csv.reader(io.StringIO(read.text), delimiter=delimiter))
    added = io.StringIO()
    writer = csv.DictWriter(
        added, [cell.strip().lower() for cell in header], delimiter=delimiter,
        lineterminator=ending, extrasaction="ignore", restval="",
    )  # fmt: skip
    writer.writerows(map(_cells, new))
    joint = "" if not new or read.text.endswith("\n") else ending
    return encode(read.text + joint + added.getvalue(), encoding=read.encoding, bom=read.bom)


def _shown(found: Sequence[Candidate], said: str) -> Answer:
    rows = [
        (escape(each.source), escape(each.target or "-"), each.kind, str(each.count))
        for each in found
    ]
    text = table("Proposals", ["source", "draft", "kind", ">times"], rows)
    return Answer(text=f"{text}\n{said}", data=[asdict(each) for each in found])
