"""Languages in file names."""

from __future__ import annotations

from pathlib import Path

import pytest

from dramaloc.batch.names import canonical, is_written_in, language_in_name, output_name


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("E01.zh-Hans.srt", "zh-Hans"),
        ("E01.zh_hans.srt", "zh-Hans"),
        ("E01.ZH-CN.srt", "zh-Hans"),
        ("E01.chs.srt", "zh-Hans"),
        ("E01.简体.srt", "zh-Hans"),
        ("E01.zh.srt", "zh-Hans"),
        ("E01.cht.srt", "zh-Hant"),
        ("E01.zh-TW.srt", "zh-Hant-TW"),
        ("E01.zh-Hant-HK.srt", "zh-Hant-HK"),
        ("E01.en.srt", "en"),
        ("E01.reference.en.srt", "en"),
        ("E01.pt-br.srt", "pt-BR"),
        ("E01.es-419.srt", "es-419"),
        ("蓝院.第01集.zh-Hans.srt", "zh-Hans"),
    ],
)
def test_a_tag_before_the_extension(name: str, language: str) -> None:
    assert language_in_name(Path(name)) == language


@pytest.mark.parametrize(
    "name", ["E01.srt", "en.srt", "Show.S01E01.srt", "Show.1080p.srt", "Show.HD.srt", "Show.v2.srt",
             "E01.final.srt", "E01.en-USA.srt", "E01."]
)  # fmt: skip
def test_no_tag(name: str) -> None:
    assert language_in_name(Path(name)) is None


@pytest.mark.parametrize(
    ("name", "market", "output"),
    [
        ("E01.zh-Hans.srt", "en-US", "E01.en-US.srt"),
        ("E01.srt", "en-US", "E01.en-US.srt"),
        ("E01.chs.SRT", "zh-Hant-TW", "E01.zh-Hant-TW.srt"),
        ("Show.S01E01.HD.srt", "en-US", "Show.S01E01.HD.en-US.srt"),
        ("folder/第1集.zh.srt", "en-US", "第1集.en-US.srt"),
    ],
)
def test_the_output_is_named_after_the_input(name: str, market: str, output: str) -> None:
    assert output_name(Path(name), market) == output
    assert language_in_name(Path(output)) == market


@pytest.mark.parametrize(
    ("tag", "written"),
    [("zh_hans", "zh-Hans"), ("EN-us", "en-US"), ("zh", "zh-Hans"), ("ZH-hant-hk", "zh-Hant-HK")],
)
def test_a_tag_in_bcp_47s_letter_case(tag: str, written: str) -> None:
    assert canonical(tag) == written


_TIMES = "1\n00:00:01,000 --> 00:00:02,000\n"


@pytest.mark.parametrize(
    ("text", "language", "answer"),
    [
        ("我奶奶总说 蓝是活的", "zh-Hans", True),
        ("My grandma always says", "zh-Hans", False),
        ("藍は生きている", "zh-Hans", False),
        ("파랑은 살아 있다", "zh-Hans", False),
        ("파랑은 살아 있다", "ko", True),
        ("My grandma always says", "en", True),
        ("<i>我很好</i> OK", "zh-Hans", True),
    ],
)
def test_the_script_tells_the_language(text: str, language: str, *, answer: bool) -> None:
    assert is_written_in(_TIMES + text, language) is answer
