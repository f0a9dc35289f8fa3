import pytest

from dramaloc.errors import MarketError
from dramaloc.markets.packs import resolve
from dramaloc.markets.territories import (
    coverage,
    languages,
    populations,
    resolve_territory,
    script,
    territories,
)

PACKS = tuple(
    "ar bn-BD de-DE en en-GB en-US es es-419 es-ES fil-PH fr-FR hi-IN id-ID it-IT ja-JP ko-KR"
    " ms-MY pt-BR ru-RU th-TH tr-TR vi-VN zh-Hant-HK zh-Hant-TW".split()
)


def test_the_whole_world_is_known() -> None:
    assert len(territories()) >= 245
    for territory in territories():
        found = resolve_territory(territory, PACKS)
        assert found.reason
        assert set(found.markets) <= set(PACKS)
        assert found.markets or territory == "CN"


@pytest.mark.parametrize(
    ("territory", "market"),
    [
        ("BD", "bn-BD"),
        ("BR", "pt-BR"),
        ("MX", "es-419"),
        ("AR", "es-419"),
        ("ES", "es-ES"),
        ("US", "en-US"),
        ("GB", "en-GB"),
        ("AU", "en-GB"),
        ("IN", "hi-IN"),
        ("AT", "de-DE"),
        ("EG", "ar"),
        ("PH", "fil-PH"),
        ("HK", "zh-Hant-HK"),
        ("MO", "zh-Hant-HK"),
        ("TW", "zh-Hant-TW"),
        ("KZ", "ru-RU"),
        ("ET", "en"),
    ],
)
def test_known_territories(territory: str, market: str) -> None:
    assert resolve_territory(territory, PACKS).markets[0] == market


def test_a_territory_of_several_languages_lists_them_all() -> None:
    assert resolve_territory("CH", PACKS).markets[:3] == ("de-DE", "fr-FR", "it-IT")
    assert [spoken.tag for spoken in languages("CH")[:3]] == ["de", "gsw", "fr"]


def test_without_a_pack_of_its_own_it_gets_english_and_a_reason() -> None:
    found = resolve_territory("FI", ("en", "de-DE"))
    assert found.markets == ("en",)
    assert "no pack" not in resolve_territory("DE", PACKS).reason


def test_where_the_source_is_spoken_there_is_nothing_to_do() -> None:
    assert resolve_territory("CN", PACKS).markets == ()
    with pytest.raises(MarketError, match="translated from"):
        resolve("CN")


@pytest.mark.parametrize("territory", ["XX", "EU", "bd", "", "USA"])
def test_what_is_no_territory_is_refused(territory: str) -> None:
    with pytest.raises(MarketError, match="no territory"):
        resolve_territory(territory, PACKS)


def test_everybody_is_counted_once() -> None:
    assert set(territories()) <= set(populations())
    world = [resolve_territory(territory, PACKS) for territory in territories()]
    found = coverage(world)
    assert found.people == sum(each.people for each in world if each.territory != "CN")
    assert 0.5 < found.served / found.people < 1
    assert found.share == 100 * found.served / found.people
    assert coverage([resolve_territory(each, ("en",)) for each in territories()]).served < (
        found.served
    )
    assert all(0 <= each.share <= 100 for each in world)


def test_english_as_a_stand_in_serves_nobody_in_their_own_language() -> None:
    found = resolve_territory("UZ", PACKS)
    assert (found.markets, found.share) == (("en",), 0.0)
    assert found.people > 30_000_000


@pytest.mark.parametrize(
    ("tag", "name"),
    [("en-US", "Latn"), ("ja-JP", "Jpan"), ("zh-Hant-TW", "Hant"), ("ar", "Arab"), ("xx", "")],
)
def test_scripts(tag: str, name: str) -> None:
    assert script(tag) == name
