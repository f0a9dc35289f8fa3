"""What a market or a show wants of names and of forms of address, laid over the term tables."""

from __future__ import annotations

from dataclasses import replace

from dramaloc.errors import MarketError
from dramaloc.glossary.romanize import person, word
from dramaloc.glossary.term import Glossary, Term
from dramaloc.markets.market import Address, Market, Names
from dramaloc.markets.territories import script

_ADDRESS_KINDS = ("honorific", "kinship")
_LONGEST_SURNAME = 2


def under_policies(market: Market) -> Market:
    """Rewrite a market's terms as its conventions ask; doing it twice changes nothing more.

    Raises `MarketError` for forms of address in pinyin where Latin letters are not read.
    """
    asked = market.conventions
    if asked.address == "transliterate" and script(market.code) != "Latn":
        raise MarketError(
            f"address is 'transliterate', but {market.code} is not written in Latin letters",
            hint="Say translate or keep",
        )
    terms = tuple(_addressed(_named(t, asked.names), asked.address) for t in market.glossary)
    return market if terms == market.glossary.terms else replace(market, glossary=Glossary(terms))


def _named(term: Term, names: Names) -> Term:
    """Turn a person's name round; the other order becomes forbidden, so that none slips in.

    Only names that are spelled in pinyin: no one else's parts can be told apart for sure.
    """
    if names == "as-written" or term.kind != "name" or term.action != "translate":
        return term
    for surname, given in _parts(term.source):
        first, last = person(surname, given), " ".join(reversed(person(surname, given).split()))
        wanted, other = (first, last) if names == "surname-first" else (last, first)
        if term.target == other:
            forbid = tuple(form for form in term.forbid if form.casefold() != wanted.casefold())
            accept = tuple(form for form in term.accept if form.casefold() != other.casefold())
            return replace(term, target=wanted, accept=accept, forbid=(*forbid, other))
    return term


def _parts(name: str) -> list[tuple[str, str]]:
    lengths = range(1, min(_LONGEST_SURNAME, len(name) - 1) + 1)
    return [(name[:length], name[length:]) for length in lengths]


def _addressed(term: Term, address: Address) -> Term:
    """Leave forms of address as they are, or say them in pinyin or in Chinese characters."""
    if address == "translate" or term.kind not in _ADDRESS_KINDS or term.action != "translate":
        return term
    if address == "keep":
        return replace(term, action="keep", target="", accept=(), forbid=(), note="")
    said = word(term.source)
    forbid = tuple(form for form in term.forbid if form.casefold() != said.casefold())
    return replace(term, target=said, accept=(), forbid=forbid)
