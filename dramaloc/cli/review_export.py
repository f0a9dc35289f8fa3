"""`dramaloc review export`: a page, sheet or XLIFF for reviewers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from dramaloc.cli.answer import Answer, answer, harmless, say
from dramaloc.cli.inputs import market_with_series, read_subtitles
from dramaloc.cli.place import Place
from dramaloc.cli.reviewed import entry_of, market_of, reasons_of, source_of
from dramaloc.errors import InputError
from dramaloc.files import read_text, write_atomic
from dramaloc.quality.subject import FRAMES_PER_SECOND
from dramaloc.review.comments import Comment, parse_comments
from dramaloc.review.handout import Beside, Handout, hand_out
from dramaloc.review.record import read_record
from dramaloc.subtitles.document import Document

_SUFFIXES = {"html": "html", "xliff": "xlf", "xliff2": "xliff2.xlf", "csv": "csv", "xlsx": "xlsx"}


@click.command("export")
@click.argument(
    "files", nargs=-1, type=click.Path(path_type=Path), metavar="[SOURCE] TARGET", required=True
)
@click.option("-m", "--market", help="Market. Default: the manifest's, or the file name's.")
@click.option("--format", "form", type=click.Choice(list(_SUFFIXES)), default="html")
@click.option("--reference", type=click.Path(path_type=Path), help="Another translation.")
@click.option("--previous", type=click.Path(path_type=Path), help="An earlier version.")
@click.option("--comments", type=click.Path(path_type=Path), help="CSV of times and comments.")
@click.option(
    "--fps",
    type=click.FloatRange(1, 1000),
    default=FRAMES_PER_SECOND,
    show_default=True,
    help="Frame rate of time codes with frames.",
)
@click.option("--glossary", multiple=True, help="A series table on top of the packs; repeatable.")
@click.option("-o", "--output", type=Place(), help="Default: beside TARGET.")
def export_command(**flags: Any) -> None:
    """Hand a translation out for review: TARGET with the SOURCE it was made from.

    SOURCE may be left out where `localize` made TARGET: its manifest names it.
    """
    answer("review export", "text", lambda: _export(flags))


def _export(flags: Mapping[str, Any]) -> Answer:
    handout, target = _handout(flags)
    output: Path = flags["output"] or target.with_name(
        f"{target.name}.review.{_SUFFIXES[flags['form']]}"
    )
    if output.resolve() in {path.resolve() for path in flags["files"]}:
        raise InputError("this would overwrite an input", path=output, hint="Name another -o")
    write_atomic(output, _composed(handout, flags["form"]))
    faulty = sum(bool(cue.findings) for cue in handout.cues)
    return Answer(text=f"{output}: {len(handout.cues)} cues, {faulty} with findings")


def _handout(flags: Mapping[str, Any]) -> tuple[Handout, Path]:
    source_path, target = _named(flags["files"])
    entry = entry_of(target)
    source_path = source_path or source_of(target, entry)
    if source_path is None:
        raise InputError(
            "its source is not known", path=target,
            hint="Say dramaloc review export SOURCE TARGET",
        )  # fmt: skip
    code = market_of(target, entry, flags["market"])
    market = market_with_series(code, flags["glossary"], source_path, target)
    document = read_subtitles(target, language=market.code, beside=source_path)
    comments = _comments(flags["comments"], flags["fps"])
    for comment in comments:
        if comment.at(document.cues) is None:
            where = harmless(f"{flags['comments']}:{comment.line}")
            say(f"Note: {where}: no cue is on screen then")
    handout = hand_out(
        document,
        market,
        read_subtitles(source_path),
        name=target.name,
        source_name=source_path.name,
        beside=Beside(
            reference=_other(flags["reference"], market.code),
            previous=_other(flags["previous"], market.code),
            reasons=reasons_of(target, document),
            comments=comments,
            record=read_record(target),
        ),
    )
    return handout, target


def _named(files: Sequence[Path]) -> tuple[Path | None, Path]:
    if len(files) > 2:  # noqa: PLR2004  # source and target
        raise InputError(
            "one source and one target at a time",
            hint="Say dramaloc review export SOURCE TARGET",
        )
    return (files[0] if len(files) == 2 else None), files[-1]  # noqa: PLR2004


def _other(path: Path | None, language: str) -> Document | None:
    return read_subtitles(path, language=language) if path else None


def _comments(path: Path | None, fps: float) -> tuple[Comment, ...]:
    if path is None:
        return ()
    try:
        return parse_comments(read_text(path), fps)
    except InputError as error:
        raise error.at(path) from error


def _composed(handout: Handout, form: str) -> bytes:
    if form == "html":
        from dramaloc.review.page import compose_page

        return compose_page(handout).encode()
    from dramaloc.review.sheet import compose_csv, compose_xlsx
    from dramaloc.review.xliff import compose_xliff, compose_xliff2

    compose = {
        "csv": compose_csv, "xlsx": compose_xlsx, "xliff": compose_xliff, "xliff2": compose_xliff2
    }[form]  # fmt: skip
    return compose(handout)
