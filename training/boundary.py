"""Learn where Chinese sentences run on from cue to cue: ``python -m training.boundary``.

Hardly an authored line runs on into the next, but many hold two clauses with a space or a comma
between them, and their English tells whether they are one sentence. So one line gives seams of
one voice; real neighbours give the seams between two sentences; long clauses, cut between phrases
where a subtitler would, give those that no sentence ends at.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, log
from pathlib import Path

import budoux
import numpy as np
from numpy.typing import NDArray

from dramaloc.subtitles.seams import FILE, Boundary, clauses, features, probability
from training.cleaning import Forbidden, held_out, normal
from training.corpus import authored_files, sample_lines
from training.pairs import Pair, follows, read_pairs

HERE = Path(__file__).resolve().parent

# What real subtitles are made of. 29 % of the cues of a drama of 43 episodes run on; which share of
# those is cut inside a clause, and how many neighbours are of two voices, is an estimate.
RUN_ON = 0.29
SHARES = {
    ("inside", True): RUN_ON * 0.25,
    ("line", True): RUN_ON * 0.75,
    ("line", False): (1 - RUN_ON) * 0.4,
    ("next", False): (1 - RUN_ON) * 0.6,
}
HOLD_OUT_ONE_IN = 10
MIN_COUNT = 10
LONG_CLAUSE = 9
SMALLEST = 10  # hundredths; what weighs less is left out of the file

_STOP = re.compile(r"[。！？!?…]")
_ENGLISH_END = re.compile(r"[.?!…]+[\"'”’)]*(?=\s|$)")
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|No|Jr|Sr|a\.m|p\.m)\.")
_SEPARATOR = re.compile(r"[\s，,、；;：:。！!？?…—]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seam:
    """Two texts with a cue's end between them, and whether one sentence holds both."""

    before: str
    after: str
    runs_on: bool
    kind: str

    @property
    def share(self) -> tuple[str, bool]:
        return self.kind, self.runs_on


def sentences(english: str) -> int:
    """Count sentences.

    >>> sentences("Mr. Lu is here. Shall I let him in?")
    2
    """
    return max(1, len(_ENGLISH_END.findall(_ABBREVIATION.sub("X", english))))


def seams_in(pair: Pair) -> Iterator[Seam]:
    """The seams between a line's clauses whose English leaves no doubt."""
    parts = clauses(pair.source)
    separators = _SEPARATOR.findall(pair.source.strip())
    told = sentences(pair.target)
    for at in range(1, len(parts)):
        stopped = bool(_STOP.search(separators[at - 1])) if at <= len(separators) else False
        if stopped or told >= len(parts):
            runs_on = False
        elif told == 1:
            runs_on = True
        else:
            continue
        if not (stopped and told == 1):
            before, after = " ".join(parts[:at]), " ".join(parts[at:])
            yield Seam(before=before, after=after, runs_on=runs_on, kind="line")


def seams_inside(pair: Pair, phrases: budoux.Parser) -> Iterator[Seam]:
    """One seam inside a long clause, between the phrases nearest to its middle."""
    text = "".join(clauses(pair.source))
    if sentences(pair.target) > 1 or len(text) < LONG_CLAUSE or text not in pair.source:
        return
    places = np.cumsum([len(phrase) for phrase in phrases.parse(text)][:-1])
    usable = [int(at) for at in places if at >= 3 and len(text) - at >= 2]
    if usable:
        at = min(usable, key=lambda at: abs(at - len(text) / 2))
        yield Seam(before=text[:at], after=text[at:], runs_on=True, kind="inside")


def all_seams(pairs: Sequence[Pair]) -> Iterator[Seam]:
    phrases = budoux.load_default_simplified_chinese_parser()
    for before, pair in zip([None, *pairs], pairs, strict=False):
        yield from seams_in(pair)
        yield from seams_inside(pair, phrases)
        if before and follows(before, pair):
            one, other = " ".join(clauses(before.source)), " ".join(clauses(pair.source))
            if one and other:
                yield Seam(before=one, after=other, runs_on=False, kind="next")


def read(folders: Iterable[Path], forbidden: Forbidden) -> list[Pair]:
    """Read dialogue without what is kept for tests."""
    return [
        Pair(source=normal(pair.source), target=normal(pair.target), origin=pair.origin)
        for folder in folders
        for path in authored_files(folder)
        for pair in read_pairs(path, folder.name)
        if pair.source not in forbidden
    ]


def weighted(seams: Sequence[Seam]) -> NDArray[np.float64]:
    """Weigh each kind of seam as often as real subtitles have it; one on average."""
    counts = Counter(seam.share for seam in seams)
    shares = sum(SHARES[kind] for kind in counts)
    return np.array(
        [SHARES[s.share] / shares / counts[s.share] * len(seams) for s in seams], np.float64
    )


def learn(seams: Sequence[Seam], rounds: int = 150, decay: float = 5.0) -> Boundary:
    """Fit a logistic regression by Adam on all seams at once: the same bytes every time."""
    named = [sorted(set(features(seam.before, seam.after))) for seam in seams]
    counted = Counter(name for names in named for name in names)
    index = {n: at for at, n in enumerate(sorted(n for n, c in counted.items() if c >= MIN_COUNT))}
    columns = [[index[name] for name in names if name in index] for names in named]
    rows = np.repeat(np.arange(len(seams)), [len(each) for each in columns])
    flat = np.concatenate([np.array(each, np.int64) for each in columns])
    truth = np.array([seam.runs_on for seam in seams], np.float64)
    mass = weighted(seams)
    weights, bias = np.zeros(len(index)), log(RUN_ON / (1 - RUN_ON))
    mean, square = np.zeros(len(index) + 1), np.zeros(len(index) + 1)
    for step in range(1, rounds + 1):
        odds = np.bincount(rows, weights=weights[flat], minlength=len(seams)) + bias
        error = (1 / (1 + np.exp(-odds)) - truth) * mass
        slope = np.bincount(flat, weights=error[rows], minlength=len(index)) + decay * weights
        slope = np.append(slope, error.sum())
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        rate = 0.05 * (1 + np.cos(np.pi * step / rounds))
        moved = mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
        weights, bias = weights - rate * moved[:-1], bias - float(rate * moved[-1])
    kept = {
        name: hundredths / 100
        for name, at in index.items()
        if abs(hundredths := round(float(weights[at]) * 20) * 5) >= SMALLEST
    }
    return Boundary(weights=kept, bias=round(bias, 2), threshold=0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Precision, recall and F1 at a threshold."""

    threshold: float
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def careful(self) -> float:
        """F0.5, which counts precision twice: a wrong join costs a rendering and may ship."""
        both = 0.25 * self.precision + self.recall
        return 1.25 * self.precision * self.recall / both if both else 0.0

    def __str__(self) -> str:
        return (
            f"F1 {self.f1:.3f}, precision {self.precision:.3f}, recall {self.recall:.3f} "
            f"at a probability of {self.threshold:.2f}"
        )


def figures(boundary: Boundary, seams: Sequence[Seam], threshold: float) -> Figures:
    mass = weighted(seams)
    chances = [probability(boundary.log_odds(seam.before, seam.after)) for seam in seams]
    said = np.array(chances) >= threshold
    truth = np.array([seam.runs_on for seam in seams])
    right = float((mass * (said & truth)).sum())
    return Figures(
        threshold=threshold,
        precision=right / max(1e-9, float((mass * said).sum())),
        recall=right / max(1e-9, float((mass * truth).sum())),
    )


def with_best_threshold(boundary: Boundary, seams: Sequence[Seam]) -> tuple[Boundary, Figures]:
    tried = [figures(boundary, seams, percent / 100) for percent in range(10, 91)]
    best = max(tried, key=lambda each: each.careful)
    return (
        Boundary(weights=boundary.weights, bias=boundary.bias, threshold=best.threshold),
        best,
    )


def composed(boundary: Boundary) -> str:
    """Write features by their weight: a line for each weight, in hundredths."""
    lines = [f"bias\t{boundary.bias}", f"threshold\t{boundary.threshold}"]
    for value in sorted(set(boundary.weights.values())):
        names = sorted(name for name, weight in boundary.weights.items() if weight == value)
        lines.append(f"{round(value * 100)}\t{' '.join(names)}")
    return "\n".join(lines) + "\n"


def divided(pairs: Sequence[Pair]) -> tuple[list[Seam], list[Seam]]:
    """Seams to learn from, and those of lines held out by a hash of their text."""
    learnt: list[Pair] = []
    aside: list[Pair] = []
    for pair in pairs:
        (aside if held_out(pair, one_in=HOLD_OUT_ONE_IN) else learnt).append(pair)
    # A neighbour is lost where the line between is on the other side; there are enough.
    return list(all_seams(learnt)), list(all_seams(aside))


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.boundary", description=__doc__)
    parser.add_argument("--corpus", type=Path, default=HERE.parent.parent / "shared" / "corpus")
    parser.add_argument("--authored", type=Path, default=HERE / "authored")
    parser.add_argument("--samples", type=Path, default=HERE.parent / "samples")
    parser.add_argument("-o", "--output", type=Path, default=FILE)
    given = parser.parse_args(arguments)
    dev = [pair.source for pair in read_pairs(given.corpus / "dev.tsv", "dev")]
    forbidden = Forbidden.of(evaluation=dev, samples=sample_lines(given.samples))
    pairs = read((given.corpus / "authored", given.authored), forbidden)
    if not pairs:
        sys.exit(f"no dialogue in {given.corpus / 'authored'} or {given.authored}")
    learnt, aside = divided(pairs)
    boundary, best = with_best_threshold(learn(learnt), aside)
    text = composed(boundary)
    given.output.write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(learnt)} seams learnt from, {len(aside)} held out")
    print(f"{len(boundary.weights)} weights in {ceil(len(text.encode()) / 1024)} kB")
    print(f"held out: {best}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
