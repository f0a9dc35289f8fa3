"""Does a text's translation depend on the texts it shares a batch with?

    uv run python -m benchmarks.batching [--segments 5000] [--json FILE]

Translates segments of a made-up season one at a time and in batches of several shapes with
the bundled model, and counts how many texts differ, and by how much the scores do. The times
are of the processor, so that other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks.season import Season, lines
from dramaloc.engines.argos import SCORE_DIGITS, ArgosEngine
from dramaloc.engines.packages import open_package

Answer = tuple[str, float]
Translate = Callable[[Sequence[str]], list[Answer]]
_CUES = 800


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How texts are put together: at most so many `size` of `unit`, as they come or by length."""

    size: int
    unit: str = "examples"
    order: str = "by length"

    @property
    def name(self) -> str:
        return f"{self.size} {self.unit}, {self.order}" if self.size > 1 else "alone"


SHAPES = (
    Shape(size=1),
    *(Shape(size=size) for size in (2, 7, 32, 64)),
    Shape(size=32, order="shuffled"),
    *(Shape(size=size, unit="tokens") for size in (256, 512, 1024, 2048, 4096)),
    Shape(size=2048, unit="tokens", order="shuffled"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a shape came to, held against the texts alone."""

    shape: str
    seconds: float
    texts_differ: int
    scores_differ: int
    rounded_scores_differ: int
    largest_difference: float


def segments(count: int) -> list[str]:
    """Make as many different lines."""
    season = Season(episodes=-(-count // _CUES), cues=_CUES)
    return list(chain.from_iterable(lines(season)))[:count]


def translate_with(shape: Shape, texts: Sequence[str]) -> list[Answer]:
    """Translate all texts in batches of a shape, on one thread, as the engine decodes."""
    from ctranslate2 import Translator

    package = ArgosEngine().package("zh-Hans", "en")
    tokenizer: Any = open_package(package).tokenizer
    translator = Translator(str(package.path / "model"), inter_threads=1, intra_threads=1)
    order = sorted(range(len(texts)), key=lambda place: (len(texts[place]), texts[place]))
    if shape.order == "shuffled":
        random.Random(7).shuffle(order)  # noqa: S311  # a repeatable order, not a secret
    tokens = [tokenizer.encode(texts[place]) for place in order]
    found: dict[int, Answer] = {}
    for places, batch in _batches(shape, order, tokens):
        results = translator.translate_batch(
            batch, beam_size=4, return_scores=True, replace_unknowns=True,
            length_penalty=package.length_penalty,
        )  # fmt: skip
        for place, result in zip(places, results, strict=True):
            found[place] = (" ".join(result.hypotheses[0]), result.scores[0])
    return [found[place] for place in range(len(texts))]


def _batches(
    shape: Shape, order: Sequence[int], tokens: Sequence[list[str]]
) -> Iterator[tuple[list[int], list[list[str]]]]:
    places: list[int] = []
    batch: list[list[str]] = []
    for place, pieces in zip(order, tokens, strict=True):
        longest = max(map(len, [*batch, pieces]))
        size = (len(batch) + 1) * (longest if shape.unit == "tokens" else 1)
        if batch and size > shape.size:
            yield places, batch
            places, batch = [], []
        places.append(place)
        batch.append(pieces)
    yield places, batch


def measure(texts: Sequence[str]) -> list[Row]:
    """Take every shape in turn; the first is each text alone."""
    rows: list[Row] = []
    alone: list[Answer] = []
    for shape in SHAPES:
        begun = time.process_time()
        found = translate_with(shape, texts)
        seconds = time.process_time() - begun
        alone = alone or found
        pairs = list(zip(alone, found, strict=True))
        rows.append(
            Row(
                shape=shape.name,
                seconds=round(seconds, 2),
                texts_differ=sum(one[0] != two[0] for one, two in pairs),
                scores_differ=sum(one[1] != two[1] for one, two in pairs),
                rounded_scores_differ=sum(
                    round(one[1], SCORE_DIGITS) != round(two[1], SCORE_DIGITS) for one, two in pairs
                ),
                largest_difference=max(abs(one[1] - two[1]) for one, two in pairs),
            )
        )
    return rows


def table(rows: Sequence[Row], count: int) -> str:
    """Write the rows for reading."""
    said = [f"{count} segments", f"{'shape':28}{'cpu s':>8}{'texts':>8}{'scores':>8}{'rounded':>8}"]
    said += [
        f"{row.shape:28}{row.seconds:8.1f}{row.texts_differ:8}{row.scores_differ:8}"
        f"{row.rounded_scores_differ:8}  largest {row.largest_difference:.1e}"
        for row in rows
    ]
    return "\n".join(said)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--segments", type=int, default=5000)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    measured = measure(segments(given.segments))
    print(table(measured, given.segments))
    if given.json:
        given.json.write_text(json.dumps([asdict(row) for row in measured], indent=2) + "\n")
