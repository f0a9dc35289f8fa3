"""EBU-STL and SCC: read through ttconv, written as TTML."""

from __future__ import annotations

import re

import pytest

from dramaloc.errors import OutputError, SubtitleError
from dramaloc.subtitles import formats
from dramaloc.subtitles.convert import convert
from dramaloc.subtitles.inline import bare

SCC = """Scenarist_SCC V1.0

00:00:01:00\t9420 9420 94ae 94ae 9470 9470 c8e5 ecec ef80 942f 942f

00:00:03:00\t942c 942c

00:00:04:00\t9420 9420 94ae 94ae 91ae 91ae 54ef f080 942f 942f

00:00:06:15\t942c 942c
"""


def stl(*cues: tuple[tuple[int, int, int, int], tuple[int, int, int, int], bytes]) -> bytes:
    """Write EBU-STL: a general block, and one text block for each cue."""
    general = bytearray(b" " * 1024)
    count = f"{len(cues):05}".encode()
    for at, value in (
        (0, b"850"), (3, b"STL25.01"), (11, b"1"), (12, b"00"), (14, b"09"), (238, count),
        (243, count), (248, b"001"), (251, b"40"), (253, b"23"), (255, b"1"), (256, b"00000000"),
        (264, b"00000000"), (272, b"1"), (273, b"1"),
    ):  # fmt: skip
        general[at : at + len(value)] = value
    blocks = [
        bytes([0, number, 0, 0xFF, 0, *start, *end, 20, 2, 0]) + text.ljust(112, b"\x8f")
        for number, (start, end, text) in enumerate(cues)
    ]
    return bytes(general) + b"".join(blocks)


CUES = (((0, 0, 1, 0), (0, 0, 2, 12), b"Hello\x8athere"), ((0, 0, 3, 0), (0, 0, 4, 0), b"Bye"))


def test_ebu_stl_is_read_to_the_frame() -> None:
    document = formats.read(stl(*CUES))
    assert document.format == "ttml"
    assert [(c.start_ms, c.end_ms, bare(c.text)) for c in document.cues] == [
        (1000, 2480, "Hello\nthere"),
        (3000, 4000, "Bye"),
    ]


def test_scc_is_read_with_its_italics_and_place() -> None:
    document = formats.read(SCC.encode())
    assert [bare(cue.text) for cue in document.cues] == ["Hello", "Top"]
    found, _ = convert(document, "srt")
    assert found.cues[1].text == "{\\an7}<i>Top</i>"


@pytest.mark.parametrize("data", [stl(*CUES), SCC.encode()], ids=["STL", "SCC"])
def test_what_is_only_read_is_written_as_ttml(data: bytes) -> None:
    document = formats.read(data)
    again = formats.read(formats.write(document))
    assert [(c.start_ms, c.end_ms, c.text) for c in again.cues] == [
        (c.start_ms, c.end_ms, c.text) for c in document.cues
    ]
    assert formats.suffix_for(data, ".stl") == ".ttml"
    with pytest.raises(OutputError, match=re.escape("'.stl' is read and not written")):
        formats.named("stl")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (stl(*CUES)[:-5], "cut off"),
        (stl(*CUES).replace(b"STL25.01", b"STL99.01"), "unknown frame rate"),
        (b"Scenarist_SCC V1.0\n\nhello there\n", "no caption in this file"),
    ],
)
def test_a_damaged_file_is_refused_in_one_line(data: bytes, said: str) -> None:
    with pytest.raises(SubtitleError, match=said) as caught:
        formats.read(data)
    assert len(str(caught.value).splitlines()) == 1


def test_lines_of_scc_that_are_no_captions_are_reported() -> None:
    document = formats.read((SCC + "\nhello\n").encode())
    assert [(item.line, item.text) for item in document.unparsed] == [(11, "<!-- hello -->")]
    assert formats.read(formats.write(document)).cues


def test_a_subtitle_that_ends_before_it_begins_is_reported() -> None:
    document = formats.read(stl(*CUES, ((0, 0, 9, 0), (0, 0, 8, 0), b"lost")))
    assert len(document.cues) == 2
    assert "omitting" in document.unparsed[0].text
