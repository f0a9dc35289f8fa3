"""Measure a package: ``python -m training.evaluate --package DIR --work DIR``.

Prints a table and writes ``evaluation.json`` beside the working files.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice, pairwise
from pathlib import Path
from random import Random
from typing import Any

import ctranslate2
import sacrebleu
import sentencepiece

from training import languages
from training.augment import join
from training.pairs import Pair, read_corpus, read_pairs
from training.probes import (
    has_han,
    has_loop,
    keeps_placeholders,
    placeholder_lines,
    rendered_terms,
    share,
)
from training.terms import align, noun_lexicon

HERE = Path(__file__).resolve().parent

BEAM = 4
PENALTIES = (0.2, 0.6, 0.8, 1.0, 1.2, 1.4, 1.7, 2.0)
MANY_LINES = 5_000
EPISODE_CUES = 800
MOST_PLACEHOLDER_LINES = 1_000


@dataclass(frozen=True, slots=True)
class Package:
    """A translator with its tokenizer, on one thread as on a busy user's machine, or on more."""

    translator: ctranslate2.Translator
    tokenizer: sentencepiece.SentencePieceProcessor

    @classmethod
    def open(cls, folder: Path, threads: int = 1) -> "Package":
        translator = ctranslate2.Translator(
            str(folder / "model"), inter_threads=threads, intra_threads=1
        )
        tokenizer = sentencepiece.SentencePieceProcessor(
            model_file=str(folder / "sentencepiece.model")
        )
        return cls(translator, tokenizer)

    def translate(self, sources: Sequence[str], penalty: float = 1.0) -> list[str]:
        return [beam[0] for beam in self.beams(sources, penalty, 1)]

    def beams(self, sources: Sequence[str], penalty: float, count: int = BEAM) -> list[list[str]]:
        """The ``count`` best outputs for each source."""
        results = self.translator.translate_batch(
            self.tokenizer.encode(list(sources), out_type=str),
            beam_size=max(BEAM, count),
            num_hypotheses=count,
            length_penalty=penalty,
            max_batch_size=2_048,
            batch_type="tokens",
        )
        return [[str(self.tokenizer.decode(h)) for h in result.hypotheses] for result in results]


def likeness(outputs: Sequence[str], pairs: Sequence[Pair]) -> dict[str, Any]:
    """ChrF and BLEU against the references, with the signatures that say how."""
    references = [[pair.target for pair in pairs]]
    chrf, bleu = sacrebleu.CHRF(), sacrebleu.BLEU()
    return {
        "lines": len(pairs),
        "chrf": round(chrf.corpus_score(outputs, references).score, 2),
        "bleu": round(bleu.corpus_score(outputs, references).score, 2),
        "chrf_signature": str(chrf.get_signature()),
        "bleu_signature": str(bleu.get_signature()),
    }


def tune_penalty(package: Package, dev: Sequence[Pair]) -> dict[str, dict[str, float]]:
    """ChrF and BLEU on the dev lines for each length penalty."""
    found = {}
    for penalty in PENALTIES:
        scores = likeness(package.translate([p.source for p in dev], penalty), dev)
        found[f"{penalty:.1f}"] = {"chrf": scores["chrf"], "bleu": scores["bleu"]}
    return found


def best_penalty(table: dict[str, dict[str, float]]) -> float:
    return float(max(table, key=lambda penalty: table[penalty]["chrf"] + table[penalty]["bleu"]))


def fidelity(package: Package, lines: Iterable[str], penalty: float) -> dict[str, float]:
    """How often every placeholder comes back exactly once: in the best, in one of the beam."""
    asked = list(islice(lines, MOST_PLACEHOLDER_LINES))
    beams = package.beams(asked, penalty)
    kept = [
        [keeps_placeholders(line, output) for output in beam]
        for line, beam in zip(asked, beams, strict=True)
    ]
    return {
        "lines": len(asked),
        "exact": round(share(flags[0] for flags in kept), 4),
        "exact_in_beam": round(share(map(any, kept)), 4),
    }


def placeholder_fidelity(
    package: Package, pairs: Sequence[Pair], corpus: Path, penalty: float
) -> dict[str, dict[str, dict[str, float]]]:
    """One, two and three hidden terms: terms that the reference renders, and any noun."""
    lexicon = noun_lexicon(read_pairs(corpus / "cc-cedict" / "zh-en.tsv", "cc-cedict"))
    joined = [join(two, Random(0)) for two in pairwise(pairs)]  # noqa: S311
    aligned = [
        align(pair, lexicon, languages.noun_words, languages.syllables)
        for pair in (*pairs, *joined)
    ]
    found: dict[str, dict[str, dict[str, float]]] = {"rendered terms": {}, "any noun": {}}
    for count in (1, 2, 3):
        rng = Random(count)  # noqa: S311
        # Joined lines only where single ones are too few: they are longer than most cues.
        lines = rendered_terms(aligned[: len(pairs)] if count == 1 else aligned, count, rng)
        found["rendered terms"][str(count)] = fidelity(package, lines, penalty)
        lines = placeholder_lines([p.source for p in pairs], languages.nouns_in, count, rng)
        found["any noun"][str(count)] = fidelity(package, lines, penalty)
    return found


def many_lines(evaluation: Sequence[Pair], train: Sequence[Pair]) -> list[str]:
    """Every evaluation line, their joined neighbours, then dialogue lines up to the number."""
    sources = [pair.source for pair in evaluation]
    sources += [f"{one} {two}" for one, two in pairwise(sources)]
    dialogue = [pair.source for pair in train if pair.kind.startswith("authored")]
    Random(5).shuffle(dialogue)  # noqa: S311
    return (sources + dialogue)[:MANY_LINES]


def speed(package: Package, sources: Sequence[str], penalty: float) -> dict[str, float]:
    """Seconds for an episode on one thread."""
    episode = list(islice(cycle(sources), EPISODE_CUES))
    started = time.perf_counter()
    package.translate(episode, penalty)
    seconds = time.perf_counter() - started
    return {"cues_per_s": round(EPISODE_CUES / seconds, 1), "episode_s": round(seconds, 2)}


def evaluate(package: Package, work: Path, corpus: Path) -> dict[str, Any]:
    """Everything the model card states, from the files the assembly wrote to ``work``."""
    dev, held_out = read_corpus(work / "dev.tsv"), read_corpus(work / "held-out.tsv")
    train = read_corpus(work / "train.tsv")
    penalties = tune_penalty(package, dev)
    penalty = best_penalty(penalties)
    lines = many_lines([*dev, *held_out], train)
    outputs = package.translate(lines, penalty)
    return {
        "beam": BEAM,
        "length_penalty": penalty,
        "length_penalties": penalties,
        "dev": likeness(package.translate([p.source for p in dev], penalty), dev),
        "tatoeba": likeness(package.translate([p.source for p in held_out], penalty), held_out),
        "placeholders": placeholder_fidelity(package, [*dev, *held_out], corpus, penalty),
        "many_lines": {
            "lines": len(lines),
            "without_loop": round(1 - share(map(has_loop, outputs)), 4),
            "without_han": round(1 - share(map(has_han, outputs)), 4),
        },
        "speed": speed(package, [pair.source for pair in dev], penalty),
    }


def table(found: dict[str, Any]) -> str:
    """The figures for people, as a Markdown table."""
    rows = [
        ("chrF / BLEU, drama dev lines", _likeness(found["dev"])),
        ("chrF / BLEU, held-out Tatoeba lines", _likeness(found["tatoeba"])),
        *(
            (
                f"placeholders exact, {count} a line, {name}",
                "{exact:.1%} of {lines} ({exact_in_beam:.1%} in the beam)".format(**figures),
            )
            for name, counts in found["placeholders"].items()
            for count, figures in counts.items()
        ),
        ("outputs without a loop", _of(found["many_lines"], "without_loop")),
        ("outputs without Han characters", _of(found["many_lines"], "without_han")),
        ("800 cues on one thread", "{episode_s} s".format(**found["speed"])),
        ("best length penalty (beam 4)", str(found["length_penalty"])),
    ]
    head = ["| measure | figure |", "| --- | --- |"]
    return "\n".join([*head, *(f"| {measure} | {figure} |" for measure, figure in rows)])


def _likeness(scores: dict[str, Any]) -> str:
    return f"{scores['chrf']:.1f} / {scores['bleu']:.1f} ({scores['lines']} lines)"


def _of(many: dict[str, Any], name: str) -> str:
    return f"{many[name]:.2%} of {many['lines']}"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    parser.add_argument("--package", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="where the assembly wrote to")
    parser.add_argument("--corpus", type=Path, default=HERE.parent.parent / "shared" / "corpus")
    given = parser.parse_args(arguments)
    found = evaluate(Package.open(given.package), given.work, given.corpus)
    (given.work / "evaluation.json").write_text(json.dumps(found, indent=2), encoding="utf-8")
    print(table(found))
    print(found["dev"]["chrf_signature"], found["dev"]["bleu_signature"], sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
