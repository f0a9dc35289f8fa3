"""Files made to hang a reader are read, or refused, in linear time."""

from __future__ import annotations

import pytest

from dramaloc.errors import SubtitleError
from dramaloc.subtitles import formats

TT = '<tt xmlns="http://www.w3.org/ns/ttml"><body><div><p begin="1s" end="2s">'
CUE = "WEBVTT\n\n00:01.000 --> 00:02.000\n"
ASS = "[Script Info]\n[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,"


@pytest.mark.parametrize(
    "garbage",
    [
        "<!---->" * 50_000,
        "<!---->" * 2_000 + "<x>",
        " " * 300_000 + "<",
        TT + "</p><!---->" * 3 + "<!---->" * 20_000 + "<p/></div></body></tt>",
        TT + "<span>" * 2_000,
        TT + "&#65;" * 50_000 + "</p></div></body></tt>",
        "WEBVTT\n\n" + "x\n" * 100_000,
        CUE + "<" * 50_000,
        CUE + "<ruby><rt>" * 5_000,
        CUE + "&lt;&amp;" * 20_000,
        "WEBVTT\n\n" + "-->\n" * 50_000,
        "; x\n" * 50_000,
        " \n" * 100_000,
        " " * 300_000,
        ASS + "{" * 50_000,
        ASS + "{\\t(" * 5_000 + "}",
        ASS + "\\N" * 50_000,
        "0:00:01.000,0:00:02.000\n" * 20_000,
        "Scenarist_SCC V1.0\n" + "00:00:01:00 9420\n" * 2_000 + "x\n" * 2_000,
    ],
    ids=lambda garbage: garbage[:28].strip().replace("\n", " "),
)
def test_it_ends(garbage: str) -> None:
    try:
        document = formats.read(garbage.encode())
    except SubtitleError as error:
        assert len(str(error).splitlines()) == 1  # noqa: PT017  # either end is well
    else:
        assert formats.write(document) or not garbage.strip()


def test_a_file_of_nothing_but_odd_pieces_is_refused_before_all_are_kept() -> None:
    with pytest.raises(SubtitleError, match="100,000 pieces of this file are no cues"):
        formats.read(b"WEBVTT\n\n" + b"-->\n" * 100_100)
