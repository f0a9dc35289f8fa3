"""What `localize` has done, at its end: for people a table, for programs everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from types import MappingProxyType

from dramaloc.batch.crew import Ended, JobDone, JobFailed
from dramaloc.cli.answer import (
    DONE,
    FINDINGS,
    JOBS_FAILED,
    USAGE,
    Answer,
    harmless,
    problem,
    say,
)
from dramaloc.cli.table import escape, table
from dramaloc.engines.engine import Usage
from dramaloc.errors import InputError
from dramaloc.quality.finding import SEVERITIES

_MOST_ROWS = 24  # a terminal's height; beyond it a row a market says more


def summary(ended: Sequence[Ended], fail_on: str, usage: Usage = MappingProxyType({})) -> Answer:
    """Say how every job ended; findings at or above `fail_on` decide the exit code.

    `usage` is what engines took.
    """
    done = [end for end in ended if isinstance(end, JobDone)]
    failed = [end for end in ended if isinstance(end, JobFailed)]
    for end in failed:
        say(f"Error: {harmless(str(end.error))}")
    limit = SEVERITIES.index(fail_on) + 1 if fail_on in SEVERITIES else 0
    found = any(end.entry.counts[name] for end in done for name in SEVERITIES[:limit])
    data = {
        "outputs": [
            {
                "path": str(end.job.output),
                "unchanged": end.unchanged,
                **asdict(end.entry),
                "terms": None if end.unchanged else end.terms,
            }
            for end in done
        ],
        "failed": [
            {
                "input": str(end.job.source),
                "market": end.job.market,
                "error": problem(end.error),
            }
            for end in failed
        ],
        "usage": usage,
    }
    if failed and not done and all(isinstance(end.error, InputError) for end in failed):
        # Nothing could be read: the caller's mistake, and no run that half succeeded.
        return Answer(data=data, exit_code=USAGE, error=failed[0].error)
    code = JOBS_FAILED if failed else FINDINGS if found else DONE
    return Answer(text=_table(done) if done else "", data=data, exit_code=code)


def _table(done: Sequence[JobDone]) -> str:
    if len(done) > _MOST_ROWS:
        return _by_market(done)
    columns = ["output", "market", ">cues", ">terms kept", ">errors", ">warnings", "state"]
    rows = [
        (
            escape(str(end.job.output)),
            end.job.market,
            str(end.entry.counts["cues"]),
            f"{end.entry.counts['terms_kept']}/{end.entry.counts['terms_required']}",
            str(end.entry.counts["error"]),
            str(end.entry.counts["warning"]),
            "unchanged" if end.unchanged else "written",
        )
        for end in done
    ]
    return table("Localized", columns, rows)


def _by_market(done: Sequence[JobDone]) -> str:
    columns = ["market", ">outputs", ">cues", ">terms kept", ">errors", ">warnings", ">unchanged"]
    rows = []
    for market in dict.fromkeys(end.job.market for end in done):
        ends = [end for end in done if end.job.market == market]
        count = {name: sum(end.entry.counts[name] for end in ends) for name in ends[0].entry.counts}
        rows.append(
            (
                market,
                str(len(ends)),
                str(count["cues"]),
                f"{count['terms_kept']}/{count['terms_required']}",
                str(count["error"]),
                str(count["warning"]),
                str(sum(end.unchanged for end in ends)),
            )
        )
    return table("Localized", columns, rows)
