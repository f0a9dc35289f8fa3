"""Edits into files: what does not fit is refused, what is not edited keeps its bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dramaloc.errors import InputError, OutputError
from dramaloc.files import decode
from dramaloc.review.apply import rewritten
from dramaloc.review.edits import Edit, Edits, parse_json
from dramaloc.review.identity import fingerprint, rows
from dramaloc.review.merge import in_words, merge, texts
from dramaloc.subtitles import formats
from dramaloc.subtitles.document import Document

Make = Callable[..., Document]


def _edit(row_key: str, before: str, text: str, **more: object) -> Edit:
    return Edit(key=row_key, text=text, before=fingerprint(before), **more)  # type: ignore[arg-type]


@pytest.fixture
def pair(document: Make) -> tuple[Document, Document]:
    return document("你好", "木雕", "再见"), document("Hello", "Carving", "Bye")


def _rewritten(data: bytes, read: Document, texts: dict[int, str]) -> bytes:
    again = partial(formats.read, language=read.language, encoding=read.encoding)
    return rewritten(data, read, texts, again)


def _file(who: str, *edits: Edit) -> Edits:
    return Edits(reviewer=who, cues=edits)


def test_edits_are_found_by_key_whatever_came_between(pair: tuple[Document, Document]) -> None:
    source, target = pair
    keys = [row.key for row in rows(target, source)]
    shorter = [row for row in rows(target, source) if row.position]
    moved = [type(row)(key=row.key, position=at, cue=row.cue, source=row.source)
             for at, row in enumerate(shorter)]  # fmt: skip
    merged = merge(moved, [_file("Lin", _edit(keys[2], "Bye", "See you"))])
    assert texts(merged.decided) == {1: "See you"}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"key": "999-0000000000"}, "no cue begins at its time"),
        ({"key": "2500-0000000000"}, "its source changed"),
        ({"before": fingerprint("Woodcut")}, "the target changed since the export"),
        ({"before": ""}, "does not say what the target was"),
        ({"text": " \n"}, "its text was emptied"),
    ],
)
def test_what_no_longer_fits_is_refused_with_the_reason(
    pair: tuple[Document, Document], change: dict[str, str], why: str
) -> None:
    source, target = pair
    all_rows = rows(target, source)
    said = {"key": all_rows[1].key, "before": fingerprint("Carving"), "text": "Wood carving"}
    merged = merge(all_rows, [_file("Lin", Edit(**{**said, **change}, cue="2"))])  # type: ignore[arg-type]
    (line,) = in_words(merged)
    assert line.startswith("cue 2 (Lin): ")
    assert why in line
    assert not merged.decided


def test_an_edit_that_was_applied_already_fits(pair: tuple[Document, Document]) -> None:
    source, target = pair
    edit = _edit(rows(target, source)[0].key, "Hi", "Hello")
    (done,) = merge(rows(target, source), [_file("Lin", edit)]).decided
    assert (done.changed, done.reviewed, done.by) == (False, True, ("Lin",))


def test_two_reviewers(pair: tuple[Document, Document]) -> None:
    source, target = pair
    one, two, three = (row.key for row in rows(target, source))
    lin = _file("Lin", _edit(one, "Hello", "Hi"), _edit(two, "Carving", "Wood carving"),
                _edit(three, "Bye", "Bye", comment="Too short?"))  # fmt: skip
    ma = _file("Ma", _edit(one, "Hello", "Hi"), _edit(two, "Carving", "Carving", approved=True),
               _edit(three, "Bye", "Bye-bye"))  # fmt: skip
    merged = merge(rows(target, source), [lin, ma])
    assert [(each.row.number, each.text, each.by) for each in merged.decided] == [
        (1, "Hi", ("Lin", "Ma")),
        (3, "Bye-bye", ("Ma",)),
    ]
    assert merged.decided[1].comments == (("Lin", "Too short?"),)
    (dispute,) = merged.disputed
    assert dispute.wishes == (("Lin", "Wood carving"), ("Ma", "Carving"))
    assert next(in_words(merged)) == "cue 2: reviewers disagree"


def test_an_approval_handed_back_is_nothing_new(pair: tuple[Document, Document]) -> None:
    source, target = pair
    key = rows(target, source)[1].key
    back = _file("Ma", _edit(key, "Carving", "Carving", approved=True))
    assert merge(rows(target, source), [back]).decided[0].by == ("Ma",)
    assert not merge(rows(target, source), [back], approved={key}).decided


def test_without_a_source_time_and_text_find_the_cue(pair: tuple[Document, Document]) -> None:
    source, target = pair
    edit = _edit(rows(target, source)[1].key, "Carving", "Wood carving")
    merged = merge(rows(target, None), [_file("Lin", edit)], sourced=False)
    assert texts(merged.decided) == {1: "Wood carving"}


ROUGH = (
    "\ufeff7\r\n00:00:01.0 -> 00:00:02,5   X1:3\r\nOne\r\n\r\nmore\r\n\r\n"
    "\r\n8\r\n0:0:3,000 --> 0:0:4,000\r\n\r\n9\r\n00:00:05,000 --> 00:00:06,000\nThree  \n\n\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
def test_the_bytes_around_an_edit_stay(encoding: str) -> None:
    data = ROUGH.encode(encoding)
    read = formats.read(data, language="en-US", encoding=encoding)
    assert formats.write(read) != data
    written = _rewritten(data, read, {0: "Two\n\nlines", 2: "Drei"})
    assert decode(written, encoding=encoding).text == decode(data, encoding=encoding).text.replace(
        "One\r\n\r\nmore\r\n", "Two\r\nlines\r\n"
    ).replace("Three  \n", "Drei\n")
    assert _rewritten(data, read, {}) == data


def test_a_cue_without_text_can_get_one() -> None:
    data = ROUGH.encode()
    read = formats.read(data, language="en-US")
    again = formats.read(_rewritten(data, read, {1: "Two"}), language="en-US")
    assert [cue.text for cue in again.cues] == ["One\nmore", "Two", "Three  "]


@pytest.mark.parametrize("text", ["Hi\n9\n00:00:05,000 --> 00:00:06,000\nnew", "00:01 --> 00:02"])
def test_a_text_that_would_become_another_cue_is_refused(text: str) -> None:
    data = ROUGH.encode()
    with pytest.raises(OutputError, match=r"would not read back|another number of cues"):
        _rewritten(data, formats.read(data, language="en-US"), {0: text})


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), min_size=1))
def test_any_text_is_written_as_it_is_or_refused(text: str) -> None:
    data = ROUGH.encode()
    read = formats.read(data, language="en-US")
    try:
        written = _rewritten(data, read, {0: text})
    except OutputError:
        return
    assert formats.read(written, language="en-US").cues[0].text == text.rstrip()


def test_samples_keep_their_bytes(root: Path) -> None:
    for path in sorted((root / "samples" / "rough").glob("*.srt")):
        data = path.read_bytes()
        read = formats.read(data)
        at = len(read.cues) // 2
        new = _rewritten(data, read, {at: "换一句"})
        assert _rewritten(new, formats.read(new), {at: read.cues[at].text}) == data


VTT = (
    "WEBVTT - a title\n\nNOTE who said it\n\nSTYLE\n::cue { color: lime }\n\nintro\n"
    "00:01.000 --> 00:02.000 line:10%\n<v Lin>Hello</v>\n\n00:03.000 --> 00:04.000\nBye\n"
)
ASS = (
    "[Script Info]\nScriptType: v4.00+\n; a remark\n\n[V4+ Styles]\nFormat: Name, Fontsize\n"
    "Style: Default,20\n\n[Events]\n"
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    "Dialogue: 0,0:00:01.00,0:00:02.00,Default,Lin,0,0,0,,Hello\n"
    "Comment: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,kept\n"
    "Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,{\\an8}Bye\n"
)


@pytest.mark.parametrize("whole", [VTT, ASS])
def test_other_formats_keep_their_bytes_as_well(whole: str) -> None:
    read = formats.read(whole.encode(), language="en-US")
    new = _rewritten(whole.encode(), read, {0: read.cues[0].text.replace("Hello", "Good day")})
    assert new.decode() == whole.replace("Hello", "Good day")


def test_an_encoding_without_room_for_the_edit_is_named() -> None:
    data = b"1\n00:00:01,000 --> 00:00:02,000\nCaf\xe9\n\n"
    read = formats.read(data, language="fr-FR", encoding="cp1252")
    with pytest.raises(OutputError, match="cp1252 cannot write"):
        _rewritten(data, read, {0: "木雕"})


@pytest.mark.parametrize(
    "data",
    [
        b"{}", b"[]", b"{", b'{"dramaloc-edits": 2, "cues": []}', b'{"dramaloc-edits": 1}',
        b'{"dramaloc-edits": 1, "cues": [{"id": "x", "before": "", "text": ""}]}',
        b'{"dramaloc-edits": 1, "cues": [{"id": "1-a", "before": 1, "text": ""}]}',
        b'{"dramaloc-edits": 1, "cues": [{"id": "1-a", "before": "\\ud800", "text": ""}]}',
        b"[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_edits_file_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        parse_json(data, name="x")


def test_the_pages_edits_are_read() -> None:
    said = {
        "dramaloc-edits": 1, "target": "E01.en-US.srt", "reviewer": " Lin ",
        "cues": [{"id": "1-ab", "cue": 4, "before": "A", "text": "B\r\nC", "approved": True}],
    }  # fmt: skip
    edits = parse_json(json.dumps(said).encode(), name="file")
    assert edits.reviewer == "Lin"
    assert edits.cues == (_edit("1-ab", "A", "B\nC", cue="4", approved=True),)
