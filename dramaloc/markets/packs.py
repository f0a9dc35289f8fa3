"""Market packs: folders of data under `glossaries/`, found, inherited and validated."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

import dramaloc
from dramaloc.errors import MarketError
from dramaloc.files import read_text
from dramaloc.glossary.tables import read_table
from dramaloc.glossary.term import Term, layered
from dramaloc.markets.market import (
    CONVENTION_NAMES,
    LIMIT_NAMES,
    Address,
    Conventions,
    Limits,
    Market,
    Names,
    Source,
    SourceLine,
    System,
)
from dramaloc.markets.territories import resolve_territory
from dramaloc.subtitles.lines import Breaks
from dramaloc.subtitles.width import Counting
from dramaloc.tomlfiles import parse

_KEYS = {"name", "inherits", "register", "limits", "conventions", "sources", "breaks"}
_MOST = 1_000_000  # TOML also writes inf
_KINDS = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}


_CHOICES = {
    "counting": get_args(Counting),
    "units": get_args(System),
    "names": get_args(Names),
    "address": get_args(Address),
    "source_line": get_args(SourceLine),
}


def bundled_packs() -> Path:
    """Return the folder of the packs that came with dramaloc, in a wheel or in a checkout."""
    package = Path(dramaloc.__file__).parent
    inside = package / "glossaries"
    return inside if inside.is_dir() else package.parent / "glossaries"


def list_codes(root: Path | None = None) -> tuple[str, ...]:
    """Return the tags of all packs under `root`, sorted."""
    folder = root or bundled_packs()
    return tuple(sorted(path.parent.name for path in folder.glob("*/market.toml")))


def resolve(name: str, root: Path | None = None) -> str:
    """Turn what a person typed into a pack's tag: `EN-us` → `en-US`, `TW` → `zh-Hant-TW`.

    Tags match first, in any letter case; then ISO 3166 territories in capitals.
    Raises `MarketError` with the nearest names.
    """
    codes = list_codes(root)
    for code in codes:
        if code.casefold() == name.casefold().replace("_", "-"):
            return code
    if len(name) == 2 and name.isupper():  # noqa: PLR2004  # ISO 3166 alpha-2
        found = resolve_territory(name, codes)
        if not found.markets:
            raise MarketError(f"{found.name} needs no market ({found.reason})")
        return found.markets[0]
    listed = ", ".join(_near(name.casefold().replace("_", "-"), codes))
    hint = "'dramaloc markets list' shows all"
    raise MarketError(
        f"no market is called {name!r}", hint=f"Perhaps {listed}; {hint}" if listed else hint
    )


def _near(name: str, codes: Sequence[str]) -> list[str]:
    """Name the markets of the same language, or else those that are spelled alike."""
    language = name.split("-", maxsplit=1)[0]
    same = [code for code in codes if code.casefold().split("-")[0] == language]
    alike = get_close_matches(name, [code.casefold() for code in codes], n=3)
    close = [code for code in codes if code.casefold() in alike]
    return [code for code in close if code in same] or same or close


def load_market(name: str, root: Path | None = None) -> Market:
    """Load a market with everything it inherits; nearer packs outrank farther ones."""
    folder = root or bundled_packs()
    chain = _chain(resolve(name, root), folder)
    figures: dict[str, Any] = {}
    sources: dict[str, Source] = {}
    for pack in reversed(chain):
        figures |= pack.figures
        sources |= pack.sources
    glossary = layered(pack.terms for pack in reversed(chain))
    return Market(
        code=chain[0].code,
        name=chain[0].name,
        limits=Limits(**{key: figures[key] for key in LIMIT_NAMES if key in figures}),
        conventions=Conventions(
            **{key: figures[key] for key in CONVENTION_NAMES if key in figures}
        ),
        breaks=Breaks(
            clinging=frozenset().union(*(pack.breaks.clinging for pack in chain)),
            opening=frozenset().union(*(pack.breaks.opening for pack in chain)),
        ),
        glossary=glossary,
        inherits=tuple(pack.code for pack in chain[1:]),
        register=next((pack.register for pack in chain if pack.register), ""),
        sources=tuple(sorted(sources.items())),
        fingerprint=_fingerprint(chain, figures, glossary.fingerprint),
    )


def read_chain(name: str, root: Path | None = None) -> tuple[Pack, ...]:
    """Read a market's pack and those it inherits from, nearest first, each by itself."""
    return tuple(_chain(resolve(name, root), root or bundled_packs()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One pack by itself, before inheritance."""

    code: str
    name: str
    inherits: str
    register: str
    figures: Mapping[str, Any]
    sources: Mapping[str, Source]
    breaks: Breaks
    terms: tuple[Term, ...]


def read_pack(folder: Path) -> Pack:
    """Read one pack's `market.toml` and tables. Raises `MarketError` or `TableError`."""
    path = folder / "market.toml"
    said = parse(read_text(path), path, MarketError)
    refuse_unknown(said, _KEYS, path)
    for name in ("limits", "conventions", "sources", "breaks"):
        refuse_non_table(said.get(name, {}), name, path)
    sources = read_sources(said, path)
    figures: dict[str, Any] = {}
    figure_sources: dict[str, Source] = {}
    for section, shape in (("limits", Limits), ("conventions", Conventions)):
        found, theirs = read_figures(said.get(section, {}), shape, sources, path)
        figures |= found
        figure_sources |= theirs
    return Pack(
        code=folder.name,
        name=str(said.get("name", folder.name)),
        inherits=_tag(said.get("inherits", ""), path),
        register=str(said.get("register", "")),
        figures=figures,
        sources=figure_sources,
        breaks=_breaks(said.get("breaks", {}), path),
        terms=read_tables(folder),
    )


def read_sources(said: Mapping[str, Any], path: Path | str) -> dict[str, Source]:
    """Read where figures come from. Raises `MarketError`."""
    return {
        name: _typed(Source, body, path, f"sources.{name}")
        for name, body in said.get("sources", {}).items()
    }


def read_figures(
    said: Mapping[str, Any],
    shape: type[Limits | Conventions],
    sources: Mapping[str, Source],
    path: Path | str,
) -> tuple[dict[str, Any], dict[str, Source]]:
    """Read figures of a shape, and the source of each that names one. Raises `MarketError`."""
    known = {field.name: type(field.default) for field in fields(shape)}
    refuse_unknown(said, known, path)
    figures = {key: _figure(key, body, known[key], path) for key, body in said.items()}
    return figures, {
        key: known_source(body["source"], sources, key, path)
        for key, body in said.items()
        if isinstance(body, dict) and "source" in body
    }


def _tag(name: object, path: Path) -> str:
    """Return the pack that another inherits from; only one beside it, never a path."""
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9-]*", name):
        raise MarketError(f"inherits is {name!r}", path=path, hint="It must be a market's tag")
    return name


def read_tables(folder: Path) -> tuple[Term, ...]:
    """Read every table of a folder, in the order of their names."""
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in (".csv", ".tsv"))
    return tuple(term for path in paths for term in read_table(path))


def _chain(code: str, folder: Path) -> list[Pack]:
    chain: list[Pack] = []
    while code:
        if any(pack.code == code for pack in chain):
            raise MarketError(f"{code} inherits from itself", path=folder / code / "market.toml")
        chain.append(read_pack(folder / code))
        code = chain[-1].inherits
    return chain


def refuse_unknown(body: Mapping[str, Any], known: Iterable[str], path: Path | str) -> None:
    for key in body:
        if key not in known:
            raise MarketError(
                f"unknown key {key!r}", path=path, hint=f"Known: {', '.join(sorted(known))}"
            )


def refuse_non_table(body: object, name: str, path: Path | str) -> None:
    if not isinstance(body, dict):
        raise MarketError(f"{name} is {body!r}", path=path, hint=f"Begin it with [{name}]")


def _figure(key: str, body: object, kind: type, path: Path | str) -> object:
    value = body.get("value") if isinstance(body, dict) else body
    wanted = (int, float) if kind is float else kind
    if not isinstance(value, wanted) or (isinstance(value, bool) and kind is not bool):
        hint = f"It must be {_KINDS[kind]}"
    elif kind in (int, float) and not 0 < value < _MOST:  # type: ignore[operator]
        hint = "It must be more than 0, and a figure that can be meant"
    elif key in _CHOICES and value not in _CHOICES[key]:
        hint = f"It can be {', '.join(_CHOICES[key])}"
    else:
        return value
    raise MarketError(f"{key} is {value!r}", path=path, hint=hint)


def _breaks(body: Mapping[str, Any], path: Path) -> Breaks:
    refuse_unknown(body, {field.name for field in fields(Breaks)}, path)
    for key, words in body.items():
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise MarketError(f"{key} is {words!r}", path=path, hint="It must be a list of words")
    return Breaks(**{key: frozenset(map(str.casefold, words)) for key, words in body.items()})


def _typed(shape: type[Source], body: Mapping[str, Any], path: Path | str, where: str) -> Source:
    refuse_non_table(body, where, path)
    refuse_unknown(body, {field.name for field in fields(shape)}, path)
    if "title" not in body:
        raise MarketError(f"{where} has no title", path=path)
    return shape(**body)


def known_source(name: str, sources: Mapping[str, Source], key: str, path: Path | str) -> Source:
    if name not in sources:
        raise MarketError(f"{key} names source {name!r}, which [sources] lacks", path=path)
    return sources[name]


def _fingerprint(chain: Iterable[Pack], figures: Mapping[str, Any], terms: str) -> str:
    rows = [f"{key}={figures[key]!r}" for key in sorted(figures)]
    rows += [repr([sorted(p.breaks.clinging), sorted(p.breaks.opening)]) for p in chain]
    rows += [pack.register for pack in chain if pack.register][:1]
    return hashlib.sha256("\n".join([*rows, terms]).encode()).hexdigest()
