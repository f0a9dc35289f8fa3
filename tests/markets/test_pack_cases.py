"""Every pack at work: hand-written subtitles pass it, and its terms survive the contract."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "stages"))  # the tests are no package

from fakes import FakeEngine

from dramaloc.markets.packs import list_codes, load_market
from dramaloc.quality.checks import check
from dramaloc.quality.metrics import term_occurrences
from dramaloc.stages.hop import Hop
from dramaloc.stages.localization import Segment, Slot
from dramaloc.stages.render import render
from dramaloc.subtitles import formats

CASES = Path(__file__).parents[1] / "cases" / "check"
WRITTEN = sorted(path.stem for path in CASES.glob("*.srt") if not path.stem.endswith(".zh-Hans"))

# What an engine might answer in each script, where a sentence holds one term.
SENTENCES = {
    "ar": "قالت {} اليوم",
    "bn": "আজ {} আছে",
    "hi": "आज {} है",
    "ja": "今日は{}です",
    "ko": "오늘은 {} 입니다",
    "ru": "Сегодня {} здесь.",
    "th": "วันนี้{}อยู่ที่นี่",
    "zh": "今天{}在這裡",
}
LATIN = "Ye {} re."


def test_every_pack_of_the_world_has_its_subtitles() -> None:
    ours = {"en", "en-US", "en-GB", "zh-Hant-TW", "zh-Hant-HK"}  # tested elsewhere
    assert set(list_codes()) - ours == set(WRITTEN)


@pytest.mark.parametrize("code", WRITTEN)
def test_hand_written_subtitles_pass(code: str) -> None:
    target = formats.read((CASES / f"{code}.srt").read_bytes(), language=code)
    source = formats.read((CASES / f"{code}.zh-Hans.srt").read_bytes())
    market = load_market(code)
    assert len(target.cues) >= 30
    findings = check(target, market, source)
    assert [f for f in findings if f.severity != "info"] == []
    occurrences = term_occurrences(target, source, market)
    assert len(occurrences) >= 30
    assert [found.term.source for found in occurrences if not found.kept] == []


@pytest.mark.parametrize("code", [code for code in list_codes() if not code.startswith("en")])
def test_every_term_of_a_pack_can_be_kept(code: str) -> None:
    market = load_market(code)
    sentence = SENTENCES.get(code.partition("-")[0], LATIN)

    def answer(text: str) -> str:
        return sentence.format(" ".join(re.findall(r"⟦\d⟧", text)) or "…")

    texts = [f"我看见{term.source}了" for term in market.glossary if term.action == "translate"]
    segments = [
        Segment(slots=(Slot(cue=at, utterance=0),), text=text, source=text)
        for at, text in enumerate(texts)
    ]
    engine = FakeEngine(default=answer)
    hop = Hop(engine, "zh-Hans", market.language, market.glossary)
    uses = [use for found in render(segments, [hop]) for use in found.terms]
    assert len(uses) >= len(texts) * 0.9  # a few sit inside a longer term here
    assert [use.term.source for use in uses if not use.kept] == []
