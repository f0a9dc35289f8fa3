"""Engines that a show's `dramaloc.toml` describes: `[engines.NAME]`, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, get_type_hints

from dramaloc.errors import SettingsError


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineConfig:
    """One `[engines.NAME]` table: its `type`, its other keys, the file it stands in.

    `max_requests` is the user's own budget, which outranks the file's.
    """

    name: str
    kind: str
    options: Mapping[str, object] = field(default_factory=dict)
    path: str = ""
    max_requests: int | None = None

    def refuse(self, message: str, hint: str = "") -> SettingsError:
        """Make the error that names this table."""
        return SettingsError(f"[engines.{self.name}] {message}", path=self.path, hint=hint)


def read_configs(tables: Mapping[str, Mapping[str, object]], path: str) -> tuple[EngineConfig, ...]:
    """Read all `[engines.…]` tables of a file. Raises `SettingsError`."""
    configs = []
    for name, table in tables.items():
        options = {key.replace("-", "_"): value for key, value in table.items()}
        kind = options.pop("type", None)
        config = EngineConfig(name=name, kind=str(kind), options=options, path=path)
        if not isinstance(kind, str):
            raise config.refuse("has no type", 'Say type = "openai" or "libretranslate"')
        if "," in name or not name.strip():
            raise config.refuse("is no name for an engine", "Use letters and digits")
        configs.append(config)
    return tuple(configs)


def options_of(config: EngineConfig, shape: type[Any]) -> dict[str, Any]:
    """Check a table's keys against the fields of a dataclass. Raises `SettingsError`."""
    hints, known = get_type_hints(shape), {each.name for each in fields(shape)} - {"name", "path"}
    checked = {}
    for key, value in config.options.items():
        if key not in known:
            listed = ", ".join(sorted(name.replace("_", "-") for name in known))
            raise config.refuse(f"has an unknown key {key!r}", f"Known: {listed}")
        wanted = {"int": int, "float": int | float, "str": str, "bool": bool}
        kind = wanted.get(getattr(hints[key], "__name__", ""), object)
        wrong = not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool)
        if wrong and kind is not object:
            raise config.refuse(f"{key} is {value!r}", f"It must be {_KINDS[hints[key]]}")
        checked[key] = value
    return checked


_KINDS = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}
