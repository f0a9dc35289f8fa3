"""What is told of a localization: its counts, its term audit, and why each cue is as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dramaloc.batch.manifest import Entry
from dramaloc.batch.plan import Job
from dramaloc.engines.engine import Usage
from dramaloc.quality.finding import SEVERITIES
from dramaloc.stages.localization import Localization


def counts(result: Localization) -> dict[str, int]:
    """Count what the summary shows: cues, terms, findings by severity."""
    severities = Counter(finding.severity for finding in result.findings)
    uses = [use for _, use in result.term_audit]
    return {
        "cues": len(result.target.cues),
        "terms_required": len(uses),
        "terms_kept": sum(use.kept for use in uses),
        **{severity: severities[severity] for severity in SEVERITIES},
        "too_fast": sum(finding.code == "reading-speed" for finding in result.findings),
    }


def rungs(result: Localization) -> dict[str, int]:
    """Count the term occurrences that each rung of the ladder settled."""
    return dict(sorted(Counter(use.rung for _, use in result.term_audit).items()))


def audit(result: Localization) -> list[dict[str, Any]]:
    """List every required term occurrence: where, what, whether and how it was kept."""
    return [
        {
            "cue": result.target.cues[position].number_at(position),
            "position": position,
            "source": use.term.source,
            "required": use.term.required,
            "kept": use.kept,
            "rung": use.rung,
            "score_drop": use.score_drop,
        }
        for position, use in result.term_audit
    ]


def report_path(job: Job) -> Path:
    return job.output.with_name(f"{job.output.name}.report.json")


def _segments(result: Localization) -> Mapping[int, Sequence[Mapping[str, Any]]]:
    """Say, by the position of its first cue, how each sentence came about."""
    said: dict[int, list[dict[str, Any]]] = {}
    for translation in result.translations:
        position = translation.segment.cue_positions[0]
        said.setdefault(position, []).append(
            {
                "source": translation.segment.source,
                "target": translation.text,
                "origin": translation.origin,
                "rung": translation.rung,
                "reasons": list(translation.reasons),
                "sentence_over": [result.target.cues[at].number_at(at) for at in translation.group],
            }
        )
    return said


def report(
    result: Localization,
    entry: Entry,
    similar: Mapping[int, Sequence[Mapping[str, Any]]] = MappingProxyType({}),
    usage: Usage = MappingProxyType({}),
) -> dict[str, Any]:
    """Say for every cue why it is as it is: the shape documented in the README.

    `similar` are, by position, what the memory holds for lines like these; `usage` is what
    engines took.
    """
    said = _segments(result)
    cues = zip(result.source.cues, result.target.cues, strict=True)
    return {
        **asdict(entry),
        "cues": [
            {
                "cue": target.number_at(position),
                "position": position,
                "start_ms": target.start_ms,
                "end_ms": target.end_ms,
                "source": source.text,
                "target": target.text,
                "segments": said.get(position, []),
                "suggestions": list(similar.get(position, ())),
            }
            for position, (source, target) in enumerate(cues)
        ],
        "first_mentions": [
            {"position": position, "source": term.source, "required": term.required}
            for position, term in result.explained
        ],
        "terms": audit(result),
        "findings": [asdict(finding) for finding in result.findings],
        "usage": usage,
    }
