"""Engine names and what stands behind them, imported only when somebody translates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any, cast
from urllib.parse import urlsplit

from dramaloc.engines.config import EngineConfig
from dramaloc.engines.engine import Engine
from dramaloc.engines.http import is_loopback
from dramaloc.engines.plugins import find_plugins
from dramaloc.errors import EngineNotInstalledError

ADAPTERS = {
    "argos": "dramaloc.engines.argos:ArgosEngine",
    "opencc": "dramaloc.engines.opencc:OpenCCEngine",
    "echo": "dramaloc.engines.echo:EchoEngine",
}
# What `[engines.NAME]` may have as its `type`, beside the plug-ins.
SERVICES = {
    "openai": "dramaloc.engines.openai:OpenAIEngine",
    "libretranslate": "dramaloc.engines.libretranslate:LibreTranslateEngine",
}


def create(name: str, configured: Sequence[EngineConfig] = ()) -> Engine:
    """Return a new engine by name; names with commas between make a chain.

    Raises `EngineNotInstalledError` for an unknown name, `SettingsError` for a table in
    `dramaloc.toml` that cannot be used.
    """
    names = names_in(name)
    if len(names) > 1:
        from dramaloc.engines.chain import ChainEngine

        return ChainEngine([create(each, configured) for each in names])
    (one,) = names or ("",)
    config = next((config for config in configured if config.name == one), None)
    if one in ADAPTERS:
        return cast("Engine", _load(ADAPTERS[one])())
    if config is not None:
        return _configured(config)
    plugins = find_plugins()
    if one in plugins:
        return plugins[one].create()
    known = [*ADAPTERS, *(config.name for config in configured), *plugins]
    raise EngineNotInstalledError(
        f"no engine is called {one!r}",
        hint=f"Known: {', '.join(dict.fromkeys(known))}; describe others in dramaloc.toml",
    )


def names_in(name: str) -> tuple[str, ...]:
    """Take a chain's name apart; an engine that is named twice counts once."""
    return tuple(dict.fromkeys(part.strip() for part in name.split(",") if part.strip()))


def _configured(config: EngineConfig) -> Engine:
    if config.kind in SERVICES:
        return cast("Engine", _load(SERVICES[config.kind])(config))
    plugins = find_plugins()
    if config.kind in plugins:
        named = replace(plugins[config.kind], name=config.name)
        return named.create(**config.options)
    raise config.refuse(f"type is {config.kind!r}", f"It can be {', '.join([*SERVICES, *plugins])}")


def _load(place: str) -> Any:
    module, _, attribute = place.partition(":")
    return getattr(import_module(module), attribute)


def best_for(source: str, target: str) -> str:
    """Name the engine a pair is best served by: script conversion where it is one, else MT."""
    from dramaloc.engines.opencc import converts

    return "opencc" if converts(source, target) else "argos"


def elsewhere(name: str, configured: Sequence[EngineConfig]) -> tuple[EngineConfig, ...]:
    """Return those of the engines named that send text to another machine."""
    return tuple(
        config
        for config in configured
        if config.name in names_in(name)
        and config.name not in ADAPTERS
        and config.kind in SERVICES
        and not is_loopback(str(config.options.get("url", "")))
    )


def host_of(config: EngineConfig) -> str:
    """Return the host that a configured engine talks to, without what else an address holds."""
    try:
        return urlsplit(str(config.options.get("url", ""))).hostname or "nowhere"
    except ValueError:
        return "nowhere"
