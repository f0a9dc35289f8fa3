"""Find terms that stand on both sides of a pair: names by their pinyin, nouns by the dictionary.

The product hides a required term behind a placeholder before translation. To learn that, the
model needs pairs in which the same thing was taken out on both sides.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from training.corpus import glosses
from training.pairs import Pair

Syllables = Callable[[str], list[str]]
Words = Callable[[str], Iterable[str]]
Kind = Literal["name", "noun"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A term at ``source[start:end]`` and ``target[target_start:target_end]`` of its pair."""

    start: int
    end: int
    target_start: int
    target_end: int
    kind: Kind

    def overlaps(self, other: "Term") -> bool:
        return (self.start < other.end and other.start < self.end) or (
            self.target_start < other.target_end and other.target_start < self.target_end
        )


@dataclass(frozen=True, slots=True)
class Aligned:
    """A pair and the terms known in it, in the order of the source, none overlapping."""

    pair: Pair
    terms: tuple[Term, ...] = ()


# How drama subtitles render a surname with a title, in both orders; the surname is pinyin.
TITLES: Mapping[str, tuple[str, ...]] = {
    "先生": ("Mr.",), "小姐": ("Miss", "Ms."), "女士": ("Ms.",), "太太": ("Mrs.",),
    "夫人": ("Madam", "Lady", "Mrs."), "老师": ("Teacher", "Ms.", "Mr."),
    "师傅": ("Master",), "大夫": ("Doctor", "Dr."), "医生": ("Doctor", "Dr."),
    "教授": ("Professor",), "律师": ("Attorney", "Lawyer"), "警官": ("Officer",),
    "队长": ("Captain",), "局长": ("Director", "Chief"), "总": ("Mr.", "President", "CEO"),
    "经理": ("Manager",), "主任": ("Director",), "厂长": ("Director",),
    "村长": ("Village Chief", "Chief"), "书记": ("Secretary",), "将军": ("General",),
    "大人": ("Lord",), "公公": ("Eunuch",), "公子": ("Young Master", "Master"),
    "姑娘": ("Miss",), "掌柜": ("Innkeeper", "Shopkeeper"), "捕头": ("Constable",),
    "婶": ("Auntie", "Aunt"), "叔": ("Uncle",), "伯": ("Uncle",), "姨": ("Auntie", "Aunt"),
    "嫂": ("Sister-in-law",), "哥": ("Brother",), "姐": ("Sister",), "爷": ("Master",),
    "贵妃": ("Noble Consort", "Consort"), "妃": ("Consort",), "嬷嬷": ("Nanny",),
}  # fmt: skip

_CAPITALIZED = re.compile(r"[A-Z][a-z]+(?:'[a-z]+)?(?: [A-Z][a-z]+(?:'[a-z]+)?)*")
_HAN_RUN = re.compile(r"[一-鿿]+")
_NOUN_GLOSS = re.compile(r"[a-z][a-z-]{2,}(?: [a-z-]+){0,2}")
_ARTICLE = re.compile(r"^(?:a|an|the|one's) ")
# Words that a gloss names but that a noun phrase in running text rarely stands for.
_NOT_NOUNS = frozenset(
    "that this what which very also only just then here there where when who how not all both"
    " some other another such each every again still already even more most much many can may"
    " must will should one two three four five six seven eight nine ten good bad fine right well"
    " now today thing time way".split()
)


def noun_lexicon(entries: Iterable[Pair]) -> dict[str, frozenset[str]]:
    """Chinese words of two to four characters and the nouns CC-CEDICT gives for them."""
    found: dict[str, set[str]] = {}
    for entry in entries:
        if len(entry.source) < 2 or len(entry.source) > 4:
            continue
        for gloss in glosses(entry.target):
            noun = _ARTICLE.sub("", gloss)
            is_noun = not gloss.startswith("to ") and noun not in _NOT_NOUNS
            if is_noun and _NOUN_GLOSS.fullmatch(noun):
                found.setdefault(entry.source, set()).add(noun)
    return {word: frozenset(nouns) for word, nouns in found.items()}


def _once(text: str, part: str) -> int:
    """Where ``part`` stands in ``text`` if it does so exactly once, else -1."""
    at = text.find(part)
    return at if at >= 0 and text.find(part, at + 1) < 0 else -1


def nouns(pair: Pair, lexicon: Mapping[str, frozenset[str]], words: Words) -> Iterator[Term]:
    """Dictionary nouns that stand once on each side, singular or plural."""
    lowered = pair.target.lower()
    for word in words(pair.source):
        start = _once(pair.source, word) if word in lexicon else -1
        if start < 0:
            continue
        for noun in sorted(lexicon[word], key=lambda noun: (-len(noun), noun)):
            matches = list(re.finditer(rf"\b{re.escape(noun)}(?:s|es)?\b", lowered))
            if len(matches) == 1:
                yield Term(
                    start=start,
                    end=start + len(word),
                    target_start=matches[0].start(),
                    target_end=matches[0].end(),
                    kind="noun",
                )
                break


def names(pair: Pair, syllables: Syllables) -> Iterator[Term]:
    """Names written in pinyin on the English side, with or without a title."""
    spans = _spans_by_pinyin(pair.source, syllables)
    for match in _CAPITALIZED.finditer(pair.target):
        # "Yu'an" is a name with an apostrophe, "Qing's" one with a possessive.
        found = match.group().removesuffix("'s")
        for offset, text in _tails(found):
            start = spans.get(text.replace("'", "").replace(" ", "").lower(), -1)
            if start >= 0:
                end = start + _characters(pair.source, start, text, syllables)
                term = Term(
                    start=start,
                    end=end,
                    target_start=match.start() + offset,
                    target_end=match.start() + len(found),
                    kind="name",
                )
                titled = _with_title(pair, term)
                # One syllable alone is more often an English word: "Can", "She", "Long".
                if end - start > 1 or titled != term:
                    yield titled
                break


def _tails(text: str) -> Iterator[tuple[int, str]]:
    """``"Tell Shen Qing"`` may be a name from any of its words on, longest first."""
    at = 0
    while at >= 0:
        yield at, text[at:]
        space = text.find(" ", at)
        at = space + 1 if space >= 0 else -1


def _spans_by_pinyin(source: str, syllables: Syllables) -> dict[str, int]:
    """The pinyin of every run of one to four characters, and where it stands once."""
    found: dict[str, int] = {}
    for run in _HAN_RUN.finditer(source):
        spelled = syllables(run.group())
        for first in range(len(spelled)):
            for last in range(first + 1, min(first + 4, len(spelled)) + 1):
                pinyin = "".join(spelled[first:last])
                # Twice in a line: nobody knows which one the English means.
                found[pinyin] = -1 if pinyin in found else run.start() + first
    return {pinyin: at for pinyin, at in found.items() if len(pinyin) > 2}


def _characters(source: str, start: int, text: str, syllables: Syllables) -> int:
    """How many characters from ``start`` on are spelled by ``text``."""
    wanted = len(text.replace("'", "").replace(" ", ""))
    length = 0
    for count, syllable in enumerate(syllables(source[start : start + 4]), 1):
        length += len(syllable)
        if length >= wanted:
            return count
    return 0


def _with_title(pair: Pair, term: Term) -> Term:
    """Widen a surname to the title beside it: 陈律师 with ``Attorney Chen``."""
    after = pair.source[term.end :]
    for title, renderings in TITLES.items():
        if after.startswith(title):
            for rendering in renderings:
                start = term.target_start - len(rendering) - 1
                if start >= 0 and pair.target.startswith(rendering + " ", start):
                    return Term(
                        start=term.start,
                        end=term.end + len(title),
                        target_start=start,
                        target_end=term.target_end,
                        kind="name",
                    )
    return term


def without_overlaps(candidates: Iterable[Term]) -> tuple[Term, ...]:
    """The longest of overlapping terms, in the order of the source."""
    kept: list[Term] = []
    for term in sorted(candidates, key=lambda term: (term.start - term.end, term.start)):
        if term.end > term.start and not any(term.overlaps(other) for other in kept):
            kept.append(term)
    return tuple(sorted(kept, key=lambda term: term.start))


def merge_neighbours(pair: Pair, terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Join terms that touch on both sides into one noun phrase: 红灯笼, ``red lantern``."""
    merged: list[Term] = []
    for term in terms:
        last = merged[-1] if merged else None
        between = pair.target[last.target_end : term.target_start] if last else ""
        if last and last.end == term.start and between in (" ", "-"):
            merged[-1] = Term(
                start=last.start,
                end=term.end,
                target_start=last.target_start,
                target_end=term.target_end,
                kind="noun",
            )
        else:
            merged.append(term)
    return tuple(merged)


def align(
    pair: Pair, lexicon: Mapping[str, frozenset[str]], words: Words, syllables: Syllables
) -> Aligned:
    """All terms of a pair."""
    found = without_overlaps([*names(pair, syllables), *nouns(pair, lexicon, words)])
    return Aligned(pair, merge_neighbours(pair, found))
