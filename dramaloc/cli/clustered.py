"""Localizing on a cluster: what has to be said for it, and what cannot be had there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from dramaloc.batch.cluster import Cluster, connected
from dramaloc.batch.plan import Job
from dramaloc.batch.workbench import Workbench
from dramaloc.cli.answer import say
from dramaloc.cli.engines import engine_configs
from dramaloc.engines.registry import names_in
from dramaloc.errors import InputError, SettingsError
from dramaloc.settings import Settings


@contextmanager
def crew_of(
    settings: Settings, jobs: Sequence[Job], bench: Workbench, *, quiet: bool = False
) -> Iterator[Cluster | None]:
    """Get a cluster ready, if one is asked for. Raises `ClusterError`."""
    address = settings.one("scheduler")
    if not address:
        yield None
        return
    asked = settings.one("jobs")
    with connected(address, lambda line: None if quiet else say(line)) as cluster:
        cluster.prepare(jobs, bench, int(asked) if asked else None)
        yield cluster


def refuse_what_no_cluster_does(settings: Settings) -> None:
    """Raise for a cluster that only a file names, and for a budget nobody could keep there.

    A show's file may come from anybody; a scheduler gets all its lines, and to talk to one is
    to trust it.
    """
    scheduler = settings.values["scheduler"]
    if scheduler.value is None:
        return
    if scheduler.origin not in ("flag", "DRAMALOC_SCHEDULER"):
        raise SettingsError(
            f"the lines would go to the cluster at {scheduler.value}, and only this file says so",
            path=scheduler.origin,
            hint=f"Say --scheduler {scheduler.value} if you mean it",
        )
    named = names_in(settings.one("engine") or "")
    budgets = [
        config.name
        for config in engine_configs(settings)
        if config.name in named and (config.max_requests or config.options.get("max_requests"))
    ]
    if budgets or settings.one("max-requests"):
        whose = f" of engine {budgets[0]}" if budgets else ""
        raise InputError(
            f"a cluster cannot keep the budget{whose} (max-requests)",
            hint="Leave out max-requests, or --scheduler",
        )
