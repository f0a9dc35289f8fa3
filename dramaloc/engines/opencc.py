"""Simplified to traditional Chinese through OpenCC, with the words of Taiwan or Hong Kong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib.metadata import version
from typing import Any

from dramaloc.engines.engine import Candidate, Capability, Request, nothing_done
from dramaloc.engines.standins import FAMILIES, Family
from dramaloc.errors import EngineNotInstalledError

_CONFIGS = {"zh-Hant-TW": "s2twp", "zh-Hant-HK": "s2hk", "zh-Hant": "s2t"}


def converts(source: str, target: str) -> bool:
    """Say whether OpenCC is the engine between two tags."""
    return source in ("zh", "zh-CN", "zh-Hans") and target in _CONFIGS


class OpenCCEngine:
    name = "opencc"
    capabilities: frozenset[Capability] = frozenset()

    def route(self, source: str, target: str) -> tuple[str, ...]:
        if not converts(source, target):
            raise EngineNotInstalledError(
                f"opencc converts simplified to traditional Chinese, not {source} to {target}",
                hint="Leave --engine out to take the engine of the pair",
            )
        return (source, target)

    def signature(self, source: str, target: str) -> str:  # noqa: ARG002  # the protocol's
        return f"opencc/{version('opencc')}/{_CONFIGS[target]}"

    def notice(self, source: str, target: str) -> str:  # noqa: ARG002  # the protocol's
        return ""

    def stand_ins(self, source: str, target: str) -> tuple[Family, ...]:  # noqa: ARG002  # the protocol's
        return FAMILIES[:1]

    def translate(
        self,
        requests: Sequence[Request],
        source: str,  # noqa: ARG002  # the protocol's
        target: str,
        done: Callable[[int], None] = nothing_done,
    ) -> list[tuple[Candidate, ...]]:
        converter = _converter(_CONFIGS[target])
        done(len(requests))
        return [(Candidate(text=converter.convert(request.text)),) for request in requests]

    def score(self, pairs: Sequence[tuple[str, str]], source: str, target: str) -> list[float]:  # noqa: ARG002  # the protocol's
        return [0.0 for _ in pairs]


@cache
def _converter(config: str) -> Any:
    from opencc import OpenCC

    return OpenCC(config)
