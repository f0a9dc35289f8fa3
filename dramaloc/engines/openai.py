"""Any endpoint that speaks OpenAI's chat protocol: vLLM, llama.cpp, Ollama, an in-house model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dramaloc.engines.answers import Answers
from dramaloc.engines.config import EngineConfig, options_of
from dramaloc.engines.engine import Capability
from dramaloc.engines.http import Clock
from dramaloc.engines.prompt import VERSION, messages
from dramaloc.engines.remote import Part, RemoteEngine, Reply, Service
from dramaloc.engines.replies import read_reply
from dramaloc.errors import EngineError

_PATH = "/chat/completions"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatService(Service):
    """The keys of `[engines.NAME]` with `type = "openai"`.

    `seed` below 0 sends none. `json` asks for a JSON object where the service offers that.
    `instructions` are added to the task, `extra` to every request's body.
    """

    model: str = ""
    temperature: float = 0.0
    seed: int = 1
    batch_lines: int = 20
    json: bool = False
    instructions: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)


class OpenAIEngine(RemoteEngine):
    capabilities: frozenset[Capability] = frozenset({"context"})

    def __init__(
        self, config: EngineConfig, *, answers: Answers | None = None, clock: Clock | None = None
    ) -> None:
        self.chat = ChatService(**options_of(config, ChatService))
        if not self.chat.model:
            raise config.refuse("names no model", 'Say model = "…"')
        if self.chat.batch_lines < 1:
            raise config.refuse("batch-lines is less than 1", "Say how many lines go together")
        self.batch_lines = self.chat.batch_lines
        super().__init__(config, self.chat, answers=answers, clock=clock)

    def signature(self, source: str, target: str) -> str:  # noqa: ARG002  # the protocol's
        chat = self.chat
        more = json.dumps([chat.instructions, chat.extra], sort_keys=True, ensure_ascii=False)
        return (
            f"openai/{chat.model}@{self.client.url} temperature={chat.temperature:g}"
            f" seed={chat.seed} prompt={VERSION}" + (f" {more}" if more != '["", {}]' else "")
        )

    def ask(self, part: Part, source: str, target: str) -> Reply:
        chat = self.chat
        body: dict[str, object] = {
            "model": chat.model,
            "messages": messages(
                part.lines,
                source,
                target,
                note=part.note,
                as_object=chat.json,
                instructions=chat.instructions,
            ),
            "temperature": chat.temperature,
            "stream": False,
            **({"seed": chat.seed} if chat.seed >= 0 else {}),
            **({"response_format": {"type": "json_object"}} if chat.json else {}),
            **chat.extra,
        }
        path = "" if self.client.url.endswith(_PATH) else _PATH
        said = self.client.post(path, body)
        text = self._content(said)
        return Reply(reading=read_reply(text, part.lines, source, target), tokens=_tokens(said))

    def _content(self, said: Mapping[str, Any]) -> str:
        """Return what the model wrote, or its refusal."""
        try:
            message = said["choices"][0]["message"]
            content = message.get("content") or message.get("refusal") or ""
        except (KeyError, IndexError, TypeError, AttributeError):
            shown = self.client.clean(json.dumps(said, ensure_ascii=False))
            raise EngineError(
                f"{self.name} at {self.client.host} answered no chat completion: {shown}",
                hint="Check url; it usually ends in /v1",
            ) from None
        if isinstance(content, list):
            content = "".join(str(c.get("text", "")) for c in content if isinstance(c, dict))
        return str(content)


def _tokens(said: Mapping[str, Any]) -> dict[str, int]:
    usage = said.get("usage")
    counts = usage if isinstance(usage, dict) else {}
    return {
        name: count
        for name in ("prompt_tokens", "completion_tokens")
        if isinstance(count := counts.get(name), int) and not isinstance(count, bool)
    }
