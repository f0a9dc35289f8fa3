"""The language tools the recipe borrows: pinyin, word boundaries, traditional to simplified."""

import logging
from functools import cache

import jieba
import jieba.posseg
import opencc
import pypinyin

from training.corpus import Convert

jieba.setLogLevel(logging.WARNING)
jieba.dt.initialize()
jieba.posseg.dt.initialize()

COMMON = 60  # occurrences in the corpus the dictionary of jieba was counted on


@cache
def _syllable(character: str) -> str:
    return str(pypinyin.lazy_pinyin(character)[0]).replace("ü", "u")


def syllables(text: str) -> list[str]:
    """The usual reading of every character; surnames with a special one are rare."""
    return [_syllable(character) for character in text]


def noun_words(text: str) -> list[str]:
    """The words of a text that the dictionary of jieba lists as nouns."""
    return [word for word in jieba.cut(text, HMM=False) if _is_noun(word)]


def _is_noun(word: str) -> bool:
    return str(jieba.posseg.dt.word_tag_tab.get(word, "")).startswith("n")


def is_common(word: str) -> bool:
    return bool(jieba.dt.FREQ.get(word, 0) >= COMMON)


def nouns_in(text: str) -> list[str]:
    """Names and nouns of two or more characters, as a part-of-speech tagger sees them."""
    return [
        token.word
        for token in jieba.posseg.cut(text)
        if token.flag in ("n", "nr", "ns", "nt", "nz") and len(token.word) >= 2
    ]


def common_nouns(lexicon: dict[str, frozenset[str]]) -> tuple[tuple[str, str], ...]:
    """Nouns with one translation that are frequent enough to be worth knowing."""
    found = (
        (word, min(nouns, key=lambda noun: (noun.count(" "), len(noun), noun)))
        for word, nouns in sorted(lexicon.items())
        if len(nouns) <= 2 and _is_noun(word) and is_common(word)
    )
    return tuple((word, noun) for word, noun in found if not noun.endswith("s"))


def simplifier() -> Convert:
    convert = opencc.OpenCC("t2s").convert

    def simplify(text: str) -> str:
        return str(convert(text))

    return simplify
