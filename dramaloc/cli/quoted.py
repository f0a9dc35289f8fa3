"""What `localize --dry-run` answers: how much work there is, market by market."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from dramaloc.batch.crew import Ended, JobDone, JobFailed, Task
from dramaloc.batch.quote import BANDS, NEW, REPEATED, Quote, quote, total
from dramaloc.batch.workbench import Workbench
from dramaloc.cli.answer import DONE, JOBS_FAILED, Answer, harmless, problem, say
from dramaloc.cli.table import table


def quoted(examined: Sequence[Task | Ended], bench: Workbench) -> Answer:
    """Quote the jobs that are to be done; those that cannot be are named."""
    failed = [each for each in examined if isinstance(each, JobFailed)]
    for end in failed:
        say(f"Error: {harmless(str(end.error))}")
    unchanged = [each.job for each in examined if isinstance(each, JobDone)]
    quotes = quote((each for each in examined if isinstance(each, Task)), bench)
    data = {
        "unchanged": [str(job.output) for job in unchanged],
        "failed": [
            {"input": str(end.job.source), "market": end.job.market, "error": problem(end.error)}
            for end in failed
        ],
        "markets": [asdict(each) for each in quotes],
        "total": asdict(total(quotes)),
    }
    text = _table(quotes, remembers=bench.options.memory.path is not None) if quotes else ""
    if unchanged:
        outputs = "1 output is" if len(unchanged) == 1 else f"{len(unchanged)} outputs are"
        text += f"\n{outputs} up to date."
    return Answer(text=text.strip(), data=data, exit_code=JOBS_FAILED if failed else DONE)


def _table(quotes: Sequence[Quote], *, remembers: bool) -> str:
    """Lay the quotes out, with what the memory knows where there is one."""
    bands = BANDS if remembers else (REPEATED, NEW)
    columns = ["market", ">outputs", ">cues", ">words", *(f">{band}" for band in bands)]
    rows = [
        (
            each.market,
            f"{each.outputs:,}",
            f"{each.cues:,}",
            f"{each.words:,}",
            *(f"{each.bands[band]:,}" for band in bands),
        )
        for each in (*quotes, *([total(quotes)] if len(quotes) > 1 else []))
    ]
    return table("To be done, in words of the source", columns, rows)
