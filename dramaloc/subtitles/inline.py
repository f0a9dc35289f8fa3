"""What stands inside a cue beside its words: tags, positions, dashes, notes, brackets.

A cue is taken apart into utterances, each the words one voice says (or one sign shows)
with the marks around and inside them; an engine only ever sees the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from dramaloc.letters import HAN

# Override blocks; what stands over the words in ruby, with its tags; tags of SubRip, WebVTT and
# TTML; WebVTT's times within a cue.
TAG = (
    r"\{\\[^}]*\}"
    r"|<rt\b[^<>]*>(?:(?:[^<]|<(?!/?ruby|/?rt))*</rt>|[^<]*)"
    r"|<metadata\b[^<>]*>(?:[^<]|<(?!/metadata))*</metadata>"
    r"|</?(?:i|b|u|s|font|c|ruby|v|lang|span|set|metadata)\b[^<>]*>"
    r"|</?[a-z][\w.-]*:[a-z][\w.-]*(?:\s[^<>]*)?/?>"
    r"|<\d[\d:.]*>"
)
_TAGS = re.compile(TAG, re.IGNORECASE)
_VOICE = re.compile(r"<v\b", re.IGNORECASE)
_NOTES = "♪♫♬♩"
_DASHES = "-–—－‐‑"
_BRACKETS = {"[": "]", "［": "］", "【": "】", "(": ")", "（": "）", "〔": "〕"}

_LEADING = re.compile(rf"(?:{TAG}|[{_NOTES}\s])+", re.IGNORECASE)
_TRAILING = re.compile(rf"(?:{TAG}|[{_NOTES}\s])+\Z", re.IGNORECASE)
_DASH = re.compile(rf"[{_DASHES}](?![{_DASHES}])\s*")
_TWO_SPEAKERS_ON_ONE_LINE = re.compile(rf"\s*[{_DASHES}]\s*\S.*?\s+(?=[{_DASHES}]\s*[^\W\d])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A tag inside the words: `offset` counts characters of `Utterance.text` before it."""

    offset: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """Words said by one voice, without marks; its lines are joined by LF.

    `joint` stands between the utterance before and this one; `before` (tags, notes), `dash`
    and `opening` (tags behind a dash, a bracket) stand before the words, `after` behind them,
    `inner` within them.
    """

    text: str
    joint: str = ""
    before: str = ""
    dash: str = ""
    opening: str = ""
    after: str = ""
    inner: tuple[Mark, ...] = ()
    caption: bool = False

    @property
    def is_song(self) -> bool:
        return any(note in self.before + self.opening + self.after for note in _NOTES)


_MARKS_OF_A_TEXT = re.compile(rf"{TAG}|[{_NOTES}]", re.IGNORECASE)


@lru_cache(maxsize=8192)  # stages and checks ask for each cue some twenty times
def take_apart(text: str) -> tuple[Utterance, ...]:
    r"""Split a cue's text into utterances; `put_together` is its inverse.

    >>> [u.text for u in take_apart("- 你来了\n- <i>来了</i>")]
    ['你来了', '来了']
    """
    found: list[Utterance] = []
    for number, line in enumerate(_lines(text)):
        for part, piece in enumerate(_pieces(line)):
            joint = "" if not found else "\n" if number and not part else ""
            utterance = replace(_read(piece), joint=joint)
            if found and _continues(found[-1], utterance):
                found[-1] = _joined(found[-1], utterance)
            else:
                found.append(utterance)
    return tuple(found)


def put_together(utterances: Iterable[Utterance]) -> str:
    """Write utterances back as a cue's text, marks in their places."""
    return "".join(
        f"{u.joint}{u.before}{u.dash}{u.opening}{with_marks(u.text, u.inner)}{u.after}"
        for u in utterances
    )


def with_marks(text: str, marks: Sequence[Mark]) -> str:
    """Put marks into words at their offsets, in order."""
    parts, last = [], 0
    for mark in marks:
        parts += [text[last : mark.offset], mark.text]
        last = mark.offset
    return "".join([*parts, text[last:]])


@lru_cache(maxsize=8192)
def bare(text: str) -> str:
    """Return a cue's text as it is counted: tags and override blocks away, the rest kept."""
    return _TAGS.sub("", text)


def tags(text: str) -> tuple[str, ...]:
    """Return tags, override blocks and music notes of a text, in order."""
    return tuple(_MARKS_OF_A_TEXT.findall(text))


def words_of(utterance: Utterance) -> str:
    """Return an utterance's words on one line; Chinese lines meet at a space, its comma."""
    return " ".join(line.strip() for line in utterance.text.split("\n") if line.strip())


def retext(utterance: Utterance, text: str) -> Utterance:
    """Give an utterance other words; marks inside move to the word break nearest their share.

    Where words stay, or only their script changes, marks stay.
    """
    same = text == words_of(utterance) or HAN.search(text)
    if same and len(text) == len(utterance.text):
        said = tuple(mark for mark in utterance.inner if mark.text.strip())
        return replace(utterance, text=text, inner=said)
    length = max(1, len(utterance.text))
    marks: list[Mark] = []
    for mark in utterance.inner:
        kept = mark.text.strip()  # it may have stood at a line's end, with the line's blanks
        if not kept:
            continue
        wanted = round(mark.offset / length * len(text))
        floor = marks[-1].offset if marks else 0
        marks.append(Mark(offset=_word_break(text, wanted, floor, kept), text=kept))
    return replace(utterance, text=text, inner=tuple(marks))


def _word_break(text: str, wanted: int, floor: int, mark: str) -> int:
    """Find the place nearest to `wanted`: before a word, or for a closing tag behind one."""
    words = list(re.finditer(r"\S+", text))
    if mark.startswith("</"):  # it must not close before a word has been said
        places = [word.end() for word in words if word.end() > floor]
    else:
        places = [word.start() for word in words if word.start() >= floor]
    return min(places, key=lambda at: abs(at - wanted), default=max(floor, len(text)))


def _lines(text: str) -> list[str]:
    """Split a cue into lines; a caption whose bracket closes on the next line stays whole."""
    lines: list[str] = []
    for line in text.split("\n"):
        closing = _left_open(lines[-1]) if lines else ""
        if closing and closing in line:
            lines[-1] += f"\n{line}"
        else:
            lines.append(line)
    return lines


def _left_open(line: str) -> str:
    leading = _LEADING.match(line)
    start = leading.end() if leading else 0
    closing = _BRACKETS.get(line[start : start + 1], "")
    return "" if closing in line[start:] else closing


def _pieces(line: str) -> list[str]:
    """Split a line that holds two speakers, or a caption and speech."""
    two = _TWO_SPEAKERS_ON_ONE_LINE.match(line)
    if two and not _TAGS.search(line):
        return [line[: two.end()], line[two.end() :]]
    leading = _LEADING.match(line)
    start = leading.end() if leading else 0
    closing = _BRACKETS.get(line[start : start + 1])
    end = line.find(closing, start) + 1 if closing else 0
    if end and line[end:].strip() and _TRAILING.fullmatch(line[end:]) is None:
        gap = len(line[end:]) - len(line[end:].lstrip())
        return [line[: end + gap], line[end + gap :]]
    return [line]


def _read(piece: str) -> Utterance:
    leading = _LEADING.match(piece)
    before = leading.group() if leading else ""
    rest = piece[len(before) :]
    dashed = _DASH.match(rest)
    dash = dashed.group() if dashed and len(dashed.group()) < len(rest) else ""
    rest = rest[len(dash) :]
    more = _LEADING.match(rest) if dash else None  # - <i>like this</i>
    opening = more.group() if more else ""
    rest = rest[len(opening) :]
    trailing = _TRAILING.search(rest)
    after = trailing.group() if trailing else ""
    rest = rest[: len(rest) - len(after)]
    closing = _BRACKETS.get(rest[:1])
    caption = bool(closing) and rest[1:-1] != "" and rest.find(str(closing)) == len(rest) - 1
    if caption:
        opening, rest, after = opening + rest[0], rest[1:-1], rest[-1] + after
    text, inner = _without_tags(rest)
    return Utterance(
        text=text,
        before=before,
        dash=dash,
        opening=opening,
        after=after,
        inner=inner,
        caption=caption,
    )


def _without_tags(text: str) -> tuple[str, tuple[Mark, ...]]:
    parts: list[str] = []
    marks: list[Mark] = []
    last = 0
    for match in _TAGS.finditer(text):
        parts.append(text[last : match.start()])
        marks.append(Mark(offset=sum(map(len, parts)), text=match.group()))
        last = match.end()
    return "".join([*parts, text[last:]]), tuple(marks)


def _continues(first: Utterance, second: Utterance) -> bool:
    """Say whether a line goes on with the words of the line before it."""
    if second.joint != "\n" or second.dash or first.caption or second.caption:
        return False
    if _VOICE.search(second.before):
        return False
    return not any(note in first.after + second.before for note in _NOTES)


def _joined(first: Utterance, second: Utterance) -> Utterance:
    seam = len(first.text) + 1
    between = [Mark(offset=seam - 1, text=first.after)] if first.after else []
    between += [Mark(offset=seam, text=second.before)] if second.before else []
    moved = [Mark(offset=mark.offset + seam, text=mark.text) for mark in second.inner]
    return replace(
        first,
        text=f"{first.text}\n{second.text}",
        after=second.after,
        inner=(*first.inner, *between, *moved),
    )
