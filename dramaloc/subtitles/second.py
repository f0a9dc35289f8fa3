r"""A second language beside the first in a cue: smaller, where the format has words for that.

>>> beside("Hello.", "你好", "srt", above=True)
'你好\nHello.'
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from dramaloc.subtitles import ass
from dramaloc.subtitles.document import Block, Document

STYLE = "Source"
_SMALLER = 0.85
_FADED = "&H00D8D8D8"
_STYLING = re.compile(r"xmlns:(\w+)\s*=\s*[\"']http://www\.w3\.org/ns/ttml#styling[\"']")
_VTT_STYLE = "STYLE\n::cue(.source) {\n  font-size: 75%;\n}"


def beside(text: str, other: str, kind: str, *, above: bool) -> str:
    """Put the words of another language above or below a cue's text, dressed for its format."""
    if kind in ("ass", "ssa"):
        return (
            f"{{\\r{STYLE}}}{other}{{\\r}}\n{text}" if above else f"{text}\n{{\\r{STYLE}}}{other}"
        )
    return f"{other}\n{text}" if above else f"{text}\n{other}"


def marked(other: str, document: Document, language: str) -> str:
    """Mark words as being of another language, as a document's format says it."""
    if document.format == "vtt":
        lines = other.split("\n")
        return "\n".join(f"<c.source><lang {language}>{line}</lang></c>" for line in lines)
    if document.format == "ttml":
        styling = _STYLING.search(document.header)
        size = f' {styling[1]}:fontSize="75%"' if styling else ""
        return f'<span xml:lang="{language}"{size}>{other}</span>'
    return other


def dressed(document: Document) -> Document:
    """Give a document the style that the second language is shown in, where it has styles."""
    dress = _DRESS.get(document.format)
    return dress(document) if dress else document


def _with_ass_style(document: Document) -> Document:
    """Add a style like the one most cues have, smaller and a little darker."""
    lines = document.header.split("\n")
    at = max(
        (at for at, line in enumerate(lines) if line.lstrip().startswith("Style:")), default=-1
    )
    if at < 0 or STYLE in ass.styles(document.header):
        return document
    names = ass.style_fields(document.header)
    values = list(ass.styles(document.header)[_main_style(document)].values())
    style = dict(zip(names, values, strict=False))
    size = float(style.get("fontsize") or 0) * _SMALLER
    changed = {"name": STYLE, "fontsize": f"{size:.0f}", "primarycolour": _FADED}
    if document.format == "ssa":
        changed["primarycolour"] = str(0xD8D8D8)
    line = "Style: " + ",".join(changed.get(name, style[name]) for name in names if name in style)
    return replace(document, header="\n".join([*lines[: at + 1], line, *lines[at + 1 :]]))


def _main_style(document: Document) -> str:
    styles = ass.styles(document.header)
    names = ass.event_fields(document.header)
    used = [
        event["style"].lstrip("*")
        for cue in document.cues
        if (event := ass.event_of(cue.settings, names)) and event["style"].lstrip("*") in styles
    ]
    return max(sorted(set(used)), key=used.count, default=next(iter(styles)))


def _with_vtt_style(document: Document) -> Document:
    if any(block.text == _VTT_STYLE for block in document.blocks):
        return document
    style = Block(line=0, position=0, kind="style", text=_VTT_STYLE)
    return replace(document, blocks=(style, *document.blocks))


_DRESS: Mapping[str, Callable[[Document], Document]] = {
    "ass": _with_ass_style,
    "ssa": _with_ass_style,
    "vtt": _with_vtt_style,
}
