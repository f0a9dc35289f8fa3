"""Signs, songs, sounds and foreign words told apart, and files with or without them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dramaloc.subtitles import formats
from dramaloc.subtitles.document import Cue, Document
from dramaloc.subtitles.kinds import heard, kinds_of, only, positions_of, without_sdh


def document(*texts: str, language: str = "zh-Hans") -> Document:
    cues = tuple(
        Cue(number=at + 1, start_ms=2000 * at, end_ms=2000 * at + 1500, text=text)
        for at, text in enumerate(texts)
    )
    return Document(cues=cues, language=language)


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("你来了", "zh-Hans", "speech"),
        ("[云南大理 周城]", "zh-Hans", "sign"),
        ("{\\an8}[次日清晨 6:10]", "zh-Hans", "sign"),
        ("[敲门声]", "zh-Hans", "sound"),
        ("（众人鼓掌）", "zh-Hans", "sound"),
        ("♪ 苍山的云 洗了又洗 ♪", "zh-Hans", "song"),
        ("♪", "zh-Hans", "sound"),
        ("♪ [轻音乐] ♪", "zh-Hans", "sound"),
        ("How do you do?", "zh-Hans", "foreign"),
        ("OK", "zh-Hans", "speech"),
        ("こんにちは", "zh-Hans", "foreign"),
        ("[door slams]", "en-US", "sound"),
        ("[speaking Bai]", "en-US", "sound"),
        ("[Three Wings Inn]", "en-US", "sign"),
        ("靛花", "en-US", "foreign"),
        ("Hello.", "en-US", "speech"),
        ("", "en-US", "speech"),
    ],
)
def test_what_a_cue_is(text: str, language: str, kind: str) -> None:
    assert kinds_of(document(text, "x", language=language))[0] == kind


def test_text_at_the_top_is_a_sign_unless_signs_stand_in_brackets() -> None:
    raised = "{\\an8}云南大理"
    assert kinds_of(document(raised, "你好")) == ("sign", "speech")
    assert kinds_of(document("{\\an8}绝对是", "[三坊一照壁]")) == ("speech", "sign")


def test_styles_of_ass_tell_too() -> None:
    script = """[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Default,Arial,20
Style: OP-song,Arial,20
Style: Signs,Arial,20

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,你好
Dialogue: 0,0:00:02.00,0:00:03.00,OP-song,,0,0,0,,苍山的云
Dialogue: 0,0:00:02.00,0:00:03.00,OP-song,,0,0,0,,{\\k20}洱{\\k20}海
Comment: 0,0:00:02.00,0:00:03.00,Default,,0,0,0,,note
Dialogue: 0,0:00:04.00,0:00:05.00,Signs,,0,0,0,,大理
"""
    read = formats.read(script.encode())
    assert kinds_of(read) == ("speech", "song", "sign")
    songs = formats.write(only(read, positions_of("songs", read), songs=True)).decode()
    assert "苍山的云" in songs
    assert "{\\k20}洱" in songs
    assert "大理" not in songs
    forced = formats.write(only(read, positions_of("forced", read))).decode()
    assert forced.partition("Dialogue")[2].splitlines()[0].endswith("大理")
    assert "\\k" not in forced
    assert "note" not in forced
    assert forced.count("Style: ") == 3


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[Man] Hello.", "Hello."),
        ("MAN 2: Hello.", "Hello."),
        ("- [sighs] Fine.\n- JIN: No.", "- Fine.\n- No."),
        ("- [gasps]\n- Who's there?", "Who's there?"),
        ("{\\an8}[thunder]\nRun!", "{\\an8}Run!"),
        ("<i>[laughing] Stop it!</i>", "<i>Stop it!</i>"),
        ("<i>[laughing]</i> Stop it!", "Stop it!"),
        ("Fine. (sighs)", "Fine."),
        ("Fine (I think).", "Fine (I think)."),
        ("[sighs]", ""),
        ("♪ ♪", ""),
        ("[Dali, Yunnan]", "[Dali, Yunnan]"),
        ("♪ Clouds of Cangshan ♪", "♪ Clouds of Cangshan ♪"),
        ("I said: stop.", "I said: stop."),
        ("It's 6:10.", "It's 6:10."),
    ],
)
def test_what_only_those_need_who_do_not_hear_goes(before: str, after: str) -> None:
    (kind,) = kinds_of(document(before, language="en-US"))
    assert heard(document(before).cues[0], kind) == after


def test_the_source_tells_what_a_bracket_says_in_any_language() -> None:
    source = document("[敲门声]", "[云南大理]", "[叹气] 算了")
    target = document("[ketukan pintu]", "[Dali, Yunnan]", "[napas] Sudahlah.", language="id-ID")
    spoken, kept = without_sdh(target, source)
    assert kept == (1, 2)
    assert [(cue.number, cue.text) for cue in spoken.cues] == [
        (1, "[Dali, Yunnan]"), (2, "Sudahlah."),
    ]  # fmt: skip


TEXTS = st.lists(
    st.sampled_from(["你好", "[敲门声]", "♪ 歌 ♪", "[大理]", "Hi there.", "<i>嗯</i>", "-一\n-二"]),
    max_size=9,
).map(lambda texts: document(*texts))  # fmt: skip


@given(TEXTS)
def test_no_speech_is_ever_lost(whole: Document) -> None:
    spoken, kept = without_sdh(whole)
    gone = [cue.text for at, cue in enumerate(whole.cues) if at not in kept]
    assert set(gone) <= {"[敲门声]"}
    assert [cue.text for cue in spoken.cues] == [whole.cues[at].text for at in kept]
    assert without_sdh(spoken)[0] == spoken


@given(TEXTS)
def test_parts_are_cues_of_the_whole_in_order_and_apart(whole: Document) -> None:
    forced, songs = positions_of("forced", whole), positions_of("songs", whole)
    assert not set(forced) & set(songs)
    for part in (forced, songs):
        cues = only(whole, part).cues
        assert [cue.text for cue in cues] == [whole.cues[at].text for at in sorted(part)]
        assert [cue.number for cue in cues] == list(range(1, len(cues) + 1))
