"""SBV: times, words, an empty line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dramaloc.errors import SubtitleError
from dramaloc.files import DecodedText, decode
from dramaloc.subtitles import formats, sbv
from dramaloc.subtitles.document import Cue, Document

TEXT = "0:00:01.000,0:00:03.500\n[云南大理]\n\n0:00:04.000,0:00:06.000\n染缸\n死了\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_file_read_and_written_is_the_same(newline: str) -> None:
    data = TEXT.replace("\n", newline).encode()
    document = formats.read(data)
    assert document.format == "sbv"
    assert [(c.start_ms, c.end_ms, c.text, c.line) for c in document.cues] == [
        (1000, 3500, "[云南大理]", 1),
        (4000, 6000, "染缸\n死了", 4),
    ]
    assert formats.write(document) == data


def test_times_that_cannot_be_read_are_kept_with_their_line() -> None:
    document = formats.read((TEXT + "\n0:00:xx.000,0:00:08.000\n坏\n").encode())
    assert [(item.line, item.text) for item in document.unparsed] == [
        (8, "0:00:xx.000,0:00:08.000\n坏")
    ]
    assert "0:00:xx.000,0:00:08.000\n坏" in formats.write(document).decode()


def test_a_file_without_one_cue_is_refused_in_one_line() -> None:
    with pytest.raises(SubtitleError, match="begins with '蓝院'"):
        sbv.parse(DecodedText(text="蓝院\n", encoding="utf-8", bom=False))


WORDS = st.text(st.sampled_from("染缸蓝 ab12-♪"), min_size=1, max_size=9).filter(str.strip)
CUES = st.lists(
    st.tuples(st.integers(0, 10**8), st.integers(0, 10**8), st.lists(WORDS, max_size=3)),
    min_size=1,
    max_size=5,
)


@settings(max_examples=100)
@given(CUES, st.integers(0, 2))
def test_what_is_composed_is_parsed_again_as_it_was(
    found: list[tuple[int, int, list[str]]], ends: int
) -> None:
    document = Document(
        cues=tuple(Cue(start_ms=a, end_ms=b, text="\n".join(lines)) for a, b, lines in found),
        format="sbv",
        final_newlines=max(ends, 1),
    )
    read = sbv.parse(decode(sbv.compose(document), encoding="utf-8"))
    assert replace(read, cues=tuple(replace(cue, line=0) for cue in read.cues)) == document
