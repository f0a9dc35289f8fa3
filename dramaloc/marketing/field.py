"""What a file of copy is made of: fields to translate, and everything else, which stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from dramaloc.letters import HAN

_CLOSING = "」』”’）)】》\"'"
_SENTENCE = re.compile(
    rf"(?:[。！？!?…]+[{_CLOSING}]*(?![{_CLOSING}。！？!?…])\s*)"  # Chinese needs no space
    r"|(?:\.[\"'”’)]*\s+(?=[A-Z“\"']))|\s*\n\s*|\s+[·•|]\s+"
)
_GAP = re.compile(r"\s*(?:(?<=\s)[·•|]\s*)?\Z")
_OPENED = re.compile(r"<span\b")
_CLOSED = re.compile(r"</span\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A text in a file: its raw form from `start` (0-based) up to but without `end`.

    `name` is the column, the path in JSON, or the heading it stands under; `line` is 1-based.
    """

    start: int
    end: int
    name: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of file: how its fields are found, read and written.

    `encoded` gets a field's old raw form and its new text, and returns the new raw form;
    `encoded(raw, decoded(raw)) == raw`.
    """

    name: str
    suffixes: tuple[str, ...]
    fields: Callable[[str], Iterator[Field]]
    decoded: Callable[[str], str]
    encoded: Callable[[str, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for in a file: which fields, and how many characters they may hold.

    Names are patterns: `*` stands for anything. Without any, every field with words is meant.
    """

    fields: tuple[str, ...] = ()
    limits: Mapping[str, int] = field(default_factory=dict)

    def includes(self, name: str) -> bool:
        return not self.fields or any(fnmatchcase(name, pattern) for pattern in self.fields)


def has_words(text: str, language: str) -> bool:
    """Whether a field holds words of the source language at all, not only figures or Latin."""
    return bool(HAN.search(text)) if language.startswith("zh") else any(map(str.isalpha, text))


def sentences(text: str) -> Iterator[tuple[str, str]]:
    """Split a field into sentences, each with what stands after it; none parts a pair of marks.

    >>> list(sentences("天亮了。走吧！ 大理 · 周城"))
    [('天亮了。', ''), ('走吧！', ' '), ('大理', ' · '), ('周城', '')]
    """
    start = 0
    for match in _SENTENCE.finditer(text):
        piece = text[start : match.end()]
        if len(_OPENED.findall(piece)) == len(_CLOSED.findall(piece)) and piece.strip():
            yield _parted(piece)
            start = match.end()
    if start < len(text):
        yield _parted(text[start:])


def _parted(piece: str) -> tuple[str, str]:
    gap = _GAP.search(piece)
    end = gap.start() if gap else len(piece)
    return piece[:end], piece[end:]
