"""What one round of training is made of, and how the rounds change towards the end."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from training.augment import Shape, unbroken, vary
from training.cleaning import Forbidden, right_lengths
from training.numerals import number_line
from training.pairs import Pair, follows
from training.templates import Template, expand
from training.terms import Aligned, Syllables


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """Shares of the corpus by kind, counts of generated lines, and the shape of the lines."""

    shares: Mapping[str, float]
    templates: int
    numbers: int
    shape: Shape


# Terms that must come back are what the product asks for most, so most lines that can show one
# do; the model otherwise drops a placeholder or says it twice in lines it finds hard. Joined
# lines are where two and three meet.
MARKED = Shape(mark=0.55, inline=0.03, swap=0.08, join=0.28, noise=0.02)

# Dialogue is what the model is for; a dictionary teaches words but no sentences.
GENERAL = Blend(
    shares={"authored": 1.0, "authored-more": 1.0, "tatoeba": 0.4, "cc-cedict": 0.2},
    templates=8_000,
    numbers=1_200,
    shape=MARKED,
)
IN_DOMAIN = Blend(
    shares={"authored": 0.8, "authored-more": 1.0, "tatoeba": 0.25, "cc-cedict": 0.03},
    templates=8_000,
    numbers=800,
    shape=MARKED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything rounds are drawn from."""

    lines: tuple[Aligned, ...]
    templates: tuple[Template, ...]
    nouns: tuple[tuple[str, str], ...]
    forbidden: Forbidden
    syllables: Syllables


def _line_rounds(material: Material, blend: Blend, rng: Random) -> Iterator[Pair]:
    lines, shape = material.lines, blend.shape
    at = 0
    while at < len(lines):
        scene = [lines[at]]
        while (
            len(scene) < 3
            and at + len(scene) < len(lines)
            and lines[at].pair.kind.startswith("authored")
            and rng.random() < shape.join
            and follows(scene[-1].pair, lines[at + len(scene)].pair)
        ):
            scene.append(lines[at + len(scene)])
        at += 1
        if rng.random() < blend.shares[scene[0].pair.kind]:
            # A dictionary entry has no sentence to put anything else into.
            if scene[0].pair.kind == "cc-cedict":
                yield scene[0].pair
            else:
                yield vary(scene, shape, material.nouns, material.syllables, rng)


def _generated(material: Material, blend: Blend, rng: Random) -> Iterator[Pair]:
    shape = Shape(mark=0.85, inline=0.03, swap=0.06, join=0.5, noise=0.01)
    for _ in range(blend.templates if material.templates else 0):
        # Two at times: lines with two and three placeholders are rare otherwise.
        count = 2 if rng.random() < shape.join else 1
        scene = [expand(template, rng) for template in rng.choices(material.templates, k=count)]
        yield vary(scene, shape, material.nouns, material.syllables, rng)
    for _ in range(blend.numbers):
        source, target = number_line(rng)
        yield Pair(source=source, target=target, origin="numerals/")


def round_of(material: Material, blend: Blend, seed: int) -> Sequence[Pair]:
    """The examples of one round, in random order; the same seed gives the same round."""
    rng = Random(seed)  # noqa: S311 (nothing here is a secret)
    examples = [*_line_rounds(material, blend, rng), *_generated(material, blend, rng)]
    allowed = [
        pair
        for pair in unbroken(examples)
        if pair.source not in material.forbidden and right_lengths(pair)
    ]
    rng.shuffle(allowed)
    return allowed
