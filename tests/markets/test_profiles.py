"""Delivery profiles: whose figure wins, where each comes from, what a wrong one is told."""

from pathlib import Path

import pytest

from dramaloc.errors import MarketError
from dramaloc.markets.packs import load_market
from dramaloc.markets.profiles import delivered, list_profiles, load_profile
from dramaloc.quality.delivery import accepts, deliverable
from dramaloc.subtitles import formats
from dramaloc.subtitles.document import Cue, Document
from dramaloc.subtitles.timecode import frame_rate, time_of


@pytest.mark.parametrize("name", list_profiles())
def test_each_figure_of_a_profile_names_its_source(name: str) -> None:
    profile = load_profile(name)
    for scope in profile.scopes:
        assert set(scope.figures) == set(scope.sources)
        assert scope.name in ("", "characters", "east-asian", "en")
        for source in scope.sources.values():
            assert source.title
            assert source.retrieved
            assert source.reference or not source.verified
    assert any(accepts(profile, kind) for kind in formats.BY_NAME)


def test_the_five_are_there() -> None:
    assert set(list_profiles()) == {"netflix", "amazon", "ted", "bbc", "web"}


def test_the_profile_outranks_the_pack_and_the_show_outranks_both() -> None:
    pack, ted = load_market("en-US"), load_profile("ted")
    laid = delivered(pack, ted)
    assert (pack.limits.max_cps, laid.limits.max_cps) == (20, 21)
    assert dict(laid.sources)["max_cps"].title == "TED Translators Cheat-sheet"
    own = delivered(pack, ted, {"max_cps": 15})
    assert (own.limits.max_cps, own.limits.min_duration_ms) == (15, 1000)
    assert "max_cps" not in dict(own.sources)
    assert len({pack.fingerprint, laid.fingerprint, own.fingerprint}) == 3
    assert delivered(pack, None) is delivered(pack, None, None, "adults") is pack


def test_children_read_more_slowly_and_the_show_still_decides() -> None:
    pack = load_market("de-DE")
    theirs = delivered(pack, None, None, "children")
    assert theirs.limits.max_cps == pack.limits.max_cps_children < pack.limits.max_cps
    assert dict(theirs.sources)["max_cps"] == dict(pack.sources)["max_cps_children"]
    assert theirs.fingerprint != pack.fingerprint
    assert delivered(pack, None, {"max_cps": 5}, "children").limits.max_cps == 5
    slow = delivered(pack, None, {"max_cps": 1})
    assert delivered(slow, None, None, "children").limits.max_cps == 1


def test_a_platforms_own_speed_for_children_holds(tmp_path: Path) -> None:
    named = write(tmp_path, "[limits]\nmax_cps = 12\nmax_cps_children = 11\n")
    laid = delivered(load_market("en-US"), load_profile(named), None, "children")
    assert laid.limits.max_cps == 11


@pytest.mark.parametrize("code", ["en-GB", "id-ID", "ja-JP", "zh-Hant-TW"])
def test_figures_for_latin_script_leave_full_width_markets_alone(code: str) -> None:
    pack = load_market(code)
    laid = delivered(pack, load_profile("bbc"))
    characters = pack.conventions.counting == "characters"
    assert laid.limits.max_line_columns == (37 if characters else pack.limits.max_line_columns)
    english = code.startswith("en")
    assert laid.limits.max_cps == (18 if english else pack.limits.max_cps)


def write(folder: Path, text: str) -> str:
    (folder / "ours.toml").write_text(text, encoding="utf-8")
    return str(folder / "ours.toml")


def test_a_house_can_bring_its_own(tmp_path: Path) -> None:
    text = """
    title = "House"
    [limits]
    max_cps = 12
    [limits.characters]
    max_cps = 14
    [limits.en]
    max_cps = 16
    [limits.en-GB]
    max_cps = 17
    [delivery]
    name = "{episode}_{language}.{ending}"
    """
    profile = load_profile(write(tmp_path, text))
    found = {code: delivered(load_market(code), profile).limits.max_cps
             for code in ("en-GB", "en-US", "fr-FR", "ja-JP")}  # fmt: skip
    assert found == {"en-GB": 17, "en-US": 16, "fr-FR": 14, "ja-JP": 12}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("limits = 3", "Begin it with [limits]"),
        ("[limits]\nmax_cp = 3", "'max_cp'"),
        ("[limits.en]\nmax_cps = 'x'", "max_cps is 'x'"),
        ("[delivery]\nformats = 'srt'", "formats is 'srt'"),
        ("[delivery]\nname = '{show}'", "name is '{show}'"),
        ("[delivery]\nname = '../{episode}'", "name is"),
        ("[delivery]\nfps = { value = 25, source = 'x' }", "which [sources] lacks"),
        ("[", "not valid TOML"),
        ("[colour]", "'colour'"),
    ],
)
def test_a_wrong_one_is_told_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(MarketError) as error:
        load_profile(write(tmp_path, text))
    assert said in str(error.value)
    assert "ours.toml" in str(error.value)


def test_a_name_nobody_knows() -> None:
    with pytest.raises(MarketError, match="Perhaps netflix"):
        load_profile("Netflx")


def on_frames(fps: str, *, off_ms: int = 0) -> Document:
    rate = frame_rate(fps)
    cues = tuple(
        Cue(start_ms=time_of(at, rate) + off_ms, end_ms=time_of(at + 40, rate), text="x", line=at)
        for at in (7, 100, 1001)
    )
    return Document(cues=cues, format="ttml")


def test_what_a_platform_asks_of_a_file() -> None:
    netflix, web = load_profile("netflix"), load_profile("web")
    assert deliverable(on_frames("23.976"), netflix, 23.976) == ()
    (off,) = deliverable(on_frames("23.976", off_ms=7), netflix, 23.976)
    assert (off.code, off.line, off.cue) == ("off-frame", 7, None)
    assert "3 of 3 cues" in off.message
    assert [found.code for found in deliverable(on_frames("24"), web, 24)] == ["delivery-format"]
    big5 = Document(cues=(), format="vtt", encoding="big5")
    assert [found.code for found in deliverable(big5, web, 24)] == ["delivery-encoding"]
    assert deliverable(big5, None, 24) == ()


def test_how_a_file_is_called(tmp_path: Path) -> None:
    text = "[delivery]\nname = '{episode}_{language}_{kind}.{ending}'"
    profile = load_profile(write(tmp_path, text))
    empty = Document(cues=())
    assert deliverable(empty, profile, 24, "E01_en_forced.srt") == ()
    assert [f.code for f in deliverable(empty, profile, 24, "E01.srt")] == ["delivery-name"]
