"""The model card: what the package is, what it was made from, and how good and bad it is."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sacrebleu

from training.evaluate import table
from training.pairs import Pair

EXAMPLES = 10
MIN_EXAMPLE_WORDS = 5

_CURVE = re.compile(r"^\S+ ([\d.]+) min .*tokens (\d+) .*dev ([\d.]+) perplexity ([\d.]+)$")

_TEXT = """\
# zh_en-starter

A small Chinese→English model for the dialogue of TV drama, an ordinary Argos package
(CTranslate2 int8, {megabytes:.1f} MB). It makes a rough draft that a person corrects; do not
publish what it writes unread. It was trained from openly licensed text by the recipe in
`training/` of the dramaloc repository.

- Version {version}; transformer, {parameters:.1f} million parameters, {layers}
- Decode with beam {beam} and length penalty {penalty}.
- The pieces `⟦0⟧` to `⟦7⟧` stand for terms: put one where a term stood, find it in the output.
- Only pieces that English is written with can be output, so no Han characters appear in it.

## Data and licences

| source | pairs | licence |
| --- | --- | --- |
{sources}

The model is GPL-3.0-or-later like the program around it. `ATTRIBUTION.md` credits the authors of
Tatoeba and CC-CEDICT. Generated lines (templates, numbers, placeholders) come from these sources
and from the recipe itself.

## Figures

`python -m training.evaluate --package … --work …` printed:

{figures}

chrF: `{chrf_signature}`\\
BLEU: `{bleu_signature}`

The dev lines are whole scenes that were kept out of the training text, written by the same hand.
Placeholder lines are dev and Tatoeba lines and joined neighbours. "Rendered terms" hides names
and nouns that the reference renders, as a glossary does; "any noun" hides whatever a tagger calls
a noun, also in set phrases no glossary holds. "In the beam": one of the four hypotheses keeps
them, which is what dramaloc looks for next. The {many_lines} lines asked for loops are the
evaluation lines, their joined neighbours, and dialogue lines of the training text.
{notes}
## Learning curve

Cross-entropy of the averaged weights on the dev lines, in nats a piece.

| minutes | million target pieces | dev | perplexity |
| --- | --- | --- | --- |
{curve}

## Ten of the best dev lines

Chosen by sentence chrF among references of at least {words} words, not by hand.

{good}

## Ten of the worst

{bad}

## Length penalty on the dev lines

| penalty | chrF | BLEU |
| --- | --- | --- |
{penalties}
"""

KIND_NAMES = {
    "authored": ("dialogue written for this project", "GPL-3.0-or-later (as data: CC BY 4.0)"),
    "authored-more": ("more dialogue, in `training/authored`", "GPL-3.0-or-later"),
    "tatoeba": ("Tatoeba", "CC BY 2.0 FR"),
    "cc-cedict": ("CC-CEDICT headwords", "CC BY-SA 4.0"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the card states besides the evaluation."""

    version: str
    megabytes: float
    parameters: int
    layers: str
    notes: str
    train: Sequence[Pair]
    dev: Sequence[Pair]
    outputs: Sequence[str]  # the translations of the dev lines
    log: Sequence[str]


def source_rows(train: Iterable[Pair]) -> str:
    counts = Counter(pair.kind for pair in train)
    rows = ((*KIND_NAMES[kind], counts[kind]) for kind in KIND_NAMES)
    return "\n".join(f"| {name} | {count:,} | {licence} |" for name, licence, count in rows)


def curve_rows(log: Iterable[str], most: int = 16) -> str:
    """Evenly spaced points of the learning curve in a training log, the last one included."""
    points = [match.groups() for line in log if (match := _CURVE.match(line))]
    every = max(1, -(-len(points) // most))
    kept = points[::-every][::-1]
    return "\n".join(
        f"| {minutes} | {int(tokens) / 1e6:.1f} | {nats} | {perplexity} |"
        for minutes, tokens, nats, perplexity in kept
    )


def examples(dev: Sequence[Pair], outputs: Sequence[str]) -> tuple[str, str]:
    """The best and the worst translations, by a rule that nobody can pick from."""
    chrf = sacrebleu.CHRF()
    scored = sorted(
        (chrf.sentence_score(output, [pair.target]).score, at)
        for at, (pair, output) in enumerate(zip(dev, outputs, strict=True))
        if len(pair.target.split()) >= MIN_EXAMPLE_WORDS
    )

    def rows(chosen: Iterable[tuple[float, int]]) -> str:
        head = "| Chinese | output | reference |\n| --- | --- | --- |\n"
        return head + "\n".join(
            f"| {dev[at].source} | {outputs[at]} | {dev[at].target} |" for _, at in chosen
        )

    return rows(scored[: -EXAMPLES - 1 : -1]), rows(scored[:EXAMPLES])


def penalty_rows(penalties: dict[str, dict[str, float]]) -> str:
    return "\n".join(f"| {p} | {s['chrf']:.2f} | {s['bleu']:.2f} |" for p, s in penalties.items())


def card(facts: Facts, found: dict[str, Any]) -> str:
    """Compose the text of the card."""
    good, bad = examples(facts.dev, facts.outputs)
    return _TEXT.format(
        version=facts.version,
        megabytes=facts.megabytes,
        parameters=facts.parameters / 1e6,
        layers=facts.layers,
        beam=found["beam"],
        penalty=found["length_penalty"],
        sources=source_rows(facts.train),
        figures=table(found),
        chrf_signature=found["dev"]["chrf_signature"],
        bleu_signature=found["dev"]["bleu_signature"],
        many_lines=found["many_lines"]["lines"],
        notes=f"\n{facts.notes}\n" if facts.notes else "",
        curve=curve_rows(facts.log),
        words=MIN_EXAMPLE_WORDS,
        good=good,
        bad=bad,
        penalties=penalty_rows(found["length_penalties"]),
    )
