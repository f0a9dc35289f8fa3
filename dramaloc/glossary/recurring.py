"""A show's vocabulary, by statistics alone: words that come again and stand on their own."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence

from dramaloc.glossary.evidence import NEVER, NUMBERS, Candidate, Line, Run, corpus_of

_SHORTEST, _LONGEST = 2, 4
_COHESION = 2.0
_FREEDOM = 1.0

_Gram = tuple[int, Counter[str], Counter[str]]


def recurring(
    lines: Iterable[Line], known: Collection[str] = (), *, at_least: int = 3
) -> tuple[Candidate, ...]:
    """Propose words that come again and again: those found most often and most freely first.

    A word's characters must keep together (pointwise mutual information, in bits), and what
    stands before and after it must vary (entropy, in bits). Everyday words are left out as far
    as the lists have them.
    """
    corpus = corpus_of(lines)
    grams = _ngrams(corpus.runs)
    total = sum(count for gram, (count, _, _) in grams.items() if len(gram) == 1)
    found = []
    for gram, (count, before, after) in grams.items():
        if count < at_least or not _may_be_a_word(gram):
            continue
        freedom = min(_entropy(before), _entropy(after))
        if freedom < _FREEDOM or _cohesion(gram, grams, total) < _COHESION:
            continue
        if gram not in known and gram not in corpus.lists.everyday:
            score = math.log2(count) + freedom
            found.append(Candidate(source=gram, kind="vocabulary", score=score, count=count))
    whole = [each for each in found if not _part_of_another(each, found)]
    return tuple(sorted(whole, key=lambda each: (-each.score, each.source)))


def _may_be_a_word(gram: str) -> bool:
    return len(gram) >= _SHORTEST and gram[0] not in NUMBERS and not NEVER & set(gram)


def _ngrams(runs: Sequence[Run]) -> dict[str, _Gram]:
    """Count all n-grams with what stands on their left and right; a pause is always new."""
    counts: Counter[str] = Counter()
    before: dict[str, Counter[str]] = defaultdict(Counter)
    after: dict[str, Counter[str]] = defaultdict(Counter)
    for number, run in enumerate(runs):
        text = run.text
        for start in range(len(text)):
            for end in range(start + 1, min(start + _LONGEST, len(text)) + 1):
                gram = text[start:end]
                counts[gram] += 1
                before[gram][text[start - 1] if start else f"<{number}"] += 1
                after[gram][text[end] if end < len(text) else f">{number}"] += 1
    return {gram: (count, before[gram], after[gram]) for gram, count in counts.items()}


def _cohesion(gram: str, grams: dict[str, _Gram], total: int) -> float:
    """How much likelier a word is than its two parts by chance, at its weakest joint."""
    count = grams[gram][0]
    return min(
        math.log2(count * total / (grams[gram[:at]][0] * grams[gram[at:]][0]))
        for at in range(1, len(gram))
    )


def _entropy(neighbours: Counter[str]) -> float:
    total = sum(neighbours.values())
    return -sum(n / total * math.log2(n / total) for n in neighbours.values())


def _part_of_another(one: Candidate, found: Iterable[Candidate]) -> bool:
    """Say whether a word stands mostly inside a longer one that was found too."""
    return any(
        one.source in other.source and one.source != other.source and other.count * 2 > one.count
        for other in found
    )
