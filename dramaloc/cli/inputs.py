"""What several commands read: subtitle files, and a market with its show's tables."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dramaloc import documents
from dramaloc.batch.names import language_in_name
from dramaloc.errors import InputError, OutputError
from dramaloc.files import read_bytes
from dramaloc.glossary.tables import read_table
from dramaloc.glossary.term import Term
from dramaloc.marketing import copy
from dramaloc.markets.market import Market
from dramaloc.markets.packs import load_market, read_chain, read_tables
from dramaloc.markets.profiles import Profile, delivered, load_profile
from dramaloc.quality.subject import FRAMES_PER_SECOND
from dramaloc.settings import SERIES_TABLE, Settings, find_file, resolve
from dramaloc.stages.pipeline import with_series
from dramaloc.subtitles.document import Document


def read_subtitles(
    path: Path,
    *,
    language: str | None = None,
    encoding: str | None = None,
    beside: Path | None = None,
    whole: bool = True,
) -> Document:
    """Read a subtitle file, or the fields of a file of copy that its show asks for.

    Its language is the one given, or in its name, or zh-Hans. The show is the file's own or,
    for one that was written elsewhere, that of the file `beside`. Fields come as a `whole` or
    sentence by sentence.
    """
    read = reader(path, language=language, encoding=encoding, beside=beside, whole=whole)
    return read(read_bytes(path))


def reader(
    path: Path,
    *,
    language: str | None = None,
    encoding: str | None = None,
    beside: Path | None = None,
    whole: bool = True,
) -> Callable[[bytes], Document]:
    """Return what reads a file's bytes, as `read_subtitles` does."""
    language = language or language_in_name(path) or "zh-Hans"
    wanted = _show((), path, *([beside] if beside else [])).copy if copy.kind_of(path.name) else {}

    def read(data: bytes) -> Document:
        try:
            return documents.read(
                data,
                path.name,
                language=language,
                encoding=encoding,
                wanted=wanted,
                whole=whole,
            )
        except InputError as error:
            raise error.at(path) from error

    return read


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What holds for a show in a market: limits and terms, a platform's wishes, the frame rate."""

    market: Market
    profile: Profile | None
    fps: float


def rules_for(
    name: str,
    tables: Sequence[str],
    *beside: Path,
    profile: str | None = None,
    fps: float | None = None,
) -> Rules:
    """Load a market with the tables named, and with all that a show says of its own.

    The show is sought upwards from each of `beside`; the first that has one counts. A `profile`
    or frame rate that is given outranks the show's.
    """
    settings = _show(tables, *beside, profile=profile)
    wanted = profile_of(settings)
    market = delivered(load_market(name), wanted, settings.limits, settings.one("audience"))
    conventions = replace(market.conventions, **settings.conventions)  # type: ignore[arg-type]  # checked where settings are read
    series = [term for path in _tables(settings) for term in read_table(path)]
    market = with_series(replace(market, conventions=conventions), series)
    return Rules(market=market, profile=wanted, fps=fps or frames(settings, wanted))


def market_with_series(name: str, tables: Sequence[str], *beside: Path) -> Market:
    """Load a market as `rules_for` does."""
    return rules_for(name, tables, *beside).market


def profile_of(settings: Settings) -> Profile | None:
    """Load the delivery profile that was asked for, if any. Raises `MarketError`."""
    named = settings.one("profile")
    return load_profile(named) if named else None


def frames(settings: Settings, profile: Profile | None) -> float:
    """Return the frames a second that were said, or else the platform's, or else the usual."""
    return settings.fps or (profile.fps if profile and profile.fps else FRAMES_PER_SECOND)


def series_tables(tables: Sequence[str], *beside: Path) -> list[Path]:
    """Name a show's tables, lowest layer first: its `names.csv`, then those asked for."""
    return _tables(_show(tables, *beside))


def _show(tables: Sequence[str], *beside: Path, profile: str | None = None) -> Settings:
    show = next((found.parent for path in beside if (found := find_file(path))), None)
    flags = {"glossary": tables, "profile": profile}
    return resolve(flags, os.environ, show or Path.cwd())


def _tables(settings: Settings) -> list[Path]:
    paths = [Path(table) for table in settings.many("glossary")]
    if settings.folder is not None and (settings.folder / SERIES_TABLE).is_file():
        paths.insert(0, settings.folder / SERIES_TABLE)
    return paths


def terms_of(name: str, *, inherited: bool = False) -> tuple[Term, ...]:
    """Read the terms of a table, of a pack's folder, or of the market with that tag.

    `inherited` adds what the pack inherits, as far as it is not replaced.
    """
    path = Path(name)
    pack = (path / "market.toml").is_file()
    if inherited and not pack and (path.exists() or path.suffix):
        raise InputError("only a pack inherits", path=path, hint="Leave out --inherited")
    if path.is_file() or path.suffix.lower() in (".csv", ".tsv"):
        return read_table(path)
    root = path.resolve().parent if pack else None
    market = path.resolve().name if root else name
    if path.is_dir() and root is None:
        if tables := read_tables(path):
            return tables
        raise InputError("no table in this folder", path=path, hint="Name a pack or a table")
    if inherited:
        return load_market(market, root).glossary.terms
    return read_chain(market, root)[0].terms


def language_of(name: str) -> str:
    """Return the tag that a pack's rows are written in; tables are in English by default."""
    path = Path(name)
    if path.is_file() or path.suffix.lower() in (".csv", ".tsv"):
        return "en"
    if path.is_dir():
        return path.resolve().name if (path / "market.toml").is_file() else "en"
    return load_market(name).code


def new_file(path: Path, *, force: bool) -> Path:
    """Return a path to write to. Raises `OutputError` if something stands there already."""
    if path.exists() and not force:
        raise OutputError("this file is there already", path=path, hint="Say --force to replace it")
    return path
