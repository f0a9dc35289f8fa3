"""How well terms are kept, what that costs, and what it does to the sentences.

    uv run python -m benchmarks.terms

Takes the sample show with its reference translation. Four settings: no terms, the show's own
(proper), words of the sentence paired with what the plain run makes of other ones (random),
and a table of crafts, names, places and titles no model has seen, put into the same sentences
(strange). Prints term success, chrF (sacreBLEU) over the cues that have terms, the share of
each rung, the worst sentences, and the time of a run with terms over that of a plain run.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sacrebleu.metrics import CHRF

import dramaloc
from dramaloc.engines.engine import Engine
from dramaloc.glossary.forms import pattern, unfulfilled
from dramaloc.glossary.matcher import Matcher
from dramaloc.glossary.tables import read_table
from dramaloc.glossary.term import Glossary, Term
from dramaloc.stages.hop import Hop
from dramaloc.stages.localization import Segment, Slot, Translation
from dramaloc.stages.pipeline import with_series
from dramaloc.stages.render import render
from dramaloc.stages.segment import segment
from dramaloc.subtitles.inline import bare

SHOW = Path(__file__).parent.parent / "samples" / "indigo-house"
STRANGE = Path(__file__).parent / "strange.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A sentence with its reference."""

    source: str
    reference: str


def sample_pairs() -> list[Pair]:
    """Sentences of the sample show, one a cue, with the reference's text of that cue."""
    pairs = []
    for episode in ("E01", "E02"):
        source = dramaloc.read((SHOW / f"{episode}.zh-Hans.srt").read_bytes())
        reference = dramaloc.read((SHOW / f"{episode}.reference.en.srt").read_bytes())
        single = Counter(found.cue_positions[0] for found in segment(source))
        for found in segment(source):
            position = found.cue_positions[0]
            if single[position] == 1:
                text = bare(reference.cues[position].text).replace("\n", " ").strip("-♪[] ")
                pairs.append(Pair(source=found.text, reference=text))
    return pairs


def strange_pairs(pairs: Sequence[Pair], known: Glossary, rounds: int) -> list[Pair]:
    """Put a strange term of the same kind where a sentence has a known one."""
    rng = random.Random(7)  # noqa: S311  # a repeatable choice, not a secret
    matcher = Matcher(known)
    by_kind: dict[str, list[Term]] = {}
    for term in read_table(STRANGE):
        by_kind.setdefault(term.kind, []).append(term)
    made: dict[str, Pair] = {}
    for pair in list(pairs) * rounds:
        source, reference = pair.source, pair.reference
        for match in reversed(matcher.find(pair.source)):
            kind = {"kinship": "title", "honorific": "title", "festival": "place"}.get(
                match.term.kind, match.term.kind
            )
            found = pattern((match.term.required, *match.term.accept), "en").search(reference)
            if kind in by_kind and found:
                other = rng.choice(by_kind[kind])
                source = f"{source[: match.start]}{other.source}{source[match.end :]}"
                reference = f"{reference[: found.start()]}{other.target}{reference[found.end() :]}"
        if source != pair.source:
            made[source] = Pair(source=source, reference=reference)
    return list(made.values())


def random_terms(pairs: Sequence[Pair]) -> Glossary:
    """Pair a random word of some sentences with a capitalized word of their reference."""
    rng = random.Random(11)  # noqa: S311  # a repeatable choice, not a secret
    terms = {}
    for pair in pairs:
        words = [word.strip(".,?!…\"'") for word in pair.reference.split()]
        long_words = [word for word in words if len(word) > 5 and word.isalpha()]  # noqa: PLR2004
        chunks = [part for part in pair.source.split() if len(part) > 3]  # noqa: PLR2004
        if long_words and chunks and rng.random() < 0.4:  # noqa: PLR2004
            chunk = rng.choice(chunks)
            start = rng.randrange(len(chunk) - 1)
            source = chunk[start : start + 2]
            terms[source] = Term(source=source, target=rng.choice(long_words).lower())
    return Glossary(tuple(terms.values()))


def run(engine: Engine, glossary: Glossary, pairs: Sequence[Pair]) -> tuple[Translation, ...]:
    """Translate every sentence under a glossary's contract."""
    segments = [
        Segment(slots=(Slot(cue=at, utterance=0),), text=pair.source, source=pair.source)
        for at, pair in enumerate(pairs)
    ]
    return render(segments, [Hop(engine, "zh-Hans", "en", glossary)])


def success(texts: Iterable[str], pairs: Sequence[Pair], glossary: Glossary) -> tuple[int, int]:
    """Count required term occurrences, and those kept."""
    matcher = Matcher(glossary)
    required = kept = 0
    for text, pair in zip(texts, pairs, strict=True):
        terms = [
            match.term
            for match in matcher.find(pair.source)
            if match.term.action in ("translate", "keep")
        ]
        required += len(terms)
        kept += len(terms) - len(unfulfilled(terms, text, "en"))
    return required, kept


def blemishes(text: str, terms: Sequence[Term]) -> list[str]:
    """Name what a careless insertion leaves behind in an English sentence."""
    found = []
    for term in terms:
        word = re.escape(term.required)
        if term.kind in ("name", "place") and re.search(rf"\b(?:an?|the) {word}", text):
            found.append("orphan article")
        if re.search(rf"\b{word}[ ,-]*{word}\b", text) and terms.count(term) == 1:
            found.append("doubled term")
        if re.search(rf"\ba {word}", text) and term.required[0].lower() in "aeiou":
            found.append("a before a vowel")
        inside = re.search(rf"[a-z,] {word[:1].upper()}{word[1:]}", text)
        if inside and term.required[0].islower():
            found.append("capital within")
    if re.search("[⟦⟧]", text):
        found.append("leftover")
    if re.search(r"\bthe the\b|\ba an?\b", text, re.IGNORECASE):
        found.append("doubled article")
    if text[:1].islower() and any(text.startswith(term.required) for term in terms):
        found.append("no capital")
    return found


def measure(
    engine: Engine, name: str, glossary: Glossary, pairs: Sequence[Pair]
) -> dict[str, object]:
    """Compare a constrained run with the plain one on the sentences that have terms."""
    matcher = Matcher(glossary)
    chosen = [
        pair
        for pair in pairs
        if any(m.term.action in ("translate", "keep") for m in matcher.find(pair.source))
    ]
    plain = [found.text for found in run(engine, Glossary(), chosen)]
    found = run(engine, glossary, chosen)
    texts = [translation.text for translation in found]
    references = [[pair.reference for pair in chosen]]
    required, before = success(plain, chosen, glossary)
    _, after = success(texts, chosen, glossary)
    rungs = Counter(use.rung for translation in found for use in translation.terms)
    worst = sorted(found, key=lambda t: -max((use.score_drop for use in t.terms), default=0))
    return {
        "setting": name,
        "sentences": len(chosen),
        "terms": required,
        "kept_plain": before,
        "kept": after,
        "chrf_plain": round(CHRF().corpus_score(plain, references).score, 2),
        "chrf": round(CHRF().corpus_score(texts, references).score, 2),
        "rungs": dict(rungs.most_common()),
        "blemishes": [
            (name, t.text)
            for t in found
            for name in blemishes(t.text, [use.term for use in t.terms])
        ],
        "worst": [(t.segment.text, t.text, t.rung) for t in worst[:5]],
        "all": [
            (p.source, a, b, t.rung, p.reference)
            for p, a, b, t in zip(chosen, plain, texts, found, strict=True)
        ],
    }


def cost(engine: Engine, glossary: Glossary, pairs: Sequence[Pair], repeats: int) -> float:
    """Time a run with terms over a plain one: the median ratio of alternating runs."""
    ratios = []
    for _ in range(repeats):
        start = time.perf_counter()
        run(engine, Glossary(), pairs)
        middle = time.perf_counter()
        run(engine, glossary, pairs)
        ratios.append((time.perf_counter() - middle) / (middle - start))
    return statistics.median(ratios)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="strange sentences per sentence")
    parser.add_argument("--repeats", type=int, default=5, help="timed runs")
    parser.add_argument("--json", type=Path, help="write all figures and sentences here")
    options = parser.parse_args()
    engine = dramaloc.create_engine("argos")
    pairs = sample_pairs()
    market = with_series(dramaloc.load_market("en-US"), read_table(SHOW / "names.csv"))
    strange = strange_pairs(pairs, market.glossary, options.rounds)
    oddities = Glossary(read_table(STRANGE))
    rows = [
        measure(engine, "proper", market.glossary, pairs),
        measure(engine, "random", random_terms(pairs), pairs),
        measure(engine, "strange", oddities, strange),
    ]
    ratio = cost(engine, replace_with_thousand(market.glossary), pairs, options.repeats)
    for row in rows:
        print_row(row)
    print(f"\ntime with {len(market.glossary)} terms over the plain run: {ratio:.2f}")
    if options.json:
        options.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")


def replace_with_thousand(glossary: Glossary) -> Glossary:
    """Make sure that at least a thousand terms are active."""
    extra = [
        replace(term, source=f"{term.source}{number}")
        for number in range(1000)
        for term in glossary.terms[: max(0, 1000 - len(glossary)) // 1000 + 1]
    ]
    return Glossary((*glossary.terms, *extra)) if len(glossary) < 1000 else glossary  # noqa: PLR2004


def print_row(row: dict[str, object]) -> None:
    print(
        f"\n{row['setting']}: {row['sentences']} sentences, {row['terms']} terms;"
        f" kept {row['kept_plain']} plainly, {row['kept']} by contract;"
        f" chrF {row['chrf_plain']} → {row['chrf']}"
    )
    print("  rungs:", row["rungs"])
    print("  blemishes:", row["blemishes"] or "none")
    for source, text, rung in row["worst"]:  # type: ignore[attr-defined]
        print(f"  {source} → {text} ({rung})")


if __name__ == "__main__":
    main()
