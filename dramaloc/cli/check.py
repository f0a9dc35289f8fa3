"""`dramaloc check`: quality control of any subtitle file, ours or a vendor's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from dramaloc import documents
from dramaloc.batch.names import language_in_name
from dramaloc.cli.answer import DONE, FINDINGS, Answer, answer
from dramaloc.cli.inputs import read_subtitles, rules_for
from dramaloc.cli.place import Place
from dramaloc.cli.table import escape, table
from dramaloc.errors import InputError, OutputError
from dramaloc.files import write_atomic
from dramaloc.quality.checks import RULES, check, check_across, look_at
from dramaloc.quality.delivery import deliverable
from dramaloc.quality.finding import Finding, at_or_above
from dramaloc.quality.fixing import Mended, fixed
from dramaloc.quality.report import as_junit, as_sarif
from dramaloc.quality.subject import Check, Whole
from dramaloc.subtitles import formats
from dramaloc.subtitles.document import Document

_FORMATS = ["text", "json", "sarif", "junit"]


@click.command("check")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("-m", "--market", help="Market tag or territory.")
@click.option(
    "--source",
    type=click.Path(path_type=Path),
    help="The subtitles it was made from, or the folder they are in.",
)
@click.option("--glossary", multiple=True, help="A series table on top of the packs; repeatable.")
@click.option("--encoding", help="Encoding of the files. Default: detected.")
@click.option(
    "--fps",
    type=click.FloatRange(1, 1000),
    help="Frame rate of the video, by which gaps are counted. Default: the show's, or 24.",
)
@click.option("--profile", metavar="NAME", help="A platform's wishes, such as netflix.")
@click.option("--fix", is_flag=True, help="Mend what is safe to mend; needs -o.")
@click.option("-o", "--output", type=Place(), help="With --fix: file, or folder for many.")
@click.option("--fail-on", type=click.Choice(["error", "warning", "never"]), default="error")
@click.option("--format", "output_format", type=click.Choice(_FORMATS), default="text")
@click.option("--list", "listing", is_flag=True, help="List the checks and stop.")
def command(**flags: Any) -> None:
    """Check subtitle files against a market's rules; better with --source."""
    answer("check", flags["output_format"], lambda: _list() if flags["listing"] else _body(flags))


def _list() -> Answer:
    rows = [
        {
            "code": rule.code,
            "severity": rule.severity,
            "fix": isinstance(rule, Check) and rule.fix is not None,
            "what": rule.what,
            "source": rule.source,
            "hint": rule.hint,
        }
        for rule in RULES
    ]
    cells = [
        [escape(str(row[key])) for key in ("code", "severity")]
        + ["yes" if row["fix"] else ""]
        + [escape(str(row[key])) for key in ("what", "source")]
        for row in rows
    ]
    return Answer(text=table("Checks", ["code", "severity", "fix", "what", "source"], cells),
                  data=rows)  # fmt: skip


def _body(flags: Mapping[str, Any]) -> Answer:
    files: Sequence[Path] = flags["files"]
    if not files:
        raise InputError("nothing to check", hint="Say dramaloc check FILE -m MARKET")
    if not flags["market"]:
        raise InputError("no market named", hint="Say -m en-US; 'dramaloc markets list' shows all")
    outputs = _outputs(files, flags)
    beside = [path for path in (flags["source"], *files) if path]
    rules = rules_for(
        flags["market"], flags["glossary"], *beside, profile=flags["profile"], fps=flags["fps"]
    )
    market = rules.market
    found: dict[Path, tuple[Finding, ...]] = {}
    mended: dict[Path, tuple[Mended, ...]] = {}
    episodes: dict[str, Whole] = {}
    for path in files:
        document = read_subtitles(path, language=market.code, encoding=flags["encoding"])
        source = _source(path, flags["source"])
        shown = path
        if outputs:
            document, mended[path] = fixed(document, market, source)
            shown = outputs[path]
            # The lines of the findings are those of the file just written.
            document = _written(document, shown, market.code)
        found[shown] = (
            *deliverable(document, rules.profile, rules.fps, shown.name),
            *check(document, market, source, fps=rules.fps, first_mention=True),
        )
        episodes[str(shown)] = look_at(document, market, source)
    across = check_across(episodes)
    found = {path: (*findings, *across[str(path)]) for path, findings in found.items()}
    return _answer(found, mended, outputs, flags)


def _answer(
    found: Mapping[Path, tuple[Finding, ...]],
    mended: Mapping[Path, tuple[Mended, ...]],
    outputs: Mapping[Path, Path],
    flags: Mapping[str, Any],
) -> Answer:
    failing = any(at_or_above(findings, flags["fail_on"]) for findings in found.values())
    data: dict[str, Any] = {
        str(path): [asdict(finding) for finding in findings] for path, findings in found.items()
    }
    for path, output in outputs.items():
        data[str(output)] = {
            "input": str(path),
            "mended": [asdict(each) for each in mended[path]],
            "findings": data[str(output)],
        }
    if flags["output_format"] == "sarif":
        text = as_sarif(found)
    elif flags["output_format"] == "junit":
        text = as_junit(found, flags["fail_on"])
    else:
        lines = [line for path in outputs for line in _changes(outputs[path], mended[path])]
        lines += [line for path, findings in found.items() for line in _lines(path, findings)]
        text = "\n".join(lines)
    return Answer(text=text, data=data, exit_code=FINDINGS if failing else DONE)


def _outputs(files: Sequence[Path], flags: Mapping[str, Any]) -> dict[Path, Path]:
    """Say where each file goes once it is mended; empty if none is. Inputs are never replaced."""
    output: Path | None = flags["output"]
    if not flags["fix"]:
        if output is not None:
            raise InputError("nothing is written without --fix", hint="Say --fix -o OUT")
        return {}
    if output is None:
        raise InputError("--fix needs a place to write to", hint="Say --fix -o OUT")
    folder = output.is_dir() or len(files) > 1
    outputs = {path: output / path.name if folder else output for path in files}
    inputs = {path.resolve() for path in (*files, flags["source"]) if path}
    for path in outputs.values():
        if path.resolve() in inputs:
            raise InputError("this would overwrite an input", path=path, hint="Name another -o")
    if len(set(outputs.values())) < len(files):
        raise InputError("two inputs have the same name", hint="Check them one by one")
    return outputs


def _written(document: Document, path: Path, language: str) -> Document:
    """Write a mended document, in UTF-8 if its own encoding cannot hold it, and read it again."""
    try:
        data = documents.write(document)
    except OutputError:
        data = documents.write(replace(document, encoding="utf-8", bom=False))
    write_atomic(path, data)
    return read_subtitles(path, language=language)


def _source(path: Path, named: Path | None) -> Document | None:
    """Read a file's source: the one named, or the one of the same episode in the folder named."""
    if named is None or not named.is_dir():
        return read_subtitles(named) if named else None
    episode = path.name.split(".")[0]
    sources = [
        other
        for other in sorted(named.iterdir())
        if other.suffix.lower() in formats.SUFFIXES
        and other.name.split(".")[0] == episode
        and (language_in_name(other) or "").startswith("zh-Hans")
        and other.resolve() != path.resolve()
    ]
    if len(sources) != 1:
        count = "no source" if not sources else f"{len(sources)} sources"
        raise InputError(f"{count} of {episode} in this folder", path=named, hint="Name a file")
    return read_subtitles(sources[0])


def _changes(path: Path, mended: Sequence[Mended]) -> list[str]:
    return [
        f"{path}: mended cue {each.cue}: {_one_line(each.before)} → {_one_line(each.after)}"
        f" [{', '.join(each.codes)}]"
        for each in mended
    ] + [f"{path}: {len(mended)} cue{'s' if len(mended) != 1 else ''} mended"]


def _one_line(text: str) -> str:
    return repr(text.replace("\n", " / "))


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
