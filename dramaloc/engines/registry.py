"""Engine names and their adapters, imported only when somebody translates."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from dramaloc.engines.engine import Engine
from dramaloc.errors import EngineNotInstalledError

ADAPTERS = {
    "argos": "dramaloc.engines.argos:ArgosEngine",
    "opencc": "dramaloc.engines.opencc:OpenCCEngine",
    "echo": "dramaloc.engines.echo:EchoEngine",
}


def create(name: str) -> Engine:
    """Return a new engine by name. Raises `EngineNotInstalledError` for an unknown one."""
    if name not in ADAPTERS:
        raise EngineNotInstalledError(
            f"no engine is called {name!r}", hint=f"Known: {', '.join(ADAPTERS)}"
        )
    module, _, attribute = ADAPTERS[name].partition(":")
    return cast("Engine", getattr(import_module(module), attribute)())


def best_for(source: str, target: str) -> str:
    """Name the engine a pair is best served by: script conversion where it is one, else MT."""
    from dramaloc.engines.opencc import converts

    return "opencc" if converts(source, target) else "argos"
