"""`dramaloc check`: quality control of any subtitle file, ours or a vendor's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from dramaloc.cli.answer import DONE, FINDINGS, Answer, answer
from dramaloc.cli.inputs import market_with_series, read_subtitles
from dramaloc.errors import InputError
from dramaloc.quality.checks import CHECKS, check
from dramaloc.quality.finding import Finding, at_or_above


@click.command("check")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("-m", "--market", help="Market tag or territory.")
@click.option("--source", type=click.Path(path_type=Path), help="The subtitles it was made from.")
@click.option("--glossary", multiple=True, help="A series table on top of the packs; repeatable.")
@click.option("--encoding", help="Encoding of the files. Default: detected.")
@click.option("--fail-on", type=click.Choice(["error", "warning", "never"]), default="error")
@click.option("--format", "output_format", type=click.Choice(["text", "json"]), default="text")
@click.option("--list", "listing", is_flag=True, help="List the checks and stop.")
def command(**flags: Any) -> None:
    """Check subtitle files against a market's rules; better with --source."""
    answer("check", flags["output_format"], lambda: _list() if flags["listing"] else _body(flags))


def _list() -> Answer:
    codes = [code for code, _ in CHECKS]
    return Answer(text="\n".join(codes), data=codes)


def _body(flags: dict[str, Any]) -> Answer:
    files: Sequence[Path] = flags["files"]
    if not files or not flags["market"]:
        raise InputError("nothing to check", hint="Say dramaloc check FILE -m MARKET")
    beside = [path for path in (flags["source"], *files) if path]
    market = market_with_series(flags["market"], flags["glossary"], *beside)
    source = read_subtitles(flags["source"]) if flags["source"] else None
    found = {}
    for path in files:
        document = read_subtitles(path, language=market.code, encoding=flags["encoding"])
        found[path] = check(document, market, source)
    failing = any(at_or_above(findings, flags["fail_on"]) for findings in found.values())
    data = {str(path): [asdict(finding) for finding in found[path]] for path in files}
    text = "\n".join(line for path in files for line in _lines(path, found[path]))
    return Answer(text=text, data=data, exit_code=FINDINGS if failing else DONE)


def _lines(path: Path, findings: Sequence[Finding]) -> list[str]:
    """Write findings the way compilers do, so that editors can jump to them."""
    lines = [
        f"{path}:{finding.line}: {finding.severity}: {finding.message} [{finding.code}]"
        + (f" (cue {finding.cue})" if finding.cue is not None else "")
        for finding in findings
    ]
    count = {
        name: sum(f.severity == name for f in findings) for name in ("error", "warning", "info")
    }
    summary = ", ".join(
        f"{number} {name}{'s' if number != 1 and name != 'info' else ''}"
        for name, number in count.items()
    )
    return [*lines, f"{path}: {summary}"]
