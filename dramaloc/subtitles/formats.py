"""Any subtitle file to a document and back. What a file is, its content says, not its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from dramaloc.errors import EncodingError, OutputError
from dramaloc.files import decode
from dramaloc.subtitles import ass, broadcast, sbv, srt, ttml, webvtt
from dramaloc.subtitles.document import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format: what it is called, how its files end, how it is read and written.

    One that is only read makes documents in TTML; `compose` is None.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    recognises: Callable[[str], bool]
    parse: Callable[..., Document]
    compose: Callable[[Document], bytes] | None = None
    relabel: Callable[[Document, str], str] | None = None


_SRT = Format(
    name="srt",
    title="SubRip",
    suffixes=(".srt",),
    recognises=lambda _text: True,  # whatever is no other format, down to the roughest file
    parse=srt.parse,
    compose=srt.compose,
)
FORMATS = (
    Format(
        name="vtt",
        title="WebVTT",
        suffixes=(".vtt",),
        recognises=lambda text: bool(webvtt.SIGNATURE.match(text)),
        parse=webvtt.parse,
        compose=webvtt.compose,
        relabel=webvtt.relabel,
    ),
    Format(
        name="ass",
        title="Advanced SubStation",
        suffixes=(".ass",),
        recognises=ass.recognises,
        parse=ass.parse,
        compose=ass.compose,
    ),
    Format(
        name="ssa",
        title="SubStation",
        suffixes=(".ssa",),
        recognises=ass.recognises,
        parse=ass.parse,
        compose=ass.compose,
    ),
    Format(
        name="ttml",
        title="TTML",
        suffixes=(".ttml", ".dfxp", ".itt", ".xml"),
        recognises=ttml.recognises,
        parse=ttml.parse,
        compose=ttml.compose,
        relabel=ttml.relabel,
    ),
    Format(
        name="sbv",
        title="SBV",
        suffixes=(".sbv",),
        recognises=sbv.recognises,
        parse=sbv.parse,
        compose=sbv.compose,
    ),
    Format(
        name="scc",
        title="SCC",
        suffixes=(".scc",),
        recognises=broadcast.is_scc,
        parse=broadcast.parse_scc,
    ),
    _SRT,
)
_STL = Format(
    name="stl",
    title="EBU-STL",
    suffixes=(".stl",),
    recognises=lambda _text: False,  # its bytes tell, which are no text
    parse=broadcast.parse_stl,
)
BY_NAME = {each.name: each for each in (*FORMATS, _STL)}
_NOT_ONLY_OURS = {".xml", ".stl"}  # other files end so too; their content tells
SUFFIXES = tuple(suffix for each in BY_NAME.values() for suffix in each.suffixes)
WRITTEN = tuple(
    suffix for each in BY_NAME.values() if each.compose is not None for suffix in each.suffixes
)


def recognise(text: str) -> Format:
    r"""Say what format a file's text is in; SubRip if it is no other.

    >>> recognise("WEBVTT\n\n00:01.000 --> 00:02.000\nHello").title
    'WebVTT'
    """
    start = text.lstrip("\ufeff")
    return next(each for each in FORMATS if each.recognises(start))


def read(data: bytes, *, language: str = "zh-Hans", encoding: str | None = None) -> Document:
    """Read a subtitle file's bytes; `language` is also the prior for guessing the encoding.

    Raises `EncodingError` and `SubtitleError`.
    """
    if broadcast.is_stl(data):
        return broadcast.parse_stl(data, language=language)
    decoded = decode(data, language=language, encoding=encoding)
    return recognise(decoded.text).parse(decoded, language=language)


def write(document: Document) -> bytes:
    """Write a document in its own format. Raises `OutputError` if its encoding cannot hold it."""
    compose = BY_NAME[document.format].compose
    if compose is None:
        raise OutputError(
            f"{document.format} is read and not written", hint="Choose another format"
        )
    return compose(document)


def in_language(document: Document, tag: str) -> Document:
    """Say that a document is in another language, where its file says so too."""
    known = BY_NAME.get(document.format)  # copy is no subtitle format
    relabel = known.relabel if known else None
    header = relabel(document, tag) if relabel else document.header
    return replace(document, language=tag, header=header)


def named(ending: str) -> Format:
    """Return the format of a file ending such as `vtt` or `.vtt`. Raises `OutputError`."""
    suffix = f".{ending.lower().lstrip('.')}"
    for each in BY_NAME.values():
        if suffix in each.suffixes and each.compose is not None:
            return each
    why = "is read and not written" if suffix in SUFFIXES else "is no subtitle format"
    raise OutputError(f"{suffix!r} {why}", hint=f"Written are {' '.join(WRITTEN)}")


def suffix_for(data: bytes, suffix: str) -> str:
    """Return the ending for a file that is written in the format of another with these bytes.

    `suffix` is the other's, kept if it says what the bytes are or says nothing.

    >>> suffix_for(b"WEBVTT", ".srt"), suffix_for(b"1", ".txt"), suffix_for(b"1", "")
    ('.vtt', '.txt', '.srt')
    """
    kind = _kind(data)
    if kind is None:
        return suffix
    if kind.compose is None:
        return ".ttml"
    telling = suffix.lower() in SUFFIXES or kind is not _SRT or not suffix
    return kind.suffixes[0] if telling and suffix.lower() not in kind.suffixes else suffix.lower()


def may_be_subtitles(data: bytes, suffix: str) -> bool:
    """Say whether a file of a folder is worth reading: not every XML file is TTML."""
    kind = _kind(data)
    return suffix.lower() not in _NOT_ONLY_OURS or (
        kind is not None and suffix.lower() in kind.suffixes
    )


def _kind(data: bytes) -> Format | None:
    if broadcast.is_stl(data):
        return _STL
    try:
        return recognise(decode(data).text)
    except EncodingError:
        return None
