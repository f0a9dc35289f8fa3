"""Make what the README shows: the terminal after the main command, and a table of cues.

    uv run python -m benchmarks.picture
    uv run python -m benchmarks.picture --cues

The first runs the real command in a pseudo-terminal (Linux and macOS), keeps what stands on the
screen when it has ended, and writes it as `samples/localize.svg`. The second prints the table:
each cue's source, what the model alone makes of it, and what dramaloc writes.
"""

from __future__ import annotations

import argparse
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.text import Text

import dramaloc
from dramaloc.glossary.term import Glossary
from dramaloc.stages.localization import Choices
from dramaloc.stages.pipeline import with_series
from dramaloc.subtitles.inline import bare

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "samples" / "localize.svg"
COLUMNS = 92
COMMAND = "dramaloc localize samples/indigo-house -m en-US -m zh-Hant-TW -o out"
CUES = {"E01": (31, 58, 80, 154), "E02": (231,)}

_PIECES = re.compile(r"\x1b\[(?P<count>\d*)(?P<move>[AK])|(?P<control>[\r\n])|\x1b\[\?\d+[hl]")

# rich's own frame loads a font from the web; this one takes the reader's.
_FRAME = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
{styles}
.{unique_id}-matrix {{
  font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px;
  line-height: {line_height}px;
}}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def on_a_terminal(words: list[str], folder: Path) -> str:
    """Run a program in a terminal of its own; return all it sent there."""
    ours, theirs = pty.openpty()
    environment = {
        **os.environ,
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "COLUMNS": str(COLUMNS),
        "LINES": "40",
        "NO_COLOR": "",
    }
    running = subprocess.Popen(  # noqa: S603  # our own command
        words, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    sent = []
    while True:
        try:
            data = os.read(ours, 65536)
        except OSError:  # how Linux says that the other end has been closed
            break
        if not data:
            break
        sent.append(data)
    os.close(ours)
    if running.wait():
        raise SystemExit(b"".join(sent).decode())
    return b"".join(sent).decode()


def screen(sent: str) -> str:
    r"""Return what is left to see: progress bars are drawn over until they are erased.

    Knows the few moves that rich makes, all of them by whole lines.

    >>> screen("one\r\n50 %\r\x1b[2Kdone\r\n")
    'one\ndone'
    """
    rows, at, begins = [""], 0, 0
    for piece in _PIECES.finditer(sent):
        rows[at] += sent[begins : piece.start()]
        begins = piece.end()
        if piece["control"] == "\n":
            at += 1
            rows += [""] * (at + 1 - len(rows))
        elif piece["move"] == "A":
            at = max(0, at - int(piece["count"] or 1))
        elif piece["move"] == "K":
            rows[at] = ""
    return "\n".join(rows).rstrip()


def draw(text: str) -> str:
    """Draw coloured text as SVG, the same bytes for the same text."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, color_system="truecolor")
        for line in text.split("\n"):
            console.print(Text.from_ansi(line), soft_wrap=True)
    return console.export_svg(title="dramaloc", code_format=_FRAME, unique_id="localize")


def cue_rows() -> Iterator[tuple[str, str, str]]:
    """Yield the chosen cues: source, the model's rendering without terms, the one with them."""
    show = ROOT / "samples" / "indigo-house"
    engine = dramaloc.create_engine("argos")
    market = with_series(dramaloc.load_market("en-US"), dramaloc.read_table(show / "names.csv"))
    for episode, numbers in CUES.items():
        source = dramaloc.read((show / f"{episode}.zh-Hans.srt").read_bytes())
        termless = replace(market, glossary=Glossary())
        plain = dramaloc.localize(source, termless, engine=engine, choices=Choices(explained=None))
        kept = dramaloc.localize(source, market, engine=engine)
        for cues in zip(source.cues, plain.target.cues, kept.target.cues, strict=True):
            if cues[0].number in numbers:
                one, two, three = (bare(cue.text).replace("\n", " / ") for cue in cues)
                yield one, two, three


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=PICTURE, help="where the picture goes")
    parser.add_argument("--cues", action="store_true", help="print the table of cues instead")
    options = parser.parse_args()
    if options.cues:
        for row in cue_rows():
            print(f"| {' | '.join(row)} |")
        return
    program, *arguments = COMMAND.split()
    beside = Path(sys.executable).with_name(program)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "samples", folder / "samples")
        sent = on_a_terminal([str(beside), *arguments], folder)
    picture = draw(f"\x1b[1;32m$\x1b[0m uv run {COMMAND}\n{screen(sent)}")
    ET.fromstring(picture)  # noqa: S314  # our own text, checked to be well-formed
    options.output.write_text(picture, encoding="utf-8")
    print(options.output)


if __name__ == "__main__":
    main()
