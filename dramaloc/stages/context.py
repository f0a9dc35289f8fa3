"""What is known around a sentence, for engines that can make use of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from dramaloc.engines.engine import Context, Person
from dramaloc.glossary.matcher import Matcher
from dramaloc.glossary.term import Term
from dramaloc.markets.market import Market
from dramaloc.stages.localization import Segment
from dramaloc.subtitles.document import Document

_BEFORE, _AFTER = 2, 1  # sentences
_PREFIX = re.compile(r"\s*([^\s：:]{1,12})\s?[：:]")


def contexts(
    segments: Sequence[Segment], document: Document, market: Market
) -> Mapping[str, Context]:
    """Return by its text what is known around each sentence.

    A text that comes again has the context of the first time: equal texts come out equal.
    """
    cast = _cast(market)
    people = Matcher(cast.values())
    texts = [segment.text for segment in segments]
    found: dict[str, Context] = {}
    for at, segment in enumerate(segments):
        if segment.text in found:
            continue
        before = tuple(texts[max(0, at - _BEFORE) : at])
        after = tuple(texts[at + 1 : at + 1 + _AFTER])
        speaker = speaker_of(segment, document, cast)
        said = "\n".join([speaker, *before, segment.text, *after])
        found[segment.text] = Context(
            before=before,
            after=after,
            speaker=speaker,
            people=tuple(_persons((m.term for m in people.find(said)), market)),
            watched=document.timed,
            audience=" ".join(filter(None, [f"Readers: {market.name}.", market.register])),
        )
    return found


def speaker_of(segment: Segment, document: Document, cast: Mapping[str, Term]) -> str:
    """Name who says a sentence: as the cue says, or by a name of the show in front of it."""
    named = document.cues[segment.cue_positions[0]].speaker
    prefix = _PREFIX.match(segment.source)
    return named or (prefix[1] if prefix and prefix[1] in cast else "")


def _cast(market: Market) -> dict[str, Term]:
    """Return everybody the tables name, those whom a show tells of first."""
    named = [term for term in market.glossary if term.kind == "name" and term.source]
    return {term.source: term for term in [*named, *market.cast]}


def _persons(terms: Iterable[Term], market: Market) -> Iterable[Person]:
    for term in dict.fromkeys(terms):
        if term.tells_of_a_person:
            due = market.glossary.by_source.get(term.source)
            yield Person(
                name=term.source,
                rendering=due.required if due else "",
                gender=term.gender,
                age=term.age,
                relation=term.relation,
            )
