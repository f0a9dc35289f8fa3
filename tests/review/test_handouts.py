"""Tables and XLIFF: what is handed out comes back unchanged, whoever touched it on the way."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from dramaloc.errors import InputError
from dramaloc.review.edits import Edits
from dramaloc.review.handout import Handout
from dramaloc.review.merge import merge, texts
from dramaloc.review.reading import read_edits
from dramaloc.review.sheet import compose_csv, compose_xlsx, guarded, unguarded
from dramaloc.review.xliff import compose_xliff, compose_xliff2
from dramaloc.xmlfiles import local, tree

Compose = Callable[[Handout], bytes]

every_form = pytest.mark.parametrize(
    "compose", [compose_csv, compose_xlsx, compose_xliff, compose_xliff2], ids=lambda f: f.__name__
)
either_xliff = pytest.mark.parametrize("compose", [compose_xliff, compose_xliff2])


def _merged(handout: Handout, edits: Edits) -> dict[int, str]:
    merged = merge([cue.row for cue in handout.cues], [edits])
    assert not merged.refused
    assert not merged.disputed
    return dict(texts(merged.decided))


@every_form
def test_what_comes_back_untouched_says_nothing(compose: Compose, handout: Handout) -> None:
    edits = read_edits(compose(handout), name="Lin")
    assert len(edits.cues) == len(handout.cues)
    assert merge([cue.row for cue in handout.cues], [edits]).decided == ()


@every_form
def test_hostile_text_comes_back_as_it_was(compose: Compose, hostile: Handout) -> None:
    edits = read_edits(compose(hostile), name="Lin")
    assert [edit.text for edit in edits.cues] == [cue.target for cue in hostile.cues]
    assert _merged(hostile, edits) == {}


@every_form
def test_characters_that_xml_has_no_place_for_are_no_edit(
    compose: Compose, handout: Handout
) -> None:
    first = handout.cues[0]
    odd = replace(first, row=replace(first.row, cue=replace(first.row.cue, text="a\x01b")))
    bent = replace(handout, cues=(odd, *handout.cues[1:]))
    assert _merged(bent, read_edits(compose(bent), name="Lin")) == {}


@given(st.text(max_size=12) | st.from_regex(r"\A'*[=+\-@\t＝ ]?.{0,3}\Z"))
def test_the_guard_is_undone(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(tuple("=+-@\t\r\n＝＋－＠"))


def test_no_csv_cell_begins_like_a_formula(hostile: Handout) -> None:
    rows = list(csv.reader(io.StringIO(compose_csv(hostile).decode("utf-8-sig"), newline="")))
    assert len(rows) == len(hostile.cues) + 1
    assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r\n＝")]


def test_every_excel_cell_is_text(hostile: Handout) -> None:
    sheet = load_workbook(io.BytesIO(compose_xlsx(hostile)))["review"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    assert "=HYPERLINK" in str([cell.value for cell in cells])


def _table(handout: Handout) -> list[dict[str, str]]:
    text = compose_csv(handout).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _as_csv(rows: list[dict[str, str]], mark: str, encoding: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, rows[0], delimiter=mark)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


@pytest.mark.parametrize(
    ("mark", "encoding"), [(",", "utf-8-sig"), (";", "utf-8"), ("\t", "utf-16"), (",", "gb18030")]
)
def test_a_table_as_spreadsheets_save_it(handout: Handout, mark: str, encoding: str) -> None:
    rows = _table(handout)
    rows[1]["revised"], rows[2]["revised"] = "- Wood carving.\r\n- 木雕", ""
    rows[3]["approved"], rows[4]["comment"] = "是", "太长"
    edits = read_edits(_as_csv(list(reversed(rows)), mark, encoding), name="Lin")
    merged = merge([cue.row for cue in handout.cues], [edits])
    assert [(each.row.number, each.text, each.reviewed) for each in merged.decided] == [
        (2, "- Wood carving.\n- 木雕", True),
        (4, "<i>Grandma is here.</i>", True),
        (5, handout.cues[4].target, False),
    ]
    assert merged.decided[2].comments == (("Lin", "太长"),)


def test_an_excel_file_as_people_save_it(handout: Handout) -> None:
    book = load_workbook(io.BytesIO(compose_xlsx(handout)))
    sheet = book["review"]
    column = [cell.value for cell in sheet[1]].index("revised") + 1
    sheet.cell(3, column, "Wood carving")
    sheet.cell(4, column, 42)
    sheet.delete_rows(2)
    out = io.BytesIO()
    book.save(out)
    assert _merged(handout, read_edits(out.getvalue(), name="Lin")) == {1: "Wood carving", 2: "42"}


@pytest.mark.parametrize("claimed", ["A1:XFD1048576", "A1"])
def test_a_stray_cell_in_the_last_corner_costs_nothing(handout: Handout, claimed: str) -> None:
    """Nor does it matter what the file says of its own size."""
    book = load_workbook(io.BytesIO(compose_xlsx(handout)))
    sheet = book["review"]
    sheet.cell(3, [cell.value for cell in sheet[1]].index("revised") + 1, "Wood carving")
    sheet["XFD1048576"] = "x"
    saved, out = io.BytesIO(), io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            member = re.sub(
                rb'(<dimension ref=")[^"]*', rb"\g<1>" + claimed.encode(), old.read(name)
            )
            new.writestr(name, member)
    assert _merged(handout, read_edits(out.getvalue(), name="Lin")) == {1: "Wood carving"}


def _units(data: bytes) -> list[Element]:
    root = tree(data, InputError)
    return [each for each in root.iter() if local(each.tag) in ("trans-unit", "unit")]


def test_xliff_says_what_translators_tools_show(handout: Handout) -> None:
    unit = _units(compose_xliff(handout))[1]
    assert unit.get("resname") == unit.get("id") == handout.cues[1].row.key
    assert unit.get("approved") == "no"
    notes = [each.text for each in unit if local(each.tag) == "note"]
    assert notes[0] == (
        "cue 2, 00:00:02,500 --> 00:00:04,500: at most 2 lines of 42 characters, 40 in its 2.0 s"
    )
    assert notes[1] == "木雕 → wood carving (not woodcut)"
    assert notes[2].startswith("error: 木雕 must be rendered 'wood carving'")


@pytest.mark.parametrize(
    ("old", "new", "decided"),
    [
        (">A woodcut.<", ">Wood &lt;i&gt;carving&lt;/i&gt;.<", (2, "Wood <i>carving</i>.", True)),
        (">A woodcut.<", "><g id='1'>Wood</g> carving.<", (2, "Wood carving.", True)),
        (">A woodcut.<", "><", None),
        ('approved="no"', 'approved="yes"', (1, "This is tie-dye (Bai craft).", True)),
        ("</target>", "</target><note>Why?</note>", (1, "This is tie-dye (Bai craft).", False)),
    ],
)
def test_what_tools_do_to_xliff_1(
    handout: Handout, old: str, new: str, decided: tuple[int, str, bool] | None
) -> None:
    data = compose_xliff(handout).decode().replace(old, new, 1).encode()
    merged = merge([cue.row for cue in handout.cues], [read_edits(data, name="Lin")])
    assert [(each.row.number, each.text, each.reviewed) for each in merged.decided] == (
        [decided] if decided else []
    )


@pytest.mark.parametrize("version", ["2.0", "2.1"])
def test_what_tools_do_to_xliff_2(handout: Handout, version: str) -> None:
    text = compose_xliff2(handout).decode().replace('version="2.0"', f'version="{version}"')
    text = text.replace(">A woodcut.<", ">A wood <ph id='1'/>carving.<")
    text = text.replace("<notes>", "<notes><note>Good</note>", 1)
    parts = text.split("<segment", 3)
    parts[3] = parts[3].replace('"translated"', '"reviewed"', 1)
    merged = merge(
        [cue.row for cue in handout.cues], [read_edits("<segment".join(parts).encode(), name="Lin")]
    )
    assert [(each.row.number, each.text, each.reviewed) for each in merged.decided] == [
        (1, "This is tie-dye (Bai craft).", False),
        (2, "A wood carving.", True),
        (3, "Tie-dye!", True),
    ]


@either_xliff
def test_a_fingerprint_that_a_tool_dropped_is_missed(compose: Compose, handout: Handout) -> None:
    text = re.sub(r' extradata="\w+"|<mda:meta .*</mda:meta>', "", compose(handout).decode())
    merged = merge([cue.row for cue in handout.cues], [read_edits(text.encode(), name="Lin")])
    assert merged.decided == ()
    assert merged.refused == ()
    text = text.replace(">A woodcut.<", ">Wood carving.<")
    merged = merge([cue.row for cue in handout.cues], [read_edits(text.encode(), name="Lin")])
    assert [each.reason[:35] for each in merged.refused] == ["its file does not say what the targ"]


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<xliff version="1.2">&b;</xliff>"""
FOREIGN = (
    b'<xliff version="1.2"><file><body><trans-unit id="greeting"><source>a</source>'
    b"</trans-unit></body></file></xliff>"
)


def _zipped(size: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * size)
    return out.getvalue()


def _formula() -> bytes:
    book = Workbook()
    book.active.append(["id", "target", "revised"])  # type: ignore[union-attr]
    book.active.append(["1-ab", "x", "=1+1"])  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b" \n", "empty"),
        (BOMB, "declares XML entities"),
        (b"<xliff", "not valid XML"),
        (b"<html/>", "this is no XLIFF"),
        (b'<xliff version="1.2"/>', "no unit"),
        (FOREIGN, "'greeting' is none of ours"),
        (b"PK\x03\x04 and nothing else", "cannot be read"),
        (_zipped(10), "cannot be read"),
        (_zipped(201_000_000), "more than 50 MB"),
        (_formula(), "cell C2 holds a formula"),
        (b"id,target\n1-ab,x\n", "no column 'revised'"),
        (b"id,target,revised\n7,x,y\nzero,x,y\n", "'zero' is no cue's id"),
        (b'id,target,revised\n1-ab,"x,y\n', "this is no table"),
        (b"{", "no edits of a review page"),
    ],
)
def test_bad_files_are_refused_in_one_line(data: bytes, what: str) -> None:
    with pytest.raises(InputError) as caught:
        read_edits(data, name="x")
    assert what in str(caught.value)
    assert "\n" not in str(caught.value)
