"""What several commands read: subtitle files, and a market with its show's tables."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from dramaloc.batch.names import language_in_name
from dramaloc.errors import InputError
from dramaloc.files import read_bytes
from dramaloc.glossary.tables import read_table
from dramaloc.markets.market import Market
from dramaloc.markets.packs import load_market
from dramaloc.settings import SERIES_TABLE, find_file, resolve
from dramaloc.stages.pipeline import with_series
from dramaloc.subtitles import formats
from dramaloc.subtitles.document import Document


def read_subtitles(
    path: Path, *, language: str | None = None, encoding: str | None = None
) -> Document:
    """Read a subtitle file; its language is the one given, or in its name, or zh-Hans."""
    language = language or language_in_name(path) or "zh-Hans"
    try:
        return formats.read(read_bytes(path), language=language, encoding=encoding)
    except InputError as error:
        raise error.at(path) from error


def market_with_series(name: str, tables: Sequence[str], *beside: Path) -> Market:
    """Load a market with the tables named, and the `names.csv` of a show's folder.

    The show is sought upwards from each of `beside`; the first that has one counts.
    """
    show = next((found.parent for path in beside if (found := find_file(path))), None)
    settings = resolve({"glossary": tables}, os.environ, show or Path.cwd())
    paths = [Path(table) for table in settings.many("glossary")]
    if settings.folder is not None and (settings.folder / SERIES_TABLE).is_file():
        paths.insert(0, settings.folder / SERIES_TABLE)
    return with_series(load_market(name), [term for path in paths for term in read_table(path)])
