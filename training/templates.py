"""Expand sentence templates with slots: every template as often as any other."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from training.numerals import Maker, clock, date, duration, money
from training.pairs import Pair, read_columns
from training.terms import Aligned, Kind, Term

Slots = Mapping[str, tuple[tuple[str, str], ...]]

_SLOT = re.compile(r"\{(\w+)\}")

# Slots whose fillers a glossary could hold; the rest (adjectives, verb phrases) stay words.
TERM_KINDS: Mapping[str, Kind] = {
    "name": "name", "person": "name", "titled": "name", "city": "name", "town": "name",
    "abroad": "name", "sect": "name", "company": "name", "place": "noun", "spot": "noun",
    "thing": "noun", "item": "noun", "object": "noun", "obj": "noun", "dish": "noun",
    "food": "noun", "craft": "noun", "title": "noun", "festival": "noun", "poison": "noun",
    "material": "noun", "goods": "noun", "creature": "noun", "gift": "noun",
}  # fmt: skip

# Slots for which a grammar knows more fillers than the list.
GRAMMARS: Mapping[str, Maker] = {
    "money": money, "clock": clock, "dur": duration, "duration": duration, "date": date,
}  # fmt: skip
GRAMMAR_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    source: str
    target: str
    origin: str
    slots: Slots


def read_templates(folder: Path) -> list[Template]:
    """Templates whose slots all have fillers in the ``.slots.tsv`` beside them."""
    found = []
    for path in sorted(folder.glob("*.templates.tsv")):
        slots = _read_slots(path.with_name(path.name.replace(".templates.", ".slots.")))
        for number, (source, target) in read_columns(path, 2):
            wanted = set(_SLOT.findall(source))
            if wanted and wanted == set(_SLOT.findall(target)) and wanted <= slots.keys():
                origin = f"authored/{path.name}:{number}"
                found.append(Template(source=source, target=target, origin=origin, slots=slots))
    return found


def _read_slots(path: Path) -> Slots:
    fillers: dict[str, list[tuple[str, str]]] = defaultdict(list)
    if path.exists():
        for _, (slot, source, target) in read_columns(path, 3):
            fillers[slot.strip("{}")].append((source, target))
    return {slot: tuple(found) for slot, found in fillers.items()}


def expand(template: Template, rng: Random) -> Aligned:
    """Fill every slot; the fillers that name something become terms of the pair."""
    chosen = {}
    for slot in sorted(set(_SLOT.findall(template.source))):
        make = GRAMMARS.get(slot)
        from_grammar = make is not None and rng.random() < GRAMMAR_SHARE
        chosen[slot] = make(rng) if make and from_grammar else rng.choice(template.slots[slot])
    source, source_spans = _fill(template.source, {s: pair[0] for s, pair in chosen.items()})
    target, target_spans = _fill(template.target, {s: pair[1] for s, pair in chosen.items()})
    terms = tuple(
        Term(start=start, end=end, target_start=spans[0][0], target_end=spans[0][1], kind=kind)
        for slot, (start, end) in ((s, x[0]) for s, x in source_spans.items() if len(x) == 1)
        if len(spans := target_spans[slot]) == 1 and (kind := TERM_KINDS.get(slot))
    )
    pair = Pair(source=source, target=target[:1].upper() + target[1:], origin=template.origin)
    return Aligned(pair, tuple(sorted(terms, key=lambda term: term.start)))


def _fill(text: str, fillers: Mapping[str, str]) -> tuple[str, dict[str, list[tuple[int, int]]]]:
    """Fill the slots and say where each filler came to stand."""
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    filled, at = "", 0
    for match in _SLOT.finditer(text):
        filled += text[at : match.start()]
        filler = fillers[match.group(1)]
        spans[match.group(1)].append((len(filled), len(filled) + len(filler)))
        filled += filler
        at = match.end()
    return filled + text[at:], spans
