"""Learn from the model's own answers, beside the corpus.

The model answers lines of the corpus, and learns to score the better of its answers above those
that its beam liked as well or more: a contrastive preference (arXiv:2401.08417) over the score by
which the beam ranks (arXiv:2405.14734), with fresh answers in every round.
"""

import math
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from statistics import fmean

import numpy as np
import sacrebleu
import torch
from torch import Tensor
from torch.nn import functional

from training import languages
from training.batches import MAX_PIECES, encode, padded, plan
from training.blend import Material
from training.contrast import Contrast, contrasts, questions
from training.evaluate import Package
from training.export import write_package
from training.pairs import Pair
from training.probes import keeps_placeholders
from training.tokenizer import BOS, EOS, PAD
from training.trainer import Log, Trainer

ANSWERS = 8
THREADS = 2
# Learning only from the newest answers swings from leaving placeholders out to saying them twice.
ROUNDS_KEPT = 3
LENGTH_PENALTY = 1.2

# The beam's scores are small: this makes one unit of them about one nat of a usual line.
SCALE = 12.0
# How much the better answer, beside the corpus, holds the model to what it says already.
ANCHOR = 0.3


class Tutor:
    """Asks the model, and has the trainer learn from its answers and from the corpus in turn."""

    def __init__(self, trainer: Trainer, material: Material, tokenizer_file: Path) -> None:
        self.trainer, self.material = trainer, material
        self.tokenizer_file = tokenizer_file
        chrf = sacrebleu.CHRF()
        self.likeness = lambda answer, reference: float(
            chrf.sentence_score(answer, [reference]).score
        )

    def answers(self, asked: Sequence[Pair]) -> list[list[str]]:
        """The best answers of the averaged weights, as a beam of the shipped form gives them."""
        with tempfile.TemporaryDirectory() as folder, self.trainer.averaged() as model:
            place = Path(folder) / "asked"
            write_package(model, self.tokenizer_file, "0", place)
            package = Package.open(place, threads=THREADS)
        return package.beams([pair.source for pair in asked], LENGTH_PENALTY, ANSWERS)

    def batches(self, found: Sequence[Contrast], rng: Random) -> Iterator[tuple[Tensor, ...]]:
        """Batches with twice as many answers as lines: the better ones, then the worse ones."""
        encode_all = self.trainer.tokenizer.encode
        texts = ([c.source for c in found], [c.better for c in found], [c.worse for c in found])
        rows = list(zip(found, *map(encode_all, texts), strict=True))
        # A model at a loss may go on to the end of its positions.
        rows = [row for row in rows if max(map(len, row[1:])) < MAX_PIECES]
        longest = [([*s, EOS], max(better, worse, key=len)) for _, s, better, worse in rows]
        for batch in plan(longest, self.trainer.plan.tokens, rng):
            source = padded([longest[at][0] for at in batch])
            answers = [rows[at][side] for side in (2, 3) for at in batch]
            given = padded([[BOS, *ids] for ids in answers])
            expected = padded([[*ids, EOS] for ids in answers])
            margins = np.array([rows[at][0].margin for at in batch], dtype=np.float32)
            arrays = (source, given, expected, margins)
            yield tuple(torch.from_numpy(array).to(self.trainer.device) for array in arrays)

    def loss(self, source: Tensor, given: Tensor, expected: Tensor, margins: Tensor) -> Tensor:
        """How far the better answers are from scoring above the worse ones by their margins."""
        wanted = expected != PAD
        log_p = self.trainer.model(source, given, wanted).float().log_softmax(-1)
        pieces = self.trainer.loss.place[expected[wanted]]
        log_p = log_p.gather(1, pieces[:, None])[:, 0]
        rows = wanted.nonzero()[:, 0]
        whole = torch.zeros(len(expected), device=log_p.device).index_add(0, rows, log_p)
        lengths = wanted.sum(1)
        better, worse = (whole / lengths**LENGTH_PENALTY * SCALE).chunk(2)
        half = len(better)
        likely = whole[:half].sum() / lengths[:half].sum()
        preferred: Tensor = functional.softplus(margins - (better - worse)).mean()
        return preferred - ANCHOR * likely

    def run(self, dev: Sequence[Pair], log: Log) -> None:
        """Ask and learn until the time is used up."""
        trainer = self.trainer
        dev_lines = encode(dev, trainer.tokenizer, None, Random(0))  # noqa: S311
        corpus = trainer.rounds(self.material)
        kept: deque[list[Contrast]] = deque(maxlen=ROUNDS_KEPT)
        started, before = time.monotonic(), trainer.progress.seconds
        while trainer.share_done() < 1 and not trainer.asked_to_stop:
            seed = trainer.progress.steps
            kept.append(self.ask(seed, log))
            every = [contrast for found in kept for contrast in found]
            losses = []
            for batch in self.batches(every, Random(seed)):  # noqa: S311
                trainer.model.train()
                with trainer.mixed_precision():
                    preferred = self.loss(*batch)
                    taught = trainer.loss(trainer.model, *next(corpus))
                trainer.learn(preferred + taught)
                losses.append(preferred.item())
                trainer.progress.seconds = before + time.monotonic() - started
                if trainer.share_done() >= 1 or trainer.asked_to_stop:
                    break
            trainer.progress.seconds = before + time.monotonic() - started
            trainer.save()
            mean, nats = fmean(losses or [0.0]), trainer.nats_per_piece(dev_lines)
            log(trainer.line(f"contrast {mean:.3f} dev {nats:.4f} perplexity {math.exp(nats):.2f}"))

    def ask(self, seed: int, log: Log) -> list[Contrast]:
        """Ask a round of questions, and return what there is to learn from the answers."""
        asked = questions(self.material, languages.nouns_in, seed)
        answered = self.answers(asked)
        found = [
            contrast
            for pair, answers in zip(asked, answered, strict=True)
            for contrast in contrasts(pair, answers, self.likeness)
        ]
        log(_line(asked, answered, len(found)))
        return found


def _line(asked: Sequence[Pair], answered: Sequence[Sequence[str]], found: int) -> str:
    shares = []
    for count in (1, 2, 3):
        flags = [
            keeps_placeholders(pair.source, answers[0])
            for pair, answers in zip(asked, answered, strict=True)
            if pair.source.count("⟦") == count
        ]
        shares.append(f"{sum(flags) / max(1, len(flags)):.1%}")
    return f"asked {len(asked)}, exact with 1/2/3 {' / '.join(shares)}, contrasts {found}"
