"""Delivery profiles: what a platform asks for on top of a market, as data with sources."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import dramaloc
from dramaloc.errors import MarketError
from dramaloc.files import read_text
from dramaloc.markets.market import LIMIT_NAMES, Conventions, Limits, Market, Source
from dramaloc.markets.packs import (
    known_source,
    read_figures,
    read_sources,
    refuse_non_table,
    refuse_unknown,
)
from dramaloc.tomlfiles import parse

_KEYS = {"title", "limits", "conventions", "delivery", "sources"}
_DELIVERY = {"formats": list, "encodings": list, "fps": (int, float), "on_frames": bool,
             "name": str}  # fmt: skip
CHILDREN = "children"
_NOT_IN_NAMES = re.compile(r'[{}<>:"/\\|?*\0-\x1f]')  # on Windows, or in any place
_FIELDS = {"episode", "market", "language", "kind", "ending"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Figures for some markets: `name` is a way of counting or a language tag, or empty."""

    name: str
    figures: Mapping[str, Any]
    sources: Mapping[str, Source]

    def holds(self, market: Market) -> bool:
        tags = ("", market.conventions.counting, market.code, *market.inherits)
        return self.name in tags or market.code.startswith(f"{self.name}-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a platform asks for.

    `formats` are file endings, the first of which is written; `fps` is its frame rate if it has
    one; `on_frames` wants times on frames; `naming` is how files are called, with `{episode}`,
    `{market}`, `{language}`, `{kind}` and `{ending}`.
    """

    name: str
    title: str
    scopes: tuple[Scope, ...] = ()
    formats: tuple[str, ...] = ()
    encodings: tuple[str, ...] = ()
    fps: float | None = None
    on_frames: bool = False
    naming: str = ""
    sources: Mapping[str, Source] = field(default_factory=dict)
    fingerprint: str = ""


def bundled_profiles() -> Path:
    return Path(dramaloc.__file__).parent / "profiles"


def list_profiles() -> tuple[str, ...]:
    """Return the names of the profiles that came with dramaloc."""
    return tuple(sorted(path.stem for path in bundled_profiles().glob("*.toml")))


def load_profile(name: str) -> Profile:
    """Load a profile by its name, or from a file that ends in `.toml`. Raises `MarketError`."""
    own = name.lower().endswith(".toml")
    path = Path(name) if own else bundled_profiles() / f"{name.lower()}.toml"
    if not own and name.lower() not in list_profiles():
        near = get_close_matches(name.lower(), list_profiles(), n=1)
        listed = f"Perhaps {near[0]}" if near else f"There are {', '.join(list_profiles())}"
        raise MarketError(f"no profile is called {name!r}", hint=f"{listed}, or name a .toml file")
    text = read_text(path)
    said = parse(text, path, MarketError)
    return parse_profile(said, path.stem, path, hashlib.sha256(text.encode()).hexdigest())


def parse_profile(said: Mapping[str, Any], name: str, path: Path, fingerprint: str) -> Profile:
    """Make a profile of what a file says. Raises `MarketError`."""
    refuse_unknown(said, _KEYS, path)
    for key in _KEYS - {"title"}:
        refuse_non_table(said.get(key, {}), key, path)
    sources = read_sources(said, path)
    delivery = said.get("delivery", {})
    refuse_unknown(delivery, _DELIVERY, path)
    asked = {key: _asked(key, body, path) for key, body in delivery.items()}
    return Profile(
        name=name,
        title=str(said.get("title", name)),
        scopes=_scopes(said, sources, path),
        formats=tuple(map(str, asked.get("formats", ()))),
        encodings=tuple(map(str, asked.get("encodings", ()))),
        fps=asked.get("fps"),
        on_frames=asked.get("on_frames", False),
        naming=asked.get("name", ""),
        sources={
            key: known_source(body["source"], sources, key, path)
            for key, body in delivery.items()
            if isinstance(body, dict) and "source" in body
        },
        fingerprint=fingerprint,
    )


def _scopes(
    said: Mapping[str, Any], sources: Mapping[str, Source], path: Path
) -> tuple[Scope, ...]:
    """Read limits for all, then by way of counting, then by tag; nearer ones come last."""
    limits = said.get("limits", {})
    narrow = {
        key: body
        for key, body in limits.items()
        if key not in LIMIT_NAMES and isinstance(body, dict)
    }
    general = {key: body for key, body in limits.items() if key not in narrow}
    figures, theirs = read_figures(general, Limits, sources, path)
    written, whose = read_figures(said.get("conventions", {}), Conventions, sources, path)
    found = [Scope(name="", figures={**figures, **written}, sources={**theirs, **whose})]
    counted = ("characters", "east-asian")
    for key in sorted(narrow, key=lambda key: (key not in counted, len(key))):
        figures, theirs = read_figures(narrow[key], Limits, sources, path)
        found.append(Scope(name=key, figures=figures, sources=theirs))
    return tuple(found)


def _asked(key: str, body: object, path: Path) -> Any:
    value = body.get("value") if isinstance(body, dict) else body
    kind = _DELIVERY[key]
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):  # type: ignore[arg-type]
        raise MarketError(f"{key} is {value!r}", path=path, hint="See dramaloc markets profiles")
    if key == "name" and isinstance(value, str):
        _refuse_odd_name(value, path)
    return value


def _refuse_odd_name(pattern: str, path: Path) -> None:
    rest = re.sub(rf"\{{(?:{'|'.join(_FIELDS)})\}}", "", pattern)
    ends_badly = pattern.endswith((".", " "))  # Windows drops both
    if _NOT_IN_NAMES.search(rest) or ends_badly or "{episode}" not in pattern:
        raise MarketError(
            f"name is {pattern!r}",
            path=path,
            hint="It can hold {episode}, which it must, {market}, {language}, {kind}, {ending}",
        )


def delivered(
    market: Market,
    profile: Profile | None,
    own: Mapping[str, float] | None = None,
    audience: str | None = None,
) -> Market:
    """Lay a profile over a market, and a show's own limits over both.

    For the audience `children` the market's reading speed is theirs; the show's own outranks it.
    """
    if not profile and not own and audience != CHILDREN:
        return market
    said = (profile.fingerprint if profile else "", sorted((own or {}).items()), audience)
    laid = replace(market, fingerprint=_digest(market.fingerprint, said))
    for scope in profile.scopes if profile else ():
        laid = _with(laid, scope) if scope.holds(market) else laid
    if audience == CHILDREN:
        laid = _with(laid, _childrens(laid))
    return _with(laid, Scope(name="", figures=own, sources={})) if own else laid


def _with(market: Market, scope: Scope) -> Market:
    """Put a scope's figures, and where they come from, into a market."""
    limits = {key: value for key, value in scope.figures.items() if key in LIMIT_NAMES}
    rest = {key: value for key, value in scope.figures.items() if key not in LIMIT_NAMES}
    kept = {key: value for key, value in market.sources if key not in scope.figures}
    return replace(
        market,
        limits=replace(market.limits, **limits),
        conventions=replace(market.conventions, **rest),
        sources=tuple(sorted({**kept, **scope.sources}.items())),
    )


def _childrens(market: Market) -> Scope:
    """Return the reading speed of children, which is no quicker than that of all."""
    limits, sources = market.limits, dict(market.sources)
    name = min(("max_cps", "max_cps_children"), key=lambda name: getattr(limits, name))
    source = {"max_cps": sources[name]} if name in sources else {}
    return Scope(name="", figures={"max_cps": getattr(limits, name)}, sources=source)


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()
