"""The test engine: every text comes back unchanged."""

from __future__ import annotations

from dramaloc.engines.engine import PlainEngine


class EchoEngine(PlainEngine):
    name = "echo"

    def signature(self, source: str, target: str) -> str:  # noqa: ARG002  # the protocol's
        return "echo"

    def translate_text(self, text: str, source: str, target: str) -> str:  # noqa: ARG002  # the protocol's
        return text
