"""What changed between two subtitle files, cue by cue and word by word.

Cues are paired by time, not by line: a cue put in or taken out does not shift the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from dramaloc.subtitles.document import Cue, Document

Kind = Literal["changed", "retimed", "added", "removed"]
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]|\s+|\w+|.", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A stretch of text that is the same in both versions, only in the old, or only in the new."""

    op: Literal["same", "old", "new"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One cue that differs; `edits` spell out its text, `reasons` say why the new one is so."""

    kind: Kind
    old: Cue | None
    new: Cue | None
    edits: tuple[Edit, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def cue(self) -> Cue:
        found = self.new or self.old
        assert found is not None  # noqa: S101  # a change has at least one side
        return found


def diff(
    old: Document, new: Document, reasons: Mapping[int, Sequence[str]] | None = None
) -> tuple[Change, ...]:
    """Return what differs, in the order of time. `reasons` are by position in the new document."""
    pairs = pair_by_time(old.cues, new.cues)
    changes = [
        change
        for before, after, position in pairs
        if (change := _compare(before, after, tuple((reasons or {}).get(position, ()))))
    ]
    return tuple(sorted(changes, key=lambda change: (change.cue.start_ms, change.cue.end_ms)))


def pair_by_time(
    old: Sequence[Cue], new: Sequence[Cue]
) -> list[tuple[Cue | None, Cue | None, int]]:
    """Pair cues: those of the same times first, then those that share most of their time.

    Each pair carries the position of its new cue, -1 if it has none.
    """
    waiting: dict[tuple[int, int], list[int]] = {}
    for at, cue in enumerate(old):
        waiting.setdefault((cue.start_ms, cue.end_ms), []).append(at)
    partner: dict[int, int] = {}
    for at, cue in enumerate(new):
        same = waiting.get((cue.start_ms, cue.end_ms))
        if same:
            partner[at] = same.pop(0)
    left = sorted(set(range(len(old))) - set(partner.values()))
    for at, cue in enumerate(new):
        if at not in partner and (found := _most_shared(cue, old, left)) is not None:
            partner[at] = found
            left.remove(found)
    pairs: list[tuple[Cue | None, Cue | None, int]] = [
        (old[partner[at]] if at in partner else None, cue, at) for at, cue in enumerate(new)
    ]
    return pairs + [(old[at], None, -1) for at in left]


def _most_shared(cue: Cue, old: Sequence[Cue], left: Sequence[int]) -> int | None:
    def shared(at: int) -> int:
        return min(cue.end_ms, old[at].end_ms) - max(cue.start_ms, old[at].start_ms)

    best = max(left, key=shared, default=None)
    if best is None:
        return None
    shorter = min(cue.duration_ms, old[best].duration_ms)
    return best if shared(best) * 2 > shorter else None


def _compare(old: Cue | None, new: Cue | None, reasons: tuple[str, ...]) -> Change | None:
    if old is None:
        assert new is not None  # noqa: S101  # a pair has at least one side
        return Change(kind="added", old=None, new=new, edits=edits("", new.text), reasons=reasons)
    if new is None:
        return Change(kind="removed", old=old, new=None, edits=edits(old.text, ""))
    if old.text != new.text:
        return Change(
            kind="changed", old=old, new=new, edits=edits(old.text, new.text), reasons=reasons
        )
    if (old.start_ms, old.end_ms) != (new.start_ms, new.end_ms):
        return Change(kind="retimed", old=old, new=new, reasons=reasons)
    return None


def edits(old: str, new: str) -> tuple[Edit, ...]:
    """Compare two texts: by words where words have spaces, by characters in CJK and Thai.

    >>> [(edit.op, edit.text) for edit in edits("a red vat", "a blue vat")]
    [('same', 'a '), ('old', 'red'), ('new', 'blue'), ('same', ' vat')]
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    return tuple(_edits(before, after))


def _edits(before: Sequence[str], after: Sequence[str]) -> Iterator[Edit]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for op, a, b, c, d in matcher.get_opcodes():
        if op == "equal":
            yield Edit(op="same", text="".join(before[a:b]))
            continue
        if a < b:
            yield Edit(op="old", text="".join(before[a:b]))
        if c < d:
            yield Edit(op="new", text="".join(after[c:d]))


def as_data(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Write changes as JSON-ready data."""
    return [asdict(change) for change in changes]


def as_unified(changes: Sequence[Change]) -> str:
    """Write changes the way `diff -u` does, with a cue's times as its heading."""
    lines = []
    for change in changes:
        lines.append(f"@@ {heading(change)} @@")
        if change.kind == "retimed" and change.old:
            lines.append(f"-{times(change.old)}")
            lines.append(f"+{times(change.cue)}")
        elif change.kind != "retimed":
            lines += [f"-{line}" for line in (change.old.text.split("\n") if change.old else ())]
            lines += [f"+{line}" for line in (change.new.text.split("\n") if change.new else ())]
    return "\n".join(lines)


def heading(change: Change) -> str:
    number = "?" if change.cue.number is None else change.cue.number
    return f"cue {number} {times(change.cue)} {change.kind}"


def times(cue: Cue) -> str:
    return f"{clock(cue.start_ms)} --> {clock(cue.end_ms)}"


def clock(ms: int) -> str:
    """Write milliseconds as SubRip does.

    >>> clock(3_661_005)
    '01:01:01,005'
    """
    seconds, rest = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02},{rest:03}"
