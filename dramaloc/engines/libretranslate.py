"""LibreTranslate, in house or hosted: one text a request, so that no answer can slip a line."""

from __future__ import annotations

from dramaloc.engines.answers import Answers
from dramaloc.engines.config import EngineConfig, options_of
from dramaloc.engines.engine import Capability
from dramaloc.engines.http import Clock
from dramaloc.engines.packages import argos_code
from dramaloc.engines.remote import Part, RemoteEngine, Reply, Service
from dramaloc.engines.replies import Reading, fault_in
from dramaloc.engines.standins import FAMILIES, Family


class LibreTranslateEngine(RemoteEngine):
    capabilities: frozenset[Capability] = frozenset()

    def __init__(
        self, config: EngineConfig, *, answers: Answers | None = None, clock: Clock | None = None
    ) -> None:
        service = Service(**options_of(config, Service))
        super().__init__(config, service, answers=answers, clock=clock)

    def headers(self) -> dict[str, str]:
        return {}  # it wants its key in the body

    def signature(self, source: str, target: str) -> str:
        pair = f"{argos_code(source)}-{argos_code(target)}"
        return f"libretranslate/{pair}@{self.client.url}"

    def stand_ins(self, source: str, target: str) -> tuple[Family, ...]:  # noqa: ARG002  # the protocol's
        return FAMILIES  # its models are Argos's, and each copies others

    def ask(self, part: Part, source: str, target: str) -> Reply:
        ((key, request),) = part.lines.items()
        body = {
            "q": request.text,
            "source": argos_code(source),
            "target": argos_code(target),
            "format": "text",
        }
        body |= {"api_key": self.key} if self.key else {}
        said = self.client.post("/translate", body)
        text = said.get("translatedText")
        text = " ".join(text.split()) if isinstance(text, str) else None
        fault = fault_in(text, request, source, target)
        if fault or text is None:
            return Reply(reading=Reading(faults={key: fault}))
        return Reply(reading=Reading(texts={key: text}))
