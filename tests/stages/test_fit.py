from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dramaloc.markets.market import Conventions, Limits, Market
from dramaloc.stages.fit import fit, punctuated
from dramaloc.stages.localization import Translation
from dramaloc.stages.segment import segment
from dramaloc.subtitles import formats
from dramaloc.subtitles.document import Cue, Document
from dramaloc.subtitles.inline import bare, put_together, tags, take_apart, words_of
from dramaloc.subtitles.width import width

EPISODE = Path(__file__).parents[2] / "samples" / "indigo-house" / "E01.zh-Hans.srt"
ENGLISH = Market(code="en-US", name="English", limits=Limits(max_line_columns=42, max_lines=2))
TAIWAN = Market(
    code="zh-Hant-TW",
    name="Taiwan",
    limits=Limits(max_line_columns=16, max_lines=2),
    conventions=Conventions(counting="east-asian", comma_as_space=True),
)


def translated(document: Document, texts: Iterable[str]) -> list[Translation]:
    return [
        Translation(segment=found, text=text, origin="engine", engine="test")
        for found, text in zip(segment(document), texts, strict=True)
    ]


def fitted(text: str, *texts: str, market: Market = ENGLISH) -> str:
    """Fit translations of a cue's utterances, in order, into the cue."""
    document = Document(cues=(Cue(start_ms=0, end_ms=2000, text=text),))
    return fit(document, translated(document, texts), market).document.cues[0].text


LONG = "If you take the cloth out now, the blue will run and we start over"


@pytest.mark.parametrize(
    ("source", "texts", "expected"),
    [
        ("染缸死了", ["The vat is dead."], "The vat is dead."),
        (
            "现在捞出来 蓝就跑了",
            [LONG],
            "If you take the cloth out now,\nthe blue will run and we start over",
        ),
        ("染缸\n死了", ["The vat is dead."], "The vat is dead."),  # two lines, one sentence
        ("<i>蓝是活的</i>", ["Blue is alive."], "<i>Blue is alive.</i>"),
        (
            "{\\an8}<i>捞出来</i>",
            [LONG],
            "{\\an8}<i>If you take the cloth out now,\nthe blue will run and we start over</i>",
        ),
        # Tags take no room: 42 characters stay on one line.
        ("<i>" + "蓝" * 9 + "</i>", ["b" * 20 + " " + "l" * 21], f"<i>{'b' * 20} {'l' * 21}</i>"),
        # Notes do: 39 characters and "♪ " and " ♪" are 43.
        (
            "♪ 洗了又洗 ♪",
            ["b" * 19 + " " + "l" * 19],
            f"♪ {'b' * 19}\n{'l' * 19} ♪",
        ),
        ("{\\an8}[云南大理 周城]", ["Zhoucheng, Dali"], "{\\an8}[Zhoucheng, Dali]"),
        (
            "-你量的？\n-老板量的",
            ["You measured?", "The boss did."],
            "-You measured?\n-The boss did.",
        ),
        ("– 你量的？\n－老板量的", ["You did?", "He did."], "-You did?\n-He did."),
        ("-你量的？ -老板量的", ["You did?", "He did."], "-You did?\n-He did."),
        ("- <i>来了</i>\n- 走", ["Coming.", "Go."], "-<i>Coming.</i>\n-Go."),
        ("- 只有我", ["Only me."], "- Only me."),  # one dash alone is not a dialogue's
        ("[门外] 谁呀", ["Outside", "Who is it?"], "[Outside] Who is it?"),
        ("[云南大理\n周城]", ["Zhoucheng, Dali"], "[Zhoucheng, Dali]"),
        (
            "[门外] 谁呀",
            ["Outside the gate", "Who is it at this time of night?"],
            "[Outside the gate]\nWho is it at this time of night?",
        ),
        ("84\n…", ["84…"], "84…"),
        ("？！", [], "？！"),  # nothing to say: as it was
        ("", [], ""),
    ],
)
def test_words_change_and_marks_stay(source: str, texts: list[str], expected: str) -> None:
    assert fitted(source, *texts) == expected


def test_part_italics_survive_the_line_break() -> None:
    text = fitted("现在捞出来 <i>蓝</i> 就跑了", LONG)
    assert tags(text) == ("<i>", "</i>")
    assert bare(text) == "If you take the cloth out now,\nthe blue will run and we start over"
    assert bare(text[text.index("<i>") : text.index("</i>")]).strip()


def test_a_cue_of_notes_alone_leaves_no_room_and_does_no_harm() -> None:
    assert fitted("♪" * 20 + "蓝", "藍藍", market=TAIWAN).replace("\n", "") == "♪" * 20 + "藍藍"


def test_taiwan_writes_its_own_dash_ellipsis_and_spaces() -> None:
    taiwan = Market(
        code="zh-Hant-TW",
        name="Taiwan",
        limits=TAIWAN.limits,
        conventions=Conventions(
            counting="east-asian", comma_as_space=True, dual_speaker_dash="－", ellipsis="⋯"
        ),
    )
    assert fitted("-等等……\n-好。", "等等……", "好。", market=taiwan) == "－等等⋯\n－好"


@pytest.mark.parametrize(
    ("text", "plain", "spaced"),
    [
        ("Wait...", "Wait…", "Wait…"),
        ("等等……好。。。", "等等…好…", "等等…好…"),
        ("你来了，坐。", "你来了，坐。", "你来了 坐"),
        ("好吗？好！", "好吗？好！", "好吗？好！"),
        ("A, b. C..", "A, b. C…", "A, b. C…"),  # the ellipsis rule would find the two dots
        ("  two \n lines ", "two lines", "two lines"),
        ("", "", ""),
    ],
)
def test_punctuation_is_the_markets(text: str, plain: str, spaced: str) -> None:
    assert punctuated(text, Market(code="en", name="English")) == plain
    chinese = Market(code="zh-Hant", name="", conventions=Conventions(comma_as_space=True))
    assert punctuated(text, chinese) == spaced


@pytest.mark.parametrize("market", [ENGLISH, TAIWAN], ids=lambda market: market.code)
def test_an_episode_keeps_cues_times_marks_words_and_limits(market: Market) -> None:
    document = formats.read(EPISODE.read_bytes())
    sentence = (
        "Grandma says the old vat is asleep, so hush" if market is ENGLISH else "老染缸還在睡 噓"
    )
    count = len(segment(document))
    localized = fit(document, translated(document, [sentence] * count), market).document
    assert localized.language == market.code
    assert [(cue.start_ms, cue.end_ms, cue.number) for cue in localized.cues] == [
        (cue.start_ms, cue.end_ms, cue.number) for cue in document.cues
    ]
    for before, after in zip(document.cues, localized.cues, strict=True):
        assert tags(after.text) == tags(before.text)
        voices = take_apart(after.text)
        assert [words_of(voice).replace(" ", "") for voice in voices] == [
            sentence.replace(" ", "")
        ] * len(take_apart(before.text))
        lines = bare(after.text).split("\n")
        assert len(lines) <= market.limits.max_lines
        if len(voices) == 1:
            assert max(width(line, market.conventions.counting) for line in lines) <= (
                market.limits.max_line_columns
            )


SOURCES = st.lists(
    st.sampled_from(
        ["<i>", "</i>", "{\\an8}", "♪ ", "-", "- ", "[", "]", "（", "）", "你好", "蓝", " ", "\n"]
    ),
    max_size=10,
).map("".join)
RENDERINGS = st.lists(
    st.sampled_from("The vat, is asleep. so hush Mr. Dong 染缸 wait… tie-dye".split()),
    min_size=1,
    max_size=16,
).map(" ".join)


@settings(max_examples=300)
@given(SOURCES, st.data(), st.sampled_from([ENGLISH, TAIWAN]))
def test_whatever_the_cue_no_tag_and_no_word_is_lost(
    source: str, data: st.DataObject, market: Market
) -> None:
    document = Document(cues=(Cue(start_ms=5, end_ms=9, text=source),))
    texts = [data.draw(RENDERINGS) for _ in segment(document)]
    found = fit(document, translated(document, texts), market).document.cues[0]
    assert (found.start_ms, found.end_ms) == (5, 9)
    kept = []
    for voice in take_apart(source):  # notes between words belong to the words
        if any(map(str.isalnum, voice.text)):
            inner = (mark.text for mark in voice.inner)
            kept += [voice.before, voice.opening, *inner, voice.after]
        else:
            kept.append(put_together([voice]))
    assert tags(found.text) == tags("".join(kept))
    letters = [char for char in "".join(texts) if char.isalnum()]
    assert [char for char in bare(found.text) if char.isalnum()] == letters
