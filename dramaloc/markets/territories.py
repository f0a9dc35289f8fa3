"""Territories of the world to markets, by who speaks what there (CLDR data through Babel)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dramaloc.errors import MarketError
from dramaloc.files import read_text

SOURCE = "zh"
FALLBACK = "en"
_NO_TERRITORIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}  # in CLDR, not in ISO 3166
# Packs that stand for a wider region in CLDR's inheritance: English as in most of the world.
_STANDS_FOR = {"en-001": "en-GB"}
_LEAST_SHARE = 20.0  # per cent who must speak a language that has no official standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A language of a territory; `share` is the percentage of its people who use it."""

    tag: str
    share: float
    official: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The markets that serve a territory, best first, and why.

    `share` is the percentage of its people who use the best-known language of these markets, 0
    where English only steps in; people of two languages are counted once, so it is a lower bound.
    """

    territory: str
    name: str
    markets: tuple[str, ...]
    reason: str
    people: int = 0
    share: float = 0.0


def territories() -> tuple[str, ...]:
    """Return all ISO 3166 territory codes CLDR knows languages of, sorted."""
    known = _cldr("territory_languages")
    return tuple(sorted(code for code in known if len(code) == 2 and code not in _NO_TERRITORIES))  # noqa: PLR2004  # alpha-2


def resolve_territory(territory: str, packs: Sequence[str]) -> Resolution:
    """Find the packs for a territory: made for it, then official languages, then by use.

    A territory none of whose languages has a pack gets English, the international version.
    Raises `MarketError` for a code that is none.
    """
    if territory not in territories():
        raise MarketError(f"no territory is called {territory!r}", hint="Use ISO 3166, such as BD")
    ranked = languages(territory)
    if ranked and ranked[0].tag == SOURCE:
        return Resolution(
            territory=territory,
            name=_name(territory),
            markets=(),
            reason=f"{_described(ranked[0])}: it is what is translated from",
            people=populations().get(territory, 0),
        )
    served = [(spoken, pack) for spoken in ranked if (pack := _pack(spoken.tag, territory, packs))]
    served.sort(key=lambda pair: not pair[1].endswith(f"-{territory}"))  # made for it: first
    markets = tuple(dict.fromkeys(pack for _, pack in served))
    if not markets:
        names = ", ".join(spoken.tag for spoken in ranked[:3]) or "nothing known"
        reason = f"{names} spoken, no pack for it; English as the international version"
        markets = (FALLBACK,)
    else:
        reason = "; ".join(f"{pack}: {_described(spoken)}" for spoken, pack in served)
    return Resolution(
        territory=territory,
        name=_name(territory),
        markets=markets,
        reason=reason,
        people=populations().get(territory, 0),
        share=min(100.0, max((spoken.share for spoken, _ in served), default=0.0)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How many people live outside the territories of the source language, and are served."""

    people: int
    served: int

    @property
    def share(self) -> float:
        return 100 * self.served / self.people if self.people else 0.0


def coverage(world: Sequence[Resolution]) -> Coverage:
    """Add up whom the markets serve in a language they use."""
    abroad = [each for each in world if each.markets]
    return Coverage(
        people=sum(each.people for each in abroad),
        served=sum(round(each.people * each.share / 100) for each in abroad),
    )


@cache
def populations() -> Mapping[str, int]:
    """People in each territory: CLDR 48, `supplemental/territoryInfo`; Babel leaves them out."""
    lines = read_text(Path(__file__).with_name("populations.tsv")).splitlines()[1:]
    return {territory: int(people) for territory, people in (line.split("\t") for line in lines)}


def languages(territory: str) -> tuple[Spoken, ...]:
    """Return a territory's official languages, then others many speak, each by share."""
    found = [
        Spoken(
            tag=tag.replace("_", "-"),
            share=float(facts["population_percent"]),
            official=facts["official_status"] in ("official", "de_facto_official"),
        )
        for tag, facts in _cldr("territory_languages")[territory].items()
    ]
    worth = [spoken for spoken in found if spoken.official or spoken.share >= _LEAST_SHARE]
    return tuple(sorted(worth, key=lambda spoken: (not spoken.official, -spoken.share)))


def script(tag: str) -> str:
    """Return the ISO 15924 code of the script a language is written in: `ja-JP` → `Jpan`.

    A tag that names none has the likeliest; empty if CLDR knows none.
    """
    language, *rest = tag.split("-")
    named = [subtag for subtag in rest if len(subtag) == 4]  # noqa: PLR2004  # ISO 15924
    likely = str(_cldr("likely_subtags").get(language, ""))
    return named[0] if named else next((p for p in likely.split("_") if len(p) == 4), "")  # noqa: PLR2004  # ISO 15924


def _pack(language: str, territory: str, packs: Sequence[str]) -> str | None:
    """Find the nearest pack for a language as used in a territory."""
    for tag in _ancestry(f"{language}-{territory}"):
        pack = _STANDS_FOR.get(tag, tag)
        if pack in packs:
            return pack
    cousins = sorted(code for code in packs if code.startswith(f"{language}-"))
    if language == SOURCE:  # another script of the language translated from is no cousin
        return None
    return cousins[0] if cousins else None


def _ancestry(tag: str) -> Iterator[str]:
    """Yield a tag and what it inherits from: `es-MX`, `es-419`, `es`."""
    parents = _cldr("parent_exceptions")
    while tag and tag != "root":
        yield tag
        parent = parents.get(tag.replace("-", "_"))
        tag = str(parent).replace("_", "-") if parent else tag.rpartition("-")[0]


def _described(spoken: Spoken) -> str:
    standing = "official" if spoken.official else "widely used"
    return f"{spoken.tag} is {standing}, {spoken.share:g} % use it"


def _name(territory: str) -> str:
    from babel import Locale

    return str(Locale("en").territories.get(territory, territory))


def _cldr(key: str) -> Mapping[str, Any]:
    from babel.core import get_global  # reads a file of CLDR data; only territories need it

    found: Mapping[str, Any] = get_global(key)  # type: ignore[arg-type]  # Babel lists its keys
    return found
