"""EBU-STL and SCC, what broadcasters exchange: read through ttconv, which makes TTML of them.

Both are read only. EBU Tech 3264; SCC carries CEA-608 captions.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dramaloc.errors import SubtitleError
from dramaloc.files import DecodedText
from dramaloc.subtitles import ttml
from dramaloc.subtitles.document import Document, Unparsed

_HEADER, _BLOCK = 1024, 128  # bytes
_RATES = {b"23", b"24", b"25", b"30", b"50"}  # what ttconv knows; it takes others for 25
_GSI = re.compile(rb"...STL\d\d\.01", re.DOTALL)
_SCC = re.compile(r"\s*Scenarist_SCC V1\.0")
_SCC_LINE = re.compile(r"\d\d:\d\d:\d\d[:;,.]\d\d(?:\s+[0-9A-Fa-f]{4})*\s*")

# A failure of any kind in there means the same to a user: this file cannot be read.
_logger = logging.getLogger("ttconv")
_logger.addHandler(logging.NullHandler())
_logger.propagate = False


def is_stl(data: bytes) -> bool:
    """Say whether bytes begin with EBU-STL's general block."""
    return bool(_GSI.match(data))


def is_scc(text: str) -> bool:
    """Say whether a text begins as SCC files do."""
    return bool(_SCC.match(text))


def parse_stl(data: bytes, *, language: str = "") -> Document:
    """Read EBU-STL. Raises `SubtitleError` if the file is damaged or cut off."""
    if len(data) < _HEADER or (len(data) - _HEADER) % _BLOCK:
        raise SubtitleError(
            f"this EBU-STL file is cut off: {len(data)} bytes are no whole blocks",
            hint="Get the whole file",
        )
    if data[6:8] not in _RATES:
        raise SubtitleError(
            f"this EBU-STL file has an unknown frame rate, {data[3:11].decode('latin-1')!r}",
            hint="It should say STL25.01 or STL30.01",
        )

    def read() -> Any:
        from ttconv.stl import reader

        return reader.to_model(io.BytesIO(data))

    return _document(read, "EBU-STL", language)


def parse_scc(decoded: DecodedText, *, language: str = "") -> Document:
    """Read SCC; lines that are no captions are in `unparsed`."""

    def read() -> Any:
        from ttconv.scc import reader

        return reader.to_model(decoded.text)

    document = _document(read, "SCC", language)
    odd = [
        _noted(line, at, "this is no line of captions")
        for at, line in enumerate(decoded.text.splitlines()[1:], 2)
        if line.strip() and not _SCC_LINE.fullmatch(line.strip())
    ]
    if odd and not document.cues:
        found = decoded.text.splitlines()[odd[0].line - 1].strip()
        raise SubtitleError(
            f"no caption in this file; it goes on with {found[:40]!r}",
            line=odd[0].line,
            hint="A line needs a time code and pairs of bytes, such as 00:00:01:00 9420 942f",
        )
    return replace(document, unparsed=(*document.unparsed, *odd))


def _noted(text: str, line: int, reason: str) -> Unparsed:
    """Keep what could not be read where TTML has room for it: in a comment."""
    kept = text.strip().replace("--", "- -")
    return Unparsed(line=line, position=0, text=f"<!-- {kept} -->", reason=reason)


class _Complaints(logging.Handler):
    """What ttconv says of subtitles it leaves out, which is the only way to learn of them."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def _document(read: Callable[[], Any], title: str, language: str) -> Document:
    from ttconv.imsc import writer

    written, complaints = io.BytesIO(), _Complaints()
    _logger.addHandler(complaints)
    try:
        writer.from_model(read()).write(written, encoding="utf-8", xml_declaration=True)
    except Exception as error:
        raise SubtitleError(
            f"this {title} file is damaged ({type(error).__name__}: {error})",
            hint="Have it exported again",
        ) from error
    finally:
        _logger.removeHandler(complaints)
    text = _readable(written.getvalue().decode("utf-8"))
    document = ttml.parse(DecodedText(text=text, encoding="utf-8", bom=False), language=language)
    # Lines of the TTML made here mean nothing to whoever reads a message.
    return replace(
        document,
        cues=tuple(replace(cue, line=0) for cue in document.cues),
        blocks=tuple(replace(block, line=0) for block in document.blocks),
        unparsed=tuple(_noted(said, 0, "ttconv reports a fault") for said in complaints.said),
    )


def _readable(text: str) -> str:
    """Give each paragraph a line of its own; ttconv writes all in one."""
    return re.sub(r"(?=<p\b|</div>)", "\n      ", text)
