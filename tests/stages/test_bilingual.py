"""Both languages in one cue: nothing twice, nothing lost, smaller where that can be said."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dramaloc.markets.market import Market
from dramaloc.stages.bilingual import bilingual
from dramaloc.subtitles import formats
from dramaloc.subtitles.convert import convert
from dramaloc.subtitles.document import Cue, Document
from dramaloc.subtitles.inline import bare

MARKET = Market(code="en-US", name="English")


def document(*texts: str, language: str = "zh-Hans") -> Document:
    cues = tuple(
        Cue(number=at + 1, start_ms=2000 * at, end_ms=2000 * at + 1500, text=text)
        for at, text in enumerate(texts)
    )
    return Document(cues=cues, language=language)


def both(source: str, target: str, *, above: bool = True) -> str:
    done, _ = bilingual(document(source), document(target, language="en-US"), MARKET, above=above)
    return done.cues[0].text


@pytest.mark.parametrize(
    ("source", "target", "expected", "why"),
    [
        ("你来了", "You came.", "你来了\nYou came.", "the source stands above"),
        ("我奶奶\n总说", "Grandma", "我奶奶 总说\nGrandma", "the source takes one line"),
        ("{\\an8}<i>你好</i>", "{\\an8}<i>Hi.</i>", "你好\n{\\an8}<i>Hi.</i>", "tags once"),
        ("♪ 苍山的云 ♪", "♪ Clouds ♪", "苍山的云\n♪ Clouds ♪", "notes once"),
        ("-一\n-二", "- One.\n- Two.", "-一  -二\n- One.\n- Two.", "two speakers"),
        ("[云南大理]", "[Dali, Yunnan]", "[Dali, Yunnan]", "the sign stands in the picture"),
        ("[大理] 走吧", "[Dali] Let's go.", "走吧\n[Dali] Let's go.", "only what is said"),
        ("OK", "OK.", "OK.", "both say the same"),
        ("靛花", "Just call 靛花.", "Just call 靛花.", "it is there already"),
        ("", "Hi.", "Hi.", "nothing to add"),
    ],
)
def test_what_is_shown(source: str, target: str, expected: str, why: str) -> None:
    assert both(source, target) == expected, why


def test_below() -> None:
    assert both("你来了", "You came.", above=False) == "You came.\n你来了"


@pytest.mark.parametrize(
    ("source", "target", "said"),
    [
        ("这句话", "Two\nlines.", []),
        ("这一句话实在是太长太长太长了所以无论如何一行都放不下去", "One.", []),
        (
            "这一句话实在是太长太长太长了所以无论如何一行都放不下去",
            "Two\nlines.",
            ["4 lines in two languages where 3 fit"],
        ),
        ("超" * 60, "One.", ["a source line of 30 where 21 fit"]),
    ],
)
def test_lines_that_do_not_fit_are_told(source: str, target: str, said: list[str]) -> None:
    _, found = bilingual(document(source), document(target), MARKET, above=True)
    assert [finding.message for finding in found] == said
    assert all((finding.code, finding.cue) == ("bilingual-lines", 1) for finding in found)


words = st.text(st.sampled_from("你好蓝 a♪[]-"), max_size=12)


@given(st.lists(st.tuples(words, words), max_size=5), st.booleans())
def test_times_numbers_and_the_target_stay(pairs: list[tuple[str, str]], above: bool) -> None:  # noqa: FBT001
    source, target = document(*(a for a, _ in pairs)), document(*(b for _, b in pairs))
    done, _ = bilingual(source, target, MARKET, above=above)
    for old, new in zip(target.cues, done.cues, strict=True):
        assert replace(new, text=old.text) == old
        assert new.text.endswith(old.text) if above else new.text.startswith(old.text)


def in_format(kind: str, *, above: bool) -> Document:
    source, _ = convert(document("你来了", "[大理]"), kind)
    target, _ = convert(document("<i>You came.</i>", "[Dali]", language="en-US"), kind)
    done, _ = bilingual(source, target, MARKET, above=above)
    return formats.read(formats.write(done), language="en-US")


@pytest.mark.parametrize("above", [True, False])
@pytest.mark.parametrize("kind", ["srt", "vtt", "ass", "ssa", "ttml", "sbv"])
def test_every_format_gives_both_lines_back(kind: str, *, above: bool) -> None:
    lines = [bare(cue.text) for cue in in_format(kind, above=above).cues]
    assert lines == ["你来了\nYou came." if above else "You came.\n你来了", "[Dali]"]


def test_where_a_format_has_styles_the_source_is_smaller() -> None:
    ass = formats.write(in_format("ass", above=True)).decode()
    assert "{\\rSource}你来了{\\r}\\N{\\i1}You came.{\\i0}" in ass
    styles = [line.split(",") for line in ass.split("\n") if line.startswith("Style: ")]
    assert [style[0] for style in styles] == ["Style: Default", "Style: Source"]
    assert float(styles[1][2]) < float(styles[0][2])
    vtt = formats.write(in_format("vtt", above=False)).decode()
    assert "::cue(.source)" in vtt.split("-->")[0]
    assert "<c.source><lang zh-Hans>你来了</lang></c>" in vtt
    ttml = formats.write(in_format("ttml", above=False)).decode()
    assert '<span xml:lang="zh-Hans" tts:fontSize="75%">你来了</span>' in ttml


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="frames are drawn by ffmpeg with libass")
def test_libass_draws_both_lines_the_source_smaller(tmp_path: Path) -> None:
    (tmp_path / "both.ass").write_bytes(formats.write(in_format("ass", above=False)))
    call = ["ffmpeg", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i",
            "color=c=black:s=640x360:r=4:d=1", "-vf", "subtitles=both.ass", "-frames:v", "3",
            "-pix_fmt", "gray", "-f", "rawvideo", "-"]  # fmt: skip
    drawn = subprocess.run(call, cwd=tmp_path, capture_output=True, check=True).stdout
    picture = drawn[-640 * 360 :]
    lit = [any(byte > 100 for byte in picture[640 * y : 640 * (y + 1)]) for y in range(360)]
    heights = [len(run) for run in "".join("x" if on else " " for on in lit).split()]
    assert len(heights) == 2
    assert heights[1] <= heights[0] * 1.2
    assert not any(lit[:250])
