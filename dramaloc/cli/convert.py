"""`dramaloc convert`: a subtitle file in another format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from dramaloc.batch.names import language_in_name
from dramaloc.cli.answer import DONE, FINDINGS, Answer, answer
from dramaloc.cli.inputs import new_file, read_subtitles
from dramaloc.errors import InputError
from dramaloc.files import write_atomic
from dramaloc.quality.conversion import lost
from dramaloc.quality.finding import Finding, at_or_above, in_order
from dramaloc.subtitles import formats
from dramaloc.subtitles.convert import convert
from dramaloc.subtitles.document import Document


@click.command("convert")
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The new file; its ending says the format.",
)
@click.option("--encoding", help="Encoding of the input. Default: detected.")
@click.option("--output-encoding", default="utf-8", help="Encoding of the output. Default: UTF-8.")
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
@click.option("--fail-on", type=click.Choice(["error", "warning", "never"]), default="never")
@click.option("--format", "answer_format", type=click.Choice(["text", "json"]), default="text")
def command(**flags: Any) -> None:
    """Write a subtitle file in another format, and say what that format cannot hold.

    IN may be in any format dramaloc reads; its content says which.
    """
    answer("convert", flags["answer_format"], lambda: _body(flags))


def _body(flags: Mapping[str, Any]) -> Answer:
    path: Path = flags["source"]
    output: Path = flags["output"]
    if output.exists() and path.exists() and output.samefile(path):
        raise InputError("the output would overwrite the input", path=path, hint="Name another -o")
    kind = formats.named(output.suffix)
    read = read_subtitles(path, encoding=flags["encoding"])
    document, losses = convert(replace(read, language=language_in_name(path) or ""), kind.name)
    findings = in_order(lost(losses, document.cues, kind.title))
    encoding = flags["output_encoding"]
    data = formats.write(replace(document, encoding=encoding, bom=False, newline="\n"))
    write_atomic(new_file(output, force=flags["force"]), data)
    return _answer(path, output, document, findings, flags["fail_on"])


def _answer(
    path: Path, output: Path, document: Document, findings: tuple[Finding, ...], fail_on: str
) -> Answer:
    lines = [
        f"{path}:{found.line}: {found.severity}: {found.message} [{found.code}]"
        + (f" (cue {found.cue})" if found.cue is not None else "")
        for found in findings
    ]
    title = formats.BY_NAME[document.format].title
    lines.append(f"{output}: {len(document.cues)} cues, {title}")
    return Answer(
        text="\n".join(lines),
        data={
            "input": str(path),
            "output": str(output),
            "format": document.format,
            "cues": len(document.cues),
            "findings": [asdict(found) for found in findings],
        },
        exit_code=FINDINGS if at_or_above(findings, fail_on) else DONE,
    )
