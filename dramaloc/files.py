"""Bytes to text and text to bytes: the only room that opens a user's file."""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
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
# Traditional text is also written in GB18030, where its characters are rare ones, and
# Simplified text in Big5-HKSCS: what is common in either is common.
_KIN = {"gb18030": ("gb18030", "big5hkscs"), "big5hkscs": ("big5hkscs", "gb18030")}
_PLAUSIBLE = 0.7
_ENOUGH = 1_000_000  # characters of a file tell what all of them are

_WINDOWS = [f"cp{number}" for number in range(1250, 1259)]
_WINDOWS_OF = {
    tag: page
    for page, tags in {
        "cp874": "th",
        "cp1250": "bs cs hr hu pl ro sk sl sq",
        "cp1251": "be bg mk ru sr uk",
        "cp1252": "da de en es eu fi fr ga id is it ms nb nl nn no pt sv",
        "cp1253": "el",
        "cp1254": "az tr",
        "cp1255": "he",
        "cp1256": "ar fa ur",
        "cp1257": "et lt lv",
        "cp1258": "vi",
    }.items()
    for tag in tags.split()
}
_LATIN = {"cp1250", "cp1252", "cp1254", "cp1257", "cp1258"}

_NO_TEXT = {"idna", "punycode", "unicode_escape", "raw_unicode_escape"}  # of names and of code

_LINE_END = re.compile(r"\r\n?|\n")
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x19\x1b-\x1f\x7f]")  # not DOS's end of file, \x1a
_FEW = 20  # one in so many is few


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
        if not text or _few_nuls(text):  # UTF-16 without BOM can be valid UTF-8 with many
            read = DecodedText(text=text, encoding="utf-8", bom=False)
            return _utf8_by_chance(data, text, language) or read
    if wide := _guess_wide(data):
        return wide
    legacy = None if _is_damaged_utf8(data) else _guess_legacy(data, language)
    return legacy or _refuse(data)


def _decode_as_told(data: bytes, encoding: str) -> DecodedText:
    try:
        name = codecs.lookup(encoding).name
        # Python's hex and rot13 are codecs, but not of text.
        "".encode("hex" if name.replace("-", "_") in _NO_TEXT else name)
    except (LookupError, ValueError) as error:  # also names with NUL in them
        raise EncodingError(
            f"no encoding is called {encoding!r}", hint="Try utf-8, gb18030, big5 or shift_jis"
        ) from error
    marks = [mark for mark, known in BOMS if known.startswith(name) or name == "utf-8-sig"]
    for mark in marks:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], dict(BOMS)[mark], bom=True)
    # Without a mark, Python would read the machine's own byte order and write a mark back.
    unmarked = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
    return _strictly(data, unmarked.get(name, name), bom=False)


def _strictly(data: bytes, encoding: str, *, bom: bool) -> DecodedText:
    try:
        return DecodedText(text=data.decode(encoding), encoding=encoding, bom=bom)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "replace")
        cut_off = error.reason == "unexpected end of data"
        raise EncodingError(
            f"not valid {encoding} at byte {error.start}" + (", the last one" if cut_off else ""),
            line=_line_at_end_of(before),
            hint="Get the whole file, this one is cut off"
            if cut_off
            else "Name the right one with --encoding",
        ) from error


def _line_at_end_of(text: str) -> int:
    return len(_LINE_END.findall(text)) + 1


def _few(count: int, text: str) -> bool:
    return count * _FEW <= len(text)


def _few_nuls(text: str) -> bool:
    body = text.rstrip("\0")  # a write that was cut off leaves any number behind the text
    return body != "" and _few(body.count("\0"), body)


def _is_text(text: str) -> bool:
    return not _CONTROLS.search(text) and _few_nuls(text)


def _utf8_by_chance(data: bytes, text: str, language: str) -> DecodedText | None:
    """Read again what is valid UTF-8 only by chance, as 木屑 in GB18030 is also `ľм`."""
    # Up to U+024F it may be Pinyin with its tones, which is really UTF-8.
    if not "\u0250" <= max(text, default="") < "\u0800":
        return None
    return _most_everyday(data, _habits(language), at_least=1.0)


def _guess_wide(data: bytes) -> DecodedText | None:
    """UTF-16 and UTF-32 without BOM: the reading with the most ASCII in it is the right one."""
    if b"\0" not in data:
        return None
    readings = []
    for name in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"):
        with contextlib.suppress(UnicodeDecodeError):
            text = data.decode(name)
            if _is_text(text) and not _few(_ascii(text), text):
                readings.append(DecodedText(text=text, encoding=name, bom=False))
    return max(readings, key=lambda reading: _ascii(reading.text), default=None)


def _ascii(text: str) -> int:
    return sum(ch.isascii() for ch in text)


def _is_damaged_utf8(data: bytes) -> bool:
    """Tell a UTF-8 file with a broken or cut-off character from one in another encoding."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return len(text) - _ascii(text) - broken >= 4 * broken


def _habits(language: str) -> tuple[str, ...]:
    tag = language.casefold()
    return next((names for prefix, names in _LEGACY.items() if tag.startswith(prefix)), ())


def _guess_legacy(data: bytes, language: str) -> DecodedText | None:
    habits = _habits(language)
    rest = [name for name in _EVERYDAY if name not in habits]
    likely = _most_everyday(data, habits) if habits else _own_page(data, language)
    return likely or _most_everyday(data, rest) or _any_page(data)


def _most_everyday(
    data: bytes, encodings: Iterable[str], at_least: float = _PLAUSIBLE
) -> DecodedText | None:
    best: tuple[float, DecodedText] | None = None
    for name in encodings:
        with contextlib.suppress(UnicodeDecodeError):
            reading = DecodedText(text=data.decode(name), encoding=name, bom=False)
            share = _everyday_share(reading.text, name) if _is_text(reading.text) else 0
            if share >= at_least and (best is None or share > best[0]):
                best = (share, reading)
    return best[1] if best else None


def _everyday_share(text: str, encoding: str) -> float:
    foreign = list(islice((ch for ch in text if not ch.isascii()), _ENOUGH))
    names = _KIN.get(encoding, (encoding,))
    inside = sum(any(_is_everyday(ch, name) for name in names) for ch in foreign)
    return inside / len(foreign) if foreign else 0.0


def _is_everyday(char: str, encoding: str) -> bool:
    # Big5-HKSCS reads some codes as two characters, of which the second has no code.
    code = char.encode(encoding, "ignore")
    zones = _EVERYDAY[encoding]
    return len(code) > 1 and any(
        low <= code[0] <= high and code[1] >= trail for low, high, trail in zones
    )


def _own_page(data: bytes, language: str) -> DecodedText | None:
    """The Windows code page of a language, if the text looks like one in its script."""
    page = _WINDOWS_OF.get(language.casefold().split("-")[0])
    if page is None:
        return None
    try:
        text = data.decode(page)
    except UnicodeDecodeError:
        return None
    plain = sum(ch.isascii() and ch.isalpha() for ch in text)
    foreign = [unicodedata.category(ch)[0] in "LM" for ch in text if not ch.isascii()]
    in_script = sum(foreign) <= plain if page in _LATIN else sum(foreign) * 2 > len(foreign)
    return (
        DecodedText(text=text, encoding=page, bom=False) if in_script and _is_text(text) else None
    )


def _any_page(data: bytes) -> DecodedText | None:
    """Windows code pages, told apart by charset-normalizer's letter statistics."""
    from charset_normalizer import from_bytes  # 60 ms that UTF-8 files never pay

    match = from_bytes(data, cp_isolation=_WINDOWS).best()
    if match is None or not _is_text(str(match)):
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
        line = _line_at_end_of(text[: error.start])
        raise OutputError(
            f"line {line} holds {text[error.start]!r}, which {encoding} cannot write",
            hint="Use --output-encoding utf-8",
        ) from error
    except (LookupError, ValueError) as error:
        raise OutputError(f"no encoding is called {encoding!r}", hint="Use utf-8") from error


def read_bytes(path: Path) -> bytes:
    """Read a whole file. Raises `InputError` with the reason in plain words."""
    try:
        if path.is_char_device() or path.is_block_device():  # some never end
            raise InputError("this is a device", path=path, hint="Name a file")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputError("no such file", path=path, hint="Check the path") from error
    except IsADirectoryError as error:
        raise InputError("this is a folder", path=path, hint="Name a file in it") from error
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", path=path) from error


def refuse_endless(size: int, most: int, what: str) -> None:
    """Raise `InputError` if a file has more bytes or characters than one of its kind may have."""
    if size > most:
        raise InputError(
            f"this file has {size // 1_000_000} million characters",
            hint=f"{what} with more than {most // 1_000_000} is none: split it, or name another",
        )


def is_file(path: Path) -> bool:
    """Whether a file is there; a name too long for any, or for this drive, is of none."""
    try:
        return path.is_file()
    except OSError:
        return False


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
        with contextlib.suppress(OSError):  # some network drives know no modes
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
