"""Offline subtitle localization with verified terminology.

>>> from dramaloc import load_market, read
>>> load_market("en-US").limits.max_lines
2
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dramaloc.engines.registry import best_for as best_engine
    from dramaloc.engines.registry import create as create_engine
    from dramaloc.glossary.tables import read_table
    from dramaloc.markets.packs import load_market
    from dramaloc.quality.checks import check
    from dramaloc.stages.pipeline import localize
    from dramaloc.subtitles.formats import read, write

__version__ = "0.1.0"

_PUBLIC = {
    "best_engine": "dramaloc.engines.registry:best_for",
    "check": "dramaloc.quality.checks:check",
    "create_engine": "dramaloc.engines.registry:create",
    "load_market": "dramaloc.markets.packs:load_market",
    "localize": "dramaloc.stages.pipeline:localize",
    "read": "dramaloc.subtitles.formats:read",
    "read_table": "dramaloc.glossary.tables:read_table",
    "write": "dramaloc.subtitles.formats:write",
}
__all__ = [
    "best_engine",
    "check",
    "create_engine",
    "load_market",
    "localize",
    "read",
    "read_table",
    "write",
]


def __getattr__(name: str) -> Any:
    """Load a public function when it is first asked for, so that importing stays instant."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'dramaloc' has no attribute {name!r}")
    module, _, attribute = _PUBLIC[name].partition(":")
    return getattr(import_module(module), attribute)
