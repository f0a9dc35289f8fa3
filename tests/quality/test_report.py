"""SARIF and JUnit as their readers need them.

No package we know of brings the official SARIF schema along, so the parts of it that we write
are held here by hand: which properties an object may have, which it must, and their values.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import pytest

import dramaloc
from dramaloc.quality.checks import RULES
from dramaloc.quality.finding import Finding
from dramaloc.quality.report import as_junit, as_sarif

FOUND = {
    Path("show/E 01.srt"): (
        Finding(code="unparsed", severity="error", message="these times are odd", line=9),
        Finding(
            code="line-length",
            severity="error",
            message="a line of 50 where 42 fit: <i> & \x02",
            hint="Break it",
            cue=7,
            position=6,
            line=30,
        ),
        Finding(code="spacing", severity="info", message="odd space", cue=8, position=7, line=34),
        Finding(code="min-gap", severity="warning", message="0 ms", cue=9, position=8),
        Finding(code="term-forced", severity="warning", message="kept at a cost", line=3),
    ),
    Path("clean.srt"): (),
}

# Object → (required, allowed) properties of SARIF 2.1.0, for what we write.
SHAPES = {
    "log": ({"version", "runs"}, {"$schema", "version", "runs", "properties"}),
    "run": ({"tool"}, {"tool", "columnKind", "artifacts", "results", "properties"}),
    "driver": ({"name"}, {"name", "version", "semanticVersion", "rules", "informationUri"}),
    "rule": (
        {"id"},
        {"id", "name", "shortDescription", "fullDescription", "help", "defaultConfiguration"},
    ),
    "result": ({"message"}, {"ruleId", "ruleIndex", "level", "message", "locations"}),
    "location": (set(), {"physicalLocation", "logicalLocations"}),
    "physical": ({"artifactLocation"}, {"artifactLocation", "region"}),
    "artifactLocation": (set(), {"uri", "uriBaseId", "index"}),
    "region": ({"startLine"}, {"startLine", "startColumn", "endLine", "endColumn"}),
}


def _shaped(what: str, found: dict[str, Any]) -> dict[str, Any]:
    required, allowed = SHAPES[what]
    assert required <= set(found) <= allowed, what
    return found


def test_sarif_is_shaped_as_its_schema_asks() -> None:
    log = _shaped("log", json.loads(as_sarif(FOUND)))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    _shaped("run", run)
    assert set(run["tool"]) == {"driver"}
    driver = _shaped("driver", run["tool"]["driver"])
    assert (driver["name"], driver["version"]) == ("dramaloc", dramaloc.__version__)
    ids = [_shaped("rule", rule)["id"] for rule in driver["rules"]]
    assert ids == [rule.code for rule in RULES]
    for rule in driver["rules"]:
        for text in ("shortDescription", "fullDescription", "help"):
            assert set(rule[text]) == {"text"}
            assert rule[text]["text"]
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}
        assert rule["name"].isalpha()


def test_sarif_places_each_finding_by_line() -> None:
    (run,) = json.loads(as_sarif(FOUND))["runs"]
    rules = run["tool"]["driver"]["rules"]
    uris = [artifact["location"]["uri"] for artifact in run["artifacts"]]
    assert [unquote(uri) for uri in uris] == ["show/E 01.srt", "clean.srt"]
    assert all(" " not in uri and not urlsplit(uri).scheme for uri in uris)
    lines = []
    for result in run["results"]:
        _shaped("result", result)
        assert result["level"] in {"error", "warning", "note"}
        assert result["message"]["text"].endswith(".")
        if "ruleIndex" in result:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        (location,) = result["locations"]
        place = _shaped("physical", _shaped("location", location)["physicalLocation"])
        artifact = _shaped("artifactLocation", place["artifactLocation"])
        assert uris[artifact["index"]] == artifact["uri"]
        lines.append(_shaped("region", place["region"])["startLine"] if "region" in place else None)
    assert lines == [9, 30, 34, None, 3]
    assert [result["ruleId"] for result in run["results"]][-1] == "term-forced"
    assert run["results"][1]["locations"][0]["logicalLocations"][0]["name"] == "cue 7"


def test_sarif_names_absolute_paths_as_uris(tmp_path: Path) -> None:
    (run,) = json.loads(as_sarif({tmp_path / "a b.srt": ()}))["runs"]
    assert run["artifacts"][0]["location"]["uri"] == (tmp_path / "a b.srt").as_uri()


@pytest.mark.parametrize(
    ("fail_on", "failing"),
    [
        ("error", {"unparsed", "line-length"}),
        ("warning", {"unparsed", "line-length", "min-gap", "term-forced"}),
        ("never", set()),
    ],
)
def test_junit_fails_as_the_command_does(fail_on: str, failing: set[str]) -> None:
    root = ET.fromstring(as_junit(FOUND, fail_on))  # noqa: S314  # our own
    assert root.tag == "testsuites"
    dirty, clean = root.findall("testsuite")
    assert [suite.get("name") for suite in (dirty, clean)] == [str(path) for path in FOUND]
    cases = {case.get("name"): case for case in dirty.findall("testcase")}
    assert {rule.code for rule in RULES} <= set(cases)
    assert {name for name, case in cases.items() if case.find("failure") is not None} == failing
    assert (dirty.get("tests"), dirty.get("failures")) == (str(len(cases)), str(len(failing)))
    assert (clean.get("failures"), root.get("failures")) == ("0", str(len(failing)))
    said = [element.text or "" for element in dirty.iter() if element.tag != "testsuites"]
    assert "line 34: info: odd space (cue 8)" in "".join(said)
    assert any("<i> & \ufffd" in text for text in said)


def test_junit_has_a_case_for_codes_of_other_rooms() -> None:
    root = ET.fromstring(as_junit(FOUND, "warning"))  # noqa: S314  # our own
    assert root.find("testsuite/testcase[@name='term-forced']/failure") is not None
