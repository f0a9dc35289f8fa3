"""Breaking a text into subtitle lines: one if it fits, else where a reader would pause."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dramaloc.subtitles.width import Counting, width

# Kinsoku: what may not begin a line, and what may not end one.
_NOT_FIRST = set(
    "、。，．・：；？！…⋯）〕］｝〉》」』】”’％ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.!?;:)]}%"
)
_NOT_LAST = set("（〔［｛〈《「『【“‘([{$¥￥")

_AFTER_PAUSE = re.compile(r"[,.;:?!…，。；：？！⋯—]['\"”’)\]]*\Z")
# English words that go with what follows them, and words that open a new phrase.
_CLINGING = set(
    """a an the my your his her its our their this that these those no not very mr. mrs. ms. dr.
    i'm i'll i've i'd don't doesn't didn't won't can't isn't aren't wasn't weren't to of""".split()
)
_OPENING = set(
    """and but or so because if when while that who which where before after until unless than
    with without from into for at by in on about to as""".split()
)
_OVERFLOW = 1e6


def break_lines(
    text: str, *, max_columns: float, max_lines: int, counting: Counting = "characters"
) -> str:
    """Break one text into lines joined by LF, keeping every word.

    `max_columns` is counted as `counting` says. Text that no split can fit within the limits
    gets the split that exceeds them least. Lines come out the same if broken again.
    """
    joint = "" if counting == "east-asian" else " "
    flat = " ".join(text.split())
    if width(flat, counting) <= max_columns or max_lines < 2:  # noqa: PLR2004  # a second line
        return flat
    pieces = _characters(flat) if counting == "east-asian" else flat.split(" ")
    return "\n".join(_cheapest(pieces, joint, max_columns, max_lines, counting))


def _characters(text: str) -> list[str]:
    """Split CJK text into what may stand alone: characters, with Latin words and kinsoku kept."""
    pieces: list[str] = []
    for token in re.findall(r"[A-Za-z0-9][\w.,'-]*|\s+|.", text):
        sticks = pieces and (token[0] in _NOT_FIRST or pieces[-1][-1] in _NOT_LAST)
        if sticks:
            pieces[-1] += token
        else:
            pieces.append(token)
    return pieces


def _cheapest(
    pieces: Sequence[str], joint: str, max_columns: float, max_lines: int, counting: Counting
) -> list[str]:
    """Dynamic programming over break places: best[lines][end] is the cheapest way so far."""
    total = width(joint.join(pieces), counting)
    best: list[dict[int, tuple[float, list[str]]]] = [{0: (0.0, [])}]
    for lines in range(1, max_lines + 1):
        reached: dict[int, tuple[float, list[str]]] = {}
        ideal = total / lines
        for start, (cost, done) in best[-1].items():
            for end in range(start + 1, len(pieces) + 1):
                line = joint.join(pieces[start:end]).strip()
                size = width(line, counting)
                price = cost + _line_cost(size, max_columns, ideal) + _break_cost(pieces, end)
                if end not in reached or price < reached[end][0]:
                    reached[end] = (price, [*done, line])
                if size > max_columns and start + 1 < end:
                    break
        best.append(reached)
    finished = [found[len(pieces)] for found in best[1:] if len(pieces) in found]
    if not finished:  # more lines than allowed are needed: overflow the last one
        return _overflowing(pieces, joint, max_columns, max_lines, counting)
    return min(finished, key=lambda found: found[0])[1]


def _line_cost(size: float, max_columns: float, ideal: float) -> float:
    over = max(0.0, size - max_columns)
    return over * _OVERFLOW + abs(size - ideal) / max_columns * 4


def _break_cost(pieces: Sequence[str], end: int) -> float:
    """Price of a line break before piece `end`; the end of the text costs nothing."""
    if end == len(pieces):
        return 0.0
    before, after = pieces[end - 1], pieces[end]
    if _AFTER_PAUSE.search(before) or before.isspace() or after.isspace():
        return -3.0
    if before.lower() in _CLINGING:
        return 4.0
    if before[:1].isupper() and after[:1].isupper() and after.isalpha():
        return 3.0  # first name and last name
    return -1.0 if after.lower() in _OPENING else 0.0


def _overflowing(
    pieces: Sequence[str], joint: str, max_columns: float, max_lines: int, counting: Counting
) -> list[str]:
    """Fill lines evenly when the text is too long for all of them together."""
    share = width(joint.join(pieces), counting) / max_lines
    lines: list[list[str]] = [[]]
    for piece in pieces:
        full = width(joint.join([*lines[-1], piece]), counting) > max(share, max_columns)
        if full and lines[-1] and len(lines) < max_lines:
            lines.append([])
        lines[-1].append(piece)
    return [joint.join(line).strip() for line in lines]
