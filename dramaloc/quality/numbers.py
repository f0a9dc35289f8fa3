"""Figures in a translation, held against those of its Chinese source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from dramaloc.quality.numerals import Mention, mentions, runs, value_of

_WORDS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen""".split()
_ORDINALS = """zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh
    twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_MONTHS = """january february march april may june july august september october november
    december""".split()
_VALUES: dict[str, float] = {
    **{word: float(at) for at, word in enumerate(_WORDS)},
    **{word: float(at) for at, word in enumerate(_ORDINALS)},
    **{word: 20.0 + 10 * at for at, word in enumerate(_TENS)},
    **{f"{word[:-1]}ieth": 20.0 + 10 * at for at, word in enumerate(_TENS)},
    **{f"{word[:-1]}ies": 20.0 + 10 * at for at, word in enumerate(_TENS)},
    "twice": 2, "double": 2, "couple": 2, "both": 2, "pair": 2, "thrice": 3, "triple": 3,
    "noon": 12, "midnight": 0, "half": 0.5, "dozen": 12, "decade": 10, "century": 100,
    "fortnight": 14,
}  # fmt: skip
_SCALES = {
    "hundred": 100.0, "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9,
    "bn": 1e9, "hundredth": 100.0, "thousandth": 1e3, "dozen": 12.0,
}  # fmt: skip
# Words for large numbers elsewhere, by how they begin: 30 mil, 2 миллиона, 3 Tausend.
_FOREIGN_SCALES = (
    ("milli", 1e6), ("millón", 1e6), ("milh", 1e6), ("milion", 1e6), ("milyon", 1e6),
    ("миллион", 1e6), ("juta", 1e6), ("triệu", 1e6), ("مليون", 1e6), ("ล้าน", 1e6),
    ("mil", 1e3), ("tausend", 1e3), ("тысяч", 1e3), ("ribu", 1e3), ("nghìn", 1e3),
    ("ngàn", 1e3), ("bin", 1e3), ("libo", 1e3), ("ألف", 1e3), ("آلاف", 1e3), ("พัน", 1e3),
    ("हज़ार", 1e3), ("हजार", 1e3), ("লাখ", 1e5), ("लाख", 1e5), ("হাজার", 1e3), ("करोड़", 1e7),
    ("만", 1e4), ("억", 1e8), ("천", 1e3), ("백", 1e2),
)  # fmt: skip
_BLANK = r"[\u00a0\u202f ]"
_TOKEN = re.compile(
    rf"\d{{1,2}}[:.h]\d{{2}}(?![\d,])|\d{{1,3}}(?:{_BLANK}\d{{3}})+(?!\d)|\d[\d,.']*\d|\d|[^\W\d_]+"
)
_CLOCK = re.compile(r"(\d{1,2})[:.h](\d{2})")
_GROUPED = re.compile(r"\d{1,3}(?:[,.'\u00a0\u202f ]\d{3})+(?:[.,]\d{1,2})?")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_HALF = 0.5
_LONG = 5  # digits of a telephone number, which everybody groups otherwise


@dataclass(frozen=True, slots=True)
class _Said:
    """What a translation says in figures: numbers, times of day, its words, all its digits."""

    numbers: frozenset[float]
    clocks: frozenset[tuple[int, int]]
    words: frozenset[str]
    digits: str


def numbers_missing(
    source: str, target: str, around: tuple[tuple[str, str], ...] = ()
) -> tuple[str, ...]:
    """Return the figures of a Chinese source, as written there, that its rendering lacks.

    `around` are the cues before and after with their renderings: a figure may move there with
    its part of the sentence, unless that cue needs it for itself.

    >>> numbers_missing("3万5千块 2025年", "35,000 yuan in 2015")
    ('2025',)
    >>> numbers_missing("三点半 六十八岁", "at half past three, at sixty-eight")
    ()
    """
    return tuple(mention.text for mention in missing(source, target, around))


def missing(
    source: str, target: str, around: tuple[tuple[str, str], ...] = ()
) -> tuple[Mention, ...]:
    """Return the mentions of a Chinese source that its rendering lacks."""
    wanted = mentions(source.translate(_FULL_WIDTH))
    if not wanted:
        return ()
    said = _said(target)
    left = [mention for mention in wanted if not mention.loose and not _keeps(said, mention)]
    left += [mention for mention in wanted if mention.loose and _replaced(said, mention, wanted)]
    elsewhere = [
        (_said(other), {v for m in mentions(beside) for v in m.values}) for beside, other in around
    ]
    return tuple(
        mention
        for mention in left
        if not any(_keeps(o, mention) and not mention.values & own for o, own in elsewhere)
    )


def figures(text: str) -> frozenset[float]:
    """Return every number a text says, in any way it may be read."""
    return _said(text).numbers


def _replaced(said: _Said, mention: Mention, wanted: tuple[Mention, ...]) -> bool:
    """Whether another number stands where this small one should: five days for 三天."""
    if _keeps(said, mention):
        return False
    explained = {value for other in wanted for value in other.values}
    explained |= {float(part) for other in wanted if other.clock for part in other.clock}
    return any(n > 1 and n not in explained for n in said.numbers) and not _equals(said, mention)


def _keeps(said: _Said, mention: Mention) -> bool:
    if mention.values & said.numbers or _equals(said, mention):
        return True
    if mention.clock is not None and _keeps_clock(said, *mention.clock):
        return True
    digits = "".join(char for char in mention.text if char.isdigit())
    return len(digits) >= _LONG and digits in said.digits


def _keeps_clock(said: _Said, hour: int, minute: int) -> bool:
    """Whether a time of day is said, by either clock and in any of the usual ways."""
    hours = {hour, hour + 12, hour - 12} & set(range(25))
    if any((each, minute) in said.clocks for each in hours):
        return True
    named = any(each in said.numbers for each in hours)
    if hour in (0, 12, 24):
        named = named or bool({"noon", "midnight", "midday"} & said.words)
    following = any(each + 1 in said.numbers for each in hours)
    if minute == 45 and "quarter" in said.words:  # noqa: PLR2004
        return named or following
    ways = {0: named, 15: named and "quarter" in said.words, 30: named and "half" in said.words}
    return ways.get(minute, False) or (named and minute in said.numbers)


# (unit in the source, how many of them, how many of the word in the target)
_SAME_TIME = (
    ("天", 7, "week"), ("天", 14, "fortnight"), ("小时", 24, "day"), ("小時", 24, "day"),
    ("分", 60, "hour"), ("个月", 12, "year"), ("個月", 12, "year"), ("年", 10, "decade"),
    ("年", 100, "century"), ("月", 3, "quarter"), ("", 12, "dozen"), ("星期", 4, "month"),
)  # fmt: skip


def _equals(said: _Said, mention: Mention) -> bool:
    """Say whether the same stretch of time, month or dozen is said in other words."""
    for value in mention.values:
        if mention.unit.startswith("分") and (
            (value == 30 and "half" in said.words) or (value == 15 and "quarter" in said.words)  # noqa: PLR2004
        ):
            return True
        if mention.unit.startswith("月") and 1 <= value <= len(_MONTHS):
            name = _MONTHS[int(value) - 1]
            if {name, name[:3]} & said.words:
                return True
        for unit, size, word in _SAME_TIME:
            plural = f"{word[:-1]}ies" if word.endswith("y") and word != "day" else f"{word}s"
            if not mention.unit.startswith(unit) or value % size or not value:
                continue
            if (word in said.words and value == size) or (
                {word, plural} & said.words and value / size in said.numbers
            ):
                return True
    return False


@lru_cache(maxsize=1024)  # a cue is also its neighbours' neighbour
def _said(text: str) -> _Said:
    plain = text.translate(_FULL_WIDTH).lower().replace("-", " ").replace("’", "'")
    tokens = _TOKEN.findall(plain)
    numbers = set(_spoken(tokens))
    numbers |= {v for run in runs(text.translate(_FULL_WIDTH)) if (v := value_of(run.group()))}
    clocks = {(int(m[1]), int(m[2])) for token in tokens if (m := _CLOCK.fullmatch(token))}
    clocks |= {m.clock for m in mentions(text) if m.clock}
    return _Said(
        numbers=frozenset(numbers),
        clocks=frozenset(clocks),
        words=frozenset(tokens),
        digits="".join(char for char in plain if char.isdigit()),
    )


def _spoken(tokens: list[str]) -> Iterator[float]:
    """Yield the numbers said, their parts too: one hundred and twenty, 120, half a million."""
    row: list[float] = []  # numbers with no other word between them
    total, current = 0.0, None
    for at, token in enumerate([*tokens, ""]):
        scale, readings = _scale(token), _readings(token)
        if scale and (current is not None or token in _SCALES):
            current = (1.0 if current is None else current) * scale
            yield from (current, total + current)
            if scale > 100:  # noqa: PLR2004  # thousands and more close a group
                total, current = total + current, None
        elif readings:
            yield from readings
            if current is not None and not _adds(current, readings[0]):
                row.append(total + current)
                total, current = 0.0, None
            current = (current or 0.0) + readings[0]
            yield from (current, total + current)
        elif token in ("a", "an") and _goes_on(current, "".join(tokens[at + 1 : at + 2])):
            current = 1.0 if current is None else current
        elif not (token == "and" and (current is not None or total)):  # noqa: S105  # a word
            row.append(total + (current or 0.0))
            # twenty twenty-five is a year, three thirty a time
            yield from (a * 100 + b for a, b in pairwise(row) if 1 <= a < 100 and b < 100)  # noqa: PLR2004
            row, total, current = [], 0.0, None


def _goes_on(current: float | None, following: str) -> bool:
    """Whether an article is part of a number: half a million, a hundred, two and a half."""
    if following == "half":
        return current is not None
    return current == _HALF or _scale(following) is not None


def _adds(current: float, value: float) -> bool:
    """Whether a number goes on: twenty-one, one hundred and five."""
    if value == _HALF:
        return True
    if current >= 100 and current % 100 == 0:  # noqa: PLR2004
        return value < 100  # noqa: PLR2004
    return 20 <= current < 100 and current % 10 == 0 and 0 < value < 10  # noqa: PLR2004


@lru_cache(maxsize=8192)  # the same words come again and again
def _scale(token: str) -> float | None:
    if token in _SCALES:
        return _SCALES[token]
    return next((size for word, size in _FOREIGN_SCALES if token.startswith(word)), None)


@lru_cache(maxsize=8192)
def _readings(token: str) -> tuple[float, ...]:
    """Read one word or figure; 1.500 may be one and a half or fifteen hundred."""
    if token in _VALUES:
        return (_VALUES[token],)
    if not token[:1].isdecimal():  # ² and ④ are digits, and no figures that float understands
        return ()
    if match := _CLOCK.fullmatch(token):
        return (float(match[1]), float(match[2]), float(f"{match[1]}.{match[2]}"))
    whole = re.sub(r"[.,]\d{1,2}\Z", "", token)
    found = [float(re.sub(r"\D", "", whole))] if _GROUPED.fullmatch(token) else []
    for part in re.split(rf"{_BLANK}|'", token):
        decimal = part.strip(",.").replace(",", ".")
        pieces = [decimal] if decimal.count(".") <= 1 else decimal.split(".")
        found += [float(piece) for piece in pieces if piece.replace(".", "").isdecimal()]
    return tuple(found)
