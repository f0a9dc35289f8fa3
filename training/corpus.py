"""Corpus assembly: read the sources, set evaluation lines aside, clean, keep provenance."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from training.cleaning import Forbidden, clean, held_out, normal
from training.pairs import Pair, read_pairs

Convert = Callable[[str], str]

# About 500 of the 29,000 Tatoeba lines.
HOLD_OUT_ONE_IN = 58

_HEADWORD = re.compile(r"[一-鿿]{1,4}")
_PARENTHESIS = re.compile(r"\s*\([^)]*\)\s*")
# Notes for the reader of a dictionary, and entries nobody says in a drama.
_NOT_A_GLOSS = re.compile(
    r"variant|fig\.|lit\.|surname|abbr|\bsee\b|used in|CL:|\d|\bold\b|[一-鿿\[\]]|county|prefecture"
    r"|district|dynasty|township|Province|radical|erhua"
)
MAX_GLOSS_WORDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """What may be trained on, and what is kept for the evaluation."""

    train: tuple[Pair, ...]
    dev: tuple[Pair, ...]
    held_out: tuple[Pair, ...]


def glosses(entry: str) -> list[str]:
    """The plain translations in a CC-CEDICT entry.

    >>> glosses("(bound form) lantern; lamp; CL:盞|盏[zhan3]")
    ['lantern', 'lamp']
    """
    parts = (_PARENTHESIS.sub(" ", part).strip() for part in re.split(r"[;/]", entry))
    return [
        part
        for part in parts
        if part and not _NOT_A_GLOSS.search(part) and len(part.split()) <= MAX_GLOSS_WORDS
    ]


def headwords(pairs: Iterable[Pair]) -> list[Pair]:
    """Dictionary entries as pairs: the word and its first plain translation."""
    found = []
    for pair in pairs:
        candidates = glosses(pair.target) if _HEADWORD.fullmatch(pair.source) else []
        if candidates:
            found.append(replace(pair, target=candidates[0]))
    return found


def authored_files(folder: Path) -> list[Path]:
    """Dialogue files, without the ``*.templates.tsv`` and ``*.slots.tsv`` beside them."""
    return sorted(path for path in folder.glob("*.tsv") if path.name.count(".") == 1)


def sample_lines(folder: Path) -> list[str]:
    """Every line of text in the sample episodes (numbers and timings do no harm here)."""
    return [
        line
        for path in sorted(folder.rglob("*.srt"))
        for line in decoded(path.read_bytes()).splitlines()
    ]


def decoded(data: bytes) -> str:
    """The text of a subtitle file; Chinese ones are still met in GBK and in UTF-16."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-16", errors="replace")


def read_sources(folder: Path, more_authored: Path, simplify: Convert) -> list[Pair]:
    """All pairs of the corpus as they stand, Tatoeba's traditional lines made simplified."""
    pairs = []
    for place, name in ((folder / "authored", "authored"), (more_authored, "authored-more")):
        for path in authored_files(place):
            pairs.extend(read_pairs(path, name))
    tatoeba = read_pairs(folder / "tatoeba" / "zh-en.tsv", "tatoeba")
    pairs.extend(replace(pair, source=simplify(pair.source)) for pair in tatoeba)
    pairs.extend(headwords(read_pairs(folder / "cc-cedict" / "zh-en.tsv", "cc-cedict")))
    return pairs


def assemble(folder: Path, more_authored: Path, samples: Path, simplify: Convert) -> Corpus:
    """Read, split and clean everything; nothing forbidden reaches ``train``."""
    dev = tuple(read_pairs(folder / "dev.tsv", "dev"))
    pairs = list(clean(read_sources(folder, more_authored, simplify)))
    aside = [p for p in pairs if p.kind == "tatoeba" and held_out(p, one_in=HOLD_OUT_ONE_IN)]
    forbidden = Forbidden.of(
        evaluation=[pair.source for pair in (*dev, *aside)], samples=sample_lines(samples)
    )
    train = tuple(pair for pair in pairs if pair.source not in forbidden)
    return Corpus(
        train=train,
        dev=tuple(replace(p, source=normal(p.source), target=normal(p.target)) for p in dev),
        held_out=tuple(aside),
    )
