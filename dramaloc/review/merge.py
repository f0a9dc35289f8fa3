"""Reviewers' files against the target as it stands: what fits, what does not, who disagrees."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dramaloc.review.edits import Edit, Edits, writable
from dramaloc.review.identity import Row, fingerprint, start_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A cue that somebody edited, approved or commented; `text` is what it says from now on.

    `reviewed` says that a person answers for the text: a comment alone answers for nothing.
    """

    row: Row
    text: str
    by: tuple[str, ...]
    reviewed: bool = False
    comments: tuple[tuple[str, str], ...] = ()

    @property
    def changed(self) -> bool:
        return self.text != self.row.cue.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An edit that no longer fits, and why."""

    edit: Edit
    reviewer: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed:
    """A cue that reviewers want otherwise: who wants what, in the order of their files."""

    row: Row
    wishes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """All that came back, in the order of the target."""

    decided: tuple[Decided, ...]
    refused: tuple[Refused, ...]
    disputed: tuple[Disputed, ...]


def merge(
    rows: Sequence[Row],
    files: Sequence[Edits],
    *,
    sourced: bool = True,
    approved: Collection[str] = (),
) -> Merged:
    """Lay reviewers' files on a target's rows.

    `approved` are the keys of cues whose present text somebody answered for before: a table
    that hands this approval back unchanged says nothing new.

    `sourced` says whether the rows know their sources; without, a cue is found by its in-time
    and by the text it had when it was handed out.
    """
    find = _Finder(rows, sourced=sourced)
    said: dict[int, list[tuple[str, Edit]]] = {}
    refused: list[Refused] = []
    for file in files:
        for said_there in file.cues:
            row = find.row(said_there)
            edit = _as_now(said_there, row)
            if edit.key in approved and not edit.changed:
                edit = replace(edit, approved=False)
            if not edit.says_something:
                continue
            if reason := find.why_not(edit, row):
                refused.append(Refused(edit=edit, reviewer=file.reviewer, reason=reason))
            elif row is not None:
                said.setdefault(row.position, []).append((file.reviewer, edit))
    settled = [_settle(rows[at], voices) for at, voices in sorted(said.items())]
    return Merged(
        decided=tuple(each for each in settled if isinstance(each, Decided)),
        refused=tuple(refused),
        disputed=tuple(each for each in settled if isinstance(each, Disputed)),
    )


def _as_now(edit: Edit, row: Row | None) -> Edit:
    """Take a text that only lost what its file's format cannot hold for the text there is.

    One that a tool brought back without its fingerprint, but unchanged, is no edit either.
    """
    if row is None or edit.text != writable(row.cue.text):
        return edit
    now = row.cue.text
    return replace(edit, text=now, before=edit.before or fingerprint(now))


class _Finder:
    """Looks rows up by key, by source in-time and by target in-time."""

    def __init__(self, rows: Sequence[Row], *, sourced: bool) -> None:
        self._sourced = sourced
        self._by_key = {row.key: row for row in rows}
        self._by_start: dict[int, list[Row]] = {}
        for row in rows:
            cue = row.source or row.cue
            self._by_start.setdefault(cue.start_ms, []).append(row)

    def row(self, edit: Edit) -> Row | None:
        if self._sourced:
            return self._by_key.get(edit.key)
        there = self._at_its_time(edit)
        same = [row for row in there if fingerprint(row.cue.text) == edit.before]
        return next(iter(same or there), None)

    def _at_its_time(self, edit: Edit) -> list[Row]:
        start = start_in(edit.key)
        return [] if start is None else self._by_start.get(start, [])

    def why_not(self, edit: Edit, row: Row | None) -> str:
        """Say what keeps an edit from being applied; empty if nothing does."""
        if row is None:
            return (
                "its source changed since the export"
                if self._at_its_time(edit)
                else "no cue begins at its time any more"
            )
        now = row.cue.text
        if edit.untouched:
            return ""
        if not edit.before:
            return "its file does not say what the target was when it was handed out"
        if fingerprint(now) != edit.before and now != edit.text:
            return f"the target changed since the export, it now says {_short(now)}"
        if not edit.text.strip() and now.strip():
            return "its text was emptied; a cue is not deleted by leaving it empty"
        return ""


def _short(text: str) -> str:
    return repr(text.replace("\n", " / "))


def _settle(row: Row, voices: Sequence[tuple[str, Edit]]) -> Decided | Disputed:
    """Decide one cue: who neither edits nor approves has no vote, only a comment."""
    votes = [(who, edit.text) for who, edit in voices if edit.changed or edit.approved]
    if len({text for _, text in votes}) > 1:
        return Disputed(row=row, wishes=tuple(votes))
    return Decided(
        row=row,
        text=votes[0][1] if votes else row.cue.text,
        by=tuple(dict.fromkeys(who for who, _ in votes or [(v[0], "") for v in voices])),
        reviewed=bool(votes),
        comments=tuple((who, edit.comment) for who, edit in voices if edit.comment),
    )


def texts(decided: Sequence[Decided]) -> Mapping[int, str]:
    """Return the new texts by position, of cues that change."""
    return {each.row.position: each.text for each in decided if each.changed}


def in_words(merged: Merged) -> Iterator[str]:
    """List what does not fit and where reviewers disagree, one line or block each."""
    for refusal in merged.refused:
        cue = f"cue {refusal.edit.cue}" if refusal.edit.cue else f"cue {refusal.edit.key}"
        yield f"{cue} ({refusal.reviewer}): {refusal.reason}"
    for dispute in merged.disputed:
        yield f"cue {dispute.row.number}: reviewers disagree"
        yield from (f"  {who}: {_short(text)}" for who, text in dispute.wishes)
