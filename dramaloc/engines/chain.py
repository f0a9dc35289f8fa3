"""Several engines in a row: the first that can, the next for what failed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from dramaloc.engines.engine import (
    Candidate,
    Capability,
    Context,
    Engine,
    Metered,
    Request,
    StoppedError,
    Usage,
    nothing_done,
)
from dramaloc.engines.standins import Family
from dramaloc.errors import EngineError, EngineNotInstalledError

Found = list[tuple[Candidate, ...] | None]


class ChainEngine:
    """Asks each engine for what those before it left.

    An engine that stops (no answer, budget spent) is not asked again in this run. What may be
    asked of the chain is what may be asked of the first that still stands: its renderings
    should not be replaced by another's only because that one offers more of them.
    """

    def __init__(self, engines: Sequence[Engine]) -> None:
        self.engines = tuple(engines)
        self.name = ",".join(engine.name for engine in engines)
        self._stopped: dict[str, EngineError] = {}

    @property
    def capabilities(self) -> frozenset[Capability]:
        return self._standing()[0].capabilities

    def route(self, source: str, target: str) -> tuple[str, ...]:
        return self._able(source, target)[0].route(source, target)

    def signature(self, source: str, target: str) -> str:
        return " | ".join(
            " + ".join(engine.signature(*hop) for hop in _hops(engine, source, target))
            for engine in self._able(source, target)
        )

    def notice(self, source: str, target: str) -> str:
        able = self._able(source, target)
        said = [engine.notice(*hop) for engine in able for hop in _hops(engine, source, target)]
        said += [
            f"{engine.name} has nothing from {source} to {target}, and is left out"
            for engine in self.engines
            if engine not in able
        ]
        return ". ".join(filter(None, said))

    def stand_ins(self, source: str, target: str) -> tuple[Family, ...]:
        return self._standing(source, target)[0].stand_ins(source, target)

    def used(self) -> Usage:
        found = [engine.used() for engine in self._metered()]
        return {name: counts for each in found for name, counts in each.items()}

    def used_here(self) -> Usage:
        found = [engine.used_here() for engine in self._metered()]
        return {name: counts for each in found for name, counts in each.items()}

    def break_off(self) -> None:
        for engine in self._metered():
            engine.break_off()

    def _metered(self) -> list[Metered]:
        return [engine for engine in self.engines if isinstance(engine, Metered)]

    def translate(
        self,
        requests: Sequence[Request],
        source: str,
        target: str,
        done: Callable[[int], None] = nothing_done,
    ) -> list[tuple[Candidate, ...]]:
        found: Found = [None] * len(requests)
        stopped: EngineError | None = None
        for engine in self._standing(source, target):
            left = [at for at, each in enumerate(found) if each is None or each[0].fault]
            if not left:
                break
            asked = [_suited(requests[at], engine) for at in left]
            try:
                got = _through(engine, asked, source, target)
            except StoppedError as error:
                stopped, got = self._stop(engine, error), list(error.found)
            except EngineError as error:
                stopped, got = self._stop(engine, error), []
            for at, each in zip(left, got, strict=False):
                found[at] = _better(found[at], each, engine.name)
        if stopped and None in found:
            raise StoppedError(stopped, found) from stopped
        done(len(requests))
        return [each for each in found if each is not None]

    def score(self, pairs: Sequence[tuple[str, str]], source: str, target: str) -> list[float]:
        return self._standing(source, target)[0].score(pairs, source, target)

    def _stop(self, engine: Engine, error: EngineError) -> EngineError:
        self._stopped[engine.name] = error
        return error

    def _able(self, source: str, target: str) -> list[Engine]:
        """Return the engines that serve a pair. Raises the first one's error if none does."""
        able, errors = [], []
        for engine in self.engines:
            try:
                engine.route(source, target)
                able.append(engine)
            except EngineNotInstalledError as error:
                errors.append(error)
        if not able:
            raise errors[0]
        return able

    def _standing(self, source: str = "", target: str = "") -> list[Engine]:
        engines = self._able(source, target) if source else list(self.engines)
        standing = [engine for engine in engines if engine.name not in self._stopped]
        return standing or engines[-1:]


def _suited(request: Request, engine: Engine) -> Request:
    """Leave the context out for engines that do not look at it: equal texts are then equal."""
    return request if "context" in engine.capabilities else replace(request, context=Context())


def _better(
    known: tuple[Candidate, ...] | None, new: tuple[Candidate, ...] | None, name: str
) -> tuple[Candidate, ...] | None:
    """Take a rendering; of two faults the first is the one to tell, with the second behind it."""
    if new is None:
        return known
    stamped = tuple(replace(candidate, engine=candidate.engine or name) for candidate in new)
    fault = stamped[0].fault
    if not fault:
        return stamped
    said = f"{name}: {fault}"
    both = f"{known[0].fault}; {said}" if known and known[0].fault else said
    return (replace(stamped[0], fault=both),)


def _through(engine: Engine, requests: Sequence[Request], source: str, target: str) -> Found:
    """Translate by an engine that may need a language in between."""
    first, *others = _hops(engine, source, target)
    found: Found = list(engine.translate(requests, *first))
    for hop in others:
        onward = [
            replace(request, text=each[0].text, hypotheses=1)
            for request, each in zip(requests, found, strict=True)
            if each
        ]
        found = list(engine.translate(onward, *hop))
    return found


def _hops(engine: Engine, source: str, target: str) -> list[tuple[str, str]]:
    return list(pairwise(engine.route(source, target)))
