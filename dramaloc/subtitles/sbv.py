"""SubViewer as YouTube writes it (SBV): times on a line, then the words, then an empty line."""

from __future__ import annotations

import re
from collections import deque

from dramaloc.errors import SubtitleError
from dramaloc.files import DecodedText, encode
from dramaloc.subtitles.document import Cue, Document, Unparsed
from dramaloc.subtitles.markup import line_end

_TIME = r"(\d{1,3}):(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMES = re.compile(rf"\s*{_TIME}\s*,\s*{_TIME}\s*")
_START = re.compile(rf"\s*{_TIMES.pattern}\n")
_BROKEN = re.compile(r"\s*\d+:\d+:\S*,\S*\d+:\d+\S*\s*")


def recognises(text: str) -> bool:
    """Say whether a text begins with a line of SBV's times."""
    return bool(_START.match(text[:200].replace("\r\n", "\n").replace("\r", "\n") + "\n"))


def parse(decoded: DecodedText, *, language: str = "") -> Document:
    """Read SBV. Raises `SubtitleError` if there is text but not one cue in it."""
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    heads = [
        at for at, line in enumerate(lines) if _TIMES.fullmatch(line) or _BROKEN.fullmatch(line)
    ]
    cues: list[Cue] = []
    unparsed: list[Unparsed] = []
    for at, following in zip(heads, [*heads[1:], len(lines)], strict=False):
        body = [line for line in lines[at + 1 : following] if line.strip()]
        if match := _TIMES.fullmatch(lines[at]):
            start, end = (_milliseconds(part) for part in (match.groups()[:4], match.groups()[4:]))
            words = "\n".join(body).replace("[br]", "\n")
            cues.append(Cue(start_ms=start, end_ms=end, text=words, line=at + 1))
        else:
            found = "\n".join([lines[at], *body])
            reason = "these times cannot be read"
            unparsed.append(Unparsed(line=at + 1, position=len(cues), text=found, reason=reason))
    header = [line for line in lines[: heads[0] if heads else len(lines)] if line.strip()]
    if not cues and (header or unparsed):
        raise SubtitleError(
            f"no subtitle cue in this file; it begins with {(header or lines)[0].strip()[:40]!r}",
            line=1,
            hint="A cue needs a line such as 0:00:01.000,0:00:02.500",
        )
    return Document(
        cues=tuple(cues),
        language=language,
        format="sbv",
        encoding=decoded.encoding,
        newline=line_end(decoded.text),
        bom=decoded.bom,
        header="\n".join(header),
        unparsed=tuple(unparsed),
        final_newlines=min(2, len(text) - len(text.rstrip("\n"))),
    )


def _milliseconds(groups: tuple[str, ...]) -> int:
    hours, minutes, seconds = map(int, groups[:3])
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int(groups[3].ljust(3, "0"))


def compose(document: Document) -> bytes:
    """Write a document as SBV; what could not be read stands where it stood."""
    parts = [document.header] if document.header else []
    left = deque(document.unparsed)
    for position, cue in enumerate(document.cues):
        while left and left[0].position <= position:
            parts.append(left.popleft().text)
        lines = [line for line in cue.text.split("\n") if line.strip()]
        parts.append("\n".join([f"{_clock(cue.start_ms)},{_clock(cue.end_ms)}", *lines]))
    parts += [item.text for item in left]
    text = "\n\n".join(parts) + "\n" * document.final_newlines if parts else ""
    return encode(
        text.replace("\n", document.newline), encoding=document.encoding, bom=document.bom
    )


def _clock(ms: int) -> str:
    seconds, thousandths = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}.{thousandths:03}"
