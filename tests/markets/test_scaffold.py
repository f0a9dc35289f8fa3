"""New packs: their tag, their files, and that they load as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from dramaloc.errors import MarketError
from dramaloc.glossary.lint import lint
from dramaloc.markets.packs import load_market, read_pack
from dramaloc.markets.scaffold import new_tag, scaffold


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "market.toml").write_text(
        'name = "English"\n[limits]\nmax_cps = 12.5\n[conventions]\nellipsis = "…"\n', "utf-8"
    )
    (tmp_path / "en" / "t.csv").write_text("source,target\n木雕,wood carving\n", "utf-8")
    return tmp_path


def _write(packs: Path, tag: str) -> Path:
    pack = scaffold(tag, load_market("en", packs))
    folder = packs / pack.code
    folder.mkdir()
    for name, text in pack.files:
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("typed", "tag"),
    [("EN_au", "en-AU"), ("zh_hant_mo", "zh-Hant-MO"), ("es-419", "es-419"), ("FIL", "fil")],
)
def test_tags_are_written_as_bcp_47_does(typed: str, tag: str) -> None:
    assert new_tag(typed) == tag


@pytest.mark.parametrize("typed", ["", "english", "en-", "../en", "en/AU", "en-AUS", "e"])
def test_what_is_no_tag_is_refused(typed: str) -> None:
    with pytest.raises(MarketError) as caught:
        new_tag(typed)
    assert caught.value.hint


def test_a_new_pack_says_what_its_parent_says(packs: Path) -> None:
    folder = _write(packs, "en-AU")
    market, parent = load_market("en-AU", packs), load_market("en", packs)
    assert (market.inherits, market.limits, market.glossary.terms) == (
        ("en",),
        parent.limits,
        parent.glossary.terms,
    )
    assert lint(read_pack(folder).terms, market.language, 42) == ()


def test_its_figures_can_be_taken_as_they_stand(packs: Path) -> None:
    toml = _write(packs, "en-AU") / "market.toml"
    lines = toml.read_text(encoding="utf-8").split("\n")
    text = "\n".join(
        line.removeprefix("# ") if line.startswith("# ") and ("[" in line or "=" in line) else line
        for line in lines
    )
    toml.write_text(text, encoding="utf-8")
    market = load_market("en-AU", packs)
    assert market.limits.max_cps == 12.5
    assert dict(market.sources)["max_cps"].title.startswith("The style guide")


def test_no_pack_inherits_from_itself(packs: Path) -> None:
    with pytest.raises(MarketError, match="cannot inherit from itself"):
        scaffold("EN", load_market("en", packs))
