"""What every engine promises, and the plain data that goes in and out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from dramaloc.engines.standins import FAMILIES, Family
from dramaloc.errors import EngineError

Capability = Literal["n-best", "score", "prefix", "suppress", "context"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermHint:
    """A term that stands in a text: how it must be rendered, and how it must not."""

    source: str
    required: str
    forbidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who speaks or is spoken of; `age` is a birth year or a rank, 1 the eldest."""

    name: str
    rendering: str = ""
    gender: str = ""
    age: str = ""
    relation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What is known around a text: neighbouring lines, who speaks, terms, people, readers.

    `before` and `after` are source lines, nearest to the text last and first. `audience` says
    who reads it, and how people speak to one another there. `watched` is what is said on screen,
    the rest is read in peace. `tried` is a rendering of this very text that will not do, `wrong`
    says why.
    """

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    speaker: str = ""
    terms: tuple[TermHint, ...] = ()
    people: tuple[Person, ...] = ()
    audience: str = ""
    watched: bool = True
    tried: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One text to translate, on one line.

    `hypotheses` is how many renderings to return, `prefix` how each of them must begin,
    `suppress` what none of them may contain, and `context` what helps to understand the text;
    engines without the capability ignore them.
    """

    text: str
    hypotheses: int = 1
    prefix: str = ""
    suppress: tuple[str, ...] = ()
    context: Context = Context()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One rendering; `score` is the model's mean log-probability per token, 0 at best.

    `engine` names the engine where several share the work. `fault` says why there is no
    rendering; `text` is then the source's.
    """

    text: str
    score: float = 0.0
    engine: str = ""
    fault: str = ""


class StoppedError(EngineError):
    """An engine that stopped midway; `found` is what it had done by then, None for the rest."""

    def __init__(
        self, error: EngineError, found: Sequence[tuple[Candidate, ...] | None] = ()
    ) -> None:
        super().__init__(error.message, hint=error.hint)
        self.found = tuple(found)


class Engine(Protocol):
    """Translates batches between two languages it can pair directly.

    Languages are BCP 47 tags. Pivoting is the caller's: `route` says which languages a text
    passes through, so that terms can be kept at each hop. The result for one text does not
    depend on the other texts in its batch.
    """

    name: str

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Return what it can honour of a request."""
        ...

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

        `done` is called with the number of requests finished since the last call. What cannot
        be rendered comes back as one candidate with a `fault`.
        Raises `EngineError` if the engine fails, `StoppedError` if some are done.
        """
        ...

    def score(self, pairs: Sequence[tuple[str, str]], source: str, target: str) -> list[float]:
        """Return the mean log-probability per token of each (source, rendering) pair."""
        ...


def nothing_done(_count: int) -> None:
    """Stand in where nobody watches the progress."""


Usage = Mapping[str, Mapping[str, int]]


@runtime_checkable
class Metered(Protocol):
    """An engine that counts what it uses (requests, tokens), and may keep one waiting."""

    def used(self) -> Usage:
        """Return the counts so far, by the engine's name."""
        ...

    def used_here(self) -> Usage:
        """Return the counts so far of the thread that asks."""
        ...

    def break_off(self) -> None:
        """Let nobody wait any longer, in any thread; the engine is of no more use."""
        ...


def since(before: Usage, after: Usage) -> Usage:
    """Return what was used in between."""
    return {
        name: {key: count - before.get(name, {}).get(key, 0) for key, count in counts.items()}
        for name, counts in after.items()
    }


class PlainEngine:
    """What simple engines have in common; one that follows says `name` and `translate_text`.

    It serves every pair of languages, directly, one rendering a text.
    """

    name = ""
    capabilities: frozenset[Capability] = frozenset()

    def translate_text(self, text: str, source: str, target: str) -> str:
        """Translate one text on one line; nothing means that there is no rendering."""
        raise NotImplementedError

    def route(self, source: str, target: str) -> tuple[str, ...]:
        return (source, target)

    def signature(self, source: str, target: str) -> str:  # noqa: ARG002  # the protocol's
        return self.name

    def notice(self, source: str, target: str) -> str:  # noqa: ARG002  # the protocol's
        return ""

    def stand_ins(self, source: str, target: str) -> tuple[Family, ...]:  # noqa: ARG002  # the protocol's
        return FAMILIES[:1]

    def translate(
        self,
        requests: Sequence[Request],
        source: str,
        target: str,
        done: Callable[[int], None] = nothing_done,
    ) -> list[tuple[Candidate, ...]]:
        found: list[tuple[Candidate, ...]] = []
        for request in requests:
            text = self.translate_text(request.text, source, target)
            known = text or not request.text
            lacking = Candidate(text=request.text, fault="no rendering")
            found.append((Candidate(text=text) if known else lacking,))
            done(1)
        return found

    def score(self, pairs: Sequence[tuple[str, str]], source: str, target: str) -> list[float]:  # noqa: ARG002  # the protocol's
        return [0.0 for _ in pairs]
