"""Localizing keeps all that a format carries: with echo, which says everything again, the file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dramaloc.engines.echo import EchoEngine
from dramaloc.markets.market import Conventions, Limits, Market
from dramaloc.stages.pipeline import localize
from dramaloc.subtitles import formats
from dramaloc.subtitles.convert import convert
from dramaloc.subtitles.document import Document

CASES = sorted((Path(__file__).parents[1] / "cases" / "formats").glob("indigo.*"))
ROOMY = Market(
    code="zh-Hans",
    name="as it was",
    limits=Limits(max_line_columns=99, max_lines=9),
    conventions=Conventions(units="keep"),
)


def echoed(document: Document) -> Document:
    return localize(document, ROOMY, engine=EchoEngine()).target


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.suffix)
def test_echo_writes_the_file_again(case: Path) -> None:
    document = formats.read(case.read_bytes())
    expected = formats.write(formats.in_language(document, "zh-Hans"))
    assert formats.write(echoed(document)) == expected


@pytest.mark.parametrize("target", ["srt", "vtt", "ass", "ssa", "ttml", "sbv"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.suffix)
def test_echo_keeps_what_a_conversion_wrote(case: Path, target: str) -> None:
    document, _ = convert(formats.read(case.read_bytes()), target)
    expected = formats.write(formats.in_language(document, "zh-Hans"))
    assert formats.write(echoed(document)) == expected


def test_new_words_take_the_place_of_the_old_and_nothing_else() -> None:
    for case in CASES:
        source = formats.read(case.read_bytes())
        cues = tuple(replace(cue, text=cue.text.replace("染缸", "vat")) for cue in source.cues)
        expected = formats.write(source).decode().replace("染缸", "vat")
        assert formats.write(replace(source, cues=cues)).decode() == expected
