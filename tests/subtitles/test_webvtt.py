"""WebVTT: read as browsers read it, written so that nothing between the cues is lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dramaloc.errors import SubtitleError
from dramaloc.files import DecodedText, decode
from dramaloc.subtitles import formats, webvtt
from dramaloc.subtitles.document import Block, Cue, Document
from dramaloc.subtitles.inline import take_apart, words_of
from dramaloc.subtitles.markup import escaped, unescaped

CASE = Path(__file__).parents[1] / "cases" / "formats" / "indigo.vtt"


def parse(text: str) -> Document:
    return webvtt.parse(DecodedText(text=text, encoding="utf-8", bom=False))


def test_a_file_is_read_with_all_that_stands_between_its_cues() -> None:
    document = formats.read(CASE.read_bytes())
    assert document.format == "vtt"
    assert document.header.splitlines()[0] == "WEBVTT - 蓝院"
    assert [(block.kind, block.line, block.position) for block in document.blocks] == [
        ("note", 5, 0),
        ("style", 7, 0),
        ("region", 10, 0),
        ("note", 23, 2),
    ]
    assert [(cue.name, cue.number, cue.line, cue.settings) for cue in document.cues] == [
        ("intro", None, 15, "line:0 position:50%"),
        ("", 2, 19, "align:start"),
        ("", None, 27, "vertical:rl"),
    ]
    assert [(item.line, item.reason) for item in document.unparsed] == [
        (30, "these times cannot be read"),
        (34, "this has no times"),
    ]


def test_only_the_way_times_are_written_changes_in_a_file_read_and_written() -> None:
    text = CASE.read_text(encoding="utf-8")
    long = text.replace("00:01.000 -->", "00:00:01.000 -->").replace(
        "> 00:03.000", "> 00:00:03.000"
    )
    long = long.replace("00:07.000 --> 00:08", "00:00:07.000 --> 00:00:08")
    assert formats.write(formats.read(text.encode())).decode() == long


def test_a_voice_is_the_speaker_and_two_voices_are_two_utterances() -> None:
    cue = formats.read(CASE.read_bytes()).cues[1]
    assert cue.speaker == "段师傅"
    assert [words_of(each) for each in take_apart(cue.text)] == ["染缸 & 蓝布", "来了"]


def test_what_stands_over_the_words_is_no_word_of_theirs() -> None:
    cue = formats.read(CASE.read_bytes()).cues[2]
    assert [words_of(each) for each in take_apart(cue.text)] == ["靛花漂起来了"]


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("00:01.000 --> 00:02.000\n一\n00:03.000 --> 00:04.000\n二", ["一", "二"]),
        ("00:01.000 --> 00:02.000\n\n00:03.000 --> 00:04.000\n二", ["", "二"]),
        ("1\n00:00:01,5 --> 00:00:02,000\n一", ["一"]),  # SubRip's comma, by many converters
        ("NOTE --> \n\n00:01.000 --> 00:02.000\n一", ["一"]),
        ("", []),
    ],
)
def test_cues_are_found_where_browsers_find_them(body: str, texts: list[str]) -> None:
    assert [cue.text for cue in parse(f"WEBVTT\n\n{body}\n").cues] == texts


def test_a_file_without_its_first_line_is_refused_in_one_line() -> None:
    with pytest.raises(SubtitleError, match="begins with WEBVTT") as caught:
        parse("WEBVTTX\n\n00:01.000 --> 00:02.000\n一")
    assert caught.value.line == 1


def test_empty_lines_before_the_first_are_forgiven() -> None:
    document = formats.read("\n\nWEBVTT\n\n00:01.000 --> 00:02.000\n一".encode())
    assert (document.header, document.cues[0].line) == ("WEBVTT", 5)


def test_the_language_line_follows_the_language() -> None:
    document = formats.in_language(formats.read(CASE.read_bytes()), "en-US")
    assert "Language: en-US" in document.header.splitlines()
    assert document.language == "en-US"


@settings(max_examples=150)
@given(st.text(st.sampled_from("<>&;/#ia bv.3蓝ltgmp\u00a0"), max_size=30))
def test_every_text_comes_back_from_its_escaped_form(text: str) -> None:
    once = unescaped(escaped(unescaped(text)))
    assert once == unescaped(escaped(once))
    assert "-->" not in escaped(text)


def test_plain_words_survive_whatever_signs_they_hold() -> None:
    for text in ("a < b && c > d", "R&B", "<3", "5 > 3", "AT&T; x"):
        assert unescaped(escaped(text)) == text


WORDS = st.text(st.sampled_from("染缸蓝 ab12-–♪.,&<>"), min_size=1, max_size=12).map(
    lambda text: unescaped(escaped(text.strip() or "蓝"))
)
MARKED = st.one_of(
    WORDS,
    WORDS.map(lambda text: f"<i>{text}</i>"),
    WORDS.map(lambda text: f"<c.yellow>{text}</c>"),
    WORDS.map(lambda text: f"<ruby>蓝<rt>lan</rt></ruby>{text}"),
    WORDS.map(lambda text: f"<00:00:01.500>{text}"),
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    times = st.tuples(st.integers(0, 10**8), st.integers(0, 10**8))
    names = st.sampled_from([(None, ""), (7, ""), (None, "intro"), (None, "第1章")])
    placed = st.sampled_from(["", "line:0 position:50%", "vertical:rl", "region:top"])
    texts = st.lists(MARKED, max_size=3).map("\n".join)
    found = draw(st.lists(st.tuples(times, names, placed, texts), min_size=1, max_size=5))
    cues = tuple(
        Cue(start_ms=start, end_ms=end, number=number, name=name, settings=settings_, text=text)
        for (start, end), (number, name), settings_, text in found
    )
    kinds = st.sampled_from(
        [("note", "NOTE 蓝"), ("style", "STYLE\n::cue { color: red }"), ("region", "REGION\nid:a")]
    )
    blocks = draw(st.lists(st.tuples(st.integers(0, len(cues)), kinds), max_size=3))
    return Document(
        cues=cues,
        format="vtt",
        header=draw(st.sampled_from(["WEBVTT", "WEBVTT 蓝院\nKind: captions"])),
        blocks=tuple(
            Block(line=0, position=position, kind=kind, text=text)
            for position, (kind, text) in sorted(blocks)
        ),
        newline=draw(st.sampled_from(["\n", "\r\n"])),
        bom=draw(st.booleans()),
        final_newlines=draw(st.integers(0, 2)),
    )


@settings(max_examples=80)
@given(documents())
def test_what_is_composed_is_parsed_again_as_it_was(document: Document) -> None:
    data = webvtt.compose(document)
    found = webvtt.parse(decode(data, encoding="utf-8"))
    plain = replace(
        found,
        cues=tuple(replace(cue, line=0) for cue in found.cues),
        blocks=tuple(replace(block, line=0) for block in found.blocks),
    )
    assert plain == document
    assert webvtt.compose(found) == data
