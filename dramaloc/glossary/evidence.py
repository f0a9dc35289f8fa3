"""What names are sought in: runs of Chinese between pauses, and what stands at a run's edges."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from dramaloc.glossary.wordlists import WordLists, word_lists

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002fa1f]+")

# No name holds these: particles, pronouns, negations, auxiliaries.
NEVER = frozenset(
    "的了着过吗呢吧啊呀哦嘛么是不没我你他她它您咱们这那哪谁什怎把被让给就也都还又再才很太"
    "要能会想说得个几些每各些在有和跟与从到去叫喊问看听做干吃喝走跑打拿放请等"
)
NUMBERS = frozenset("一二两三四五六七八九十百千万亿半第零")
# What stands before and after a name more often than inside one.
LEFT = NEVER | frozenset("对向往为替像见当将别只帮找送带变成当跟和说嫁位名姓敬")
RIGHT = NEVER | frozenset(
    "对向往为替像见当将别只帮找送带变成先今明昨后前已真可该上下里家回来也一二三四五六七八九十"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one voice says, or one sign shows (`caption`), without marks, on one line."""

    text: str
    caption: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Something to enter in a table: how often it was found, and how much speaks for it.

    `score` compares candidates of one kind; `target` is a draft in English or pinyin, empty
    for words that are no names.
    """

    source: str
    kind: str
    score: float
    count: int = 1
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Chinese characters between two pauses."""

    text: str
    caption: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    lines: tuple[Line, ...]
    runs: tuple[Run, ...]
    lists: WordLists
    names: dict[str, str] = field(default_factory=dict)  # full name → surname

    def count(self, source: str) -> int:
        return sum(run.text.count(source) for run in self.runs)


def corpus_of(lines: Iterable[Line]) -> Corpus:
    listed = tuple(lines)
    runs = tuple(
        Run(text=match.group(), caption=line.caption)
        for line in listed
        for match in HAN.finditer(line.text)
    )
    return Corpus(lines=listed, runs=runs, lists=word_lists())


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of a run, `start` up to but without `end`, and what its edges say."""

    run: str
    start: int
    end: int
    lists: WordLists

    @property
    def text(self) -> str:
        return self.run[self.start : self.end]

    @property
    def before(self) -> str:
        return self.run[max(0, self.start - 1) : self.start]

    @property
    def after(self) -> str:
        return self.run[self.end : self.end + 1]

    @property
    def alone(self) -> bool:
        return len(self.run) == self.end - self.start

    @property
    def edges(self) -> float:
        """Two points at most: one for each edge where a word may well end."""
        left = not self.before or self.before in LEFT
        right = not self.after or self.after in RIGHT
        return float(left) + float(right)

    @property
    def cut_on_the_left(self) -> bool:
        """Whether the first character belongs to an everyday word with the one before it."""
        return bool(self.before) and self.before + self.text[0] in self.lists.everyday

    @property
    def cut_on_the_right(self) -> bool:
        return bool(self.after) and self.text[-1] + self.after in self.lists.everyday
