"""Any subtitle file to a document and back; SubRip today."""

from __future__ import annotations

from dramaloc.files import decode
from dramaloc.subtitles import srt
from dramaloc.subtitles.document import Document

SUFFIXES = (".srt",)


def read(data: bytes, *, language: str = "zh-Hans", encoding: str | None = None) -> Document:
    """Read a subtitle file's bytes; `language` is also the prior for guessing the encoding.

    Raises `EncodingError` and `SubtitleError`.
    """
    return srt.parse(decode(data, language=language, encoding=encoding), language=language)


def write(document: Document) -> bytes:
    """Write a document in its own format. Raises `OutputError` if its encoding cannot hold it."""
    return srt.compose(document)
