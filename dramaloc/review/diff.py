"""What changed between two subtitle files, cue by cue and word by word.

Cues are paired by their times, then by their texts, then by the time they share: a cue put in
or taken out does not shift the rest. What is left over may be half of a cue that was split, or
have been merged into one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from difflib import SequenceMatcher
from typing import Any, Literal

from dramaloc.subtitles.document import Cue, Document
from dramaloc.subtitles.timeline import Timeline

Kind = Literal["changed", "retimed", "moved", "split", "merged", "added", "removed"]
_SMALL, _LARGE = 250_000, 400_000_000  # two cues of 500 words, of 20,000
_ALIKE = 0.6  # how much of the words a cue and its parts must share
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]|\s+|\w+|.", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A stretch of text that is the same in both versions, only in the old, or only in the new."""

    op: Literal["same", "old", "new"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One cue that differs; `edits` spell out its text, `reasons` say why the new one is so.

    `retimed` cues say the same at a time that overlaps, `moved` ones at quite another. `more`
    are the further cues of a `split` (new ones) or `merged` (old ones) cue.
    """

    kind: Kind
    old: Cue | None
    new: Cue | None
    edits: tuple[Edit, ...] = ()
    more: tuple[Cue, ...] = ()
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
    why = {at: tuple(said) for at, said in (reasons or {}).items()}
    pairs = pair_by_time(old.cues, new.cues)
    changes, left = _parted(pairs, why)
    changes += [change for each in left if (change := _compare(*each[:2], why.get(each[2], ())))]
    return tuple(sorted(changes, key=lambda change: (change.cue.start_ms, change.cue.end_ms)))


def pair_by_time(
    old: Sequence[Cue], new: Sequence[Cue]
) -> list[tuple[Cue | None, Cue | None, int]]:
    """Pair cues: of the same times first, then of the same text, then by the time they share.

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
    left = dict.fromkeys(sorted(set(range(len(old))) - set(partner.values())))
    alone = [at for at in range(len(new)) if at not in partner]
    for twin, at in list(_same_texts(old, list(left), new, alone)):
        partner[at] = twin
        del left[twin]
    timeline = Timeline(old)
    for at, cue in enumerate(new):
        if at in partner:
            continue
        beside = [other for other in timeline.beside(cue) if other in left]
        if (found := _most_shared(cue, old, beside)) is not None:
            partner[at] = found
            del left[found]
    pairs: list[tuple[Cue | None, Cue | None, int]] = [
        (old[partner[at]] if at in partner else None, cue, at) for at, cue in enumerate(new)
    ]
    return pairs + [(old[at], None, -1) for at in left]


def _same_texts(
    old: Sequence[Cue], left: Sequence[int], new: Sequence[Cue], waiting: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Pair cues that say the same in the same order, whenever they say it."""
    before, after = [old[at].text for at in left], [new[at].text for at in waiting]
    for op, a, b, c, _ in opcodes(before, after):
        for step in range(b - a) if op == "equal" else ():
            yield left[a + step], waiting[c + step]


_Pair = tuple[Cue | None, Cue | None, int]


def _parted(
    pairs: Sequence[_Pair], why: Mapping[int, tuple[str, ...]]
) -> tuple[list[Change], list[_Pair]]:
    """Find cues that were split and cues that were merged; return them and the other pairs."""
    changes: list[Change] = []
    gone: set[int] = set()
    added = [(n, new) for n, (old, new, _) in enumerate(pairs) if old is None and new]
    removed = [(n, old) for n, (old, new, _) in enumerate(pairs) if new is None and old]
    beside_old, beside_new = (Timeline([cue for _, cue in lone]) for lone in (added, removed))

    def free(lone: Sequence[tuple[int, Cue]], places: Iterable[int]) -> list[tuple[int, Cue]]:
        return [lone[place] for place in places if lone[place][0] not in gone]

    for n, (old, new, at) in enumerate(pairs):
        if old is None or new is None or old.text == new.text:
            continue
        if inside := _parts(old, new, free(added, beside_old.beside(old))):
            first, *more = _in_order(new, inside)
            change = Change(kind="split", old=old, new=first, more=tuple(more))
        elif inside := _parts(new, old, free(removed, beside_new.beside(new))):
            first, *more = _in_order(old, inside)
            change = Change(kind="merged", old=first, new=new, more=tuple(more))
        else:
            continue
        texts = (" ".join(_joined(cues).split()) for cues in (before(change), after(change)))
        changes.append(replace(change, edits=edits(*texts), reasons=why.get(at, ())))
        gone.update((n, *(number for number, _ in inside)))
    return changes, [pair for n, pair in enumerate(pairs) if n not in gone]


def _parts(whole: Cue, part: Cue, lone: Sequence[tuple[int, Cue]]) -> list[tuple[int, Cue]]:
    """Find the cues without partner that say, with `part`, what `whole` says, in its time."""
    inside = [(number, cue) for number, cue in lone if _within(cue, whole)]
    return inside if inside and _alike(whole.text, _joined(_in_order(part, inside))) else []


def _in_order(part: Cue, inside: Sequence[tuple[int, Cue]]) -> list[Cue]:
    return sorted((part, *(cue for _, cue in inside)), key=lambda cue: cue.start_ms)


def _joined(cues: Iterable[Cue]) -> str:
    return "\n".join(cue.text for cue in cues)


def _within(cue: Cue, whole: Cue) -> bool:
    shared = min(cue.end_ms, whole.end_ms) - max(cue.start_ms, whole.start_ms)
    return shared * 2 > cue.duration_ms


def _alike(one: str, other: str) -> bool:
    from rapidfuzz.distance import Indel

    letters = ["".join(text.split()).casefold() for text in (one, other)]
    return Indel.normalized_similarity(letters[0], letters[1]) >= _ALIKE


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
        apart = old.end_ms <= new.start_ms or new.end_ms <= old.start_ms
        return Change(kind="moved" if apart else "retimed", old=old, new=new, reasons=reasons)
    return None


def edits(old: str, new: str) -> tuple[Edit, ...]:
    """Compare two texts: by words where words have spaces, by characters in CJK and Thai.

    >>> [(edit.op, edit.text) for edit in edits("a red vat", "a blue vat")]
    [('same', 'a '), ('old', 'red'), ('new', 'blue'), ('same', ' vat')]
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    return tuple(_edits(before, after))


def _edits(before: Sequence[str], after: Sequence[str]) -> Iterator[Edit]:
    for op, a, b, c, d in opcodes(before, after):
        if op == "equal":
            yield Edit(op="same", text="".join(before[a:b]))
            continue
        if a < b:
            yield Edit(op="old", text="".join(before[a:b]))
        if c < d:
            yield Edit(op="new", text="".join(after[c:d]))


def opcodes(
    before: Sequence[str], after: Sequence[str]
) -> Iterable[tuple[str, int, int, int, int]]:
    """Say how one sequence becomes another, as difflib does, in bounded time and memory.

    difflib's longest stretches read best, but take it minutes for thousands of equal words.
    """
    size = len(before) * len(after)
    if size <= _SMALL:
        return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    if size <= _LARGE:
        from rapidfuzz.distance import Levenshtein

        return [
            (code.tag, code.src_start, code.src_end, code.dest_start, code.dest_end)
            for code in Levenshtein.opcodes(before, after)
        ]
    return [("replace", 0, len(before), 0, len(after))]


def as_data(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Write changes as JSON-ready data."""
    return [asdict(change) for change in changes]


def as_unified(changes: Sequence[Change]) -> str:
    """Write changes the way `diff -u` does, with a cue's times as its heading."""
    lines = []
    for change in changes:
        lines.append(f"@@ {heading(change)} @@")
        if change.kind in ("retimed", "moved") and change.old:
            lines.append(f"-{times(change.old)}")
            lines.append(f"+{times(change.cue)}")
        else:
            lines += [f"-{line}" for cue in before(change) for line in cue.text.split("\n")]
            lines += [f"+{line}" for cue in after(change) for line in cue.text.split("\n")]
    return "\n".join(lines)


def before(change: Change) -> tuple[Cue, ...]:
    """Return the old cues of a change, in order."""
    first = (change.old,) if change.old else ()
    return (*first, *(change.more if change.kind == "merged" else ()))


def after(change: Change) -> tuple[Cue, ...]:
    """Return the new cues of a change, in order."""
    first = (change.new,) if change.new else ()
    return (*first, *(change.more if change.kind == "split" else ()))


def heading(change: Change) -> str:
    number = "" if change.cue.number is None else f"{change.cue.number} "
    kind = change.kind + {"split": " in ", "merged": " from "}.get(change.kind, "")
    count = str(len(change.more) + 1) if change.more else ""
    where = times(change.cue) if change.cue.end_ms else change.cue.name  # copy has no times
    return " ".join(filter(None, [f"cue {number}".rstrip(), where, f"{kind}{count}"]))


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
