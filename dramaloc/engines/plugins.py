"""Engines from other packages, found through the entry point group `dramaloc.engines`.

A plug-in is foreign code: whatever it raises, and whatever it returns, becomes one line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any, TypeVar

from dramaloc.engines.engine import Candidate, Capability, Engine, Request, nothing_done
from dramaloc.engines.standins import Family
from dramaloc.errors import DramalocError, EngineError, EngineNotInstalledError

Found = TypeVar("Found")
GROUP = "dramaloc.engines"
_PARTS = ("route", "signature", "notice", "stand_ins", "translate", "score")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """A plug-in that is installed: its engine's name, its package, what to load."""

    name: str
    package: str
    version: str
    entry: EntryPoint

    def create(self, **options: Any) -> Engine:
        """Load it and make its engine. Raises `EngineNotInstalledError`."""
        try:
            engine = self.entry.load()(**options)
        except (Exception, SystemExit) as error:  # foreign code may raise anything
            raise self._broken(f"cannot be loaded ({_said(error)})") from error
        absent = [part for part in _PARTS if not callable(getattr(engine, part, None))]
        if absent:
            raise self._broken(f"is no engine: it has no {', '.join(absent)}")
        return Guarded(engine, self)

    def _broken(self, message: str) -> EngineNotInstalledError:
        return EngineNotInstalledError(
            f"the engine {self.name!r} of the package {self.package} {self.version} {message}",
            hint=f"Update or uninstall {self.package}",
        )


def find_plugins() -> dict[str, Plugin]:
    """Find the installed plug-ins by name, without loading them."""
    return {
        entry.name: Plugin(
            name=entry.name,
            package=entry.dist.name if entry.dist else "unknown",
            version=entry.dist.version if entry.dist else "",
            entry=entry,
        )
        for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name)
    }


class Guarded:
    """A plug-in's engine, held to its promises."""

    def __init__(self, engine: Engine, plugin: Plugin) -> None:
        self._engine, self._plugin = engine, plugin
        self.name = plugin.name

    @property
    def capabilities(self) -> frozenset[Capability]:
        return frozenset(getattr(self._engine, "capabilities", ()))

    def route(self, source: str, target: str) -> tuple[str, ...]:
        return self._called(lambda: tuple(self._engine.route(source, target)))

    def signature(self, source: str, target: str) -> str:
        said = self._called(lambda: self._engine.signature(source, target))
        return f"{self._plugin.package}/{self._plugin.version} {said}"

    def notice(self, source: str, target: str) -> str:
        return self._called(lambda: str(self._engine.notice(source, target)))

    def stand_ins(self, source: str, target: str) -> tuple[Family, ...]:
        return self._called(lambda: tuple(self._engine.stand_ins(source, target)))

    def translate(
        self,
        requests: Sequence[Request],
        source: str,
        target: str,
        done: Callable[[int], None] = nothing_done,
    ) -> list[tuple[Candidate, ...]]:
        found = self._called(lambda: list(self._engine.translate(requests, source, target, done)))
        if len(found) != len(requests):
            raise self._error(f"gave {len(found)} answers to {len(requests)} texts")
        if not all(_is_answer(each) for each in found):
            raise self._error("gave something that is no rendering")
        return found

    def score(self, pairs: Sequence[tuple[str, str]], source: str, target: str) -> list[float]:
        return self._called(lambda: list(self._engine.score(pairs, source, target)))

    def _called(self, method: Callable[[], Found]) -> Found:
        try:
            return method()
        except DramalocError:
            raise
        except Exception as error:
            raise self._error(f"failed ({_said(error)})") from error

    def _error(self, message: str) -> EngineError:
        return EngineError(
            f"the engine {self.name!r} {message}", hint=f"Tell the makers of {self._plugin.package}"
        )


def _is_answer(found: object) -> bool:
    return (
        bool(found)
        and isinstance(found, tuple)
        and all(isinstance(each, Candidate) and isinstance(each.text, str) for each in found)
    )


def _said(error: BaseException) -> str:
    """Put a foreign exception on one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]
