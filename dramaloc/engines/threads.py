"""A few calls at a time, their results in order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from queue import SimpleQueue
from typing import TypeVar

from dramaloc.errors import EngineError

_PATIENCE_S = 0.2

Given = TypeVar("Given")
Found = TypeVar("Found")


def in_order(
    call: Callable[[Given], Found], items: Sequence[Given], at_once: int, stop: threading.Event
) -> Iterator[Found]:
    """Call for each item, at most `at_once` at a time; yield what they return, in their order.

    The threads die with the program, so that Ctrl-C need not wait for a slow server, as it
    would have to with `concurrent.futures`' own. Raises `EngineError` when told to `stop`.
    """
    futures: list[Future[Found]] = [Future() for _ in items]
    queue: SimpleQueue[tuple[Given, Future[Found]]] = SimpleQueue()
    for each in zip(items, futures, strict=True):
        queue.put(each)

    def work() -> None:
        while not (stop.is_set() or queue.empty()):
            try:
                item, future = queue.get_nowait()
            except Exception:  # noqa: BLE001  # another thread was quicker
                return
            try:
                future.set_result(call(item))
            except BaseException as error:  # noqa: BLE001  # it is raised where it is awaited
                future.set_exception(error)

    for _ in range(min(at_once, len(items))):
        threading.Thread(target=work, daemon=True).start()
    for future in futures:
        while not future.done():
            wait([future], _PATIENCE_S)
            if stop.is_set() and not future.done():
                raise EngineError("broken off")
        yield future.result()
