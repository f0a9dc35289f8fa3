"""A term and a glossary: rows of a table, ready to be looked up."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property
from operator import attrgetter
from typing import Literal, get_args

from dramaloc.glossary.matcher import Matcher, Shortlist
from dramaloc.letters import HAN

Action = Literal["translate", "paraphrase", "keep", "forbid", "ignore"]
Status = Literal["preferred", "admitted", "forbidden", "obsolete"]  # TBX administrativeStatus
ACTIONS: tuple[Action, ...] = get_args(Action)
STATUSES: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a term stands: file, 1-based line, and its layer (higher outranks lower)."""

    path: str = ""
    line: int = 0
    layer: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One row of a term table, for one spelling of its source.

    An `ignore` row requires nothing: it shields its source from shorter terms inside it.
    `accept` and `forbid` hold patterns: `*` at the end of a word stands for any ending.
    `note` may hold shorter alternatives after `|`: the longest that fits is shown.
    `market` is the tag the rendering is for, in series tables; empty means English.
    Of a person, `gender` is `male`, `female` or `other`, `age` a birth year (four digits) or a
    rank among the show's people (1 the eldest), `relation` says who that is to others.
    """

    source: str
    target: str
    action: Action = "translate"
    status: Status = "preferred"
    kind: str = ""
    accept: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    note: str = ""
    reference: str = ""
    market: str = ""
    gender: str = ""
    age: str = ""
    relation: str = ""
    origin: Origin = Origin()

    @property
    def notes(self) -> tuple[str, ...]:
        """The first-mention note and its shorter alternatives, longest first."""
        parts = (part.strip() for part in self.note.split("|"))
        return tuple(sorted(filter(None, parts), key=len, reverse=True))

    @property
    def tells_of_a_person(self) -> bool:
        return bool(self.gender or self.age or self.relation)

    @property
    def required(self) -> str:
        """What must stand in the output wherever the source stood."""
        return self.source if self.action == "keep" else self.target


_said = attrgetter(*(each.name for each in fields(Term) if each.name != "origin"))


@dataclass(frozen=True)
class Glossary:
    """All terms that apply in one market; one term per source, the highest layer's."""

    terms: tuple[Term, ...] = ()

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms)

    def __len__(self) -> int:
        return len(self.terms)

    @cached_property
    def by_source(self) -> dict[str, Term]:
        return {term.source: term for term in self.terms}

    @cached_property
    def matcher(self) -> Matcher:
        return Matcher(self.terms)

    @cached_property
    def kept(self) -> Matcher:
        """Finds the terms that are said as they are."""
        return Matcher(term for term in self.terms if term.required == term.source)

    @cached_property
    def renderings(self) -> Shortlist:
        """The terms that a text beyond ASCII may hold as they are required."""
        return Shortlist(
            (term.required, term) for term in self.terms if not term.required.isascii()
        )

    @cached_property
    def renderings_in_han(self) -> Shortlist:
        """The terms whose Chinese characters a text may hold, in one of their forms."""
        return Shortlist(
            ("".join(HAN.findall(spelled)), term)
            for term in self.terms
            if term.action in ("translate", "keep") and HAN.search(term.required)
            for form in (term.required, *term.accept)
            for spelled in {form, unicodedata.normalize("NFC", form)}
        )

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over what the terms say, wherever they are stored."""
        rows = sorted(repr(_said(term)) for term in self.terms)
        return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def layered(layers: Iterable[Iterable[Term]]) -> Glossary:
    """Stack layers, lowest first: a later row for the same source replaces the earlier.

    A `forbid` row without a source stands for itself and is never replaced. Rows of status
    forbidden or obsolete require nothing; their rendering is forbidden for that source,
    wherever in its layer the row stands.
    """
    chosen: dict[str, Term] = {}
    for number, layer in enumerate(layers):
        for term in sorted(layer, key=_only_forbids):
            ranked = _ranked(term, number)
            key = term.source or f"\0{term.target}"
            if _only_forbids(term):
                chosen[key] = _forbidding(chosen.get(key), ranked)
            else:
                chosen[key] = ranked
    return Glossary(tuple(chosen.values()))


def _ranked(term: Term, layer: int) -> Term:
    if term.origin.layer == layer:
        return term
    return replace(term, origin=replace(term.origin, layer=layer))


def _only_forbids(term: Term) -> bool:
    return term.action == "forbid" or term.status in ("forbidden", "obsolete")


def _forbidding(known: Term | None, term: Term) -> Term:
    """Add a rendering that must not appear to what is known of its source."""
    if known is None:
        return replace(term, action="forbid", forbid=(*term.forbid, term.target), target="")
    return replace(known, forbid=(*known.forbid, *term.forbid, term.target))
