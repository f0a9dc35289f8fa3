"""Bytes to text and text to bytes: the only room that opens a user's file."""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from dramaloc.errors import EncodingError, InputError, OutputError


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedText:
    """Text as it stood in a file; `encoding` is Python's name, without BOM suffixes."""

    text: str
    encoding: str
    bom: bool


# UTF-32 first: its little-endian BOM begins with UTF-16's.
BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# What a language's files are in when they are not in Unicode, likeliest first.
_LEGACY = {
    "zh-hant": ("big5hkscs", "gb18030"),
    "zh": ("gb18030", "big5hkscs"),
    "ja": ("cp932", "euc_jp"),
    "ko": ("cp949",),
}

# Where an encoding keeps its everyday characters: (lead byte range, lowest trail byte).
# Text read in the wrong encoding falls outside: Big5 read as GB18030 lands in the
# trail bytes below A1 that only GBK's rare characters use.
_EVERYDAY: dict[str, tuple[tuple[int, int, int], ...]] = {
    "gb18030": ((0xA1, 0xA3, 0xA1), (0xB0, 0xD7, 0xA1)),
    "big5hkscs": ((0xA1, 0xC6, 0x40),),
    "cp932": ((0x81, 0x83, 0x40), (0x88, 0x97, 0x40)),
    "euc_jp": ((0xA1, 0xA5, 0xA1), (0xB0, 0xCF, 0xA1)),
    "cp949": ((0xA1, 0xA3, 0xA1), (0xB0, 0xC8, 0xA1)),
}
_PLAUSIBLE = 0.7
_WINDOWS = [f"cp{number}" for number in range(1250, 1259)]


def decode(data: bytes, *, language: str = "zh-Hans", encoding: str | None = None) -> DecodedText:
    """Decode a file's bytes, asking the BOM first, then UTF-8, then the language's habits.

    `language` (BCP 47) only weighs the guess between encodings that both fit.
    Raises `EncodingError` if nothing fits, or if `encoding` was named and does not.
    """
    if encoding is not None:
        return _decode_as_told(data, encoding)
    for mark, name in BOMS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], name, bom=True)
    with contextlib.suppress(UnicodeDecodeError):
        text = data.decode("utf-8")
        if "\0" not in text:
            return DecodedText(text=text, encoding="utf-8", bom=False)
    return _guess_wide(data) or _guess_legacy(data, language) or _refuse(data)


def _decode_as_told(data: bytes, encoding: str) -> DecodedText:
    try:
        name = codecs.lookup(encoding).name
    except LookupError as error:
        raise EncodingError(
            f"no encoding is called {encoding!r}", hint="Try utf-8, gb18030, big5 or shift_jis"
        ) from error
    marks = [mark for mark, known in BOMS if known.startswith(name) or name == "utf-8-sig"]
    for mark in marks:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], dict(BOMS)[mark], bom=True)
    return _strictly(data, "utf-8" if name == "utf-8-sig" else name, bom=False)


def _strictly(data: bytes, encoding: str, *, bom: bool) -> DecodedText:
    try:
        return DecodedText(text=data.decode(encoding), encoding=encoding, bom=bom)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise EncodingError(
            f"not valid {encoding} at byte {error.start}",
            line=line,
            hint="Name the right one with --encoding",
        ) from error


def _guess_wide(data: bytes) -> DecodedText | None:
    """UTF-16 and UTF-32 without BOM: the reading with the most ASCII in it is the right one."""
    if b"\0" not in data:
        return None
    readings = []
    for name in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"):
        with contextlib.suppress(UnicodeDecodeError):
            text = data.decode(name)
            if "\0" not in text:
                readings.append(DecodedText(text=text, encoding=name, bom=False))
    return max(readings, key=lambda r: sum(ch.isascii() for ch in r.text), default=None)


def _guess_legacy(data: bytes, language: str) -> DecodedText | None:
    habits = next(
        (names for tag, names in _LEGACY.items() if language.casefold().startswith(tag)), ()
    )
    rest = [name for name in _EVERYDAY if name not in habits]
    guess = _most_everyday(data, habits)
    if guess is None and not habits:
        guess = _single_byte(data)
    return guess or _most_everyday(data, rest) or _single_byte(data)


def _most_everyday(data: bytes, encodings: Iterable[str]) -> DecodedText | None:
    best: tuple[float, DecodedText] | None = None
    for name in encodings:
        with contextlib.suppress(UnicodeDecodeError):
            reading = DecodedText(text=data.decode(name), encoding=name, bom=False)
            share = _everyday_share(reading.text, name)
            if share >= _PLAUSIBLE and (best is None or share > best[0]):
                best = (share, reading)
    return best[1] if best else None


def _everyday_share(text: str, encoding: str) -> float:
    codes = [ch.encode(encoding) for ch in text if not ch.isascii()]
    if not codes:
        return 0.0
    zones = _EVERYDAY[encoding]
    inside = sum(
        len(code) > 1
        and any(low <= code[0] <= high and code[1] >= trail for low, high, trail in zones)
        for code in codes
    )
    return inside / len(codes)


def _single_byte(data: bytes) -> DecodedText | None:
    """Windows code pages, told apart by charset-normalizer's letter statistics."""
    from charset_normalizer import from_bytes  # 60 ms that UTF-8 files never pay

    match = from_bytes(data, cp_isolation=_WINDOWS).best()
    if match is None:
        return None
    return DecodedText(text=str(match), encoding=match.encoding, bom=False)


def _refuse(data: bytes) -> NoReturn:
    _strictly(data, "utf-8", bom=False)
    raise EncodingError("this is not text", hint="Name its encoding with --encoding")


def encode(text: str, *, encoding: str = "utf-8", bom: bool = False) -> bytes:
    """Encode text for writing. Raises `OutputError` naming a character that has no place."""
    mark = {name: mark for mark, name in BOMS}.get(encoding, b"") if bom else b""
    try:
        return mark + text.encode(encoding)
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise OutputError(
            f"line {line} holds {text[error.start]!r}, which {encoding} cannot write",
            hint="Use --output-encoding utf-8",
        ) from error
    except LookupError as error:
        raise OutputError(f"no encoding is called {encoding!r}", hint="Use utf-8") from error


def read_bytes(path: Path) -> bytes:
    """Read a whole file. Raises `InputError` with the reason in plain words."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputError("no such file", path=path, hint="Check the path") from error
    except IsADirectoryError as error:
        raise InputError("this is a folder", path=path, hint="Name a file in it") from error
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", path=path) from error


def read_text(path: Path, *, language: str = "zh-Hans") -> str:
    """Read a table or settings file: UTF-8 with or without BOM, or what Excel made of it."""
    try:
        return decode(read_bytes(path), language=language).text
    except EncodingError as error:
        raise error.at(path) from error


def write_atomic(path: Path, data: bytes) -> None:
    """Write a file so that at any moment either the old or the new one is there, whole."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".dramaloc-", suffix=".part")
    except OSError as error:
        raise OutputError(f"cannot be written ({error.strerror})", path=path) from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o666 & ~_umask())  # mkstemp's 0600 would hide the output from colleagues
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OutputError(f"cannot be written ({error.strerror})", path=path) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def digest(data: bytes) -> str:
    """SHA-256 as it stands in manifests: `sha256:` and 64 hexadecimal digits."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
