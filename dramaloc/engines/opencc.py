"""Simplified to traditional Chinese through OpenCC, with the words of Taiwan or Hong Kong."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any

from dramaloc.engines.engine import PlainEngine
from dramaloc.errors import EngineNotInstalledError

_CONFIGS = {"zh-Hant-TW": "s2twp", "zh-Hant-HK": "s2hk", "zh-Hant": "s2t"}


def converts(source: str, target: str) -> bool:
    """Say whether OpenCC is the engine between two tags."""
    return source in ("zh", "zh-CN", "zh-Hans") and target in _CONFIGS


class OpenCCEngine(PlainEngine):
    name = "opencc"

    def route(self, source: str, target: str) -> tuple[str, ...]:
        if not converts(source, target):
            raise EngineNotInstalledError(
                f"opencc converts simplified to traditional Chinese, not {source} to {target}",
                hint="Leave --engine out to take the engine of the pair",
            )
        return (source, target)

    def signature(self, source: str, target: str) -> str:  # noqa: ARG002  # the protocol's
        return f"opencc/{version('opencc')}/{_CONFIGS[target]}"

    def translate_text(self, text: str, source: str, target: str) -> str:  # noqa: ARG002  # the protocol's
        return str(_converter(_CONFIGS[target]).convert(text))


@cache
def _converter(config: str) -> Any:
    from opencc import OpenCC

    return OpenCC(config)
