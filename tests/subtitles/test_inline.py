from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dramaloc.subtitles import formats
from dramaloc.subtitles.inline import (
    Utterance,
    bare,
    put_together,
    retext,
    tags,
    take_apart,
    with_marks,
    words_of,
)

EPISODES = sorted((Path(__file__).parents[2] / "samples" / "indigo-house").glob("*.srt"))


def spoken(utterance: Utterance, text: str) -> str:
    """Give an utterance other words and write it with all its marks."""
    return put_together([retext(utterance, text)])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("染缸 死了", ["染缸 死了"]),
        ("一行\n又一行", ["一行 又一行"]),  # one sentence over two lines
        ("<i>我奶奶总说 蓝是活的</i>", ["我奶奶总说 蓝是活的"]),
        ("<i>一</i>\n<i>二</i>", ["一 二"]),
        ("{\\an8}{\\fad(200,200)}绝了", ["绝了"]),
        ('<font color="#ffff00">小杨</font>', ["小杨"]),
        ("-你量的？\n-老板量的", ["你量的？", "老板量的"]),
        ("- <i>来了</i>\n– 走吧", ["来了", "走吧"]),
        ("－ 你好 －再见", ["你好", "再见"]),
        ("-你量的 是不是\n你说啊\n-老板量的", ["你量的 是不是 你说啊", "老板量的"]),
        ("♪ 苍山的云 洗了又洗 ♪", ["苍山的云 洗了又洗"]),
        ("♬ 一针一线\n打个结给你 ♬", ["一针一线 打个结给你"]),
        ("♪ 一 ♪\n♪ 二 ♪", ["一", "二"]),
        ("{\\an8}[《蓝院》第一集 染缸]", ["《蓝院》第一集 染缸"]),
        ("【云南大理】", ["云南大理"]),
        ("（敲门）谁呀", ["敲门", "谁呀"]),
        ("[门外]\n谁呀", ["门外", "谁呀"]),
        ("{\\an8}[云南大理\n周城]", ["云南大理 周城"]),
        ("[云南大理\n周城", ["[云南大理 周城"]),
        ("（敲门\n三声）谁呀", ["敲门 三声", "谁呀"]),
        ("--等等", ["--等等"]),  # a pause, not a speaker
        ("-5 度", ["5 度"]),
        ("—", ["—"]),
        ("他说（小声）走", ["他说（小声）走"]),
        ("a<b 和 <3", ["a<b 和 <3"]),
        ("", [""]),
    ],
)
def test_an_engine_sees_only_the_words_of_one_voice(text: str, words: list[str]) -> None:
    assert [words_of(utterance) for utterance in take_apart(text)] == words


@pytest.mark.parametrize(
    ("text", "caption", "song"),
    [
        ("{\\an8}[云南大理 周城]", True, False),
        ("<i>(door opens)</i>", True, False),
        ("[云南] 走吧", True, False),
        ("[云南] 和 [大理]", True, False),
        ("[云南", False, False),
        ("[]", False, False),
        ("<i>♪ 一解就蓝到心底 ♪</i>", False, True),
        ("- ♪ 啦", False, True),
        ("谁呀", False, False),
    ],
)
def test_captions_and_songs_are_known(text: str, caption: bool, song: bool) -> None:  # noqa: FBT001
    first = take_apart(text)[0]
    assert (first.caption, first.is_song) == (caption, song)


@pytest.mark.parametrize(
    ("text", "english", "expected"),
    [
        ("<i>蓝是活的</i>", "Blue is alive", "<i>Blue is alive</i>"),
        ("{\\an8}[染缸]", "The Vat", "{\\an8}[The Vat]"),
        ("- <b>来了</b>", "Coming", "- <b>Coming</b>"),
        ("<i>♪ 洗了又洗 ♪</i>", "Washed again", "<i>♪ Washed again ♪</i>"),
        # A part in italics stays a part in italics: of whole words, and never of none.
        ("他说<i>蓝</i>是活的", "He says blue is alive", "He says <i>blue</i> is alive"),
        ("<i>蓝</i>是活的", "Blue is alive", "<i>Blue</i> is alive"),
        ("蓝是<i>活的</i>", "Blue is alive", "Blue <i>is alive</i>"),
        ("蓝是活<i>的</i>", "Blue", "<i>Blue</i>"),
        # Two lines become one: their tags stay, the blanks at the line's end go.
        ("<i>一</i> \n <i>二</i>", "One and two", "<i>One</i> and <i>two</i>"),
        ("你好 \n 世界", "Hello world", "Hello world"),
        ("<i>半句", "Half", "<i>Half"),
    ],
)
def test_marks_stand_around_the_new_words_as_around_the_old(
    text: str, english: str, expected: str
) -> None:
    assert spoken(take_apart(text)[0], english) == expected


def test_bare_text_is_what_a_viewer_sees() -> None:
    assert bare("{\\an8}<i>♪ [蓝] - a<b ♪</i>") == "♪ [蓝] - a<b ♪"
    assert tags("{\\an8}<I>♪ 蓝</I> ♬") == ("{\\an8}", "<I>", "♪", "</I>", "♬")


@pytest.mark.parametrize("episode", EPISODES, ids=lambda path: path.name)
def test_every_cue_of_the_samples_comes_back(episode: Path) -> None:
    for cue in formats.read(episode.read_bytes()).cues:
        assert put_together(take_apart(cue.text)) == cue.text


PARTS = st.lists(
    st.sampled_from(
        [
            *("<i>", "</i>", "<b>", "</b>", '<font color="#ff0">', "</font>", "{\\an8}", "{\\"),
            *("♪", "♪ ", "-", "- ", "– ", "－", "[", "]", "（", "）", "【", "】", "(", ")"),
            *("你好", "蓝", "hello", "84", " ", "  ", "\n", "…", "<3", "}", "a<b>"),
        ]
    ),
    max_size=14,
).map("".join)


@settings(max_examples=300)
@given(PARTS)
def test_what_is_taken_apart_is_put_together_as_it_was(text: str) -> None:
    assert put_together(take_apart(text)) == text


@settings(max_examples=300)
@given(PARTS, st.sampled_from(["", "Blue", "Blue is alive", "蓝是活的", "a b c d e f g"]))
def test_new_words_keep_every_mark_and_nothing_else(text: str, words: str) -> None:
    for utterance in take_apart(text):
        again = retext(utterance, words)
        inner = "".join(mark.text for mark in utterance.inner)
        assert tags(with_marks(again.text, again.inner)) == tags(inner)
        assert tags(spoken(utterance, words)) == tags(
            utterance.before + utterance.opening + inner + utterance.after
        )
        offsets = [mark.offset for mark in again.inner]
        assert offsets == sorted(offsets)
        assert all(0 <= offset <= len(words) for offset in offsets)
        assert not any(mark.text.isspace() for mark in again.inner)
