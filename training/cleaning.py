"""Which pairs may be trained on: script and length filters, duplicates, lines kept for tests."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from training.pairs import Pair

HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]")
_NOT_WORD = re.compile(r"[\W_]+")

MAX_SOURCE_CHARACTERS = 80
MAX_TARGET_CHARACTERS = 240
# English takes two to five letters for a Chinese character; far outside, the sides do not match.
MAX_LETTERS_PER_CHARACTER = 16

# A sample line shorter than this is a phrase anybody says ("好的"), not a line of the samples.
MIN_SAMPLE_CHARACTERS = 6


def normal(text: str) -> str:
    """NFKC, with runs of white space as single spaces.

    >>> normal("ＡＢ，  好")
    'AB, 好'
    """
    return " ".join(unicodedata.normalize("NFKC", text).split())


def key(text: str) -> str:
    """The letters and digits of a text: what two punctuation styles of a line share.

    >>> key("走吧，快！") == key("走吧 快")
    True
    """
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text)).casefold()


def right_scripts(pair: Pair) -> bool:
    english = not HAN.search(pair.target) and re.search(r"[A-Za-z0-9]", pair.target)
    return bool(HAN.search(pair.source) and english)


def right_lengths(pair: Pair) -> bool:
    letters, characters = len(pair.target), len(key(pair.source))
    return (
        len(pair.source) <= MAX_SOURCE_CHARACTERS
        and letters <= MAX_TARGET_CHARACTERS
        and letters <= MAX_LETTERS_PER_CHARACTER * characters + 20
    )


FILTERS: tuple[Callable[[Pair], bool], ...] = (right_scripts, right_lengths)


def clean(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """Normalize, filter, and keep the first of each pair that differs in punctuation only."""
    seen: set[tuple[str, str]] = set()
    for raw in pairs:
        pair = replace(raw, source=normal(raw.source), target=normal(raw.target))
        identity = (key(pair.source), key(pair.target))
        if identity not in seen and all(accepts(pair) for accepts in FILTERS):
            seen.add(identity)
            yield pair


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Keys of Chinese lines that are for evaluation or for the reader's eyes only."""

    keys: frozenset[str]

    @classmethod
    def of(cls, *, evaluation: Iterable[str], samples: Iterable[str] = ()) -> "Forbidden":
        long_samples = {key(line) for line in samples if len(key(line)) >= MIN_SAMPLE_CHARACTERS}
        return cls(frozenset({key(line) for line in evaluation} | long_samples))

    def __contains__(self, source: object) -> bool:
        return isinstance(source, str) and key(source) in self.keys


def held_out(pair: Pair, *, one_in: int) -> bool:
    """Whether a hash of the Chinese side puts the pair aside: the same on every machine.

    The hash is of the key, so that all translations and spellings of a line share its fate.
    """
    digest = hashlib.sha256(key(pair.source).encode()).digest()
    return int.from_bytes(digest[:4], "big") % one_in == 0
