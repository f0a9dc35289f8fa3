"""What there is to learn from the model's own answers: pure functions.

Likelihood teaches what stands in the references. A beam still prefers, now and then, a line that
leaves a placeholder out or says it twice, even for lines the model has often seen.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from training.augment import Shape, join
from training.blend import Blend, Material, round_of
from training.pairs import Pair
from training.probes import misplaced, says_twice, with_placeholders

Likeness = Callable[[str, str], float]
Nouns = Callable[[str], Sequence[str]]

# Placeholders in almost every line, two and three of them far more often than in speech.
ASKED = Blend(
    shares={"authored": 0.5, "authored-more": 0.5, "tatoeba": 0.5, "cc-cedict": 0.0},
    templates=1_000,
    numbers=0,
    shape=Shape(mark=0.9, inline=0.0, swap=0.0, join=0.5, noise=0.01),
)
# How many questions of each round hold how many placeholders.
QUESTIONS = {0: 500, 1: 450, 2: 900, 3: 1_000, 4: 200}
# Questions whose references do not say where the hidden nouns belong.
UNALIGNED = {1: 150, 2: 500, 3: 550}

MOST_WRONG = 2

# How far apart their scores are to be: a term lost is worse than a poor wording.
WRONG, POOR = 2.0, 1.0
# Wordings whose chrF against the reference is apart by less than this are as good.
APART = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """A line, an answer to it, and one worth less; by how many units it is to score less."""

    source: str
    better: str
    worse: str
    margin: float


def questions(material: Material, nouns: Nouns, seed: int) -> list[Pair]:
    """Lines to ask, with the references their answers are measured against."""
    wanted = dict(QUESTIONS)
    asked = []
    for pair in round_of(material, ASKED, seed):
        held = pair.source.count("⟦")
        if wanted.get(held, 0) > 0:
            wanted[held] -= 1
            asked.append(pair)
    return [*asked, *_unaligned(material, nouns, Random(seed))]  # noqa: S311 (no secret)


def _unaligned(material: Material, nouns: Nouns, rng: Random) -> Iterator[Pair]:
    """Any nouns hidden, in lines and in strangers joined: what a long line of terms looks like."""
    lines = [line.pair for line in material.lines if line.pair.kind != "cc-cedict"]
    for count, wanted in UNALIGNED.items():
        # A corpus of lines without nouns must come to an end too.
        found = 0
        for _ in range(20 * wanted if lines else 0):
            pair = rng.choice(lines)
            if rng.random() < 0.5 * (count - 1):
                pair = join((pair, rng.choice(lines)), rng)
            source = with_placeholders(pair.source, nouns, count, rng)
            if source is not None and source not in material.forbidden:
                yield Pair(source=source, target=pair.target, origin=pair.origin)
                found += 1
            if found == wanted:
                break


def contrasts(pair: Pair, answers: Sequence[str], likeness: Likeness) -> Iterator[Contrast]:
    """What there is to learn from the answers to one line, the model's favourite first.

    Better is the favourite of those with the fewest placeholders misplaced and nothing said
    twice over; where all is in place, also the answer most like the reference. The reference
    itself never is: what the model would not have said pulls hard and teaches little.
    """
    damage = [
        misplaced(pair.source, answer) + (says_twice(answer) and not says_twice(pair.target))
        for answer in answers
    ]
    least = min(damage)
    best = answers[damage.index(least)]
    wrong = [answer for answer, lost in zip(answers, damage, strict=True) if lost > least]
    for answer in wrong[:MOST_WRONG]:
        yield Contrast(source=pair.source, better=best, worse=answer, margin=WRONG)
    if least:
        return
    exact = [answer for answer, lost in zip(answers, damage, strict=True) if not lost]
    likes = [likeness(answer, pair.target) for answer in exact]
    poor = [answer for answer, like in zip(exact, likes, strict=True) if like < max(likes) - APART]
    if poor:
        likest = exact[likes.index(max(likes))]
        yield Contrast(source=pair.source, better=likest, worse=poor[0], margin=POOR)
