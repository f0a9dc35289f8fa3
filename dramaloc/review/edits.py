"""What a reviewer decided, in whatever file it came back: the page's JSON, a sheet, XLIFF."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dramaloc.errors import InputError
from dramaloc.review.identity import fingerprint, start_in

JSON_VERSION = 1
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A reviewer's word on one cue.

    `text` is the target as it came back, `before` the fingerprint of the target as it was
    handed out (empty if the tool in between dropped it). `cue` is the number shown, for messages.
    `untouched` says that no text came back, so that only the comment counts.
    """

    key: str
    text: str
    before: str
    cue: str = ""
    approved: bool = False
    comment: str = ""
    untouched: bool = False

    @property
    def says_something(self) -> bool:
        return self.changed or self.approved or bool(self.comment)

    @property
    def changed(self) -> bool:
        if self.untouched:
            return False
        return not self.before or fingerprint(self.text) != self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """One reviewer's file: `reviewer` is the name given there, or the file's own."""

    reviewer: str
    cues: tuple[Edit, ...]
    target: str = ""


def as_lines(text: str) -> str:
    """Write line ends as LF; tools on their way through Windows bring CRLF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def writable(text: str) -> str:
    """Put a replacement character for each that XML, and so Excel, has no place for."""
    return _NOT_XML.sub("\ufffd", text)


def parse_json(data: bytes, *, name: str) -> Edits:
    """Read what the review page exports. Raises `InputError` if it is anything else."""
    try:
        said = json.loads(data)
        version = said["dramaloc-edits"]
        if version != JSON_VERSION:
            raise InputError(
                f"edits of version {version!r}, where {JSON_VERSION} is understood",
                hint="Update dramaloc, or export the page anew",
            )
        cues = tuple(_edit(each) for each in said["cues"])
        return Edits(
            reviewer=_text(said, "reviewer").strip() or name,
            cues=cues,
            target=_text(said, "target"),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            "these are no edits of a review page", hint="Use the file its Export button saved"
        ) from error


def _edit(said: Mapping[str, Any]) -> Edit:
    before = _text(said, "before", needed=True)
    edit = Edit(
        key=_text(said, "id", needed=True),
        text=as_lines(_text(said, "text", needed=True)),
        before=fingerprint(before),
        cue=str(said.get("cue", "")),
        approved=said.get("approved") is True,
        comment=_text(said, "comment").strip(),
    )
    if start_in(edit.key) is None:
        raise ValueError(edit.key)
    return edit


def _text(said: Mapping[str, Any], name: str, *, needed: bool = False) -> str:
    value = said[name] if needed else said.get(name, "")
    if not isinstance(value, str):
        raise TypeError(name)
    value.encode()  # a lone surrogate, which JSON can spell, is no text
    return value
