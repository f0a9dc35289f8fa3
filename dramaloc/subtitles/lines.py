"""Breaking a text into subtitle lines: one if it fits, else where a reader would pause."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from dramaloc.subtitles.width import Counting, single_spaced, width

# Kinsoku: what may not begin a line, and what may not end one.
_NOT_FIRST = set(
    "、。，．・：；？！…⋯）〕］｝〉》」』】”’％ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.!?;:)]}%"
)
_NOT_LAST = set("（〔［｛〈《「『【“‘([{$¥￥\u200d")

# Written without spaces between words; Thai cannot be cut between any two characters either.
_UNSPACED = {"zh", "ja", "th"}
_PHRASES_ONLY = {"th"}

# Not \w, which would take Chinese for one long word.
_LATIN = r"A-Za-z0-9\u00c0-\u024f"
_TOKENS = re.compile(rf"[{_LATIN}][{_LATIN}_.,:'’-]*|—+|…+|⋯+|\s+|.")

_AFTER_PAUSE = re.compile(r"[,.;:?!…，。；：？！⋯—]['\"”’)\]]*\Z")
_OVERFLOW = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaks:
    """A language's words at line breaks, lower case.

    `clinging` ones go with what follows them (articles, negations, "Mr."), `opening` ones begin
    a phrase (conjunctions, prepositions).
    """

    clinging: frozenset[str] = frozenset()
    opening: frozenset[str] = frozenset()


_NONE = Breaks()


def break_lines(
    text: str,
    *,
    max_columns: float,
    max_lines: int,
    counting: Counting = "characters",
    breaks: Breaks = _NONE,
    language: str = "",
) -> str:
    """Break one text into lines joined by LF, keeping every word.

    `max_columns` is counted as `counting` says. Text too long for all its lines together is
    spread over them. Lines that fit come out the same if broken again. Chinese, Japanese and
    Thai are broken between phrases (BudouX finds them) where that fits.
    """
    joint = joint_of(language, counting)
    flat = single_spaced(text)
    done = [single_spaced(line) for line in text.split("\n") if line.strip()]
    if width(flat, counting) <= max_columns or max_lines < 2:  # noqa: PLR2004  # a second line
        return flat
    if not joint and len(done) <= max_lines and _excess(done, max_columns, counting) == 0:
        return "\n".join(done)  # one cannot see whether a space stood where Chinese was broken
    for pieces in ways_to_cut(flat, language, spaced=bool(joint)):
        lines = _cheapest(pieces, joint, max_columns, max_lines, counting, breaks)
        if _excess(lines, max_columns, counting) == 0:
            break
    return "\n".join(lines)


def joint_of(language: str, counting: Counting = "characters") -> str:
    """Return what stands between the pieces of a text: a space, or nothing in Chinese."""
    primary = language.partition("-")[0] or ("zh" if counting == "east-asian" else "en")
    return "" if primary in _UNSPACED else " "


def ways_to_cut(text: str, language: str, *, spaced: bool) -> Iterator[list[str]]:
    """Cut a text into what may stand on a line of its own, the better way first."""
    if spaced:
        yield text.split(" ")  # not split(), which would part "vous ?" at its no-break space
        return
    phrases = phrase_parser(language)
    if phrases is not None:
        yield _bound(phrases(text))
    if language.partition("-")[0] not in _PHRASES_ONLY:
        yield _bound(_TOKENS.findall(text))


@cache
def phrase_parser(language: str) -> Callable[[str], list[str]] | None:
    """Return BudouX's phrase splitter for a language; None if it has none."""
    import budoux

    makers = {
        "ja": budoux.load_default_japanese_parser,
        "th": budoux.load_default_thai_parser,
        "zh": budoux.load_default_traditional_chinese_parser
        if "Hant" in language
        else budoux.load_default_simplified_chinese_parser,
    }
    maker = makers.get(language.partition("-")[0])
    return maker().parse if maker else None


def _bound(tokens: Iterable[str]) -> list[str]:
    """Keep together what kinsoku forbids to part."""
    pieces: list[str] = []
    for token in tokens:
        bound = token[0] in _NOT_FIRST or not width(token)  # marks that combine weigh nothing
        if pieces and (bound or pieces[-1].rstrip()[-1:] in _NOT_LAST):
            if pieces[-1].isspace():  # no line may begin with the stop behind a space either
                pieces[-2:] = ["".join(pieces[-2:])]
            pieces[-1] += token
        else:
            pieces.append(token)
    return pieces


def _cheapest(
    pieces: Sequence[str],
    joint: str,
    max_columns: float,
    max_lines: int,
    counting: Counting,
    breaks: Breaks,
) -> list[str]:
    """Choose the fewest lines that fit, each number of lines broken where that is cheapest."""
    splits = [
        split
        for count in range(2, max_lines + 1)
        if (split := _split(pieces, joint, max_columns, count, counting, breaks))
    ]
    if not splits:  # far too long, or nowhere to break
        return _overflowing(pieces, joint, max_columns, max_lines, counting)
    return min(splits, key=lambda lines: (_excess(lines, max_columns, counting), len(lines)))


def _excess(lines: Sequence[str], max_columns: float, counting: Counting) -> float:
    return sum(max(0.0, width(line, counting) - max_columns) for line in lines)


def _split(
    pieces: Sequence[str],
    joint: str,
    max_columns: float,
    count: int,
    counting: Counting,
    breaks: Breaks,
) -> list[str]:
    """Dynamic programming over break places: `reached[end]` is the cheapest way so far."""
    ideal = width(joint.join(pieces), counting) / count
    breaking = [break_cost(pieces, end, breaks) for end in range(1, len(pieces) + 1)]
    reached: dict[int, tuple[float, list[str]]] = {0: (0.0, [])}
    for _ in range(count):
        further: dict[int, tuple[float, list[str]]] = {}
        for start, (cost, done) in reached.items():
            for end in range(start + 1, len(pieces) + 1):
                line = joint.join(pieces[start:end]).strip()
                size = width(line, counting)
                price = cost + _line_cost(size, max_columns, ideal)
                price += breaking[end - 1]
                if line and (end not in further or price < further[end][0]):
                    further[end] = (price, [*done, line])
                if size > max_columns and start + 1 < end:
                    break
        reached = further
    return reached[len(pieces)][1] if len(pieces) in reached else []


def _line_cost(size: float, max_columns: float, ideal: float) -> float:
    over = max(0.0, size - max_columns)
    return over * _OVERFLOW + abs(size - ideal) / max_columns * 4


def break_cost(pieces: Sequence[str], end: int, breaks: Breaks) -> float:
    """Price of a break before piece `end`, below 0 where readers pause; the end costs nothing."""
    if end == len(pieces):
        return 0.0
    before, after = pieces[end - 1], pieces[end]
    if before.casefold() in breaks.clinging:
        return 100.0 if before.endswith(".") else 4.0  # "Mr." looks like the end of a sentence
    if _AFTER_PAUSE.search(before) or before[-1:].isspace() or after[:1].isspace():
        return -3.0
    if before[:1].isupper() and after[:1].isupper() and _AFTER_PAUSE.sub("", after).isalpha():
        return 3.0  # first name and last name
    return -1.0 if after.casefold() in breaks.opening else 0.0


def _overflowing(
    pieces: Sequence[str], joint: str, max_columns: float, max_lines: int, counting: Counting
) -> list[str]:
    """Fill lines evenly when the text is too long for all of them together."""
    gap = width(joint, counting)
    share = max(max_columns, width(joint.join(pieces), counting) / max_lines)
    lines: list[list[str]] = [[]]
    size = 0.0
    for piece in pieces:
        added = width(piece, counting) + (gap if lines[-1] else 0.0)
        if lines[-1] and size + added > share and len(lines) < max_lines:
            lines.append([])
            size, added = 0.0, added - gap
        size += added
        lines[-1].append(piece)
    return [line for each in lines if (line := joint.join(each).strip())]
