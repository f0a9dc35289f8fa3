"""Trying a model: does it load, copy stand-ins, get stuck, and how fast is it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from dramaloc.engines.engine import Engine, Request
from dramaloc.engines.standins import Family, probe_sentences
from dramaloc.loops import loop_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was seen of a model on its probe sentences."""

    stand_ins: tuple[Family, ...]
    sentences: int
    looping: int
    sentences_per_second: float


def verify(engine: Engine, source: str, target: str) -> Verified:
    """Translate the probe sentences of a language. Raises `EngineError` if the model fails."""
    families = engine.stand_ins(source, target)
    texts = probe_sentences(source) or ("...",)
    requests = [Request(text=text) for text in texts]
    begin = time.perf_counter()
    found = [candidates[0].text for candidates in engine.translate(requests, source, target)]
    seconds = time.perf_counter() - begin
    return Verified(
        stand_ins=families,
        sentences=len(texts),
        looping=sum(bool(loop_in(text)) for text in found),
        sentences_per_second=round(len(texts) / seconds, 1),
    )
