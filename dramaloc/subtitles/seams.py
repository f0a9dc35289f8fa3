"""Whether a Chinese sentence runs on over a seam: the end of one cue and the start of the next.

Chinese subtitles carry almost no punctuation, so the words at the seam have to tell: what they
end and begin with, pairs that answer one another (因为 … 所以), particles, who is spoken of.
A logistic regression weighs them. `training/boundary.py` learns the weights from dialogue whose
English says where its sentences end.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dramaloc.files import read_text

FILE = Path(__file__).with_name("zh-seams.tsv")

# Conjunctions and adverbs that answer one another from clause to clause.
_FRAMES = tuple(
    (one, *others.split("/"))
    for one, _, others in (
        frame.partition(":")
        for frame in """
    因为:所以/就 由于:所以 虽然:但/可 虽说:但/可 尽管:但/还是 如果:就 要是:就 若:便/就 只要:就
    只有:才 除非:否则 不是:而是/就是/是 要么:要么 或者:或者 一:就 越:越 连:都/也 既:又/也
    既然:就 不但:还/也 不仅:还/也 先:再/然后 除了:也/还/都/就 无论:都 不管:都 不论:都 哪怕:也
    就算:也 即使:也 宁可:也 与其:不如 自从:就 等:就/再 时候:就 一边:一边 又:又 也:也 有的:有的
    谁:谁 什么:什么 多:多 别说:连/也 不:不 没:没 刚:就 再:就/也 非:不 万一:怎么 趁:赶紧 为了:才
    之所以:是因为 说:说""".split()
    )
)
_OPENERS = tuple(
    """
    因为 由于 虽然 虽说 尽管 如果 要是 若是 倘若 只要 只有 除非 不是 要么 既然 不但 不仅 除了 无论
    不管 不论 哪怕 就算 即使 宁可 与其 自从 等 当 每次 为了 万一 趁 一旦 自打 从 在 对 对于 关于
    至于 按 照 听说""".split()
)
_OPENER_SIZES = {len(opener) for opener in _OPENERS}
_PRONOUNS = "我你他她它您咱"
_ASKING = re.compile("吗|什么|怎么|谁|哪|几|多少|为何|何|难道|啥|咋|呢$")
_MARKS = re.compile(r"[\s，,、；;：:。．.！!？?…⋯—]+")
_HEAD = 5  # characters in which the answering word stands
_MOST_SHARED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """What was learnt: weights of features, in log-odds that a sentence runs on.

    `bias` is where the scale begins, `threshold` the probability that was best on held-out text.
    """

    weights: Mapping[str, float]
    bias: float
    threshold: float

    def log_odds(self, before: str, after: str) -> float:
        """Weigh the words of two cues; punctuation between them is not looked at."""
        return self.bias + sum(self.weights.get(name, 0.0) for name in features(before, after))


def features(before: str, after: str) -> Iterator[str]:
    """Name what can be seen at a seam; only the clauses that touch it count."""
    first, second = clauses(before), clauses(after)
    if not first or not second:
        return
    end, start = first[-1], second[0]
    yield from _touching(end, start)
    yield from _framed(end, start, first)
    yield from _alike(end, start)
    yield from (f"A{end[at : at + 2]}" for at in range(len(end) - 1))
    yield from (f"B{start[at : at + 2]}" for at in range(len(start) - 1))


def clauses(text: str) -> list[str]:
    """Split at spaces and punctuation: a space is the comma of Chinese subtitles."""
    return [clause for clause in _MARKS.split(text) if clause]


def _touching(end: str, start: str) -> Iterator[str]:
    for size in (1, 2, 3):
        if len(end) >= size:
            yield "E" * size + end[-size:]
        if len(start) >= size:
            yield "S" * size + start[:size]
    yield f"X{end[-1:]}{start[:1]}"
    yield f"Y{end[-2:]}{start[:1]}"
    yield f"Z{end[-1:]}{start[:2]}"
    yield f"O{end[:1]}"
    yield f"OO{end[:2]}"


def _framed(end: str, start: str, first: list[str]) -> Iterator[str]:
    head = start[:_HEAD]
    for one, *others in _FRAMES:
        if one in end:
            yield from (f"F{one}{other}" for other in others if other in head)
    begun = {clause[:size] for clause in first for size in _OPENER_SIZES}
    yield from (f"C{opener}" for opener in _OPENERS if opener in begun)


def _alike(end: str, start: str) -> Iterator[str]:
    """Who is spoken of, whether either asks, and whether the two are built alike."""
    yield f"P{_pronoun(end)}{_pronoun(start)}"
    yield f"Q{int(bool(_ASKING.search(end)))}{int(bool(_ASKING.search(start)))}"
    if len(end) == len(start):
        yield "=len"
    yield from (f"={size}" for size in (1, 2) if end[:size] == start[:size])
    if end[-1] == start[-1]:
        yield "=e"
    yield f"=c{min(len(set(end) & set(start)), _MOST_SHARED)}"


def _pronoun(clause: str) -> str:
    return clause[0] if clause[0] in _PRONOUNS else "-"


def parse_boundary(text: str) -> Boundary:
    """Read what `training/boundary.py` wrote: features by their weight, in hundredths."""
    named: dict[str, float] = {}
    weights: dict[str, float] = {}
    for line in text.splitlines():
        value, _, names = line.partition("\t")
        if value in ("bias", "threshold"):
            named[value] = float(names)
        elif names:
            weights |= dict.fromkeys(names.split(" "), int(value) / 100)
    return Boundary(weights=weights, bias=named["bias"], threshold=named["threshold"])


@cache
def shipped() -> Boundary:
    """Return the weights that come with dramaloc."""
    return parse_boundary(read_text(FILE))


def probability(log_odds: float) -> float:
    """Turn log-odds into a probability.

    >>> probability(0.0)
    0.5
    """
    return 1 / (1 + math.exp(-log_odds))
