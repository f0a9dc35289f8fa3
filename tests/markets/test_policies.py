from dataclasses import replace

import pytest

from dramaloc.errors import MarketError
from dramaloc.glossary.term import Glossary, Term
from dramaloc.markets.market import Conventions, Market
from dramaloc.markets.policies import under_policies

NAME = Term(
    source="董秀莲", target="Dong Xiulian", kind="name", accept=("Miss Dong",),
    forbid=("Xiulian Dong", "lotus"),
)  # fmt: skip
COMPOUND = Term(source="欧阳修", target="Ouyang Xiu", kind="name")
NICKNAME = Term(source="小雨", target="Xiaoyu", kind="name")
MEANING = Term(source="王总", target="Mr. Wang", kind="name")
PLACE = Term(source="杨家村", target="Yang Jiacun", kind="place")
AUNT = Term(
    source="姑姑", target="Auntie", kind="kinship", accept=("Aunt",), forbid=("Gugu", "bird"),
    note="father's sister",
)  # fmt: skip
SHIELD = Term(source="姑姑家", target="", kind="kinship", action="ignore")
TERMS = (NAME, COMPOUND, NICKNAME, MEANING, PLACE, AUNT, SHIELD)


def market(code: str = "en-US", **conventions: str) -> Market:
    said = Conventions(**conventions)  # type: ignore[arg-type]
    return Market(code=code, name=code, conventions=said, glossary=Glossary(TERMS))


def test_by_default_the_tables_are_followed() -> None:
    plain = market()
    assert under_policies(plain) is plain


def test_surnames_last_and_first_again() -> None:
    found = under_policies(market(names="surname-last")).glossary.by_source
    assert found["董秀莲"].target == "Xiulian Dong"
    assert found["董秀莲"].forbid == ("lotus", "Dong Xiulian")
    assert found["董秀莲"].accept == ("Miss Dong",)
    assert found["欧阳修"].target == "Xiu Ouyang"
    for untouched in (NICKNAME, MEANING, PLACE, AUNT, SHIELD):
        assert found[untouched.source] == untouched
    turned = replace(market(names="surname-first"), glossary=Glossary(tuple(found.values())))
    back = under_policies(turned).glossary.by_source
    assert [back[term.source].target for term in TERMS] == [term.target for term in TERMS]


def test_address_in_pinyin() -> None:
    found = under_policies(market(address="transliterate")).glossary.by_source
    assert found["姑姑"] == replace(AUNT, target="Gugu", accept=(), forbid=("bird",))
    assert found["董秀莲"] == NAME
    assert found["姑姑家"] == SHIELD


@pytest.mark.parametrize("code", ["ja-JP", "ru-RU", "ar", "zh-Hant-TW", "hi-IN"])
def test_pinyin_is_for_those_who_read_latin_letters(code: str) -> None:
    with pytest.raises(MarketError, match=rf"{code} is not written in Latin"):
        under_policies(market(code, address="transliterate"))


def test_address_kept() -> None:
    found = under_policies(market("ja-JP", address="keep")).glossary.by_source["姑姑"]
    assert (found.action, found.required) == ("keep", "姑姑")


@pytest.mark.parametrize("names", ["as-written", "surname-first", "surname-last"])
@pytest.mark.parametrize("address", ["translate", "transliterate", "keep"])
def test_twice_is_once(names: str, address: str) -> None:
    once = under_policies(market(names=names, address=address))
    assert under_policies(once) is once
