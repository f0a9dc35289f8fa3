"""The corpus of seeded faults: every check finds all of its own, and none where none is.

`tests/cases/faults/` has one file per check, with cues that break its rule and cues that only
look so; `fixed` is what `dramaloc check --fix` makes of them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dramaloc import documents
from dramaloc.glossary.tables import read_table
from dramaloc.glossary.term import Glossary
from dramaloc.marketing.field import Wanted
from dramaloc.markets.market import Conventions, Limits, Market
from dramaloc.markets.packs import load_market
from dramaloc.quality.checks import RULES, check
from dramaloc.quality.fixing import fixed
from dramaloc.quality.subject import Check, DocumentCheck
from dramaloc.stages.pipeline import with_series
from dramaloc.subtitles import formats
from dramaloc.subtitles.document import Cue, Document

FOLDER = Path(__file__).parent.parent / "cases" / "faults"
MARKETS = "markets.toml"
STAY_MS = 4000
Case = dict[str, Any]


def _files() -> list[Path]:
    return [path for path in sorted(FOLDER.glob("*.toml")) if path.name != MARKETS]


def _cases(kind: str) -> list[Any]:
    return list(_each_case(kind))


def _each_case(kind: str) -> Iterator[Any]:
    for path in _files():
        for number, case in enumerate(tomllib.loads(path.read_text("utf-8"))[kind]):
            yield pytest.param(path.stem, case, id=f"{path.stem}-{number}")


@cache
def _market(code: str) -> Market:
    if code == "en-US":
        bare = replace(load_market(code), glossary=Glossary())
        return with_series(bare, read_table(FOLDER / "terms.csv"))
    if code == "zh-Hant-TW":
        return replace(load_market(code), glossary=Glossary())
    said = tomllib.loads((FOLDER / MARKETS).read_text("utf-8"))[code]
    limits, conventions = Limits(**said.get("limits", {})), Conventions(**said["conventions"])
    return Market(code=code, name=code, limits=limits, conventions=conventions)


def _texts(given: str | list[str], count: int) -> list[str]:
    return [given] * count if isinstance(given, str) else given


def _document(case: Case, market: Market) -> Document:
    if "csv" in case:
        wanted = {"*": Wanted(limits=case["limits"])}
        return documents.read(
            case["csv"].encode(), "a.csv", language=market.code, wanted=wanted, whole=True
        )
    if "srt" in case:
        return formats.read(case["srt"].encode(), language=market.code)
    texts = case.get("text", "Word")
    count = len(case["times"]) if "times" in case else 1 if isinstance(texts, str) else len(texts)
    times = case.get("times") or [(at * 9000, at * 9000 + STAY_MS) for at in range(count)]
    cues = [
        Cue(number=at + 1, start_ms=start, end_ms=end, text=text, line=4 * at + 2)
        for at, ((start, end), text) in enumerate(zip(times, _texts(texts, count), strict=True))
    ]
    return Document(cues=tuple(cues), language=market.code)


def _source(case: Case, document: Document) -> Document | None:
    """The source has the times of the target; `same` is any text, where only times matter."""
    if "source" not in case:
        return None
    texts = _texts("词" if case["source"] == "same" else case["source"], len(document.cues))
    cues = [replace(cue, text=text) for cue, text in zip(document.cues, texts, strict=True)]
    return Document(cues=tuple(cues), language=case.get("language", "zh-Hans"))


def _found(case: Case, text: str | None = None) -> set[str]:
    market = _market(case.get("market", "en-US"))
    document = _document(case if text is None else {**case, "text": text}, market)
    findings = check(
        document, market, _source(case, document), fps=case.get("fps", 24.0), first_mention=True
    )
    return {finding.code for finding in findings}


def test_every_check_has_five_cases_in_each_direction() -> None:
    files = {path.stem: path for path in _files()}
    # What a conversion or a delivery brings to light is tested where files are converted.
    checked = {rule.code for rule in RULES if isinstance(rule, Check | DocumentCheck)}
    assert set(files) == checked
    for path in files.values():
        cases = tomllib.loads(path.read_text("utf-8"))
        assert set(cases) == {"fault", "clean"}, path.name
        assert len(cases["fault"]) >= 5, path.name
        assert len(cases["clean"]) >= 5, path.name


@pytest.mark.parametrize(("code", "case"), _cases("fault"))
def test_a_seeded_fault_is_found(code: str, case: Case) -> None:
    assert code in _found(case)


@pytest.mark.parametrize(("code", "case"), _cases("clean"))
def test_what_only_looks_so_is_not(code: str, case: Case) -> None:
    assert code not in _found(case)


def test_the_rules_that_mend_say_how() -> None:
    mending = {rule.code for rule in RULES if isinstance(rule, Check) and rule.fix}
    for path in _files():
        faults = tomllib.loads(path.read_text("utf-8"))["fault"]
        assert all(("fixed" in case) is (path.stem in mending) for case in faults), path.name


_RULES = {rule.code: rule for rule in RULES}


@pytest.mark.parametrize(("code", "case"), [p for p in _cases("fault") if "fixed" in p.values[1]])
def test_a_fix_mends_its_fault_once_and_for_all(code: str, case: Case) -> None:
    rule, market = _RULES[code], _market(case.get("market", "en-US"))
    assert isinstance(rule, Check)
    assert rule.fix is not None
    assert rule.fix(case["text"], market) == case["fixed"]
    assert rule.fix(case["fixed"], market) == case["fixed"]
    assert code not in _found(case, case["fixed"])


@pytest.mark.parametrize(("code", "case"), _cases("clean"))
def test_a_fix_leaves_alone_what_is_no_fault(code: str, case: Case) -> None:
    rule, market = _RULES[code], _market(case.get("market", "en-US"))
    if isinstance(rule, Check) and rule.fix is not None:
        assert rule.fix(case["text"], market) == case["text"]


@pytest.mark.parametrize(("code", "case"), [p for p in _cases("fault") if "fixed" in p.values[1]])
def test_all_fixes_together_come_to_an_end(code: str, case: Case) -> None:
    market = _market(case.get("market", "en-US"))
    document = _document(case, market)
    once, mended = fixed(document, market)
    assert [each.before for each in mended] == [case["text"]]
    assert code not in {finding.code for finding in check(once, market)}
    assert fixed(once, market) == (once, ())
    assert [(c.start_ms, c.end_ms, c.line) for c in once.cues] == [
        (c.start_ms, c.end_ms, c.line) for c in document.cues
    ]


@pytest.mark.parametrize("episode", ["E01", "E02"])
def test_a_clean_reference_has_nothing_above_info(samples: Path, episode: str) -> None:
    market = with_series(load_market("en-US"), read_table(samples / "names.csv"))
    reference = formats.read((samples / f"{episode}.reference.en.srt").read_bytes(), language="en")
    source = formats.read((samples / f"{episode}.zh-Hans.srt").read_bytes())
    findings = check(reference, market, source, first_mention=True)
    assert [finding for finding in findings if finding.severity != "info"] == []
