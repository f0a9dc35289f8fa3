"""`dramaloc convert`: a subtitle file in another format, or for another frame rate or start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from dramaloc.batch.names import language_in_name
from dramaloc.cli.answer import DONE, FINDINGS, Answer, answer
from dramaloc.cli.inputs import new_file, read_subtitles
from dramaloc.cli.place import Place
from dramaloc.errors import InputError
from dramaloc.files import write_atomic
from dramaloc.marketing import copy
from dramaloc.markets.profiles import load_profile
from dramaloc.quality.conversion import lost
from dramaloc.quality.delivery import deliverable
from dramaloc.quality.finding import Finding, at_or_above, in_order
from dramaloc.quality.subject import FRAMES_PER_SECOND
from dramaloc.subtitles import formats
from dramaloc.subtitles.convert import convert
from dramaloc.subtitles.document import Document
from dramaloc.subtitles.kinds import only, positions_of, without_sdh
from dramaloc.subtitles.timecode import FrameRate, frame_rate, span
from dramaloc.subtitles.timing import moved


@click.command("convert")
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=Place(dir_okay=False),
    help="The new file; its ending says the format.",
)
@click.option("--fps-from", metavar="F", help="Frames a second of the video it was made for.")
@click.option("--fps-to", metavar="F", help="Frames a second of the video it is to fit.")
@click.option("--shift", metavar="TIME", help="Move all times: -1500 (ms), 2.5s, -10:00:00:00.")
@click.option("--snap", is_flag=True, help="Put all times on frames of the video.")
@click.option("--fps", metavar="F", help="Frames a second for --snap and for time codes.")
@click.option("--no-sdh", is_flag=True, help="Leave out sounds and speakers' names.")
@click.option(
    "--split",
    multiple=True,
    type=click.Choice(["forced", "songs"]),
    help="Write these to a file of their own as well; repeatable.",
)
@click.option("--profile", metavar="NAME", help="A platform to hold the result against.")
@click.option("--encoding", help="Encoding of the input. Default: detected.")
@click.option("--output-encoding", default="utf-8", help="Encoding of the output. Default: UTF-8.")
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
@click.option("--fail-on", type=click.Choice(["error", "warning", "never"]), default="never")
@click.option("--format", "answer_format", type=click.Choice(["text", "json"]), default="text")
def command(**flags: Any) -> None:
    """Write a subtitle file in another format, and say what that format cannot hold.

    IN may be in any format dramaloc reads; its content says which. Frame rates are such as
    23.976, 25, 29.97 or, with drop-frame time codes, 29.97df.
    """
    answer("convert", flags["answer_format"], lambda: _body(flags))


def _body(flags: Mapping[str, Any]) -> Answer:
    path: Path = flags["source"]
    output: Path = flags["output"]
    if output.exists() and path.exists() and output.samefile(path):
        raise InputError("the output would overwrite the input", path=path, hint="Name another -o")
    if copy.kind_of(path.name):
        raise InputError("this is copy, it has no cues", path=path, hint="Name a subtitle file")
    kind = formats.named(output.suffix)
    read = read_subtitles(path, encoding=flags["encoding"])
    try:
        read = _moved(read, flags)
    except InputError as error:
        raise error.at(path) if error.line else error from error
    document, losses = convert(replace(read, language=language_in_name(path) or ""), kind.name)
    document = replace(document, encoding=flags["output_encoding"], bom=False, newline="\n")
    missed = lost(losses, document.cues, kind.title)
    parts = {
        _part(output, part): only(document, positions, songs=part == "songs")
        for part in flags["split"]
        if (positions := positions_of(part, document))
    }
    if flags["no_sdh"]:
        document, _ = without_sdh(document)
    findings = in_order((*_asked(document, flags), *missed))
    files = {new_file(path, force=flags["force"]): formats.write(each)
             for path, each in {**parts, output: document}.items()}  # fmt: skip
    for file, data in files.items():
        write_atomic(file, data)
    return _answer(path, {**parts, output: document}, findings, flags["fail_on"])


def _part(output: Path, part: str) -> Path:
    return output.with_name(f"{output.stem}.{part}{output.suffix}")


def _asked(document: Document, flags: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Hold a document against what a platform asks for."""
    if not flags["profile"]:
        return ()
    profile = load_profile(flags["profile"])
    video = _rate(flags["fps"]) or _rate(flags["fps_to"])
    fps = float(video.exact) if video else profile.fps or FRAMES_PER_SECOND
    return deliverable(document, profile, fps, flags["output"].name)


def _moved(document: Document, flags: Mapping[str, Any]) -> Document:
    """Stretch, shift and snap a document as the options say."""
    old, new, video = (_rate(flags[name]) for name in ("fps_from", "fps_to", "fps"))
    if (old is None) != (new is None):
        raise InputError("one frame rate is missing", hint="Say --fps-from and --fps-to")
    video = video or new
    if flags["snap"] and video is None:
        raise InputError("--snap needs the video's frame rate", hint="Say --fps 25")
    return moved(
        document,
        stretch=old.exact / new.exact if old and new else Fraction(1),
        shift=_shift(flags["shift"], video) if flags["shift"] else Fraction(0),
        onto=video if flags["snap"] else None,
    )


def _rate(text: str | None) -> FrameRate | None:
    return frame_rate(text) if text else None


def _shift(text: str, video: FrameRate | None) -> Fraction:
    if video is None and (text.count(":") > 2 or ";" in text):  # noqa: PLR2004  # hours, minutes, seconds, frames
        raise InputError(
            f"the frames of {text!r} need a frame rate", hint="Say --fps 25, or 00:00:01.500"
        )
    return span(text, video or frame_rate("24"))


def _answer(
    path: Path, written: Mapping[Path, Document], findings: tuple[Finding, ...], fail_on: str
) -> Answer:
    lines = [
        f"{path}:{found.line}: {found.severity}: {found.message} [{found.code}]"
        + (f" (cue {found.cue})" if found.cue is not None else "")
        for found in findings
    ]
    lines += [
        f"{output}: {len(document.cues)} cues, {formats.BY_NAME[document.format].title}"
        for output, document in written.items()
    ]
    *parts, (output, document) = written.items()
    return Answer(
        text="\n".join(lines),
        data={
            "input": str(path),
            "output": str(output),
            "format": document.format,
            "cues": len(document.cues),
            "beside": [{"output": str(name), "cues": len(part.cues)} for name, part in parts],
            "findings": [asdict(found) for found in findings],
        },
        exit_code=FINDINGS if at_or_above(findings, fail_on) else DONE,
    )
