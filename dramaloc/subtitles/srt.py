"""SubRip files through pysrt, behind a scanner that never loses a line.

pysrt ends a cue at the first blank line, merges cues that have none between them, reads
`3.5` seconds as 3.005 and `xx` as 0. So the scanner finds the cues, and pysrt gets clean
figures to make times of and clean items to write.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

import pysrt

from dramaloc.errors import SubtitleError
from dramaloc.files import DecodedText, encode
from dramaloc.subtitles.document import Cue, Document, Unparsed
from dramaloc.subtitles.markup import line_end

_TIME = r"(?:(\d{1,4})\s*:\s*)?(\d{1,2})\s*:\s*(\d{1,2})(?:\s*[,.]\s*(\d+)|:(\d{3}))?"
_TIMES = re.compile(rf"\s*{_TIME}\s*[-–—=]{{1,3}}>\s*{_TIME}(?:\s+(\S.*))?\s*")
# A single dash counts only behind a clock's colon: "2 -> 3" is something people say.
_BROKEN_TIMES = re.compile(r"\s*\d*\s*:.*--?>|\s*\d.*-->|(?>.*?-->).*\d")
_INDEX = re.compile(r"\s*\ufeff?(?:[A-Za-z]{0,4}[#.\-]?\s?)?(\d{1,9})[.:)]?\s*")
_LABEL = re.compile(r"\s*[!-~]{1,12}\s*")

# What editors leave on lines that look empty: the BOMs of joined files, DOS end-of-file marks.
_INVISIBLE = "\ufeff\u200b\0\x1a"


@dataclass(frozen=True, slots=True)
class _Head:
    """Where a cue begins: line indices of its first line and of its times."""

    first: int
    times: int
    number: int | None
    match: re.Match[str] | None
    label: str = ""


def parse(decoded: DecodedText, *, language: str = "") -> Document:
    """Read SubRip text into a document; what cannot be understood is in `unparsed`.

    Raises `SubtitleError` if there is text but not one cue in it.
    """
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    heads = _find_heads(lines)
    if not any(head.match for head in heads) and not all(map(_is_blank, lines)):
        raise _nothing_understood(lines)
    cues: list[Cue] = []
    unparsed: list[Unparsed] = []
    for head, following in zip_longest(heads, heads[1:]):
        body = lines[head.times + 1 : following.first if following else len(lines)]
        if head.match is None:
            found = "\n".join(_without_blanks(lines[head.first : head.times + 1 + len(body)]))
            unparsed.append(_unparsed(head.times, cues, found, "these times cannot be read"))
            continue
        if head.label:
            unparsed.append(_unparsed(head.first, cues, head.label, "this cue number is no number"))
        if following is None and (orphan := _orphan_number(body, head.number)):
            body = body[:orphan]
            found = lines[head.times + 1 + orphan]
            unparsed.append(
                _unparsed(head.times + 1 + orphan, cues, found, "this cue number has no cue", 1)
            )
        cues.append(_cue(head, body))
    return Document(
        cues=tuple(cues),
        language=language,
        format="srt",
        encoding=decoded.encoding,
        newline=line_end(decoded.text),
        bom=decoded.bom,
        header="\n".join(_without_blanks(lines[: heads[0].first])) if heads else "",
        unparsed=tuple(unparsed),
        final_newlines=min(2, len(text) - len(text.rstrip("\n"))),
    )


def _find_heads(lines: Sequence[str]) -> list[_Head]:
    times = [
        (at, match)
        for at, line in enumerate(lines)
        if ">" in line and ((match := _TIMES.fullmatch(line)) or _BROKEN_TIMES.match(line))
    ]
    numbered = sum(at > 0 and bool(_INDEX.fullmatch(lines[at - 1])) for at, _ in times)
    labels_allowed = numbered * 2 > len(times)
    heads: list[_Head] = []
    for at, match in times:
        previous = heads[-1] if heads else None
        index = _index_line(lines, at, previous, labels_allowed=labels_allowed)
        if index is None:
            heads.append(_Head(at, at, None, match))
            continue
        found = _INDEX.fullmatch(lines[index])
        number = int(found[1]) if found else None
        label = "" if found and _counts(found, previous) else lines[index].strip()
        heads.append(_Head(index, at, number, match, label))
    return heads


def _index_line(
    lines: Sequence[str], times: int, previous: _Head | None, *, labels_allowed: bool
) -> int | None:
    """Find the line that numbers the cue whose times stand at `times`, if one does."""
    floor = previous.times if previous else -1
    at = times - 1
    while at > floor and _is_blank(lines[at]):
        at -= 1
    if at <= floor:
        return None
    line = lines[at]
    bare = line.strip(_INVISIBLE + " \t").isdecimal() and bool(_INDEX.fullmatch(line))
    stands_alone = at == 0 or (at - 1 > floor and _is_blank(lines[at - 1]))
    if at < times - 1:  # a blank line between number and times: only a plain number counts
        return at if bare and (stands_alone or _follows(line, previous)) else None
    if at - 1 == floor and previous:  # the line after times is a cue's text, unless it counts on
        return at if bare and _follows(line, previous) else None
    if stands_alone:
        known = _INDEX.fullmatch(line) or (labels_allowed and _LABEL.fullmatch(line))
        return at if known else None
    return at if bare else None


def _counts(index: re.Match[str], previous: _Head | None) -> bool:
    """Say whether an index line only counts: `No.7` after 6 does, `Act 2` after 6 is words."""
    last = 0 if previous is None else previous.number
    bare = not re.search("[A-Za-z]", index[0])
    return bare or (last is not None and int(index[1]) == last + 1)


def _follows(line: str, previous: _Head | None) -> bool:
    if previous is None or previous.number is None:
        return False
    return line.strip(_INVISIBLE + " \t") == str(previous.number + 1)


def _cue(head: _Head, body: Iterable[str]) -> Cue:
    match = head.match
    assert match is not None  # noqa: S101  # heads without times never become cues
    groups = match.groups()
    return Cue(
        number=head.number,
        start_ms=_milliseconds(groups[:5]),
        end_ms=_milliseconds(groups[5:10]),
        settings=(groups[10] or "").rstrip(),
        text="\n".join(_without_blanks(body)),
        line=head.times + 1,
    )


def _milliseconds(groups: Sequence[str | None]) -> int:
    hours, minutes, seconds, fraction, thousandths = groups
    digits = (fraction or thousandths or "0")[:3].ljust(3, "0")  # 3.5 s is 3,500 ms
    return int(
        pysrt.SubRipTime(
            hours=int(hours or 0), minutes=int(minutes or 0), seconds=int(seconds or 0)
        ).ordinal
    ) + int(digits)


def _orphan_number(body: Sequence[str], number: int | None) -> int | None:
    """Find a last line that is only the next cue's number: the file was cut off there."""
    filled = [at for at, line in enumerate(body) if not _is_blank(line)]
    if number is None or not filled or filled[-1] == 0 or not _is_blank(body[filled[-1] - 1]):
        return None
    return filled[-1] if body[filled[-1]].strip() == str(number + 1) else None


def _unparsed(line: int, cues: Sequence[Cue], text: str, reason: str, after: int = 0) -> Unparsed:
    return Unparsed(line=line + 1, position=len(cues) + after, text=text, reason=reason)


def _is_blank(line: str) -> bool:
    return not line.strip().strip(_INVISIBLE).strip()


def _without_blanks(lines: Iterable[str]) -> Iterator[str]:
    return (line for line in lines if not _is_blank(line))


def _nothing_understood(lines: Sequence[str]) -> SubtitleError:
    at = next(at for at, line in enumerate(lines) if not _is_blank(line))
    shown = lines[at].strip()[:40]
    return SubtitleError(
        f"no subtitle cue in this file; it begins with {shown!r}",
        line=at + 1,
        hint="A cue needs a line such as 00:00:01,000 --> 00:00:02,500",
    )


def compose(document: Document) -> bytes:
    """Write a document as SubRip. Cues keep their numbers if those count up, else 1, 2, 3…"""
    numbers = [cue.number for cue in document.cues]
    counted = [number for number in numbers if number is not None]
    keep = counted == numbers and all(a < b for a, b in pairwise(counted))
    blocks = [f"{document.header}\n"] if document.header else []
    left = deque(document.unparsed)
    for position, cue in enumerate(document.cues):
        while left and left[0].position <= position:
            blocks += _block_of(left.popleft())
        blocks.append(
            str(_item(cue, cue.number if keep and cue.number is not None else position + 1))
        )
    for item in left:
        blocks += _block_of(item)
    text = "\n".join(blocks).rstrip("\n") + "\n" * document.final_newlines if blocks else ""
    return encode(
        text.replace("\n", document.newline), encoding=document.encoding, bom=document.bom
    )


def _block_of(item: Unparsed) -> list[str]:
    # A lone label would read as the text of the cue before it.
    has_times = any(map(_BROKEN_TIMES.match, item.text.split("\n")))
    return [f"{item.text}\n"] if has_times else []


def _item(cue: Cue, number: int) -> pysrt.SubRipItem:
    return pysrt.SubRipItem(
        index=number,
        start=cue.start_ms,
        end=cue.end_ms,
        text="\n".join(_without_blanks(cue.text.split("\n"))),
        position=cue.settings,
    )
