"""Japanese as it is delivered: ruby and vertical lines to IMSC 1.1 and back, read by ttconv."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dramaloc.subtitles import formats
from dramaloc.subtitles.convert import convert
from dramaloc.subtitles.document import Document
from dramaloc.subtitles.timecode import frame_rate
from dramaloc.subtitles.timing import moved

EPISODE = """WEBVTT

00:01.000 --> 00:03.000 vertical:rl
<ruby>剣川<rt>けんせん</rt></ruby>の木彫り

00:04.000 --> 00:06.000
<v 段>藍は<ruby>生<rt>い</rt></ruby>きている

00:07.000 --> 00:09.000 vertical:lr
染め
"""


def read(text: str, kind: str = "vtt") -> Document:
    found = formats.read(text.encode(), language="ja-JP")
    return convert(found, kind)[0]


def as_imsc(document: Document) -> bytes:
    new, losses = convert(document, "ttml")
    assert losses == ()
    return formats.write(new)


def test_ruby_and_vertical_lines_go_to_imsc_and_back() -> None:
    before = read(EPISODE)
    data = as_imsc(before)
    assert b"http://www.w3.org/ns/ttml/profile/imsc1.1/text" in data
    assert b'xml:lang="ja-JP"' in data
    after, _ = convert(formats.read(data, language="ja-JP"), "vtt")
    assert [(c.text, c.settings, c.start_ms, c.end_ms, c.speaker) for c in after.cues] == [
        (c.text, c.settings, c.start_ms, c.end_ms, c.speaker) for c in before.cues
    ]


def test_ttconv_reads_it_as_it_is_meant() -> None:
    from ttconv import model
    from ttconv.imsc import reader
    from ttconv.isd import ISD
    from ttconv.style_properties import StyleProperties, WritingModeType

    tree = ET.parse(io.BytesIO(as_imsc(read(EPISODE))))  # noqa: S314  # our own
    document = reader.to_model(tree)
    assert document.get_lang() == "ja-JP"
    shown = {}
    for second in (2, 5, 8):
        for region in ISD.from_model(document, Fraction(second)).iter_regions():
            found = list(region.dfs_iterator())
            if any(isinstance(each, model.P) for each in found):
                mode = region.get_style(StyleProperties.WritingMode)
                ruby = {
                    kind.__name__: "".join(
                        text.get_text()
                        for each in found
                        if isinstance(each, kind)
                        for text in each.dfs_iterator()
                        if isinstance(text, model.Text)
                    )
                    for kind in (model.Rb, model.Rt)
                }
                shown[second] = (mode, ruby["Rb"], ruby["Rt"])
    assert shown == {
        2: (WritingModeType.tbrl, "剣川", "けんせん"),
        5: (WritingModeType.lrtb, "生", "い"),
        8: (WritingModeType.tblr, "", ""),
    }


def test_on_frames_of_film_too() -> None:
    film = frame_rate("23.976")
    snapped = moved(read(EPISODE), onto=film)
    again = formats.read(as_imsc(snapped), language="ja-JP")
    assert moved(again, onto=film) == again
    assert [c.start_ms for c in again.cues] == [1001, 4004, 7007]


@pytest.mark.parametrize("kind", ["srt", "sbv", "ass"])
def test_where_there_is_no_ruby_the_reading_stands_in_brackets(kind: str) -> None:
    document = convert(formats.read(as_imsc(read(EPISODE))), kind)[0]
    assert "剣川(けんせん)の木彫り" in document.cues[0].text


kana, kanji = (
    st.text("けんせんあい", min_size=1, max_size=5),
    st.text("剣川藍生染", min_size=1, max_size=4),
)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(kanji, kana, kana), min_size=1, max_size=3),
    st.sampled_from(["", "vertical:rl"]),
)
def test_any_ruby_comes_back(parts: list[tuple[str, str, str]], setting: str) -> None:
    words = "".join(f"<ruby>{base}<rt>{over}</rt></ruby>{after}" for base, over, after in parts)
    before = read(f"WEBVTT\n\n00:01.000 --> 00:03.000 {setting}\n{words}\n")
    after, _ = convert(formats.read(as_imsc(before), language="ja-JP"), "vtt")
    assert (after.cues[0].text, after.cues[0].settings) == (words, setting)
