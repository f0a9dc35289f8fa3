"""Whatever the main job takes: subtitles, told by their content, and copy, told by its name."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import PurePath

from dramaloc.files import decode
from dramaloc.marketing import copy
from dramaloc.marketing.field import Wanted
from dramaloc.subtitles import formats
from dramaloc.subtitles.document import Document


def read(
    data: bytes,
    name: str,
    *,
    language: str = "zh-Hans",
    encoding: str | None = None,
    wanted: Mapping[str, Wanted] | None = None,
    whole: bool = False,
) -> Document:
    """Read a file by its bytes and its name; `wanted` says by name what is asked for in copy.

    Copy is read sentence by sentence, or field by field as a `whole`.

    Raises `EncodingError`, `SubtitleError` and `InputError`.
    """
    kind = copy.kind_of(name)
    if kind is None:
        return formats.read(data, language=language, encoding=encoding)
    asked = asked_of(name, wanted or {})
    decoded = decode(data, language=language, encoding=encoding)
    return copy.parse(decoded, kind, language=language, wanted=asked, whole=whole)


def write(document: Document) -> bytes:
    """Write a document in its own format. Raises `OutputError` if its encoding cannot hold it."""
    return copy.compose(document) if copy.is_copy(document) else formats.write(document)


def asked_of(name: str, wanted: Mapping[str, Wanted]) -> Wanted:
    """Return what is asked for in a file of copy; nothing particular in any other."""
    rules = (rule for pattern, rule in wanted.items() if _means(pattern, name))
    return next(rules, Wanted()) if copy.kind_of(name) else Wanted()


def _means(pattern: str, name: str) -> bool:
    """Whether a rule for `titles.csv` is for `titles.zh-Hans.csv` or `titles.en-US.csv`."""
    path = PurePath(name)
    plain = f"{path.name.partition('.')[0]}{path.suffix}"
    return fnmatchcase(path.name, pattern) or fnmatchcase(plain, pattern)
