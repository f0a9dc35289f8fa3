"""WebVTT: cues with settings and identifiers, notes, styles and regions, read as browsers do.

https://www.w3.org/TR/webvtt1/. What stands between cues is kept in its place; a cue's text keeps
its tags, and its character references become characters.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import count

from dramaloc.errors import SubtitleError
from dramaloc.files import DecodedText, encode
from dramaloc.subtitles.document import Block, Cue, Document, Unparsed
from dramaloc.subtitles.markup import escaped, line_end, unescaped

_MOST_ODD = 100_000
SIGNATURE = re.compile(r"\s*WEBVTT(?:[ \t].*)?")
_TIME = r"(?:(\d{1,6}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s+(\S.*?))?\s*")
_COUNT = re.compile(r"0|[1-9][0-9]{0,8}")  # what is longer is a name
_KINDS = {"NOTE": "note", "STYLE": "style", "REGION": "region"}
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]+([^<>]+)>")
_LANGUAGE = re.compile(r"^(Language:[ \t]*)\S+", re.MULTILINE | re.IGNORECASE)


def parse(decoded: DecodedText, *, language: str = "") -> Document:
    """Read WebVTT. Raises `SubtitleError` if the file does not begin with WEBVTT."""
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    if not SIGNATURE.fullmatch(lines[first]):
        raise SubtitleError(
            f"a WebVTT file begins with WEBVTT, this one with {lines[first].strip()[:40]!r}",
            line=first + 1,
            hint="Put the line WEBVTT and an empty line before the first cue",
        )
    end = next((at for at in count(first + 1) if at >= len(lines) or _ends_header(lines[at])), 1)
    cues: list[Cue] = []
    blocks: list[Block] = []
    unparsed: list[Unparsed] = []
    for at, block in _blocks(lines, end):
        times = next((place for place, line in enumerate(block[:2]) if "-->" in line), None)
        kind = _KINDS.get((block[0].split() or [""])[0])
        if times is not None and (match := _TIMES.fullmatch(block[times])):
            cues.append(_cue(block, times, match, at + times + 1))
        elif times is None and kind:
            blocks.append(Block(line=at + 1, position=len(cues), kind=kind, text="\n".join(block)))
        else:
            reason = "this has no times" if times is None else "these times cannot be read"
            found = "\n".join(block)
            unparsed.append(Unparsed(line=at + 1, position=len(cues), text=found, reason=reason))
        if len(unparsed) > _MOST_ODD > len(cues):
            raise SubtitleError(
                f"{_MOST_ODD:,} pieces of this file are no cues",
                line=unparsed[0].line,
                hint="Check that this is the right file",
            )
    return Document(
        cues=tuple(cues),
        language=language,
        format="vtt",
        encoding=decoded.encoding,
        newline=line_end(decoded.text),
        bom=decoded.bom,
        header="\n".join(lines[:end]).strip(),
        unparsed=tuple(unparsed),
        blocks=tuple(blocks),
        final_newlines=min(2, len(text) - len(text.rstrip("\n"))),
    )


def _ends_header(line: str) -> bool:
    return not line.strip() or "-->" in line


def _blocks(lines: Sequence[str], start: int) -> Iterator[tuple[int, list[str]]]:
    """Yield what stands between empty lines; times begin a block without one, too."""
    block: list[str] = []
    for at in range(start, len(lines) + 1):
        line = lines[at] if at < len(lines) else ""
        begins = "-->" in line and (len(block) > 1 or any("-->" in other for other in block))
        if block and (begins or not line):
            yield at - len(block), block
            block = []
        if line:
            block.append(line)


def _cue(block: Sequence[str], times: int, match: re.Match[str], line: int) -> Cue:
    label = block[0].strip() if times else ""
    counted = bool(_COUNT.fullmatch(label))
    voice = _VOICE.search(text := "\n".join(block[times + 1 :]))
    groups = match.groups()
    return Cue(
        number=int(label) if counted else None,
        name="" if counted else label,
        start_ms=_milliseconds(groups[:4]),
        end_ms=_milliseconds(groups[4:8]),
        settings=groups[8] or "",
        text=unescaped(text),
        speaker=unescaped(voice[1]).strip() if voice else "",
        line=line,
    )


def _milliseconds(groups: Sequence[str | None]) -> int:
    hours, minutes, seconds, fraction = groups
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    return whole * 1000 + int((fraction or "0").ljust(3, "0"))


def compose(document: Document) -> bytes:
    """Write a document as WebVTT, everything between the cues in its place."""
    parts = [document.header or "WEBVTT"]
    left = deque(document.kept)
    for position, cue in enumerate(document.cues):
        while left and left[0].position <= position:
            parts.append(left.popleft().text)
        parts.append(_written(cue))
    parts += [item.text for item in left]
    text = "\n\n".join(parts) + "\n" * document.final_newlines
    return encode(
        text.replace("\n", document.newline), encoding=document.encoding, bom=document.bom
    )


def _written(cue: Cue) -> str:
    label = cue.name or ("" if cue.number is None else str(cue.number))
    times = f"{_clock(cue.start_ms)} --> {_clock(cue.end_ms)} {cue.settings}".rstrip()
    lines = [line for line in escaped(cue.text).split("\n") if line]
    return "\n".join([*filter(None, [label]), times, *lines])


def _clock(ms: int) -> str:
    seconds, thousandths = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}.{thousandths:03}"


def relabel(document: Document, tag: str) -> str:
    """Return the header with its `Language:` line, if it has one, naming another language."""
    return _LANGUAGE.sub(rf"\g<1>{tag}", document.header)
