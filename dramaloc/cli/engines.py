"""The engines a show describes: reading them, saying where text goes, what it took."""

from __future__ import annotations

from dataclasses import replace

from dramaloc.cli.answer import say
from dramaloc.engines.config import EngineConfig, read_configs
from dramaloc.engines.engine import Usage
from dramaloc.engines.registry import SERVICES, elsewhere, host_of
from dramaloc.errors import SettingsError
from dramaloc.settings import FILE_NAME, Settings


def engine_configs(settings: Settings) -> tuple[EngineConfig, ...]:
    """Read the engines of the show's file, with the user's budget laid over them."""
    path = str(settings.folder / FILE_NAME) if settings.folder else ""
    budget = settings.one("max-requests")
    configs = read_configs(settings.engines, path)
    return tuple(
        replace(config, max_requests=int(float(budget)) if budget else None) for config in configs
    )


def refuse_unnamed(settings: Settings) -> None:
    """Raise `SettingsError` if only a file wants text sent to another machine.

    A show's file may come from anybody, and may name any address and any variable.
    """
    named = settings.values["engine"]
    if not isinstance(named.value, str) or named.origin in ("flag", "DRAMALOC_ENGINE"):
        return
    for config in elsewhere(named.value, engine_configs(settings)):
        raise SettingsError(
            f"engine {config.name} would send the lines to {host_of(config)},"
            " and only this file says so",
            path=named.origin,
            hint=f"Say --engine {named.value} if you mean it",
        )


def described(config: EngineConfig) -> str:
    """Say in short what a configured engine is; its key's variable, never its key."""
    options = config.options
    if config.kind not in SERVICES:
        return f"plug-in {config.kind}"
    key = f", key in {options['key_env']}" if options.get("key_env") else ""
    model = f", model {options['model']}" if options.get("model") else ""
    return f"{config.kind} at {host_of(config)}{model}{key}"


def tell_usage(usage: Usage, *, quiet: bool = False) -> None:
    """Say what engines over HTTP took, on a line each."""
    for name, counts in () if quiet else usage.items():
        asked, kept = counts.get("requests", 0), counts.get("kept", 0)
        tokens = [
            f"{counts[key]:,} {word}"
            for key, word in (("prompt_tokens", "tokens in"), ("completion_tokens", "tokens out"))
            if key in counts
        ]
        say(", ".join([f"{name}: {asked:,} requests", *tokens, f"{kept:,} answers from before"]))
