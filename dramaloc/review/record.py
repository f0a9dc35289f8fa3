"""The record beside a target: which cues people answer for, who, and what they said.

`E01.en-US.srt.review.json` is named after its target. It keeps the reviewed texts
themselves, so that they survive even if the target is lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import dramaloc
from dramaloc.errors import InputError
from dramaloc.files import is_file, read_bytes, write_atomic
from dramaloc.review.identity import Row, start_in
from dramaloc.review.merge import Decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What is known of one cue: its source and target, and who stands by the target.

    `by` is empty for a cue that was only commented.
    """

    source: str
    text: str
    by: tuple[str, ...] = ()
    comments: tuple[tuple[str, str], ...] = ()


def record_path(target: Path) -> Path:
    return target.with_name(f"{target.name}.review.json")


def read_record(target: Path) -> dict[str, Reviewed]:
    """Read what is recorded beside a target, by cue key; empty if nothing is."""
    path = record_path(target)
    if not is_file(path):
        return {}
    try:
        return {
            key: Reviewed(
                source=str(said["source"]),
                text=str(said["text"]),
                by=tuple(map(str, said["by"])),
                comments=tuple((str(each["by"]), str(each["text"])) for each in said["comments"]),
            )
            for key, said in json.loads(read_bytes(path))["cues"].items()
            if start_in(key) is not None
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            "this record of a review is damaged",
            path=path,
            hint="Restore it, or delete it and apply the edits again",
        ) from error


def answered_for(row: Row, record: Mapping[str, Reviewed]) -> bool:
    """Whether somebody answers for a row's text as it stands."""
    known = record.get(row.key)
    return known is not None and bool(known.by) and known.text == row.cue.text


def with_decided(known: Mapping[str, Reviewed], decided: Iterable[Decided]) -> dict[str, Reviewed]:
    """Add decisions to a record; a cue that was decided before is decided anew."""
    record = dict(known)
    for each in decided:
        before = record.get(each.row.key)
        same = before is not None and before.text == each.text
        earlier = before.comments if before else ()
        by = (*(before.by if before and same else ()), *(each.by if each.reviewed else ()))
        record[each.row.key] = Reviewed(
            source=each.row.source.text if each.row.source else "",
            text=each.text,
            by=tuple(dict.fromkeys(by)),
            comments=tuple(dict.fromkeys((*earlier, *each.comments))),
        )
    return record


def write_record(target: Path, record: Mapping[str, Reviewed]) -> None:
    """Write the record beside a target: in order of time, without dates."""
    content = {
        "dramaloc": dramaloc.__version__,
        "cues": {
            key: {
                "source": each.source,
                "text": each.text,
                "by": list(each.by),
                "comments": [{"by": who, "text": text} for who, text in each.comments],
            }
            for key, each in sorted(
                record.items(), key=lambda item: (start_in(item[0]) or 0, item[0])
            )
        },
    }
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    write_atomic(record_path(target), text.encode())
