"""From format to format: what both can say arrives, and what does not is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dramaloc.subtitles import formats
from dramaloc.subtitles.convert import DIALECTS, Loss, convert
from dramaloc.subtitles.document import Cue, Document
from dramaloc.subtitles.placement import of_webvtt, to_webvtt
from dramaloc.subtitles.styled import Look, Placement, Run, Styled, styled

CASES = Path(__file__).parents[1] / "cases" / "formats"
TARGETS = sorted(DIALECTS)


def case(name: str) -> Document:
    return formats.read((CASES / f"indigo.{name}").read_bytes())


def again(document: Document) -> Document:
    """Write a document and read what was written."""
    found = formats.read(formats.write(document))
    assert found.format == document.format
    return found


def looks(document: Document) -> list[Styled]:
    read = DIALECTS[document.format].reader(document)
    return [read(cue) for cue in document.cues]


def named(losses: tuple[Loss, ...], position: int | None) -> set[str]:
    return {what for loss in losses if loss.position == position for what in loss.what}


def words(document: Document) -> list[str]:
    return ["".join(run.text for run in look.runs) for look in looks(document)]


@pytest.mark.parametrize("target", TARGETS)
def test_the_same_format_is_no_conversion(target: str) -> None:
    document = Document(cues=(), format=target)
    assert convert(document, target) == (document, ())


def test_ass_to_webvtt() -> None:
    found, losses = convert(case("ass"), "vtt")
    assert [(cue.settings, cue.text) for cue in found.cues] == [
        ("line:0", "<c.yellow>[云南大理 周城]</c>"),
        ("", "<v 段师傅>染缸\n死了"),
        ("", "<v 小杨>师傅, <i>别走</i>"),
        ("", "<v 段木生><i>我奶奶总说\u00a0蓝是活的</i>"),
        ("", "苍山的云"),
        ("line:0%,end position:0%", "<c.red>靛花</c>"),
    ]
    assert [block.text for block in found.blocks] == ["NOTE 校对 第二遍"]
    assert named(losses, None) == {
        "fonts, sizes and outlines of the styles", "drawing", "section Fonts",
    }  # fmt: skip
    assert [named(losses, position) for position in range(6)] == [
        {"fade"}, set(), {"remark"}, set(), {"karaoke"}, {"movement", "effect Banner"},
    ]  # fmt: skip


def test_webvtt_to_subrip() -> None:
    found, losses = convert(case("vtt"), "srt")
    assert [cue.text for cue in found.cues] == [
        "{\\an8}[云南大理 周城]",
        "{\\an1}染缸 & 蓝布\n<i>来了</i>",
        "靛花(dianhua)漂起来了",
    ]
    assert named(losses, 2) == {"ruby", "vertical text", "times within a cue"}
    assert named(losses, 1) == {"speaker", "more than one voice"}
    assert {"note", "style sheet", "region"} < named(losses, None)
    assert [loss.line for loss in losses if loss.position is None] == [5, 7, 10, 23, 30, 34]


def test_webvtt_to_ass() -> None:
    found, losses = convert(case("vtt"), "ass")
    assert [(cue.speaker, cue.text) for cue in found.cues][:2] == [
        ("", "{\\an8}[云南大理 周城]"),
        ("段师傅", "{\\an1}染缸 & 蓝布\n{\\i1}来了{\\i0}"),
    ]
    assert "more than one voice" in named(losses, 1)
    assert again(found).cues[1].text == found.cues[1].text


def test_a_colour_without_a_name_gets_a_style_in_webvtt() -> None:
    cue = Cue(start_ms=0, end_ms=1, text='<font color="#12ab34">染</font>')
    found, losses = convert(Document(cues=(cue,)), "vtt")
    assert "::cue(.color12AB34) { color: #12ab34 }" in formats.write(found).decode()
    assert looks(again(found))[0].runs[0].look.colour == "#12ab34"
    assert not losses


def test_signs_that_mean_something_elsewhere_stay_what_they_are() -> None:
    cue = Cue(start_ms=0, end_ms=1, text="a < b & {c} -> d &lt; e")
    for target in TARGETS:
        found, _ = convert(Document(cues=(cue,)), target)
        back, _ = convert(again(found), "srt")
        assert back.cues[0].text == cue.text, target
    vtt = replace(cue, text="&lt;b> ist kein Tag")
    found, _ = convert(Document(cues=(vtt,), format="vtt", header="WEBVTT"), "ass")
    assert found.cues[0].text == "<b> ist kein Tag"


@pytest.mark.parametrize(
    ("text", "runs", "place", "lost"),
    [
        ("{\\an8\\fad(1,2)}a{\\i1}b{\\i0}c", [("a", ""), ("b", "italic"), ("c", "")], 8, {"fade"}),
        ("{\\b1}a{\\r}b{\\u1}{\\s1}c",
         [("a", "bold"), ("b", ""), ("c", "underline strike")], 0, set()),
        ("<b>a<i>b</b>c", [("a", "bold"), ("b", "bold italic"), ("c", "")], 0, set()),
        ("{\\t(0,1,\\i1\\fs9)}a{\\fs9\\fnB}b", [("a", ""), ("b", "")], 0,
         {"animation", "font size", "font"}),
        ('<font face="x" color=red>a</font>', [("a", "#ff0000")], 0, {"font face"}),
        ("<c.loud.lime>a</c>b", [("a", "#00ff00"), ("b", "")], 0, {"class loud"}),
        ("{\\c&H0000FF&}a{\\c}b{\\a6}", [("a", "#ff0000"), ("b", "")], 8, set()),
        ("<lang en>a</lang><00:01.000>b", [("a", ""), ("b", "")], 0,
         {"language of words", "times within a cue"}),
    ],
)  # fmt: skip
def test_tags_of_all_formats_are_read(
    text: str, runs: list[tuple[str, str]], place: int, lost: set[str]
) -> None:
    found = styled(text)
    said = [
        (run.text, {f for f in ("italic", "bold", "underline", "strike") if getattr(run.look, f)}
         | ({run.look.colour} if run.look.colour else set()))
        for run in found.runs
    ]  # fmt: skip
    assert said == [(word, set(flags.split())) for word, flags in runs]
    assert found.placement.anchor == place
    assert set(found.lost) == lost


@pytest.mark.parametrize(
    "settings_",
    [
        *("line:0", "line:10%", "line:84.66%", "line:-1", "line:50%,center", "align:start"),
        *("line:0 align:end", "vertical:rl", "position:20% line:70%"),
    ],
)
def test_webvtt_settings_written_again_mean_the_same(settings_: str) -> None:
    place, lost = of_webvtt(settings_)
    assert not lost
    assert of_webvtt(to_webvtt(place)) == (place, [])


WORD = st.text(st.sampled_from("染缸蓝 ab12,.&"), min_size=1, max_size=8).map(
    lambda text: " ".join(text.split()) or "蓝"
)
LOOK = st.builds(
    Look,
    italic=st.booleans(),
    bold=st.booleans(),
    underline=st.booleans(),
    strike=st.booleans(),
    colour=st.sampled_from(["", "#ffff00", "#12ab34"]),
)
RUN = st.builds(Run, text=WORD, look=LOOK, ruby=st.sampled_from(["", "lan"]))
PLACE = st.one_of(
    st.builds(Placement, anchor=st.sampled_from([0, 1, 3, 5, 7, 8, 9])),
    st.builds(Placement, vertical=st.sampled_from(["rl", "lr"])),
    st.just(Placement(anchor=7, x=25, y=50)),
)
CUE = st.tuples(st.lists(RUN, min_size=1, max_size=3), PLACE, st.sampled_from(["", "小杨"]))


@pytest.mark.parametrize("target", TARGETS)
@settings(max_examples=30)
@given(found=st.lists(CUE, min_size=1, max_size=3))
def test_whatever_a_cue_says_arrives_or_is_named(
    target: str, found: list[tuple[list[Run], Placement, str]]
) -> None:
    rich = DIALECTS["vtt"]
    cues, shown = [], []
    for at, (runs, place, speaker) in enumerate(found):
        cue = Cue(start_ms=at * 1000, end_ms=at * 1000 + 500, text="", speaker=speaker)
        look = Styled(runs=tuple(runs), placement=place)
        cues.append(rich.cue(cue, look))
        shown.append(look)
    header = rich.header(Document(cues=()), tuple(shown))
    source = again(Document(cues=tuple(cues), format="vtt", header=header, final_newlines=1))
    converted, losses = convert(source, target)
    result = again(converted)
    assert [(cue.start_ms, cue.end_ms) for cue in result.cues] == [
        (cue.start_ms, cue.end_ms) for cue in source.cues
    ]
    for position, (before, after) in enumerate(zip(looks(source), looks(result), strict=True)):
        gone = named(losses, position)
        for what, pick in SAID.items():
            if what not in gone:
                assert pick(after) == pick(before), what
        plain = "".join(run.text for run in after.runs)
        assert all(run.text in plain and run.ruby in _all(after) for run in before.runs)


def _all(look: Styled) -> str:
    return "".join(run.text + run.ruby for run in look.runs)


def _each(look: Styled, flag: str) -> list[tuple[str, object]]:
    """Say for each character of the words what flag it has, ruby in brackets left out."""
    text = [(char, getattr(run.look, flag)) for run in look.runs for char in run.text]
    plain = "".join(char for char, _ in text)
    start = plain.find("(lan)")
    while start >= 0:
        del text[start : start + 5]
        plain = "".join(char for char, _ in text)
        start = plain.find("(lan)")
    return text


SAID = {
    "italics": lambda look: _each(look, "italic"),
    "bold": lambda look: _each(look, "bold"),
    "underline": lambda look: _each(look, "underline"),
    "strike-through": lambda look: _each(look, "strike"),
    "colour": lambda look: _each(look, "colour"),
    "ruby": lambda look: [run.ruby for run in look.runs if run.ruby],
    "position": lambda look: look.placement.anchor,
    "exact position": lambda look: (look.placement.x, look.placement.y),
    "vertical text": lambda look: look.placement.vertical,
}


FEATURES = [
    *("italics", "bold", "underline", "strike-through", "colour", "position", "exact position"),
    *("vertical text", "ruby", "speaker", "more than one voice", "name"),
]


def matrix() -> list[str]:
    """Write the README's table: what each format can be given. The tests above hold its cells."""
    columns = ["srt", "vtt", "ass", "ttml", "sbv"]
    rows = [
        [what, *("yes" if what in DIALECTS[name].can else "reported" for name in columns)]
        for what in FEATURES
    ]
    rows.append(["notes", *("yes" if DIALECTS[name].note else "reported" for name in columns)])
    return [f"| {' | '.join(row)} |" for row in rows]


def test_the_readme_shows_what_each_format_can_be_given() -> None:
    readme = (CASES.parents[2] / "README.md").read_text(encoding="utf-8")
    assert "\n".join(matrix()) in readme
    assert {what for dialect in DIALECTS.values() for what in dialect.can} == set(FEATURES)
    assert DIALECTS["ass"].can == DIALECTS["ssa"].can


@pytest.mark.parametrize("target", TARGETS)
def test_notes_names_and_voices_arrive_or_are_named(target: str) -> None:
    source = case("vtt")
    found, losses = convert(source, target)
    result = again(found)
    if DIALECTS[target].note:
        assert target == "vtt" or sum(block.kind in ("note", "comment") for block in result.blocks)
    else:
        assert "note" in named(losses, None)
    name = "the name 'intro'" in named(losses, 0)
    assert (result.cues[0].name == "intro") != name
    assert target == "vtt" or "more than one voice" in named(losses, 1)
    spoken = result.cues[1].speaker == "段师傅"
    assert spoken != ("speaker" in named(losses, 1))
