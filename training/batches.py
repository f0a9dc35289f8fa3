"""Token ids in batches of similar length, as arrays padded with the id of ``<pad>``."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
import sentencepiece
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.pairs import Pair
from training.tokenizer import BOS, EOS, PAD

Ids = tuple[list[int], list[int]]

MAX_PIECES = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """Subword regularization: other ways to cut a text into pieces, and how often."""

    # Only of the source: a decoder that has seen words cut oddly spells words that are none.
    source_share: float = 0.4
    target_share: float = 0.0
    alpha: float = 0.3


def encode(
    pairs: Sequence[Pair],
    tokenizer: sentencepiece.SentencePieceProcessor,
    sampling: Sampling | None,
    rng: Random,
) -> list[Ids]:
    """Cut both sides into pieces; with ``sampling``, some of them in an unusual way."""
    alpha = sampling.alpha if sampling else 0.0

    def side(texts: list[str], share: float) -> list[list[int]]:
        ids: list[list[int]] = tokenizer.encode(texts)
        if sampling:
            drawn = [at for at in range(len(texts)) if rng.random() < share]
            sampled = tokenizer.encode(
                [texts[at] for at in drawn], enable_sampling=True, alpha=alpha, nbest_size=-1
            )
            for at, pieces in zip(drawn, sampled, strict=True):
                ids[at] = pieces
        return ids

    sources = side([pair.source for pair in pairs], sampling.source_share if sampling else 0)
    targets = side([pair.target for pair in pairs], sampling.target_share if sampling else 0)
    return [
        ([*source, EOS], target)
        for source, target in zip(sources, targets, strict=True)
        if len(source) < MAX_PIECES and 0 < len(target) < MAX_PIECES
    ]


def plan(lines: Sequence[Ids], most_tokens: int, rng: Random | None) -> list[list[int]]:
    """Group lines of like length so that no side of a batch holds more than ``most_tokens``."""

    def length(at: int) -> float:
        source, target = lines[at]
        # A little noise, or the same lines would meet in every round.
        return max(len(source), len(target) + 1) + (rng.random() if rng else 0)

    batches: list[list[int]] = [[]]
    for at in sorted(range(len(lines)), key=length):
        longest = int(max(len(lines[at][0]), len(lines[at][1]) + 1))
        if batches[-1] and longest * (len(batches[-1]) + 1) > most_tokens:
            batches.append([])
        batches[-1].append(at)
    if rng:
        rng.shuffle(batches)
    return [batch for batch in batches if batch]


def padded(rows: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    out = np.full((len(rows), max(map(len, rows))), PAD, dtype=np.int64)
    for at, row in enumerate(rows):
        out[at, : len(row)] = row
    return out


def tensors(
    lines: Sequence[Ids], batch: Sequence[int], device: str
) -> tuple[Tensor, Tensor, Tensor]:
    """Source, decoder input and decoder output of one batch."""
    source = padded([lines[at][0] for at in batch])
    given = padded([[BOS, *lines[at][1]] for at in batch])
    expected = padded([[*lines[at][1], EOS] for at in batch])
    return (
        torch.from_numpy(source).to(device),
        torch.from_numpy(given).to(device),
        torch.from_numpy(expected).to(device),
    )


def batches(
    lines: Sequence[Ids], most_tokens: int, device: str, rng: Random | None = None
) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """All lines once; in random order if there is an ``rng``."""
    for batch in plan(lines, most_tokens, rng):
        yield tensors(lines, batch, device)
