"""Findings as other programs read them: SARIF for code hosts and editors, JUnit for CI."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import dramaloc
from dramaloc.quality.checks import RULES
from dramaloc.quality.finding import SEVERITIES, Finding, at_or_above

Findings = Mapping[Path, Sequence[Finding]]

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
# XML 1.0 has no place for most control characters, and subtitles do hold them.
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_sarif(found: Findings) -> str:
    """Write findings as SARIF 2.1.0, one run; locations are by line, as SARIF counts them.

    Rules are all checks there are, each with its help; paths are relative URIs where they
    were named so.
    """
    index = {rule.code: at for at, rule in enumerate(RULES)}
    run = {
        "tool": {
            "driver": {
                "name": "dramaloc",
                "version": dramaloc.__version__,
                "semanticVersion": dramaloc.__version__,
                "rules": [
                    {
                        "id": rule.code,
                        "name": _pascal(rule.code),
                        "shortDescription": {"text": rule.what},
                        "fullDescription": {"text": f"{rule.what}. Source: {rule.source}."},
                        "help": {"text": rule.hint},
                        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
                    }
                    for rule in RULES
                ],
            }
        },
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": {"uri": _uri(path)}} for path in found],
        "results": [
            _result(finding, _uri(path), at, index)
            for at, path in enumerate(found)
            for finding in found[path]
        ],
    }
    return json.dumps(
        {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2
    )


def _result(finding: Finding, uri: str, artifact: int, index: Mapping[str, int]) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": uri, "index": artifact}}
    if finding.line:
        place["region"] = {"startLine": finding.line}
    location: dict[str, Any] = {"physicalLocation": place}
    if finding.cue is not None:
        location["logicalLocations"] = [{"name": f"cue {finding.cue}", "kind": "element"}]
    hint = f" {finding.hint}." if finding.hint else ""
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}.{hint}"},
        "locations": [location],
    }
    if finding.code in index:
        result["ruleIndex"] = index[finding.code]
    return result


def _pascal(code: str) -> str:
    return "".join(word.capitalize() for word in code.split("-"))


def _uri(path: Path) -> str:
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def as_junit(found: Findings, fail_on: str = "error") -> str:
    """Write findings as JUnit XML: a suite per file, a case per check.

    A case fails if it found something as severe as `fail_on`; the rest is in its output, so
    that a build is red exactly when the command's exit code says so.
    """
    root = ET.Element("testsuites", name="dramaloc check")
    totals = {"tests": 0, "failures": 0}
    for path in found:
        suite = ET.SubElement(root, "testsuite", name=str(path))
        failures = 0
        codes = dict.fromkeys([*(rule.code for rule in RULES), *(f.code for f in found[path])])
        for code in codes:
            findings = [finding for finding in found[path] if finding.code == code]
            case = ET.SubElement(suite, "testcase", name=code, classname=str(path), time="0")
            failures += _case(case, findings, fail_on)
        counts = {"tests": len(codes), "failures": failures}
        suite.attrib.update({name: str(count) for name, count in counts.items()})
        suite.attrib.update({"errors": "0", "skipped": "0", "time": "0"})
        totals = {name: totals[name] + count for name, count in counts.items()}
    root.attrib.update({name: str(count) for name, count in totals.items()})
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}'


def _case(case: ET.Element, findings: Sequence[Finding], fail_on: str) -> bool:
    failing = [finding for finding in findings if at_or_above((finding,), fail_on)]
    others = [finding for finding in findings if finding not in failing]
    if failing:
        worst = min(failing, key=lambda finding: SEVERITIES.index(finding.severity))
        count = f"{len(failing)} found: " if len(failing) > 1 else ""
        failure = ET.SubElement(
            case, "failure", type=worst.severity, message=_clean(count + failing[0].message)
        )
        failure.text = _clean("\n".join(map(_line, failing)))
    if others:
        ET.SubElement(case, "system-out").text = _clean("\n".join(map(_line, others)))
    return bool(failing)


def _line(finding: Finding) -> str:
    cue = f" (cue {finding.cue})" if finding.cue is not None else ""
    return f"line {finding.line}: {finding.severity}: {finding.message}{cue}"


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
