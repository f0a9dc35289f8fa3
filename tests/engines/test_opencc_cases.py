"""Hand-written sentences whose characters have two traditional forms, through the pipeline."""

from __future__ import annotations

from pathlib import Path

import pytest

from dramaloc.engines.opencc import OpenCCEngine
from dramaloc.markets.packs import load_market
from dramaloc.stages.pipeline import localize
from dramaloc.subtitles.document import Cue, Document

CASES = Path(__file__).parents[1] / "cases" / "opencc"


def cases(name: str) -> list[tuple[str, str]]:
    lines = (CASES / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [(simplified, expected) for simplified, expected in (line.split("\t") for line in lines)]


@pytest.mark.parametrize(
    ("name", "code", "at_least"), [("tw", "zh-Hant-TW", 150), ("hk", "zh-Hant-HK", 80)]
)
def test_each_sentence_is_written_as_its_market_writes_it(
    name: str, code: str, at_least: int
) -> None:
    listed = cases(name)
    assert len({simplified for simplified, _ in listed}) == len(listed) >= at_least
    cues = tuple(
        Cue(
            number=at + 1,
            start_ms=at * 10_000,
            end_ms=at * 10_000 + 6_000,
            text=simplified,
            line=at * 4 + 2,
        )
        for at, (simplified, _) in enumerate(listed)
    )
    found = localize(
        Document(cues=cues, language="zh-Hans"), load_market(code), engine=OpenCCEngine()
    )
    written = [cue.text.replace("\n", "") for cue in found.target.cues]
    assert [
        (simplified, wrong, expected)
        for (simplified, expected), wrong in zip(listed, written, strict=True)
        if wrong != expected
    ] == []
