"""A finding: one thing a person should know about one cue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`position` is 0-based into the document's cues, `cue` the number written in the file.

    Both are None for a finding about the whole file; `line` is the 1-based line in the file
    the finding is about, 0 if it never stood in one.
    """

    code: str
    severity: Severity
    message: str
    hint: str = ""
    cue: int | None = None
    position: int | None = None
    line: int = 0


def at_or_above(findings: tuple[Finding, ...], threshold: str) -> bool:
    """Say whether a finding is as severe as `threshold`; `never` is above all of them."""
    if threshold == "never":
        return False
    limit = SEVERITIES.index(threshold)
    return any(SEVERITIES.index(finding.severity) <= limit for finding in findings)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Put findings in the order of their cues, those about the whole file first."""
    return tuple(sorted(findings, key=lambda each: -1 if each.position is None else each.position))
