"""What a cluster's worker does: make outputs from what a task brings along, and write nothing.

Each worker process keeps one workbench for a run, so that its engines are loaded once for all
threads and jobs.
"""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock

import dramaloc
from dramaloc.batch.crew import JobFailed, Made, Task
from dramaloc.batch.remember import Remembered
from dramaloc.batch.run import attempt
from dramaloc.batch.workbench import Workbench
from dramaloc.engines.engine import Usage, since
from dramaloc.errors import DramalocError
from dramaloc.stages.localization import Progress

Need = tuple[str, str, str, str]  # language, market, and the fingerprints of its pack and engine

_MOST_BENCHES = 4  # of runs at the same time; those whose client was killed go when others come
_benches: dict[str, Workbench] = {}
_left: set[str] = set()
_sound: set[tuple[str, Need]] = set()
_lock = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfit:
    """What a worker says that would not make the same bytes as the machine that asks."""

    faults: tuple[str, ...]


class _LeftError(Exception):
    """Raised inside a job that nobody waits for any more."""


def pack(bench: Workbench) -> bytes:
    """Put together what a worker makes a workbench of; people's tables go along as terms."""
    options = replace(bench.options, tables=(), memory=Remembered(), template=None)
    return pickle.dumps((options, bench.series()))


def need(bench: Workbench, language: str, code: str) -> Need:
    """Say by what the bytes are decided that come of a language and a market."""
    market = bench.market(code)
    return language, code, market.whole_fingerprint, bench.signature(language, market)


def do_there(run: str, kit: bytes, task: Task) -> tuple[Made | JobFailed | Unfit, str, Usage]:
    """Make what a task asks for; also say where it was done and what engines used for it."""
    from distributed import get_worker

    def watch(_progress: Progress) -> None:
        if run in _left:
            raise _LeftError

    where, entry = get_worker().address, task.made_from
    wanted = (task.job.language, entry.market, entry.market_fingerprint, entry.engine)
    # Workers may join at any time, before anybody has asked them.
    if entry.dramaloc != dramaloc.__version__:
        return Unfit(faults=(f"runs dramaloc {dramaloc.__version__}: start it again",)), where, {}
    if faults := faults_there(run, kit, [wanted]):
        return Unfit(faults=tuple(faults)), where, {}
    bench = _bench(run, kit)
    before = bench.used_here()
    made = attempt(task, watch, bench)
    return made, where, since(before, bench.used_here())


def faults_there(run: str, kit: bytes, needs: Sequence[Need]) -> list[str]:
    """Say what is to be installed here so that jobs give the same bytes as elsewhere."""
    bench = _bench(run, kit)
    found: list[str] = []
    for wanted in needs:
        if (run, wanted) not in _sound:
            faults = compare(bench, wanted)
            found += [fault for fault in faults if fault not in found]
            if not faults:
                _sound.add((run, wanted))
    return found


def compare(bench: Workbench, wanted: Need) -> list[str]:
    """Hold what is here against what is wanted."""
    language, code, pack_print, engine = wanted
    try:
        here = need(bench, language, code)
    except DramalocError as error:
        return [str(error)]
    faults = []
    if here[2] != pack_print:
        faults.append(f"its pack {code} is another: install the same build of dramaloc")
    elif here[3] != engine:
        faults.append(f"it would use {here[3]} for {code}: install what is here, {engine}")
    return faults


def leave_there(run: str) -> None:
    """Forget a run; jobs of it that are still at work stop at their next step."""
    with _lock:
        _left.add(run)
        bench = _benches.pop(run, None)
    if bench is not None:
        bench.break_off()


def _bench(run: str, kit: bytes) -> Workbench:
    with _lock:
        if run in _left:
            raise _LeftError
        if run not in _benches:
            options, series = pickle.loads(kit)  # noqa: S301  # from our own other half
            while len(_benches) >= _MOST_BENCHES:
                _benches.pop(next(iter(_benches)))
            _benches[run] = Workbench(options, _series=series)
        return _benches[run]
