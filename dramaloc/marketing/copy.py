"""Files of marketing copy as documents: each sentence a cue without times, all else kept.

Copy is told by its file's ending, since any text may be plain text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import PurePath

from dramaloc.errors import InputError
from dramaloc.files import DecodedText, encode, refuse_endless
from dramaloc.glossary.term import Glossary
from dramaloc.marketing.field import Field, Kind, Wanted, has_words, sentences
from dramaloc.marketing.markdown import MARKDOWN
from dramaloc.marketing.plain import PLAIN
from dramaloc.marketing.table import TABLE
from dramaloc.marketing.tree import TREE
from dramaloc.subtitles.document import Cue, Document
from dramaloc.subtitles.inline import Mark, bare, tags, with_marks

KINDS = (MARKDOWN, PLAIN, TABLE, TREE)
SUFFIXES = tuple(suffix for kind in KINDS for suffix in kind.suffixes)
_BY_NAME = {kind.name: kind for kind in KINDS}
_MOST = 16_000_000  # characters: a library of synopses
_UNSPACED = ("zh", "ja", "th")
_STOP = re.compile(r"(?<!\.)\.(?=(?:<[^<>]*>)*\Z)")  # the last one, never one inside a link
_AROUND = re.compile(r"(?P<opening><span [^<>]*>)(?P<words>[^<>]+)(?P<closing></span [^<>]*>)")


def kind_of(name: str) -> Kind | None:
    """Return the kind of copy a file is by its name; None for anything else."""
    suffix = PurePath(name).suffix.lower()
    return next((kind for kind in KINDS if suffix in kind.suffixes), None)


def is_copy(document: Document) -> bool:
    return document.format in _BY_NAME


def parse(
    decoded: DecodedText, kind: Kind, *, language: str, wanted: Wanted, whole: bool = False
) -> Document:
    """Read a file of copy, a cue for each sentence, or for each field as a `whole`.

    Whole fields are all there, with words or without: two languages of a file have the same.
    Raises `InputError` if it is damaged or lacks a field asked for.
    """
    text = decoded.text
    refuse_endless(len(text), _MOST, "A file of copy")
    found = list(kind.fields(text))
    chosen = [field for field in found if wanted.includes(field.name)]
    _refuse_missing(wanted, found)
    cues = [
        Cue(start_ms=0, end_ms=0, text=words, name=field.name, line=field.line,
            settings=f"{field.start}:{field.end}")
        for field in chosen
        if has_words(plain := kind.decoded(text[field.start : field.end]), language) or whole
        for words in _texts(plain, whole=whole)
    ]  # fmt: skip
    return Document(
        cues=tuple(cues),
        language=language,
        format=kind.name,
        encoding=decoded.encoding,
        bom=decoded.bom,
        header=text,
        timed=False,
        limits=tuple(wanted.limits.items()),
    )


def _texts(plain: str, *, whole: bool) -> list[str]:
    """Return what of a field becomes cues; space behind a lone sentence stays in the file."""
    said = [words for words, _ in sentences(plain)]
    return [plain] if whole and len(said) != 1 else said


def _refuse_missing(wanted: Wanted, found: Sequence[Field]) -> None:
    names = list(dict.fromkeys(field.name for field in found))
    for pattern in wanted.fields:
        if not any(Wanted(fields=(pattern,)).includes(name) for name in names):
            known = ", ".join(filter(None, names[:8])) or "no named fields"
            raise InputError(f"no field is called {pattern!r}", hint=f"There are: {known}")


def compose(document: Document) -> bytes:
    """Write a document of copy: the file as it was, with new words in its fields.

    Raises `OutputError` if the document's encoding cannot hold them.
    """
    kind, text = _BY_NAME[document.format], document.header
    parts, last = [], 0
    for settings, cues in groupby(document.cues, key=lambda cue: cue.settings):
        start, end = map(int, settings.split(":"))
        raw = text[start:end]
        old = kind.decoded(raw)
        new = _field(old, [cue.text for cue in cues], document.language)
        parts += [text[last:start], raw if new == old else kind.encoded(raw, new)]
        last = end
    return encode("".join([*parts, text[last:]]), encoding=document.encoding, bom=document.bom)


def _field(old: str, texts: Sequence[str], language: str) -> str:
    """Join a field's sentences as its old ones were, with a space where the language has one."""
    spaced = language.partition("-")[0] not in _UNSPACED
    parts: list[str] = []
    pieces = list(sentences(old))
    if len(texts) != len(pieces):  # it was read as a whole
        return "".join(texts)
    for text, (words, gap) in zip(texts, pieces, strict=True):
        meets = spaced and not gap and len(parts) // 2 + 1 < len(pieces)
        parts += [text, " " if meets and text != words else gap]
    return "".join(parts)


def as_written(text: str, form: str) -> str:
    """Write a cue's text as its file has it, marks and all: what a person edits.

    >>> as_written("<span **>蓝院</span **>开播", "md")
    '**蓝院**开播'
    """
    return MARKDOWN.encoded("", text) if form == MARKDOWN.name else text


def as_read(text: str, form: str, before: str = "") -> str:
    """Read what a person wrote into a file of that format; undoes `as_written`.

    Blanks around it are nobody's wish, unless the text `before` is left as it was.
    """
    if form in _BY_NAME and text != before:
        text = text.strip()
    return MARKDOWN.decoded(text) if form == MARKDOWN.name else text


def settled(source: Document, target: Document, glossary: Glossary) -> Document:
    """Mend what engines for sentences do to titles and names.

    A field that is a term is its rendering and nothing more, with a capital where the script has
    them; what ends without a full stop does so in every language; marks stand around a term's
    rendering where they stood around the term alone. Elsewhere they stay where their share of
    the text has put them.
    """
    pairs = zip(source.cues, target.cues, strict=True)
    cues = tuple(
        replace(new, text=_settled(old.text, new.text, glossary, target.language))
        for old, new in pairs
    )
    return replace(target, cues=cues)


def _settled(source: str, target: str, glossary: Glossary, language: str) -> str:
    term = glossary.by_source.get(source)
    if term and term.action == "keep":
        return term.required
    if term and term.action == "translate":
        return _standing_alone(term.required, language)
    if bare(source)[-1:].isalnum():
        target = _STOP.sub("", target)
    return _marked(source, target, glossary)


def _standing_alone(term: str, language: str) -> str:
    """Begin a label with a capital, unless it is a name that has its own elsewhere.

    >>> _standing_alone("female lead", "en"), _standing_alone("iQIYI", "en")
    ('Female lead', 'iQIYI')
    """
    if not term.partition(" ")[0].islower():
        return term
    turkish = language.partition("-")[0] in ("tr", "az") and term[0] == "i"
    return ("İ" if turkish else term[0].upper()) + term[1:]


def _marked(source: str, target: str, glossary: Glossary) -> str:
    marked = [(match, glossary.by_source.get(match["words"])) for match in _AROUND.finditer(source)]
    text = bare(target)
    if not marked or len(tags(source)) != 2 * len(marked):
        return target
    places: list[tuple[int, str]] = []
    for match, term in marked:
        found = re.findall(rf"\b{re.escape(term.required)}\b", text) if term else []
        if term is None or len(found) != 1:
            return target
        start = text.index(found[0])
        places += [(start, match["opening"]), (start + len(found[0]), match["closing"])]
    ordered = sorted(places, key=lambda place: place[0])
    return with_marks(text, [Mark(offset=offset, text=mark) for offset, mark in ordered])
