"""An engine that knows a few lines by heart, and leaves the others to the next of its chain."""

from dramaloc.engines.engine import PlainEngine
from dramaloc.errors import EngineNotInstalledError

LINES = {"你好": "Hello.", "再见": "Goodbye.", "奶奶来了": "Grandma's here."}


class Phrasebook(PlainEngine):
    name = "phrasebook"

    def __init__(self, *, shout: bool = False) -> None:
        # `[engines.loud]` with `type = "phrasebook"` and `shout = true` comes here.
        self.shout = shout

    def route(self, source: str, target: str) -> tuple[str, ...]:
        if target != "en":
            raise EngineNotInstalledError(f"phrasebook knows no {target}")
        return (source, target)

    def signature(self, source: str, target: str) -> str:
        # It must change whenever the output could.
        return f"lines={len(LINES)} shout={self.shout}"

    def translate_text(self, text: str, source: str, target: str) -> str:
        # Nothing means: not mine. Without a next engine the cue gets a finding.
        known = LINES.get(text, "")
        return known.upper() if self.shout else known
