"""Figures over documents: conformity, and scores against a reference."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dramaloc.markets.packs import load_market
from dramaloc.quality.metrics import conformity
from dramaloc.quality.scores import laid_to, scores
from dramaloc.subtitles import formats
from dramaloc.subtitles.document import Cue, Document


def cue(text: str, start: int, end: int) -> Cue:
    return Cue(start_ms=start, end_ms=end, text=text)


def test_conformity_counts_each_limit_and_all_three() -> None:
    cues = (
        cue("Fine", 0, 2000),
        cue("x" * 43, 3000, 7000),
        cue("a\nb\nc", 8000, 10_000),
        cue("<i>quick</i>", 11_000, 11_100),
    )
    found = conformity(Document(cues=cues), load_market("en-US"))
    assert (found.cues, found.line_length, found.line_count, found.reading_speed) == (4, 3, 3, 3)
    assert found.all_three == 1
    assert found.share(found.all_three) == 25.0
    assert conformity(Document(cues=()), load_market("en-US")).share(0) == 100.0


def test_a_reference_against_itself_is_perfect(samples: Path) -> None:
    document = formats.read((samples / "E01.reference.en.srt").read_bytes(), language="en")
    chrf, bleu, suber = scores(document, document, "en-US")
    assert (chrf.value, round(bleu.value or 0, 3), suber.value) == (100.0, 100.0, 0.0)
    assert [score.higher_is_better for score in (chrf, bleu, suber)] == [True, True, False]
    assert "nc:6" in chrf.signature
    assert "tok:13a" in bleu.signature
    assert "version:" in suber.signature


def test_other_words_breaks_and_times_cost() -> None:
    reference = Document(cues=(cue("The cloth won't run off", 0, 2000), cue("Bye", 3000, 4000)))
    same = replace(reference, cues=(cue("The cloth\nwon't run off", 0, 2000), reference.cues[1]))
    chrf, bleu, suber = scores(same, reference, "en")
    assert (chrf.value, round(bleu.value or 0, 3)) == (100.0, 100.0)
    assert suber.value is not None
    assert suber.value > 0  # the line break
    other = replace(reference, cues=(cue("A sheet", 0, 2000), cue("Bye", 3000, 4000)))
    worse = scores(other, reference, "en")
    assert (worse[0].value or 0) < 50
    assert (worse[2].value or 0) > suber.value


@pytest.mark.parametrize(
    ("language", "tokenizer", "suber"),
    [("zh-Hant-TW", "tok:zh", True), ("ja-JP", "tok:char", False), ("de-DE", "tok:13a", True)],
)
def test_each_language_is_cut_its_own_way(language: str, tokenizer: str, *, suber: bool) -> None:
    document = Document(cues=(cue("急什麼 布又不會跑", 0, 2000),))
    _, bleu, found = scores(document, document, language)
    assert tokenizer in bleu.signature
    assert (found.value is not None) is suber
    assert bool(found.note) is not suber


def test_cues_are_laid_to_the_reference_by_time() -> None:
    references = [cue("a", 0, 2000), cue("b", 2000, 4000), cue("c", 9000, 9900)]
    assert laid_to([cue("A b", 0, 3900), cue("c", 9100, 9800)], references) == ["A b", "", "c"]
    assert laid_to([cue("a", 0, 900), cue("a2", 900, 2000)], references) == ["a a2", "", ""]
    assert laid_to([cue("late", 20_000, 21_000)], references) == ["", "", "late"]
    assert laid_to([cue("x", 0, 1)], []) == []


def test_empty_and_backward_cues_are_no_trouble() -> None:
    odd = Document(cues=(cue("", 0, 1000), cue("back", 3000, 2000), cue("early", 100, 200)))
    wanted = Document(cues=(cue("back", 2000, 3000),))
    assert all(score.value is not None for score in scores(odd, wanted, "en"))
    assert all(score.value is not None for score in scores(Document(cues=()), wanted, "en"))
