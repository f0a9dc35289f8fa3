"""The training loop: restartable, timed by the clock, with a running average of the weights."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import sentencepiece
import torch
from torch import Tensor, nn

from training.batches import Ids, Sampling, batches, encode
from training.blend import GENERAL, IN_DOMAIN, Material, round_of
from training.model import Dropout, Size, Transformer
from training.pairs import Pair
from training.tokenizer import PAD, output_ids, placeholder_ids

Log = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long, how fast and how carefully to learn.

    ``minutes`` counts the training proper over all restarts: the rate falls to zero at its end.
    """

    minutes: float
    tokens: int = 2_000
    rate: float = 1e-3
    warm_steps: int = 300
    decay_from: float = 0.25
    in_domain_from: float = 0.45
    smoothing: float = 0.1
    agreement: float = 0.0
    # A line with a placeholder missing is worthless, one with another word wrong is a draft.
    placeholder_weight: float = 4.0
    averaging: float = 0.998
    save_every_s: float = 240.0
    sampling: Sampling = field(default_factory=Sampling)


def rate_at(plan: Plan, progress: float, steps: int) -> float:
    """Warm up, hold, then fall in a straight line to zero at the end of the time.

    >>> plan = Plan(minutes=1, rate=1.0, warm_steps=10, decay_from=0.5)
    >>> [rate_at(plan, p, 99) for p in (0.0, 0.5, 0.75, 1.0)]
    [1.0, 1.0, 0.5, 0.0]
    """
    fall = (1 - progress) / (1 - plan.decay_from)
    return plan.rate * min(1.0, (steps + 1) / plan.warm_steps) * max(0.0, min(1.0, fall))


class Loss:
    """Cross-entropy with label smoothing, over the pieces that may stand in the output.

    With ``agreement`` every line is seen twice under different dropout, and the two predictions
    are drawn together (R-Drop, arXiv:2106.14448): it pays when lines are seen many times.
    """

    def __init__(self, model: Transformer, plan: Plan) -> None:
        self.plan = plan
        place = torch.zeros(model.size.vocabulary, dtype=torch.long, device=model.outputs.device)
        place[model.outputs] = torch.arange(len(model.outputs), device=model.outputs.device)
        self.place = place
        weights = torch.ones(model.size.vocabulary, device=model.outputs.device)
        weights[model.copied] = plan.placeholder_weight
        self.weights = weights

    def __call__(self, model: nn.Module, source: Tensor, given: Tensor, expected: Tensor) -> Tensor:
        twice = model.training and self.plan.agreement > 0
        if twice:
            source, given, expected = (t.repeat(2, 1) for t in (source, given, expected))
        wanted = expected != PAD
        log_p = model(source, given, wanted).float().log_softmax(-1)
        pieces = expected[wanted]
        missed: Tensor = -log_p.gather(1, self.place[pieces][:, None])[:, 0]
        if not model.training:
            return missed.mean()
        weights = self.weights[pieces]
        right: Tensor = (missed * weights).sum() / weights.sum()
        share = self.plan.smoothing
        loss: Tensor = (1 - share) * right - share * log_p.mean()
        if twice:
            one, two = log_p.chunk(2)
            apart = ((one.exp() - two.exp()) * (one - two)).sum(-1).mean()
            loss += self.plan.agreement / 4 * apart
        return loss


@dataclass(slots=True)
class Progress:
    """What a restart must know."""

    steps: int = 0
    rounds: int = 0
    seconds: float = 0.0
    target_tokens: int = 0


class Trainer:
    """Model, optimizer and running average, and the file they are kept in."""

    def __init__(
        self,
        plan: Plan,
        size: Size,
        dropout: Dropout,
        tokenizer: sentencepiece.SentencePieceProcessor,
        state_file: Path,
    ) -> None:
        self.plan, self.tokenizer, self.state_file = plan, tokenizer, state_file
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        torch.manual_seed(1)
        self.model = Transformer(
            size, dropout, output_ids(tokenizer), placeholder_ids(tokenizer)
        ).to(self.device)
        self.loss = Loss(self.model, plan)
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), betas=(0.9, 0.98), eps=1e-9, weight_decay=0.01, fused=True
        )
        self.average = {k: v.detach().clone() for k, v in self.model.state_dict().items()}
        self.progress = Progress()
        self.asked_to_stop = False

    def stop(self) -> None:
        """Ask the loop to save and return after the current step."""
        self.asked_to_stop = True

    def start_from(self, weights: dict[str, Tensor]) -> None:
        """Begin with given weights instead of random ones."""
        self.model.load_state_dict(weights)
        self.average = {k: v.detach().clone() for k, v in self.model.state_dict().items()}

    def save(self) -> None:
        state: dict[str, Any] = {
            "model": self.model.state_dict(),
            "average": self.average,
            "optimizer": self.optimizer.state_dict(),
            "progress": asdict(self.progress),
        }
        # Written beside and moved, so that a kill in between leaves the old state whole.
        beside = self.state_file.with_suffix(".new")
        torch.save(state, beside)
        beside.replace(self.state_file)

    def resume(self) -> bool:
        """Go on from the state file if there is one."""
        if not self.state_file.exists():
            return False
        state = torch.load(self.state_file, map_location=self.device, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.average = state["average"]
        self.optimizer.load_state_dict(state["optimizer"])
        self.progress = Progress(**state["progress"])
        return True

    def share_done(self) -> float:
        minutes = self.plan.minutes
        return min(1.0, self.progress.seconds / 60 / minutes) if minutes else 1.0

    def step(self, batch: tuple[Tensor, Tensor, Tensor]) -> Tensor:
        """Learn one batch of the corpus."""
        self.model.train()
        with self.mixed_precision():
            loss = self.loss(self.model, *batch)
        self.learn(loss)
        return loss.detach()

    def mixed_precision(self) -> torch.autocast:
        """Bfloat16 on devices with units for it; without them it is slower than float32."""
        return torch.autocast(self.device, torch.bfloat16, enabled=self.device == "cuda")

    def learn(self, loss: Tensor) -> None:
        """One step of the optimizer and of the average, at the rate of the hour."""
        for group in self.optimizer.param_groups:
            group["lr"] = rate_at(self.plan, self.share_done(), self.progress.steps)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.progress.steps += 1
        self._average()

    @torch.no_grad()
    def _average(self) -> None:
        # Early weights are poor: the average forgets them fast at first.
        keep = min(self.plan.averaging, (1 + self.progress.steps) / (10 + self.progress.steps))
        new = self.model.state_dict()
        torch._foreach_lerp_(list(self.average.values()), [new[k] for k in self.average], 1 - keep)

    @contextmanager
    def averaged(self) -> Iterator[Transformer]:
        """The model with the averaged weights for a while, and ready to answer."""
        kept = {k: v.clone() for k, v in self.model.state_dict().items()}
        self.model.load_state_dict(self.average)
        try:
            yield self.model.eval()
        finally:
            self.model.load_state_dict(kept)

    @torch.no_grad()
    def nats_per_piece(self, lines: Sequence[Ids]) -> float:
        """Cross-entropy of the averaged weights."""
        total, count = 0.0, 0
        with self.averaged() as model:
            for batch in batches(lines, 4_000, self.device):
                pieces = int((batch[2] != PAD).sum())
                total += self.loss(model, *batch).item() * pieces
                count += pieces
        return total / count

    def rounds(self, material: Material) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        """Batches without end; each round draws its lines anew."""
        while True:
            # Counted first: after a restart the unfinished round is not begun again.
            self.progress.rounds += 1
            seed = self.progress.rounds
            blend = IN_DOMAIN if self.share_done() >= self.plan.in_domain_from else GENERAL
            rng = Random(seed)  # noqa: S311
            pairs = round_of(material, blend, seed)
            lines = encode(pairs, self.tokenizer, self.plan.sampling, rng)
            for batch in batches(lines, self.plan.tokens, self.device, rng):
                self.progress.target_tokens += int((batch[2] != PAD).sum())
                yield batch

    def run(self, material: Material, dev: Sequence[Pair], log: Log) -> None:
        """Train until the time is used up."""
        dev_lines = encode(dev, self.tokenizer, None, Random(0))  # noqa: S311
        started, before, saved = time.monotonic(), self.progress.seconds, time.monotonic()
        losses: list[Tensor] = []
        stream = self.rounds(material)
        while self.share_done() < 1 and not self.asked_to_stop:
            losses.append(self.step(next(stream)))
            self.progress.seconds = before + time.monotonic() - started
            if self.progress.steps % 100 == 0:
                mean = torch.stack(losses).mean().item()
                log(self.line(f"loss {mean:.3f}"))
                losses.clear()
            if time.monotonic() - saved > self.plan.save_every_s:
                self.save()
                nats = self.nats_per_piece(dev_lines)
                log(self.line(f"dev {nats:.4f} perplexity {math.exp(nats):.2f}"))
                saved = time.monotonic()
        self.save()
        nats = self.nats_per_piece(dev_lines)
        log(self.line(f"saved, dev {nats:.4f} perplexity {math.exp(nats):.2f}"))

    def line(self, text: str) -> str:
        """What the log says of where the run is, before ``text``."""
        progress = self.progress
        return (
            f"{progress.seconds / 60:.1f} min round {progress.rounds} step {progress.steps}"
            f" tokens {progress.target_tokens} rate"
            f" {rate_at(self.plan, self.share_done(), self.progress.steps):.2e} {text}"
        )
