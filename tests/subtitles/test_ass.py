"""ASS and SSA: only words are taken out; the rest comes back as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dramaloc.errors import SubtitleError
from dramaloc.files import DecodedText, decode
from dramaloc.subtitles import ass, formats
from dramaloc.subtitles.document import Block, Cue, Document
from dramaloc.subtitles.inline import take_apart, words_of

CASE = Path(__file__).parents[1] / "cases" / "formats" / "indigo.ass"
EVENTS = "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"


def parse(text: str) -> Document:
    return ass.parse(DecodedText(text=text, encoding="utf-8", bom=False))


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_file_read_and_written_is_the_same_byte_for_byte(newline: str) -> None:
    data = CASE.read_text(encoding="utf-8").replace("\n", newline).encode()
    assert formats.write(formats.read(data)) == data


def test_only_words_become_cues_and_the_actor_is_the_speaker() -> None:
    document = formats.read(CASE.read_bytes())
    assert document.format == "ass"
    assert [(cue.speaker, cue.line) for cue in document.cues] == [
        ("", 22), ("段师傅", 23), ("小杨", 24), ("段木生", 25), ("", 28),
    ]  # fmt: skip
    words = [words_of(each) for cue in document.cues for each in take_apart(cue.text)]
    assert words == ["云南大理 周城", "染缸 死了", "师傅, 别走", "我奶奶总说\u00a0蓝是活的", "靛花"]


def test_comments_drawings_and_karaoke_are_kept_with_their_times() -> None:
    blocks = formats.read(CASE.read_bytes()).blocks
    assert [(block.kind, block.start_ms, block.position) for block in blocks] == [
        ("comment", 0, 0), ("drawing", 10_000, 4), ("karaoke", 12_000, 4), ("section", None, 5),
    ]  # fmt: skip


def test_what_is_moved_in_time_is_written_at_its_new_times() -> None:
    document = formats.read(CASE.read_bytes())
    karaoke = document.blocks[2]
    moved = replace(karaoke, start_ms=13_000, end_ms=16_000)
    written = formats.write(replace(document, blocks=(*document.blocks[:2], moved))).decode()
    assert "Dialogue: 0,0:00:13.00,0:00:16.00,Default,,0,0,0,,{\\k50}苍" in written


def test_fields_stand_where_the_format_line_puts_them() -> None:
    text = (
        "[Script Info]\n\n[Events]\nFormat: Start, End, Actor, Text\n"
        "Dialogue: 0:00:01.00,0:00:02.00,杨,一, 二"
    )
    document = parse(text)
    assert (document.cues[0].speaker, document.cues[0].text) == ("杨", "一, 二")
    assert ass.compose(document).decode() == text


def test_ssa_is_told_from_ass() -> None:
    text = (
        "[Script Info]\nScriptType: v4.00\n\n[V4 Styles]\n\n[Events]\n"
        "Format: Marked, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Dialogue: Marked=0,0:00:01.00,0:00:02.00,Default,NTP,0000,0000,0000,!Effect,一\n"
    )
    document = formats.read(text.encode())
    assert document.format == "ssa"
    assert formats.write(document).decode() == text


def test_events_that_cannot_be_read_are_kept_and_reported_with_their_line() -> None:
    good = "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,一"
    text = f"[Script Info]\n{EVENTS}\nDialogue: 0,xx,0:00:02.00,D,,0,0,0,,二\n{good}\nDialogue: 三"
    document = parse(text)
    assert [(item.line, item.reason) for item in document.unparsed] == [
        (4, "these times cannot be read"),
        (6, "fields are missing"),
    ]
    assert ass.compose(document).decode() == text


def test_a_file_of_nothing_but_broken_events_is_refused() -> None:
    with pytest.raises(SubtitleError, match="no event of this file can be read") as caught:
        parse(f"[Script Info]\n{EVENTS}\nDialogue: 0,xx,0:00:02.00,D,,0,0,0,,二")
    assert caught.value.line == 4


def test_a_script_without_events_has_no_cues_and_loses_nothing() -> None:
    text = "[Script Info]\nTitle: 空\n"
    assert parse(text).cues == ()
    assert ass.compose(parse(text)).decode() == text


TEXT = st.text(st.sampled_from("染缸蓝 ab12,;:-♪"), max_size=10)
PART = st.one_of(
    TEXT,
    st.sampled_from(
        ["{\\i1}", "{\\an8\\fad(200,0)}", "{备注}", "{\\;x}", "\\N", "\\n", "\\h", "{"]
    ),
)
EVENT = st.tuples(
    st.sampled_from(["Dialogue", "Comment"]),
    st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)),
    st.sampled_from(["", "段师傅"]),
    st.lists(PART, max_size=5).map("".join),
)


@settings(max_examples=80)
@given(st.lists(EVENT, max_size=6), st.sampled_from(["\n", "\r\n"]), st.integers(0, 3))
def test_every_file_is_written_as_it_was_read(
    events: list[tuple[str, tuple[int, int], str, str]], newline: str, ends: int
) -> None:
    lines = ["[Script Info]", "; 注", EVENTS]
    for head, (start, end), name, text in events:
        times = f"{ass.clock(start * 10)},{ass.clock(end * 10)}"
        lines.append(f"{head}: 0,{times},Default,{name},0,0,0,,{text}")
    data = ("\n".join(lines) + "\n" * ends).replace("\n", newline).encode()
    found = ass.parse(decode(data, encoding="utf-8"))
    assert ass.compose(found) == data
    assert len(found.cues) == sum(head == "Dialogue" for head, *_ in events)


def test_cues_without_a_line_of_their_own_get_a_plain_one() -> None:
    document = Document(
        cues=(Cue(start_ms=1004, end_ms=2006, text="一\n二", speaker="A, B"),),
        format="ass",
        header=EVENTS,
        blocks=(Block(line=9, position=1, kind="section", text="\n[Fonts]"),),
        final_newlines=1,
    )
    assert ass.compose(document).decode().splitlines()[2:] == [
        "Dialogue: 0,0:00:01.00,0:00:02.01,Default,A， B,0,0,0,,一\\N二",
        "",
        "[Fonts]",
    ]


def test_only_the_format_of_events_says_how_events_are_written() -> None:
    text = (
        "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Text, Size\n"
        "Style: D,x,1\n\n[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,画外音,段师傅,0,0,0,,你好\n"
    )
    assert formats.write(formats.read(text.encode())).decode() == text


def test_fields_listed_again_hold_from_there_on() -> None:
    text = (
        "[Script Info]\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Odd, MarginL, MarginR, MarginV, Effect, Text\n"
        "Dialogue: 0,0:00:01.00,0:00:02.00,D,段师傅,0,0,0,,你好\nFormat: Name, Size\n"
        "Dialogue: 0,0:00:03.00,0:00:04.00,D,小杨,0,0,0,,再见\n"
    )
    assert formats.write(formats.read(text.encode())).decode() == text
