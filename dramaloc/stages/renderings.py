"""What was rendered before, so that nothing is asked of an engine twice.

A rendering depends on its text, the hop, the engine and the terms due in that text, and on
nothing else: markets that share a pivot share the way to it, and a line that comes back in
another episode comes back translated.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import dramaloc
from dramaloc.glossary.term import Term
from dramaloc.stages.terms import Contract

_MOST = 50_000  # some ten episodes over a dozen hops, in about 30 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """A text as an engine rendered it, with what `render` knows about it.

    `rung` is the way its terms were kept, `score` the engine's score of the text, and
    `score_drop` what keeping the terms cost. `engine` names the engine where several share the
    work; `fault` says why there is no rendering.
    """

    text: str
    score: float
    rung: str
    score_drop: float = 0.0
    engine: str = ""
    fault: str = ""


class Renderings(Protocol):
    """A store of renderings by key. May forget; may be shared between threads."""

    def get(self, keys: Iterable[str]) -> Mapping[str, Rendering]:
        """Return those of the keys that are known."""
        ...

    def put(self, found: Mapping[str, Rendering]) -> None:
        """Keep renderings; those known already are the same."""
        ...


class Recent:
    """The latest renderings of one process; the oldest are forgotten first."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._known: OrderedDict[str, Rendering] = OrderedDict()

    def get(self, keys: Iterable[str]) -> Mapping[str, Rendering]:
        known = self._known
        return {key: found for key in keys if (found := known.get(key)) is not None}

    def put(self, found: Mapping[str, Rendering]) -> None:
        self._known.update(found)
        while len(self._known) > self._most:
            self._known.popitem(last=False)


def plain_key(text: str, source: str, target: str, signature: str) -> str:
    """Return the key of what an engine makes of a text when no term is asked for."""
    return _digest("plain", text, source, target, signature)


def key(due: Contract, source: str, signature: str) -> str:
    """Return the key of a text's rendering under its contract.

    Everything that may change the result goes in; a term's note and its place in a table do not.
    """
    places = [[match.start, match.end, *_said(match.term)] for match in due.matches]
    watched = [_said(term) for term in due.watched]
    return _digest("kept", due.text, source, due.language, signature, places, watched)


def _said(term: Term) -> list[object]:
    return [term.source, term.target, term.action, term.kind, term.accept, term.forbid]


def _digest(*parts: object) -> str:
    # The ladder itself may change from version to version.
    said = json.dumps([dramaloc.__version__, *parts], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode(errors="surrogatepass")).hexdigest()
