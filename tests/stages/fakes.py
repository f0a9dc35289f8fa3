"""An engine whose every answer a test decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from dramaloc.engines.engine import Candidate, Capability, Request, nothing_done
from dramaloc.engines.standins import Family

BRACKETS = (Family(name="brackets", marks=tuple(f"⟦{n}⟧" for n in range(8))),)


class FakeEngine:
    """Answers from a table, else with `default(text)`; counts what it was asked."""

    name = "fake"

    def __init__(
        self,
        answers: Mapping[str, str | Sequence[str]] | None = None,
        *,
        default: Callable[[str], str] = lambda text: f"<{text}>",
        capabilities: Sequence[Capability] = ("n-best", "score", "prefix", "suppress"),
        stand_ins: tuple[Family, ...] = BRACKETS,
        languages: Sequence[str] = (),
    ) -> None:
        self.answers = dict(answers or {})
        self.default = default
        self.capabilities: frozenset[Capability] = frozenset(capabilities)
        self.families = stand_ins
        self.languages = languages
        self.calls: list[list[Request]] = []

    def route(self, source: str, target: str) -> tuple[str, ...]:
        return (source, *self.languages, target)

    def signature(self, source: str, target: str) -> str:
        return f"fake {source}-{target}"

    def notice(self, source: str, target: str) -> str:  # noqa: ARG002
        return ""

    def stand_ins(self, source: str, target: str) -> tuple[Family, ...]:  # noqa: ARG002
        return self.families

    def translate(
        self,
        requests: Sequence[Request],
        source: str,  # noqa: ARG002
        target: str,  # noqa: ARG002
        done: Callable[[int], None] = nothing_done,
    ) -> list[tuple[Candidate, ...]]:
        self.calls.append(list(requests))
        done(len(requests))
        return [self._answer(request) for request in requests]

    def _answer(self, request: Request) -> tuple[Candidate, ...]:
        if request.prefix:
            return (Candidate(text=f"{request.prefix} and so on.", score=-1.0),)
        found = self.answers.get(request.text, self.default(request.text))
        listed = [found] if isinstance(found, str) else list(found)
        kept = [text for text in listed if not any(word in text for word in request.suppress)]
        return tuple(
            Candidate(text=text, score=-0.1 * place)
            for place, text in enumerate((kept or ["nothing left"])[: request.hypotheses])
        )

    def score(self, pairs: Sequence[tuple[str, str]], source: str, target: str) -> list[float]:  # noqa: ARG002
        return [-0.01 * len(text) for _, text in pairs]
