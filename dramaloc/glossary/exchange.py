"""Term tables to and from what other tools read: CSV, TSV, OmegaT's and TBX."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from dramaloc.errors import TableError
from dramaloc.files import decode, read_bytes
from dramaloc.glossary.omegat import compose_omegat, parse_omegat, suggests
from dramaloc.glossary.tables import compose_table, parse_table
from dramaloc.glossary.tbx import compose_tbx, parse_tbx
from dramaloc.glossary.term import Term

Form = Literal["csv", "tsv", "omegat", "tbx"]
FORMS: tuple[Form, ...] = get_args(Form)
_BY_SUFFIX: dict[str, Form] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tbx": "tbx",
    ".xml": "tbx",
    ".txt": "omegat",
    ".tab": "omegat",
    ".utf8": "omegat",  # OmegaT's name for glossaries in UTF-8
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """The terms of a foreign file; `skipped` names entries that had none to offer."""

    terms: tuple[Term, ...]
    skipped: tuple[str, ...] = ()


def form_of(path: Path) -> Form:
    """Tell a format by a file's name. Raises `TableError` for names that tell nothing."""
    form = _BY_SUFFIX.get(path.suffix.lower())
    if form is None:
        raise TableError(
            "its name does not tell its format",
            path=path,
            hint=f"Say --as with one of {', '.join(FORMS)}",
        )
    return form


def read_foreign(path: Path, form: Form | None = None) -> Imported:
    """Read a file in any of the formats; a `.tsv` without a header is OmegaT's.

    Raises `TableError` and `EncodingError` naming the file.
    """
    data = read_bytes(path)
    try:
        return _read(data, form or form_of(path), guessing=form is None, name=str(path))
    except TableError as error:
        raise error.at(path) from error


def _read(data: bytes, form: Form, *, guessing: bool, name: str) -> Imported:
    if form == "tbx":
        read = parse_tbx(data, name=name)
        return Imported(terms=read.terms, skipped=read.skipped)
    text = decode(data).text
    if form == "omegat" or (form == "tsv" and guessing and not _has_header(text)):
        return Imported(terms=parse_omegat(text, name=name))
    return Imported(terms=parse_table(text, name=name, tabs=form == "tsv"))


def _has_header(text: str) -> bool:
    first = text.split("\n", maxsplit=1)[0].strip().lower().split("\t")
    return {"source", "target"} <= {cell.strip(' "\r') for cell in first}


def only_for(terms: Iterable[Term], market: str) -> tuple[Term, ...]:
    """Keep the rows for one language or market, and make them rows of its own pack."""
    wanted = market.lower().replace("_", "-")
    return tuple(
        replace(term, market="") for term in terms if (term.market or "en").lower() == wanted
    )


def write_foreign(terms: Sequence[Term], form: Form, language: str = "en") -> str:
    """Write terms in one of the formats; `language` is the one of rows that name no market."""
    if form == "tbx":
        return compose_tbx(terms, language)
    if form == "omegat":
        return compose_omegat(terms)
    return compose_table(terms, tabs=form == "tsv")


def left_out(terms: Iterable[Term], form: Form) -> tuple[Term, ...]:
    """Return the terms a format has no place for."""
    return tuple(term for term in terms if form == "omegat" and not suggests(term))
