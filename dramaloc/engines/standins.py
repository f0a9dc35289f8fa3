"""Words that a model copies unchanged, to hold the place of a term while it translates.

Which ones it copies differs from model to model, so they are tried once on a few sentences.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from dramaloc.errors import DramalocError
from dramaloc.files import read_bytes, write_atomic


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Stand-ins of one kind, in order of use; `copied` is the share a model gave back once."""

    name: str
    marks: tuple[str, ...]
    copied: float = 0.0


FAMILIES = (
    Family(name="brackets", marks=tuple(f"⟦{number}⟧" for number in range(8))),
    Family(name="names", marks=("Anna", "Peter", "Maria", "David", "Laura", "Tom")),
    Family(name="codes", marks=("X1", "X2", "X3", "X4", "X5", "X6")),
    Family(name="letters", marks=("AAA", "BBB", "CCC", "DDD", "EEE", "FFF")),
)

_PROBES = {
    "zh": (
        "{0}来了",
        "我昨天看见{0}了",
        "{0}是什么",
        "这是{0}的家",
        "你认识{0}吗",
        "他在{0}学了三年",
        "{0}和{1}都没来",
        "我把{0}送给了{1}",
        "{0} 你怎么还在{1}",
        "{0}的{1}坏了",
        "{0}说{1}喜欢{2}",
        "{0} {1}和{2}都在这里",
    ),
    "en": (
        "{0} is here.",
        "I saw {0} yesterday.",
        "What is {0}?",
        "This is the house of {0}.",
        "Do you know {0}?",
        "He studied in {0} for three years.",
        "{0} and {1} did not come.",
        "I gave {0} to {1}.",
        "{0}, why are you still in {1}?",
        "The {1} of {0} is broken.",
        "{0} says that {1} likes {2}.",
        "{0}, {1} and {2} are here.",
    ),
}
_USABLE = 0.25  # enough for a second try where a better family failed


def learn(translate: Callable[[Sequence[str]], Sequence[str]], source: str) -> tuple[Family, ...]:
    """Try all families on sentences of the source language; return the usable, best first.

    `translate` takes and returns texts in order. A language without probe sentences gets
    every family, untried.
    """
    probes = _PROBES.get(source.partition("-")[0])
    if probes is None:
        return FAMILIES
    texts = [probe.format(*family.marks) for family in FAMILIES for probe in probes]
    found = list(translate(texts))
    tried = []
    for place, family in enumerate(FAMILIES):
        rendered = found[place * len(probes) : (place + 1) * len(probes)]
        copied = _share_copied(family, probes, rendered)
        if copied >= _USABLE:
            tried.append(Family(name=family.name, marks=family.marks, copied=round(copied, 3)))
    return tuple(sorted(tried, key=lambda family: -family.copied))


def probe_sentences(source: str) -> tuple[str, ...]:
    """Return the probe sentences of a language with the first family's marks in them."""
    probes = _PROBES.get(source.partition("-")[0], ())
    return tuple(probe.format(*FAMILIES[1].marks) for probe in probes)


def _share_copied(family: Family, probes: Sequence[str], rendered: Sequence[str]) -> float:
    """Share of sentences in which each stand-in came back exactly once, and no other did."""
    good = 0
    for probe, text in zip(probes, rendered, strict=True):
        owed = [mark for place, mark in enumerate(family.marks) if f"{{{place}}}" in probe]
        rest = [mark for mark in family.marks if mark not in owed]
        good += all(text.count(mark) == 1 for mark in owed) and not any(m in text for m in rest)
    return good / len(probes)


def remembered(
    path: Path, signature: str, learn_now: Callable[[], tuple[Family, ...]]
) -> tuple[Family, ...]:
    """Return what is stored in `path` for a signature, else learn it and store it there.

    A file that cannot be read or written costs only the time to learn again.
    """
    try:
        stored = json.loads(read_bytes(path)) if path.exists() else {}
        if signature in stored:
            return tuple(
                Family(name=f["name"], marks=tuple(f["marks"]), copied=f["copied"])
                for f in stored[signature]
            )
    except (DramalocError, ValueError, KeyError, TypeError, RecursionError):
        stored = {}
    families = learn_now()
    stored[signature] = [asdict(family) for family in families]
    text = json.dumps(stored, ensure_ascii=False, indent=1, sort_keys=True)
    with contextlib.suppress(DramalocError):  # a read-only home: learn again next time
        write_atomic(path, text.encode())
    return families
