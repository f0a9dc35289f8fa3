"""Market packs: names, inheritance, validation."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dramaloc.errors import DramalocError, MarketError
from dramaloc.markets.market import CONVENTION_NAMES, LIMIT_NAMES, Market
from dramaloc.markets.packs import bundled_packs, list_codes, load_market, resolve


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """A language pack and a market that inherits from it."""
    _write(
        tmp_path / "en",
        'name = "English"\n[limits]\nmax_line_columns = { value = 42, source = "guide" }\n'
        'max_cps = 20\n[conventions]\nitalics = true\n[sources.guide]\ntitle = "The guide"\n',
        "source,target\n木雕,wood carving\n颜色,color\n",
    )
    _write(
        tmp_path / "en-GB",
        'name = "English (UK)"\ninherits = "en"\n[limits]\nmax_cps = 17\n',
        "source,target\n颜色,colour\n",
    )
    return tmp_path


def _write(folder: Path, market: str, table: str = "") -> None:
    folder.mkdir(exist_ok=True)
    (folder / "market.toml").write_text(market, encoding="utf-8")
    if table:
        (folder / "terms.csv").write_text(table, encoding="utf-8")


def _targets(market: Market) -> dict[str, str]:
    return {term.source: term.target for term in market.glossary}


def test_a_market_has_what_it_says_and_what_it_inherits(packs: Path) -> None:
    market = load_market("en-GB", packs)
    assert (market.code, market.name, market.inherits) == ("en-GB", "English (UK)", ("en",))
    assert (market.limits.max_line_columns, market.limits.max_cps) == (42, 17)
    assert _targets(market) == {"木雕": "wood carving", "颜色": "colour"}
    assert dict(market.sources)["max_line_columns"].title == "The guide"


def test_the_pack_inherited_from_is_not_changed(packs: Path) -> None:
    load_market("en-GB", packs)
    market = load_market("en", packs)
    assert (market.limits.max_cps, market.inherits) == (20, ())
    assert _targets(market)["颜色"] == "color"


def test_tables_of_one_pack_are_read_in_the_order_of_their_names(packs: Path) -> None:
    (packs / "en" / "z-overrides.tsv").write_text("source\ttarget\n木雕\twoodcarving\n")
    (packs / "en" / "README.md").write_text("no table")
    assert _targets(load_market("en", packs))["木雕"] == "woodcarving"


@pytest.mark.parametrize(
    "edit",
    [
        ("en-GB/market.toml", 'name = "English (UK)"\ninherits = "en"\n[limits]\nmax_cps = 18\n'),
        ("en/terms.csv", "source,target\n木雕,woodcarving\n颜色,color\n"),
        ("en-GB/more.csv", "source,target\n扎染,tie-dye\n"),
    ],
    ids=["a limit", "an inherited term", "a new table"],
)
def test_the_fingerprint_follows_every_change(packs: Path, edit: tuple[str, str]) -> None:
    before = load_market("en-GB", packs).fingerprint
    assert load_market("en-GB", packs).fingerprint == before
    (packs / edit[0]).write_text(edit[1], encoding="utf-8")
    assert load_market("en-GB", packs).fingerprint != before


def test_the_fingerprint_does_not_follow_the_place(packs: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "copy"
    shutil.copytree(packs, elsewhere)
    assert load_market("en", elsewhere).fingerprint == load_market("en", packs).fingerprint


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("en-US", "en-US"),
        ("EN-us", "en-US"),
        ("en_us", "en-US"),
        ("US", "en-US"),
        ("TW", "zh-Hant-TW"),
        ("ZH-HANT-tw", "zh-Hant-TW"),
        ("en", "en"),
        ("EN", "en"),
    ],
)
def test_names_of_markets(name: str, code: str) -> None:
    assert resolve(name) == code


@pytest.mark.parametrize(
    ("name", "near"),
    [("us", ""), ("xx", ""), ("Hant", ""), ("", ""), ("../en", ""), ("en-", "en-US"),
     ("fr", "fr-FR"), ("en_UK", "en-US")],
)  # fmt: skip
def test_names_of_no_market(name: str, near: str) -> None:
    with pytest.raises(MarketError) as caught:
        resolve(name)
    assert repr(name) in caught.value.message
    assert near in caught.value.hint
    assert ("Perhaps" in caught.value.hint) == bool(near)
    assert "markets list" in caught.value.hint


def test_a_territory_goes_to_the_language_most_people_use(packs: Path) -> None:
    _write(packs / "cy-GB", 'name = "Welsh"\n')
    assert resolve("GB", packs).startswith("en")


@pytest.mark.parametrize(
    ("market", "what"),
    [
        ("name = ", "not valid TOML"),
        ("colour = 1", "unknown key 'colour'"),
        ("limits = 3", "limits is 3"),
        ("sources = 'x'", "sources is 'x'"),
        ("[limits]\nmax_words = 3", "unknown key 'max_words'"),
        ("[limits]\nmax_cps = 'many'", "max_cps is 'many'"),
        ("[limits]\nmax_cps = true", "max_cps is True"),
        ("[limits]\nmax_cps = 0", "max_cps is 0"),
        ("[limits]\nmax_cps = nan", "max_cps is nan"),
        ("[limits]\nmax_lines = 1.5", "max_lines is 1.5"),
        ("[limits]\nmax_lines = -2", "max_lines is -2"),
        ("[limits]\nmax_lines = {source = 'guide'}", "max_lines is None"),
        ("[conventions]\nitalics = 1", "italics is 1"),
        ("[conventions]\ncounting = 'words'", "counting is 'words'"),
        ("[limits]\nmax_cps = {value = 9, source = 'guide'}", "names source 'guide'"),
        ("[sources]\nguide = 3", "sources.guide is 3"),
        ("[sources.guide]\nreference = 'page 3'", "sources.guide has no title"),
        ("[sources.guide]\ntitle = 'x'\nauthor = 'y'", "unknown key 'author'"),
    ],
)
def test_a_broken_pack_is_refused_by_name(tmp_path: Path, market: str, what: str) -> None:
    _write(tmp_path / "xx", market)
    with pytest.raises(MarketError) as caught:
        load_market("xx", tmp_path)
    assert what in caught.value.message
    assert caught.value.path == str(tmp_path / "xx" / "market.toml")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("columns", ["42", "35.5", "{ value = 42 }"])
def test_widths_may_be_any_number(tmp_path: Path, columns: str) -> None:
    _write(tmp_path / "xx", f"[limits]\nmax_line_columns = {columns}\n")
    assert load_market("xx", tmp_path).limits.max_line_columns in (42, 35.5)


def test_inheriting_in_a_circle_is_refused(tmp_path: Path) -> None:
    _write(tmp_path / "aa", 'inherits = "bb"')
    _write(tmp_path / "bb", 'inherits = "aa"')
    with pytest.raises(MarketError, match="aa inherits from itself"):
        load_market("aa", tmp_path)


def test_inheriting_from_nothing_is_refused(tmp_path: Path) -> None:
    _write(tmp_path / "aa", 'inherits = "bb"')
    with pytest.raises(DramalocError, match="no such file"):
        load_market("aa", tmp_path)


@pytest.mark.parametrize("code", list_codes())
def test_every_bundled_market_loads_with_sources_for_its_figures(code: str) -> None:
    market = load_market(code)
    assert market.code == code
    assert market.name != code
    sourced = dict(market.sources)
    assert set(sourced) <= {*LIMIT_NAMES, *CONVENTION_NAMES}
    assert set(LIMIT_NAMES) <= set(sourced), "a limit without a source"
    assert all(source.title and source.retrieved for source in sourced.values())


def test_the_bundled_markets() -> None:
    assert {"en", "en-US", "zh-Hant-TW"} <= set(list_codes())
    assert bundled_packs().is_dir()
    english, taiwan = load_market("en-US"), load_market("zh-Hant-TW")
    assert (english.limits.max_line_columns, english.limits.max_cps) == (42, 20)
    assert (taiwan.limits.max_line_columns, taiwan.limits.max_cps) == (16, 9)
    assert taiwan.conventions.counting == "east-asian"
    assert taiwan.conventions.ellipsis == "⋯"
    assert english.glossary.by_source["木雕"].target == "wood carving"
    assert "woodcut" in english.glossary.by_source["木雕"].forbid


@pytest.mark.parametrize(
    ("code", "language"),
    [("en-US", "en"), ("es-419", "es"), ("zh-Hant-TW", "zh-Hant-TW"), ("sr-Latn-RS", "sr-Latn")],
)
def test_the_language_of_a_market(code: str, language: str) -> None:
    assert Market(code=code, name="").language == language


# Words of every day that hold a word of promotion by chance.
CHANCE = (
    "我去上海报到", "领导演讲完了", "男主演技太差", "君知乎", "稍微信他一回", "警官微微一笑",
    "这部剧照样火", "这剧照着小说拍", "影片场景很美", "缩短剧情", "一番外交努力", "几番外出",
    "这部剧透着一股傻气", "七彩蛋糕", "你可真会编剧情", "茶叶杀青了", "我看点书就睡",
    "快手术了", "快手快脚", "粉丝煮好了没有", "尽快手术", "淘宝贝去",
    "放两勺豆瓣酱", "轻微信号", "他发抖音调都变了", "这是支付宝贝的学费", "火热搜索中",
    "主题曲折", "制片人员到齐了", "戏剧照明",
)  # fmt: skip


def test_words_of_promotion_are_asked_for_only_where_they_are_meant() -> None:
    matcher = load_market("en").glossary.matcher
    asked = {text: [m.term.source for m in matcher.find(text)] for text in CHANCE}
    promoted = {
        term.source
        for term in load_market("en").glossary
        if term.origin.path.endswith("promotion.csv")
    }
    assert promoted
    assert {text: found for text, found in asked.items() if promoted & set(found)} == {}
    for text, source in (("看点", "看点"), ("她有很多粉丝", "很多粉丝"), ("上海海报展", "海报")):
        assert source in [match.term.source for match in matcher.find(text)]
