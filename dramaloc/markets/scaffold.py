"""The files of a new market pack, for its author to fill in."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields

from dramaloc.errors import MarketError
from dramaloc.glossary.tables import COLUMNS
from dramaloc.markets.market import Conventions, Limits, Market

# A language, maybe a script, maybe a territory: all that a market's tag may hold.
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-(?P<script>[a-z]{4}))?(?:-(?P<territory>[a-z]{2}|\d{3}))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaffold:
    """A pack's folder and its files, by name, not yet written."""

    code: str
    files: tuple[tuple[str, str], ...]


def new_tag(tag: str) -> str:
    """Write a market's tag in BCP 47's letter case. Raises `MarketError` for what is none.

    >>> new_tag("ZH_hant_mo")
    'zh-Hant-MO'
    """
    found = _TAG.fullmatch(tag.replace("_", "-"))
    if found is None:
        raise MarketError(
            f"{tag!r} is no language tag", hint="Write it like en-AU, es-419 or zh-Hant-MO"
        )
    parts = (
        found["language"].lower(),
        (found["script"] or "").title(),
        (found["territory"] or "").upper(),
    )
    return "-".join(filter(None, parts))


def scaffold(tag: str, parent: Market) -> Scaffold:
    """Write a pack that inherits all of `parent` and says nothing else yet."""
    code = new_tag(tag)
    if code == parent.code:
        raise MarketError(f"{code} cannot inherit from itself", hint="Name a broader market")
    text = "\n".join(
        [
            f'name = "{code}"',
            f'inherits = "{parent.code}"',
            "",
            f"# What stands here outranks {parent.code}; what is left out is inherited from it.",
            f"# The figures below are {parent.code}'s. Take away the # of those that differ,",
            "# and of the source they come from.",
            "",
            *_figures("limits", parent.limits),
            *_figures("conventions", parent.conventions),
            _REST,
        ]
    )
    header = ",".join(COLUMNS) + "\n"
    return Scaffold(code=code, files=(("market.toml", text), ("overrides.csv", header)))


_REST = """\
# [breaks]
# clinging = []  # no line break after these words
# opening = []  # better a line break before these

# [sources.guide]
# title = "The style guide the figures come from"
# reference = "its publisher, article or address"
# retrieved = "2026-01"  # when it was read
# verified = false  # true if the guide itself was seen
"""


def _figures(section: str, values: Limits | Conventions) -> list[str]:
    return [
        f"# [{section}]",
        *(
            f'# {each.name} = {{ value = {_toml(getattr(values, each.name))}, source = "guide" }}'
            for each in fields(values)
        ),
        "",
    ]


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    # JSON's strings are TOML's too; its numbers need no `.0`.
    return f"{value:g}" if isinstance(value, float) else json.dumps(value, ensure_ascii=False)
