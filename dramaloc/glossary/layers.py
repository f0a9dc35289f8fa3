"""Where a term of a market comes from, and what it replaced on the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dramaloc.glossary.term import Term, layered


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer's rows, under the name people know it by: a pack's tag, or a table's path."""

    name: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A term as it applies, and the rows behind it, the one that decides first.

    `rows` pairs each row with its layer's name; the later ones were replaced, or add what
    must not be said.
    """

    term: Term
    rows: tuple[tuple[str, Term], ...]


def standings(layers: Sequence[Layer]) -> tuple[Standing, ...]:
    """Work out all that applies, in the order of the tables, lowest layer first."""
    behind: dict[str, list[tuple[str, Term]]] = {}
    for layer in layers:
        for term in layer.terms:
            behind.setdefault(_key(term), []).append((layer.name, term))
    return tuple(
        Standing(term=term, rows=tuple(_deciding_first(term, behind[_key(term)])))
        for term in layered(layer.terms for layer in layers)
    )


def _key(term: Term) -> str:
    return term.source or f"\0{term.target or term.forbid[-1]}"


def _deciding_first(term: Term, rows: Iterable[tuple[str, Term]]) -> Iterable[tuple[str, Term]]:
    where = (term.origin.path, term.origin.line)
    newest = list(rows)[::-1]
    return sorted(newest, key=lambda row: (row[1].origin.path, row[1].origin.line) != where)


def inside(standing: Iterable[Standing], text: str) -> tuple[str, ...]:
    """Return the sources that stand in a text, or that it stands in: what one may have meant."""
    return tuple(
        each.term.source
        for each in standing
        if each.term.source and (each.term.source in text or text in each.term.source)
    )
