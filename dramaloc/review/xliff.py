"""Review in translators' tools: XLIFF 1.2 and 2.0, one unit per cue, back from 2.1 too.

The unit's id and name are the cue's key. Notes carry times, limits, terms, findings, reasons
and comments, from `developer`, whom Weblate and others show. Marks such as `<i>` stand as text,
as OmegaT's and Weblate's own subtitle filters have it. What the target said when it was handed
out is kept as a fingerprint, in `extradata` (1.2) or in metadata (2.x).

State: a draft is `translated` and not approved, which Weblate shows as waiting for review; a
cue somebody answers for is `approved="yes"`, state `final`.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from xml.etree.ElementTree import Element

import dramaloc
from dramaloc.errors import InputError
from dramaloc.review.diff import clock
from dramaloc.review.edits import Edit, Edits, as_lines, writable
from dramaloc.review.handout import (
    CueHere,
    Handout,
    finding_in_words,
    limits_in_words,
    term_in_words,
)
from dramaloc.review.identity import fingerprint, start_in
from dramaloc.xmlfiles import local, tree

_XLIFF1 = "urn:oasis:names:tc:xliff:document:1.2"
_XLIFF2 = "urn:oasis:names:tc:xliff:document:2.0"
_METADATA = "urn:oasis:names:tc:xliff:metadata:2.0"
_FINAL = {"final", "signed-off", "reviewed"}
_OURS = "developer"


def compose_xliff(handout: Handout) -> bytes:
    """Write a handout as XLIFF 1.2."""
    head = (
        f'<file original="{_attribute(handout.name)}" datatype="plaintext"'
        f' source-language="{_attribute(handout.source_language)}"'
        f' target-language="{_attribute(handout.market.code)}">\n'
        f'<header><tool tool-id="dramaloc" tool-name="dramaloc"'
        f' tool-version="{dramaloc.__version__}"/></header>\n<body>\n'
    )
    units = "".join(_unit1(handout, cue) for cue in handout.cues)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<xliff version="1.2" xmlns="{_XLIFF1}">\n{head}{units}</body>\n</file>\n</xliff>\n'
    ).encode()


def _unit1(handout: Handout, cue: CueHere) -> str:
    key = _attribute(cue.row.key)
    approved, state = ("yes", "final") if cue.approved else ("no", "translated")
    notes = "".join(
        f'<note from="{_OURS}">{_text(note)}</note>\n' for _, note in _notes(handout, cue)
    )
    return (
        f'<trans-unit id="{key}" resname="{key}" approved="{approved}" xml:space="preserve"'
        f' extradata="{fingerprint(cue.target)}">\n'
        f"<source>{_text(cue.source)}</source>\n"
        f'<target state="{state}">{_text(cue.target)}</target>\n'
        f"{notes}</trans-unit>\n"
    )


def compose_xliff2(handout: Handout) -> bytes:
    """Write a handout as XLIFF 2.0, which tools for 2.1 read as well."""
    units = "".join(_unit2(handout, cue) for cue in handout.cues)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<xliff version="2.0" xmlns="{_XLIFF2}" xmlns:mda="{_METADATA}"'
        f' srcLang="{_attribute(handout.source_language)}"'
        f' trgLang="{_attribute(handout.market.code)}">\n'
        f'<file id="f1" original="{_attribute(handout.name)}" xml:space="preserve">\n'
        f"{units}</file>\n</xliff>\n"
    ).encode()


def _unit2(handout: Handout, cue: CueHere) -> str:
    key = _attribute(cue.row.key)
    notes = "".join(
        f'<note category="{kind}">{_text(note)}</note>\n' for kind, note in _notes(handout, cue)
    )
    return (
        f'<unit id="{key}" name="{key}">\n'
        '<mda:metadata><mda:metaGroup category="dramaloc">'
        f'<mda:meta type="before">{fingerprint(cue.target)}</mda:meta>'
        "</mda:metaGroup></mda:metadata>\n"
        + (f"<notes>\n{notes}</notes>\n" if notes else "")
        + f'<segment state="{"final" if cue.approved else "translated"}">\n'
        f"<source>{_text(cue.source)}</source>\n<target>{_text(cue.target)}</target>\n"
        "</segment>\n</unit>\n"
    )


def _notes(handout: Handout, here: CueHere) -> Iterator[tuple[str, str]]:
    cue = here.row.cue
    limits = limits_in_words(handout, here)
    if handout.timed:
        times = f"cue {here.row.number}, {clock(cue.start_ms)} --> {clock(cue.end_ms)}"
        yield "limits", f"{times}: {limits}"
    elif said := ": ".join(filter(None, [cue.name, limits])):
        yield "limits", said
    yield from (("term", text) for text in dict.fromkeys(term_in_words(t.term) for t in here.terms))
    yield from (("finding", finding_in_words(each)) for each in here.findings)
    yield from (("reason", reason) for reason in here.reasons)
    if here.reference:
        yield "reference", f"reference: {here.reference}"
    if here.previous is not None and here.previous != here.target:
        yield "previous", f"before: {here.previous}"
    for comment in here.comments:
        yield "comment", f"{comment.by or 'comment'}: {comment.text}"
    for who, text in here.reviewed.comments if here.reviewed else ():
        yield "comment", f"{who}: {text}"


def _text(text: str) -> str:
    return escape(writable(text), quote=False)


def _attribute(text: str) -> str:
    return escape(writable(text))


def parse_xliff(data: bytes, *, name: str) -> Edits:
    """Read a reviewed XLIFF file, 1.x or 2.x. Raises `InputError`, also for hostile XML."""
    root = tree(data, InputError)
    if local(root.tag) != "xliff":
        raise InputError(
            f"this is no XLIFF, it begins with <{local(root.tag)[:40]}>", hint="Send the XLIFF file"
        )
    version = root.get("version", "")
    read = _read2 if version.startswith("2.") else _read1
    cues = tuple(read(root))
    if not cues:
        raise InputError("no unit in this XLIFF file", hint="Send the file that was handed out")
    return Edits(reviewer=name, cues=cues)


def _read1(root: Element) -> Iterator[Edit]:
    for unit in _all(root, "trans-unit"):
        target = _child(unit, "target")
        state = "" if target is None else target.get("state", "")
        yield _edit(
            unit.get("resname") or unit.get("id") or "",
            target,
            before=unit.get("extradata", ""),
            approved=unit.get("approved") == "yes" or state in _FINAL,
            notes=[
                (note.get("from", ""), "".join(note.itertext()))
                for note in unit
                if local(note.tag) == "note"
            ],
        )


def _read2(root: Element) -> Iterator[Edit]:
    for unit in _all(root, "unit"):
        segments = list(_all(unit, "segment"))
        target = _joined(segments)
        marks = [
            "".join(meta.itertext()).strip()
            for meta in _all(unit, "meta")
            if meta.get("type") == "before"
        ]
        yield _edit(
            unit.get("name") or unit.get("id") or "",
            target,
            before=marks[0] if marks else "",
            approved=bool(segments) and all(each.get("state") in _FINAL for each in segments),
            notes=[
                (_OURS if note.get("category") else "", "".join(note.itertext()))
                for note in _all(unit, "note")
            ],
        )


def _joined(segments: list[Element]) -> Element | None:
    """Join what a tool split into segments; spaces between them stand in `ignorable`s we drop."""
    targets = [_child(each, "target") for each in segments]
    if not targets or any(each is None for each in targets):
        return None
    whole = Element("target")
    whole.text = " ".join("".join(each.itertext()).strip() for each in targets if each is not None)
    return targets[0] if len(targets) == 1 else whole


def _edit(
    key: str, target: Element | None, *, before: str, approved: bool, notes: list[tuple[str, str]]
) -> Edit:
    if start_in(key) is None:
        raise InputError(
            f"unit {key[:40]!r} is none of ours", hint="Send the file that was handed out"
        )
    text = None if target is None else as_lines("".join(target.itertext()))
    own = [said.strip() for who, said in notes if who != _OURS and said.strip()]
    return Edit(
        key=key,
        text=text or "",
        before=before,
        # A unit without a target, or with an empty one, was left alone: tools drop those.
        approved=approved and bool(text),
        comment="\n".join(own),
        untouched=not text,
    )


def _all(root: Element, name: str) -> Iterator[Element]:
    return (element for element in root.iter() if local(element.tag) == name)


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in element if local(child.tag) == name), None)
