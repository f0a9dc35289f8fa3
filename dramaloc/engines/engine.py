"""What every engine promises, and the plain data that goes in and out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from dramaloc.engines.standins import Family

Capability = Literal["n-best", "score", "prefix", "suppress"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One text to translate, on one line.

    `hypotheses` is how many renderings to return, `prefix` how each of them must begin, and
    `suppress` what none of them may contain; engines without the capability ignore them.
    """

    text: str
    hypotheses: int = 1
    prefix: str = ""
    suppress: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One rendering; `score` is the model's mean log-probability per token, 0 at best."""

    text: str
    score: float = 0.0


class Engine(Protocol):
    """Translates batches between two languages it can pair directly.

    Languages are BCP 47 tags. Pivoting is the caller's: `route` says which languages a text
    passes through, so that terms can be kept at each hop. The result for one text does not
    depend on the other texts in its batch.
    """

    name: str
    capabilities: frozenset[Capability]

    def route(self, source: str, target: str) -> tuple[str, ...]:
        """Return the languages from `source` to `target`, both included.

        Raises `EngineNotInstalledError`, with the way to get what is missing.
        """
        ...

    def signature(self, source: str, target: str) -> str:
        """Name engine, version and model digest: equal signatures give equal bytes."""
        ...

    def notice(self, source: str, target: str) -> str:
        """Return what a user should know before using this pair, or nothing."""
        ...

    def stand_ins(self, source: str, target: str) -> tuple[Family, ...]:
        """Return the words this pair copies unchanged, best family first; may be empty."""
        ...

    def translate(
        self,
        requests: Sequence[Request],
        source: str,
        target: str,
        done: Callable[[int], None] = ...,
    ) -> list[tuple[Candidate, ...]]:
        """Return candidates for each request, best first, in the order of the requests.

        `done` is called with the number of requests finished since the last call.
        Raises `EngineError` if the engine fails.
        """
        ...

    def score(self, pairs: Sequence[tuple[str, str]], source: str, target: str) -> list[float]:
        """Return the mean log-probability per token of each (source, rendering) pair."""
        ...


def nothing_done(_count: int) -> None:
    """Stand in where nobody watches the progress."""
