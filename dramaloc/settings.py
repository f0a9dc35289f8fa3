"""Settings and where each came from: flags > environment > `dramaloc.toml` > defaults."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from dramaloc.errors import SettingsError
from dramaloc.files import is_file, read_text
from dramaloc.marketing.field import Wanted
from dramaloc.markets.market import Limits
from dramaloc.markets.packs import read_figures
from dramaloc.subtitles.runon import Joining
from dramaloc.tomlfiles import parse

FILE_NAME = "dramaloc.toml"
SERIES_TABLE = "names.csv"
_SECTIONS = ("series", "localize", "limits", "copy", "engines")
MEMORY = "memory.sqlite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A setting's name as in `[localize]`; `many` if it is a list; its allowed values, if few.

    With `least` and `most` it is a number between them; true and false mean `on` and `off`.
    """

    name: str
    default: str | tuple[str, ...] | None = None
    many: bool = False
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    whole: bool = False

    @property
    def variable(self) -> str:
        return f"DRAMALOC_{self.name.upper().replace('-', '_')}"


OPTIONS = (
    Option(name="market", default=(), many=True),
    Option(name="from"),
    Option(name="engine"),
    Option(name="max-requests", least=1, most=1_000_000, whole=True),
    Option(name="glossary", default=(), many=True),
    Option(name="memory"),
    Option(name="encoding"),
    Option(name="output-encoding", default="utf-8"),
    Option(name="output-format"),
    Option(name="first-mention", default="episode", choices=("episode", "series", "never")),
    Option(name="units", choices=("metric", "imperial", "keep")),
    Option(name="names", choices=("as-written", "surname-first", "surname-last")),
    Option(name="address", choices=("translate", "transliterate", "keep")),
    Option(name="audience", default="adults", choices=("adults", "children")),
    Option(name="profile"),
    Option(name="bilingual", default="off", choices=("off", "on", "above", "below", "tracks")),
    Option(name="split", default=(), many=True, choices=("forced", "songs")),
    Option(name="sdh", default="on", choices=("on", "off")),
    Option(name="retime", default="off", choices=("on", "off")),
    Option(name="merge", default="auto", choices=("auto", "off")),
    Option(name="merge-threshold", least=0.0, most=1.0),
    Option(name="merge-max-cues", default="4", least=2, most=20, whole=True),
    Option(name="merge-max-characters", default="48", least=2, most=500, whole=True),
    Option(name="merge-max-gap", default="1500", least=0, most=60_000, whole=True),
    Option(name="fps", default="24", least=1.0, most=1000.0),
    Option(name="jobs", least=1, most=256, whole=True),
    Option(name="scheduler"),
    Option(name="fail-on", default="never", choices=("error", "warning", "never")),
    Option(name="progress", default="auto", choices=("auto", "plain", "json", "none")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A value and its origin: `flag`, the variable's name, the file's path, or `default`."""

    value: str | tuple[str, ...] | None
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings of a run; `folder` is the show's, where its `dramaloc.toml` lies.

    `show` is the show's title there, or else its folder's name; empty without a show. `limits`
    are the show's own, which outrank every market's and every profile's. `engines` are the
    tables `[engines.NAME]` of that file, as they stand there.
    """

    values: Mapping[str, Setting]
    folder: Path | None = None
    copy: Mapping[str, Wanted] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)
    show: str = ""
    engines: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    def one(self, name: str) -> str | None:
        value = self.values[name].value
        return value if isinstance(value, str) else None

    @property
    def conventions(self) -> dict[str, str]:
        """What the show wants otherwise than the markets do."""
        return {name: value for name in ("units", "names", "address") if (value := self.one(name))}

    @property
    def memory(self) -> Path | None:
        """The translation memory to use: the one named, or the show's, there or not; or none."""
        named = self.one("memory")
        if named is not None:
            return None if named == "none" else Path(named)
        return self.folder / MEMORY if self.folder else None

    @property
    def joining(self) -> Joining | None:
        """Which cues may be translated as one sentence; None joins none."""
        if self.one("merge") == "off":
            return None
        threshold = self.one("merge-threshold")
        return Joining(
            threshold=None if threshold is None else float(threshold),
            max_cues=int(self.one("merge-max-cues") or 0),
            max_characters=int(self.one("merge-max-characters") or 0),
            max_gap_ms=int(self.one("merge-max-gap") or 0),
        )

    @property
    def fps(self) -> float | None:
        """The video's frame rate, as far as somebody said it."""
        said = self.values["fps"]
        return None if said.origin == "default" else float(str(said.value))

    def many(self, name: str) -> tuple[str, ...]:
        value = self.values[name].value
        return value if isinstance(value, tuple) else ()


def resolve(
    flags: Mapping[str, str | int | Sequence[str] | None], environ: Mapping[str, str], start: Path
) -> Settings:
    """Work out every setting. `start` is the input, from which the show's file is sought upwards.

    Raises `SettingsError` for unknown keys and values.
    """
    path = find_file(start)
    said = _read(path) if path else {}
    section = said.get("localize", {})
    values = {option.name: _resolve(option, flags, environ, section, path) for option in OPTIONS}
    folder = path.parent if path else None
    title = said.get("series", {}).get("title") or (folder.name if folder else "")
    copy = _copy(said.get("copy", {}), path) if path else {}
    limits = read_figures(said.get("limits", {}), Limits, {}, path)[0] if path else {}
    engines = _engines(said.get("engines", {}), path) if path else {}
    return Settings(
        values=values, folder=folder, show=str(title), copy=copy, limits=limits, engines=engines
    )


def find_file(start: Path) -> Path | None:
    """Find the `dramaloc.toml` that is nearest above a file or folder."""
    here = start.absolute()
    for folder in (here, *here.parents):
        if is_file(folder / FILE_NAME):
            return folder / FILE_NAME
    return None


def _resolve(
    option: Option,
    flags: Mapping[str, str | int | Sequence[str] | None],
    environ: Mapping[str, str],
    said: Mapping[str, Any],
    path: Path | None,
) -> Setting:
    if flagged := flags.get(option.name):
        return _checked(option, flagged, "flag")
    if option.variable in environ:
        given = environ[option.variable]
        listed = [part.strip() for part in given.split(",") if part.strip()]
        return _checked(option, listed if option.many else given, option.variable)
    if option.name in said:
        value = said[option.name]
        if option.name == "glossary" and path:
            value = [_inside(option.name, str(name), path) for name in _as_list(value)]
        if option.name == "memory" and path and value != "none":
            value = _inside(option.name, str(value), path)
        if option.name == "profile" and path and str(value).lower().endswith(".toml"):
            value = _inside(option.name, str(value), path)
        return _checked(option, value, str(path))
    return Setting(value=option.default, origin="default")


def _checked(option: Option, value: object, origin: str) -> Setting:
    if option.many:
        listed = tuple(map(str, _as_list(value)))
        for each in listed if option.choices else ():
            _checked(replace(option, many=False), each, origin)
        return Setting(value=listed, origin=origin)
    if isinstance(value, bool) and "on" in option.choices:
        value = "on" if value else "off"
    if option.least is not None and option.most is not None:
        return Setting(value=_number(option, value, origin), origin=origin)
    if not isinstance(value, str):
        raise SettingsError(
            f"{option.name} is {value!r}", path=_where(option, origin), hint="It must be text"
        )
    if option.choices and value not in option.choices:
        raise SettingsError(
            f"{option.name} is {value!r}",
            path=_where(option, origin),
            hint=f"It can be {', '.join(option.choices)}",
        )
    return Setting(value=value, origin=origin)


def _where(option: Option, origin: str) -> str:
    return f"--{option.name}" if origin == "flag" else origin


def _number(option: Option, value: object, origin: str) -> str:
    least, most = option.least or 0.0, option.most or math.inf
    try:
        number = math.nan if isinstance(value, bool) else float(str(value))
    except ValueError:
        number = math.nan
    kind = "whole number" if option.whole else "number"
    if not least <= number <= most or (option.whole and number % 1):
        raise SettingsError(
            f"{option.name} is {value!r}",
            path=_where(option, origin),
            hint=f"It must be a {kind} from {least:g} to {most:g}",
        )
    return str(int(number)) if option.whole else str(value)


def _as_list(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _inside(option: str, name: str, path: Path) -> str:
    """Resolve a path from a show's file; a file one is sent must not reach outside its folder."""
    if "\0" in name:
        raise SettingsError(f"{option} is {name!r}", path=path, hint="Name a file")
    elsewhere = name[:2].replace("\\", "/") == "//"  # Windows would ask that machine to resolve it
    named = path.parent if elsewhere else (path.parent / name).resolve()
    if elsewhere or not named.is_relative_to(path.parent.resolve()):
        raise SettingsError(
            f"{option} {name!r} lies outside this file's folder",
            path=path,
            hint=f"Name it with --{option} if you mean it",
        )
    return str(named)


def _read(path: Path) -> Mapping[str, Mapping[str, Any]]:
    """Read a show's file: its sections, each a table."""
    said = parse(read_text(path), path, SettingsError)
    _refuse_unknown(said, _SECTIONS, path)
    for name, body in said.items():
        if not isinstance(body, dict):
            raise SettingsError(f"{name} is {body!r}", path=path, hint=f"Begin it with [{name}]")
    _refuse_unknown(said.get("localize", {}), [option.name for option in OPTIONS], path)
    return said


def _engines(said: Mapping[str, Any], path: Path) -> Mapping[str, Mapping[str, object]]:
    for name, body in said.items():
        if not isinstance(body, dict):
            hint = f"Begin it with [engines.{name}]"
            raise SettingsError(f"engines.{name} is {body!r}", path=path, hint=hint)
    return said


def _copy(said: Mapping[str, Any], path: Path) -> dict[str, Wanted]:
    """Read what `[copy."titles.csv"]` and its like ask for."""
    return {name: _wanted(name, body, path) for name, body in said.items()}


def _wanted(name: str, body: object, path: Path) -> Wanted:
    if not isinstance(body, dict):
        hint = f'Begin it with [copy."{name}"]'
        raise SettingsError(f"copy {name!r} is {body!r}", path=path, hint=hint)
    _refuse_unknown(body, ("fields", "limits"), path)
    fields, limits = body.get("fields", []), body.get("limits", {})
    if not isinstance(fields, list) or not all(isinstance(field, str) for field in fields):
        hint = 'It must be a list of names, such as ["title"]'
        raise SettingsError(f"fields is {fields!r}", path=path, hint=hint)
    if not isinstance(limits, dict) or not all(
        isinstance(room, int) and not isinstance(room, bool) and room > 0
        for room in limits.values()
    ):
        hint = "It must give numbers of characters, such as { title = 40 }"
        raise SettingsError(f"limits is {limits!r}", path=path, hint=hint)
    return Wanted(fields=tuple(fields), limits=limits)


def _refuse_unknown(body: Mapping[str, Any], known: Sequence[str], path: Path) -> None:
    for key in body:
        if key not in known:
            near = get_close_matches(key.replace("_", "-"), known, n=1)
            hint = f"Perhaps {near[0]}" if near else f"Known: {', '.join(known)}"
            raise SettingsError(f"unknown key {key!r}", path=path, hint=hint)
