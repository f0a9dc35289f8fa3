"""Prove that nothing kept for evaluation was trained on: ``python -m training.check_leaks``.

Reads what every assembly of a run wrote (`train-*.tsv`), so that a line that was let in once and
filtered later is found too. Sample lines that stand in the corpus are named, trained on or not.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.cleaning import MIN_SAMPLE_CHARACTERS, Forbidden
from training.corpus import authored_files, sample_lines
from training.pairs import Pair, read_corpus, read_pairs

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """A training pair whose Chinese side is kept for something else."""

    kept_for: str
    pair: Pair

    def __str__(self) -> str:
        return f"{self.pair.origin}: {self.pair.source!r} is kept for {self.kept_for}"


def leaks(train: Iterable[Pair], kept: dict[str, Forbidden]) -> Iterator[Leak]:
    """Every training pair that one of the kept sets forbids."""
    for pair in train:
        for name, forbidden in kept.items():
            if pair.source in forbidden:
                yield Leak(kept_for=name, pair=pair)


def kept_sets(work: Path, samples: Path, corpus: Path) -> dict[str, Forbidden]:
    dev = read_pairs(corpus / "dev.tsv", "dev")
    held_out = read_corpus(work / "held-out.tsv")
    return {
        "dev.tsv": Forbidden.of(evaluation=[pair.source for pair in dev]),
        "held-out Tatoeba": Forbidden.of(evaluation=[pair.source for pair in held_out]),
        "the samples": Forbidden.of(evaluation=(), samples=sample_lines(samples)),
    }


def sample_lines_in_corpus(folders: Sequence[Path], samples: Path) -> Iterator[str]:
    """Name the corpus lines that are sample lines, whether or not they were trained on."""
    forbidden = Forbidden.of(evaluation=(), samples=sample_lines(samples))
    for folder in folders:
        for path in authored_files(folder):
            for pair in read_pairs(path, folder.name):
                if pair.source in forbidden:
                    yield f"{path}: {pair.origin.rpartition(':')[2]}: {pair.source}"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.check_leaks", description=__doc__)
    parser.add_argument("--corpus", type=Path, default=HERE.parent.parent / "shared" / "corpus")
    parser.add_argument("--authored", type=Path, default=HERE / "authored")
    parser.add_argument("--samples", type=Path, default=HERE.parent / "samples")
    parser.add_argument("--work", type=Path, default=HERE / ".runs" / "starter")
    given = parser.parse_args(arguments)
    kept = kept_sets(given.work, given.samples, given.corpus)
    files = sorted(given.work.glob("train-*.tsv"))
    found = [leak for path in files for leak in leaks(read_corpus(path), kept)]
    for path in files:
        print(f"read {path.name}: {sum(1 for _ in read_corpus(path))} pairs")
    for name, forbidden in kept.items():
        print(f"{name}: {len(forbidden.keys)} lines kept apart")
    for line in sample_lines_in_corpus([given.corpus / "authored", given.authored], given.samples):
        print(f"sample line of {MIN_SAMPLE_CHARACTERS} characters or more in the corpus: {line}")
    print("\n".join(map(str, found)) or "no leak")
    return 1 if found or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
