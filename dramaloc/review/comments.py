"""Comments of viewers and clients: a table of time codes and texts, from whatever tool."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dramaloc.errors import InputError
from dramaloc.files import refuse_endless
from dramaloc.quality.subject import FRAMES_PER_SECOND
from dramaloc.subtitles.document import Cue

# Who watches needs a moment to react: a comment shortly after a cue is about that cue.
_REACTION_MS = 2000
_MOST = 8_000_000  # characters; a hundred thousand comments

_TIME_NAMES = {"time", "timecode", "time code", "timestamp", "tc", "in", "in point", "start",
               "start time", "timecode in", "tc in", "position", "at", "marker in", "时间",
               "时间码", "时间点", "入点", "时码", "時間", "開始"}  # fmt: skip
_TEXT_NAMES = {"comment", "comments", "text", "note", "notes", "message", "body", "content",
               "description", "feedback", "内容", "评论", "留言", "意见", "备注", "批注", "文本",
               "コメント"}  # fmt: skip
_WHO_NAMES = {"author", "name", "user", "username", "commenter", "owner", "reviewer", "by", "from",
              "作者", "用户", "昵称", "姓名", "审核人", "名前"}  # fmt: skip

_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:([.,:;])(\d{1,3}))?")
_SECONDS = re.compile(r"(\d{1,9}(?:\.\d+)?)\s*(?:s|sec|秒)?", re.IGNORECASE)
_SPELLED = re.compile(
    r"(?:(\d{1,9})\s*(?:h|时|小时))?\s*(?:(\d{1,9})\s*(?:m|min|分|分钟))?\s*(?:(\d{1,9}(?:\.\d+)?)\s*(?:s|sec|秒))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """Somebody's remark at a moment of the video; `line` is where it stands in its table."""

    time_ms: int
    text: str
    by: str = ""
    line: int = 0

    def at(self, cues: Sequence[Cue]) -> int | None:
        """Return the position of the cue on screen then, or just gone; None if there is none."""
        there = [at for at, cue in enumerate(cues) if cue.start_ms <= self.time_ms < cue.end_ms]
        if there:
            return there[-1]
        gone = [
            (self.time_ms - cue.end_ms, at)
            for at, cue in enumerate(cues)
            if 0 <= self.time_ms - cue.end_ms <= _REACTION_MS
        ]
        return min(gone)[1] if gone else None


def milliseconds(time: str, fps: float = FRAMES_PER_SECOND) -> int | None:
    """Read a time code as tools write it; None if it is none.

    Behind the seconds, `,` and `.` begin a fraction, `:` and `;` count frames.

    >>> [milliseconds(t) for t in ("1:02", "00:01:02,5", "00:01:02:12", "62.5", "1m2s", "soon")]
    [62000, 62500, 62500, 62500, 62000, None]
    """
    time = time.strip()
    if clock := _CLOCK.fullmatch(time):
        hours, minutes, seconds, mark, rest = clock.groups()
        whole = (int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)) * 1000
        if not rest:
            return whole
        if mark in ":;":
            return whole + round(int(rest) * 1000 / fps)
        return whole + int(rest.ljust(3, "0"))
    if plain := _SECONDS.fullmatch(time):
        return round(float(plain[1]) * 1000)
    spelled = _SPELLED.fullmatch(time)
    if time and spelled:
        parts = (float(part or 0) for part in spelled.groups())
        return round(
            sum(part * unit for part, unit in zip(parts, (3600, 60, 1), strict=True)) * 1000
        )
    return None


def parse_comments(text: str, fps: float = FRAMES_PER_SECOND) -> tuple[Comment, ...]:
    """Read a table of comments: comma, semicolon or tab; with a header or without.

    Without one, the first column of times and the one with the longest texts count.
    Raises `InputError` for a line whose time cannot be read.
    """
    refuse_endless(len(text), _MOST, "A table of comments")
    lines = [(at, row) for at, row in _rows(text) if any(cell.strip() for cell in row)]
    if not lines:
        return ()
    header = [cell.strip().casefold() for cell in lines[0][1]]
    columns = _named(header) or _guessed([row for _, row in lines], fps)
    if columns is None:
        raise InputError(
            "no column of times in this table", line=lines[0][0],
            hint="Head the columns time and comment, or write 00:01:02,500 first",
        )  # fmt: skip
    time, said, who = columns
    body = (
        lines[1:]
        if _named(header) or milliseconds(_cell(lines[0][1], time), fps) is None
        else lines
    )
    found = []
    for line, row in body:
        at = milliseconds(_cell(row, time), fps)
        if at is None:
            raise InputError(
                f"{_cell(row, time)!r} is no time", line=line, hint="Write 00:01:02,500"
            )
        if _cell(row, said).strip():
            by = _cell(row, who).strip() if who is not None else ""
            found.append(Comment(time_ms=at, text=_cell(row, said).strip(), by=by, line=line))
    return tuple(found)


def _rows(text: str) -> list[tuple[int, list[str]]]:
    first = text.lstrip().split("\n", maxsplit=1)[0]
    mark = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    rows: list[tuple[int, list[str]]] = []
    try:
        at = 1
        for row in reader:
            rows.append((at, row))
            at = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"this is no table ({error})", line=reader.line_num) from error
    return rows


def _cell(row: Sequence[str], at: int) -> str:
    return row[at] if at < len(row) else ""


def _named(header: Sequence[str]) -> tuple[int, int, int | None] | None:
    def find(names: set[str]) -> int | None:
        return next((at for at, cell in enumerate(header) if cell in names), None)

    time, said = find(_TIME_NAMES), find(_TEXT_NAMES)
    return None if time is None or said is None else (time, said, find(_WHO_NAMES))


def _guessed(rows: Sequence[Sequence[str]], fps: float) -> tuple[int, int, int | None] | None:
    body = rows[1:] or rows
    width = max(map(len, rows))
    # A column of plain numbers may count cues, so that clocks are looked for first.
    times = [
        at
        for at in range(width)
        if all(milliseconds(_cell(row, at), fps) is not None for row in body)
    ]
    clocks = [at for at in times if all(":" in _cell(row, at) for row in body)]
    time = next(iter(clocks or times), None)
    if time is None or width == 1:
        return None
    others = [at for at in range(width) if at != time]
    return time, max(others, key=lambda at: sum(len(_cell(row, at)) for row in body)), None
