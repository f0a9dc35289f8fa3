"""TTML: only paragraphs' words and times are ever written again; hostile XML is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dramaloc.errors import SubtitleError
from dramaloc.files import DecodedText, decode
from dramaloc.subtitles import formats, ttml
from dramaloc.subtitles.convert import convert
from dramaloc.subtitles.document import Cue, Document
from dramaloc.subtitles.inline import take_apart, words_of
from dramaloc.subtitles.ttml_text import text_of, written
from dramaloc.subtitles.ttml_time import clock_of, offset

CASE = Path(__file__).parents[1] / "cases" / "formats" / "indigo.ttml"
TT = '<tt xmlns="http://www.w3.org/ns/ttml" xml:lang="zh">'


def parse(text: str) -> Document:
    return ttml.parse(DecodedText(text=text, encoding="utf-8", bom=False))


def body(*paragraphs: str, root: str = TT) -> str:
    return f"{root}<body><div>{''.join(paragraphs)}</div></body></tt>"


def test_a_file_is_read_with_its_names_speakers_and_lines() -> None:
    document = formats.read(CASE.read_bytes())
    assert document.format == "ttml"
    assert [(c.name, c.speaker, c.start_ms, c.end_ms, c.line) for c in document.cues] == [
        ("s1", "", 1000, 3500, 23),
        ("", "段师傅", 4500, 6000, 24),
        ("", "", 7000, 8500, 25),
        ("", "", 9000, 10_000, 30),
    ]
    words = [words_of(each) for cue in document.cues for each in take_apart(cue.text)]
    assert words == ["云南大理 周城", "染缸 死了", "师傅 & 小杨, 别走", "靛花漂起来了"]
    assert [(item.line, item.reason) for item in document.unparsed] == [
        (31, "this paragraph has no times")
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_nothing_but_the_space_inside_a_paragraph_changes(newline: str) -> None:
    text = CASE.read_text(encoding="utf-8")
    spaced = text.replace(
        '\n        师傅 &amp; 小杨,\n        <span style="slanted">别走</span>\n      </p>',
        '师傅 &amp; 小杨, <span style="slanted">别走</span></p>',
    )
    assert spaced != text
    data = text.replace("\n", newline).encode()
    assert formats.write(formats.read(data)).decode() == spaced.replace("\n", newline)


def test_only_moved_times_are_written_anew() -> None:
    document = formats.read(CASE.read_bytes())
    cues = list(document.cues)
    cues[1] = replace(cues[1], start_ms=4600)
    lines = formats.write(replace(document, cues=tuple(cues))).decode().splitlines()
    assert lines[23].strip() == (
        '<p begin="00:00:04.600" end="00:00:06.000" ttm:agent="duan">染缸<br/>死了</p>'
    )
    assert lines[24].strip().startswith('<p begin="7s" dur="1.5s">')


def test_the_language_of_the_file_follows_the_language() -> None:
    written_ = formats.write(formats.in_language(formats.read(CASE.read_bytes()), "ja-JP"))
    assert 'xml:lang="ja-JP"' in written_.decode()


def test_parents_times_are_added_and_taken_out() -> None:
    text = body('<p begin="1s" end="2s">一</p>', '<p begin="3s">二</p>').replace(
        "<div>", '<div begin="10s" dur="10s">'
    )
    document = parse(text)
    assert [(cue.start_ms, cue.end_ms) for cue in document.cues] == [
        (11_000, 12_000),
        (13_000, 20_000),
    ]
    again = parse(ttml.compose(document).decode())
    assert [(c.start_ms, c.end_ms) for c in again.cues] == [(11_000, 12_000), (13_000, 20_000)]


def test_spans_with_times_give_them_to_their_paragraph() -> None:
    text = body('<p><span begin="1s" end="2s">一</span><span begin="2s" end="3s">二</span></p>')
    (cue,) = parse(text).cues
    assert (cue.start_ms, cue.end_ms) == (1000, 3000)
    assert words_of(take_apart(cue.text)[0]) == "一二"


@pytest.mark.parametrize(
    ("root", "expression", "ms"),
    [
        ({}, "00:00:01.5", 1500),
        ({}, "01:00:00", 3_600_000),
        ({}, "2.5s", 2500),
        ({}, "90m", 5_400_000),
        ({}, "15ms", 15),
        ({"frameRate": "25"}, "00:00:01:05", 1200),
        ({"frameRate": "24", "frameRateMultiplier": "1000 1001"}, "24f", 1001),
        ({"tickRate": "10000000"}, "15000000t", 1500),
        ({"frameRate": "25"}, "50t", 2000),
        ({"frameRate": "25", "subFrameRate": "2"}, "00:00:00:01.1", 60),
        (
            {"frameRate": "30", "frameRateMultiplier": "1000 1001", "timeBase": "smpte"},
            "01:00:00:00",
            3_603_600,
        ),
        (
            {"frameRate": "30", "frameRateMultiplier": "1000 1001", "timeBase": "smpte",
             "dropMode": "dropNTSC"},
            "01:00:00:00",
            3_599_996,
        ),
        ({}, "soon", None),
    ],
)  # fmt: skip
def test_every_way_to_write_a_time(root: dict[str, str], expression: str, ms: int | None) -> None:
    assert offset(expression, clock_of(root)) == ms


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("\n  一\n  <br/>\n  二\n", "一\n二"),
        ("一<!-- 注 -->二", "一二"),
        ("<![CDATA[a < b & c]]>", "a < b & c"),
        ("a &#x26; b &lt;3", "a & b <3"),
        ('<span tts:color="red">一</span>', '<span tts:color="red">一</span>'),
        ("<span/>一<br></br>二", "一\n二"),
    ],
)
def test_what_stands_in_a_paragraph(inner: str, text: str) -> None:
    assert text_of(inner) == text


def test_prefixes_of_elements_are_kept() -> None:
    text = (
        '<tt:tt xmlns:tt="http://www.w3.org/ns/ttml"><tt:body><tt:div>'
        '<tt:p begin="1s" end="2s">一<tt:br/><tt:span xml:id="a">二</tt:span></tt:p>'
        "</tt:div></tt:body></tt:tt>"
    )
    assert parse(text).cues[0].text == '一\n<span xml:id="a">二</span>'
    assert ttml.compose(parse(text)).decode() == text


BILLION = (
    '<?xml version="1.0"?><!DOCTYPE tt [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    + body('<p begin="1s" end="2s">&b;</p>')
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (BILLION, 1, "declares an entity, 'a'"),
        ('<!DOCTYPE tt [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n' + body(), 1, "entity, 'x'"),
        (TT + "\n<body>\n<p>", 3, "not well-formed XML"),
        ('<tt xmlns="urn:other"><body/></tt>', 1, "not TTML's"),
        (body("\n<p/>").replace("<div>", '<div timeContainer="seq">'), 1, "timeContainer seq"),
    ],
)
def test_what_is_no_harmless_ttml_is_refused_in_one_line(text: str, line: int, said: str) -> None:
    with pytest.raises(SubtitleError, match=re.escape(said)) as caught:
        formats.read(text.encode())
    assert caught.value.line == line
    assert len(str(caught.value).splitlines()) == 1


def test_the_encoding_is_named_as_it_is_written() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?>\n' + body('<p begin="1s" end="2s">一</p>')
    document = formats.read(text.encode("utf-16"))
    assert b'encoding="UTF-8"' in formats.write(replace(document, encoding="utf-8", bom=False))


def test_imsc_for_japanese_keeps_ruby_and_vertical_lines() -> None:
    cue = Cue(start_ms=0, end_ms=1, text="<ruby>藍<rt>あい</rt></ruby>だ", settings="vertical:rl")
    document = Document(cues=(cue,), format="vtt", language="ja-JP")
    found, losses = convert(document, "ttml")
    text = formats.write(found).decode()
    assert not losses
    assert "http://www.w3.org/ns/ttml/profile/imsc1.1/text" in text
    assert '<span tts:ruby="base">藍</span><span tts:ruby="text">あい</span>' in text
    assert 'tts:writingMode="tbrl"' in text
    back, losses = convert(formats.read(text.encode()), "vtt")
    assert (back.cues[0].text, back.cues[0].settings) == (cue.text, cue.settings)
    assert not losses


WORD = st.text(st.sampled_from("染缸蓝 ab12.,&<>"), min_size=1, max_size=8).map(
    lambda text: text_of(written(" ".join(text.split()) or "蓝"))
)
PART = st.one_of(
    WORD,
    WORD.map(lambda text: f'<span tts:fontStyle="italic">{text}</span>'),
    WORD.map(lambda text: f'<ruby tts:ruby="container">{text}<rt tts:ruby="text">x</rt></ruby>'),
    st.just("\n蓝"),
)
TEXT = st.lists(PART, max_size=3).map("蓝".join)


@settings(max_examples=80)
@given(
    st.lists(st.tuples(st.integers(0, 10**8), st.integers(0, 10**8), TEXT), min_size=1, max_size=5)
)
def test_what_is_composed_is_parsed_again_as_it_was(found: list[tuple[int, int, str]]) -> None:
    cues = tuple(
        Cue(start_ms=start, end_ms=end, text=text, settings='region="a"')
        for start, end, text in found
    )
    header = f'{TT}<head/>\n<body xmlns:tts="http://www.w3.org/ns/ttml#styling">\n<div>\n  '
    data = ttml.compose(Document(cues=cues, format="ttml", header=header))
    read = ttml.parse(decode(data, encoding="utf-8"))
    assert [(c.start_ms, c.end_ms, c.text) for c in read.cues] == [
        (c.start_ms, c.end_ms, c.text) for c in cues
    ]
    assert ttml.compose(read) == data


PIECE = st.sampled_from(
    [
        *(
            "<",
            ">",
            "/",
            " ",
            "&",
            "1",
            '"',
            "\x0b",
            "\n",
            "<i>",
            "<span>",
            "</span>",
            "<rt>",
            "</rt>",
        ),
        *('<span a="&">', "<span b>", "<ruby>", "</ruby>", "<metadata>", "</metadata>"),
        '<x:y z="1"/>',
    ]
)


@settings(max_examples=100)
@given(st.lists(PIECE, max_size=9).map("".join))
def test_whatever_a_cue_holds_is_written_as_well_formed_xml(text: str) -> None:
    header = f'{TT}<body xmlns:x="urn:x"><div>'
    document = Document(cues=(Cue(start_ms=0, end_ms=1, text=text),), format="ttml", header=header)
    assert len(formats.read(formats.write(document)).cues) == 1


def test_remarks_inside_a_paragraph_stand_behind_it() -> None:
    document = parse(
        body(
            '<p begin="1s" end="2s">你<!-- 秘密 & -->好<?tool 一?></p>',
            '<p begin="3s" end="4s">再见<![CDATA[<!-- 话 -->]]></p>',
            "<p>无<!-- 时 --></p>",
            '<p begin="5s" end="6s"><!-- 尾 -->末</p>',
        )
    )
    assert [cue.text for cue in document.cues] == ["你好", "再见<!-- 话 -->", "末"]
    texts = [replace(cue, text=cue.text + "！") for cue in document.cues]
    written_anew = formats.write(replace(document, cues=tuple(texts))).decode()
    assert "你好！</p><!-- 秘密 & --><?tool 一?><p" in written_anew
    assert "无<!-- 时 --></p>" in written_anew
    assert "末！</p><!-- 尾 --></div>" in written_anew
    assert formats.write(formats.read(written_anew.encode())).decode() == written_anew


def test_a_time_that_says_nothing_is_not_replaced_by_the_parents() -> None:
    text = body('<div begin="1s" end="9s"><p begin="0s" end="2s木屑">你好</p></div>')
    document = parse(text)
    assert [item.text for item in document.unparsed] == ['<p begin="0s" end="2s木屑">你好</p>']
    assert "2s木屑" in formats.write(document).decode()
