"""One hop of a text's way: an engine between two languages, and the terms due there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from dramaloc.engines.engine import (
    Candidate,
    Context,
    Engine,
    Request,
    TermHint,
    nothing_done,
)
from dramaloc.engines.standins import Family
from dramaloc.errors import DramalocError, EngineError
from dramaloc.glossary.matcher import Matcher
from dramaloc.glossary.term import Glossary, Term
from dramaloc.stages.renderings import Rendering
from dramaloc.stages.terms import Contract

_HYPOTHESES = 4
_OTHER = "Run the command again, or choose another --engine"


@dataclass(frozen=True)
class Hop:
    """One direct translation: an engine between two languages, and the terms due there.

    `contexts` says what is known around a text, for engines that look at it.
    """

    engine: Engine
    source: str
    target: str
    glossary: Glossary
    contexts: Mapping[str, Context] = field(default_factory=dict)

    @cached_property
    def matcher(self) -> Matcher:
        return self.glossary.matcher

    @cached_property
    def everywhere(self) -> tuple[Term, ...]:
        """Terms that forbid a rendering whatever the source says."""
        return tuple(t for t in self.glossary if t.action == "forbid" and not t.source)

    @property
    def hypotheses(self) -> int:
        """How many renderings to ask for where one of them may do."""
        return _HYPOTHESES if "n-best" in self.engine.capabilities else 1

    @cached_property
    def signature(self) -> str:
        return self.engine.signature(self.source, self.target)

    def context(self, due: Contract) -> Context:
        """Return what is known around a text, with the terms it must keep."""
        hints = (
            TermHint(source=term.source, required=term.required, forbidden=term.forbid)
            for term in dict.fromkeys(due.terms)
        )
        return replace(self.contexts.get(due.text, Context()), terms=tuple(hints))

    def signed(self, due: Contract) -> str:
        """Name all but text and terms that a text's rendering depends on."""
        if "context" not in self.engine.capabilities:
            return self.signature
        return f"{self.signature} {self.context(due)!r}"

    def stands_by(self, found: Rendering) -> bool:
        """Whether a rendering is worth keeping: what stands in for a better one is not."""
        first = self.engine.name.partition(",")[0]
        return not found.fault and found.engine in ("", first)

    @cached_property
    def families(self) -> tuple[Family, ...]:
        """Stand-ins that the engine copies, best first; asked for only if a term needs one."""
        return self.engine.stand_ins(self.source, self.target)

    def translate(
        self,
        texts: Iterable[str],
        hypotheses: int = 1,
        *,
        contexts: Mapping[str, Context] | None = None,
        watch: Callable[[int], None] = nothing_done,
    ) -> dict[str, tuple[Candidate, ...]]:
        """Translate each different text once."""
        asked = list(dict.fromkeys(texts))
        known = contexts if contexts and "context" in self.engine.capabilities else {}
        requests = [
            Request(text=text, hypotheses=hypotheses, context=known.get(text, Context()))
            for text in asked
        ]
        found = self.ask(requests, watch)
        return dict(zip(asked, found, strict=True))

    def ask(
        self, requests: Sequence[Request], watch: Callable[[int], None] = nothing_done
    ) -> list[tuple[Candidate, ...]]:
        """Hand requests to the engine and hold it to its promise. Raises `EngineError`."""
        name = self.engine.name
        try:
            found = [
                tuple(each)
                for each in self.engine.translate(requests, self.source, self.target, watch)
            ]
            told = [candidate.text for candidates in found for candidate in candidates]
        except DramalocError:
            raise
        except Exception as error:  # whatever comes up in somebody else's code
            said = (str(error).splitlines() or [""])[0][:120]
            raise EngineError(
                f"engine {name!r} failed ({type(error).__name__}: {said})", hint=_OTHER
            ) from error
        if len(found) != len(requests) or not all(found):
            given = f"{sum(map(bool, found))} renderings for {len(requests)} texts"
            raise EngineError(f"engine {name!r} gave {given}", hint=_OTHER)
        if not all(isinstance(text, str) for text in told):
            raise EngineError(f"engine {name!r} gave something that is no text", hint=_OTHER)
        return found

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Return the mean log-probability per token of each (source, rendering) pair."""
        return self.engine.score(pairs, self.source, self.target)

    def finish(self, begun: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Candidate]:
        """Translate texts whose renderings must begin as given."""
        asked = list(dict.fromkeys(begun))
        requests = [Request(text=text, prefix=prefix) for text, prefix in asked]
        found = self.ask(requests)
        return {pair: candidates[0] for pair, candidates in zip(asked, found, strict=True)}
