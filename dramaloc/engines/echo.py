"""The test engine: every text comes back unchanged."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dramaloc.engines.engine import Candidate, Capability, Request, nothing_done
from dramaloc.engines.standins import FAMILIES, Family


class EchoEngine:
    name = "echo"
    capabilities: frozenset[Capability] = frozenset()

    def route(self, source: str, target: str) -> tuple[str, ...]:
        return (source, target)

    def signature(self, source: str, target: str) -> str:  # noqa: ARG002  # the protocol's
        return "echo"

    def notice(self, source: str, target: str) -> str:  # noqa: ARG002  # the protocol's
        return ""

    def stand_ins(self, source: str, target: str) -> tuple[Family, ...]:  # noqa: ARG002  # the protocol's
        return FAMILIES[:1]

    def translate(
        self,
        requests: Sequence[Request],
        source: str,  # noqa: ARG002  # the protocol's
        target: str,  # noqa: ARG002  # the protocol's
        done: Callable[[int], None] = nothing_done,
    ) -> list[tuple[Candidate, ...]]:
        done(len(requests))
        return [(Candidate(text=request.text),) for request in requests]

    def score(self, pairs: Sequence[tuple[str, str]], source: str, target: str) -> list[float]:  # noqa: ARG002  # the protocol's
        return [0.0 for _ in pairs]
