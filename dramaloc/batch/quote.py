"""How much work a run would be, counted as translators count: by words, and by what is known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dramaloc.batch.crew import Task
from dramaloc.batch.workbench import Workbench
from dramaloc.files import read_bytes
from dramaloc.letters import HAN, LETTER
from dramaloc.memory.entry import plain

REPEATED, EXACT, NEW = "repeated", "exact", "new"
# At least so similar, in hundredths: the bands of most CAT tools.
_SIMILAR = ((95, "95-99"), (85, "85-94"), (75, "75-84"))
BANDS = (REPEATED, EXACT, *(name for _, name in _SIMILAR), NEW)
_WORD = re.compile(f"{LETTER}+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The work for one market: cues with words in them, source words, and these by band.

    A band holds what the memory has for a cue; `repeated` is what stood in a cue before, in this
    episode or an earlier one of the run, and is not in the memory.
    """

    market: str
    outputs: int
    cues: int = 0
    words: int = 0
    bands: Mapping[str, int] = field(default_factory=dict)


def words_in(text: str) -> int:
    """Count words as the trade does: each Chinese character, and each word of other scripts.

    >>> words_in("他说 OK 2次")
    5
    """
    return len(HAN.findall(text)) + len(_WORD.findall(HAN.sub(" ", text)))


def quote(tasks: Iterable[Task], bench: Workbench) -> tuple[Quote, ...]:
    """Count the work of tasks, market by market, in their order."""
    by_market: dict[str, list[Task]] = {}
    for task in tasks:
        by_market.setdefault(task.job.market, []).append(task)
    return tuple(_of_market(market, listed, bench) for market, listed in by_market.items())


def total(quotes: Iterable[Quote]) -> Quote:
    """Add quotes up."""
    listed = list(quotes)
    bands: Counter[str] = Counter()
    for each in listed:
        bands.update(each.bands)
    return Quote(
        market="all",
        outputs=sum(each.outputs for each in listed),
        cues=sum(each.cues for each in listed),
        words=sum(each.words for each in listed),
        bands={band: bands[band] for band in BANDS},
    )


def _of_market(market: str, tasks: Iterable[Task], bench: Workbench) -> Quote:
    said: set[str] = set()
    bands: Counter[str] = Counter()
    outputs = cues = 0
    for task in tasks:
        outputs += 1
        document, _ = bench.read(task.job, read_bytes(task.job.source))
        texts = [plain(cue.text) for cue in document.cues]
        wanted = [place for place, text in enumerate(texts) if text]
        similarity = bench.options.memory.similarities(document, market, wanted)
        for place, text in enumerate(texts):
            if text:
                cues += 1
                bands[_band(text, similarity.get(place, 0.0), said)] += words_in(text)
    return Quote(
        market=market,
        outputs=outputs,
        cues=cues,
        words=sum(bands.values()),
        bands={band: bands[band] for band in BANDS},
    )


def _band(text: str, similarity: float, said: set[str]) -> str:
    repeated = text in said
    said.add(text)
    if similarity == 1:
        return EXACT
    if repeated:
        return REPEATED
    return next((name for least, name in _SIMILAR if similarity * 100 >= least), NEW)
