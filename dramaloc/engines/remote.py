"""What engines over HTTP have in common: lines asked in parts, checked, asked again, kept.

Lines go out in rounds. What a round leaves open goes into the next one in parts half as large,
down to single lines. So the outcome hangs on what was answered, never on which answer came first.
"""

from __future__ import annotations

import os
import threading
from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from dramaloc.engines.answers import Answers, key_of
from dramaloc.engines.config import EngineConfig
from dramaloc.engines.engine import (
    Candidate,
    PlainEngine,
    Request,
    StoppedError,
    Usage,
    nothing_done,
)
from dramaloc.engines.http import BudgetError, Client, Clock, Manners, UnusableError, is_loopback
from dramaloc.engines.replies import Reading
from dramaloc.engines.threads import in_order
from dramaloc.errors import EngineError, SettingsError

_ALONE = 2  # tries of a line by itself; the second time it is told what was wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The keys that every `[engines.NAME]` over HTTP may have; `key_env` names a variable."""

    url: str = ""
    key_env: str = ""
    timeout_s: float = 60.0
    deadline_s: float = 180.0
    tries: int = 4
    max_requests: int = 0
    requests_per_minute: float = 0.0
    concurrency: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Lines asked together, by id; `note` says what was wrong with the last answer."""

    lines: Mapping[str, Request]
    tried: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer that was read, and the tokens it took."""

    reading: Reading
    tokens: Mapping[str, int] = field(default_factory=dict)


@dataclass
class _Work:
    """One call to `translate`, as far as it has come."""

    lines: Mapping[str, Request]
    source: str
    target: str
    texts: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    stopped: EngineError | None = None


class RemoteEngine(PlainEngine):
    """An engine behind an address; one that follows says how to `ask` for a part."""

    batch_lines = 1

    def __init__(
        self,
        config: EngineConfig,
        service: Service,
        *,
        answers: Answers | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.name = config.name
        self.config, self.service = config, service
        self.answers = Answers() if answers is None else answers
        self.key = _key(config, service.key_env)
        self.client = Client(
            name=config.name,
            url=_address(config, service.url),
            headers=self.headers(),
            secret=self.key,
            manners=_manners(config, service),
            clock=clock or Clock(),
        )
        self._turn = threading.Lock()  # episodes at work at the same time wait for one another
        self._all: Counter[str] = Counter(requests=0, kept=0)
        self._here = threading.local()

    @abstractmethod
    def ask(self, part: Part, source: str, target: str) -> Reply:
        """Ask for a part and read the answer. Raises `EngineError`."""

    def headers(self) -> dict[str, str]:
        """Return what goes out with every request."""
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}

    def notice(self, source: str, target: str) -> str:  # noqa: ARG002  # the protocol's
        key = f", with the key in {self.service.key_env}" if self.key else ""
        plain = self.client.url.startswith("http:") and not is_loopback(self.client.url)
        open_key = "; the key goes there unencrypted" if key and plain else ""
        where = f" ({self.config.path})" if self.config.path else ""
        return f"{self.name} sends the lines to {self.client.host}{key}{open_key}{where}"

    def used(self) -> Usage:
        return {self.name: dict(self._all)}

    def used_here(self) -> Usage:
        return {self.name: dict(getattr(self._here, "counts", self._none()))}

    def break_off(self) -> None:
        self.client.close()

    def _none(self) -> Counter[str]:
        return Counter(dict.fromkeys(("requests", "kept"), 0))

    def _count(self, what: str, number: int) -> None:
        if not hasattr(self._here, "counts"):
            self._here.counts = self._none()
        self._all[what] += number
        self._here.counts[what] += number

    def translate(
        self,
        requests: Sequence[Request],
        source: str,
        target: str,
        done: Callable[[int], None] = nothing_done,
    ) -> list[tuple[Candidate, ...]]:
        unique = list(dict.fromkeys(requests))
        lines = {str(number): request for number, request in enumerate(unique, 1)}
        work = _Work(lines=lines, source=source, target=target)
        with self._turn:
            self._recall(work)
            done(len(work.texts) + len(requests) - len(unique))
            before = self.client.requests
            try:
                self._run(work, done)
            finally:
                self._count("requests", self.client.requests - before)
                self.client.rest()
        by_request = {request: _candidates(work, key) for key, request in lines.items()}
        found = [by_request[request] for request in requests]
        if work.stopped:
            raise StoppedError(work.stopped, found) from work.stopped
        return [each for each in found if each is not None]

    def _recall(self, work: _Work) -> None:
        keys = self._keys(work, work.lines)
        known = self.answers.get(keys.values())
        work.texts = {number: known[key] for number, key in keys.items() if key in known}
        self._count("kept", len(work.texts))

    def _keys(self, work: _Work, numbers: Iterator[str] | Mapping[str, object]) -> dict[str, str]:
        signature = self.signature(work.source, work.target)
        return {
            number: key_of(signature, work.lines[number], work.source, work.target)
            for number in numbers
        }

    def _run(self, work: _Work, done: Callable[[int], None]) -> None:
        open_lines = {key: line for key, line in work.lines.items() if key not in work.texts}
        pending = list(_parts(open_lines, self.batch_lines))
        while pending and work.stopped is None:
            left = self.client.left
            granted = pending if left is None else pending[: max(1, left)]
            later = pending[len(granted) :]
            for part, outcome in zip(granted, self._round(granted, work), strict=True):
                before = len(work.texts) + len(work.faults)
                again = self._settle(part, outcome, work)
                later += again
                done(len(work.texts) + len(work.faults) - before)
            pending = later

    def _round(self, parts: Sequence[Part], work: _Work) -> Iterator[Reply | EngineError]:
        """Ask for all parts, a few at a time; answers come in the order of the parts."""

        def one(part: Part) -> Reply | EngineError:
            try:
                return self.ask(part, work.source, work.target)
            except EngineError as error:
                return error

        return in_order(one, parts, self.service.concurrency, self.client.closed)

    def _settle(self, part: Part, outcome: Reply | EngineError, work: _Work) -> list[Part]:
        """Take what an answer brought; return what has to be asked again."""
        if isinstance(outcome, UnusableError):
            return self._refused(part, outcome, work)
        if isinstance(outcome, EngineError):
            if work.stopped is None or isinstance(work.stopped, BudgetError):
                work.stopped = outcome
            return []
        for name, count in outcome.tokens.items():
            self._count(name, count)
        texts = dict(outcome.reading.texts)
        keys = self._keys(work, texts)
        self.answers.put({keys[number]: text for number, text in texts.items()})
        work.texts |= texts
        return self._again(part, outcome.reading.faults, work)

    def _refused(self, part: Part, error: UnusableError, work: _Work) -> list[Part]:
        """Less may pass; but a service that has never taken anything is not asked line by line."""
        if len(part.lines) == 1 and not work.texts:
            work.stopped = error
            return []
        if not work.texts and not part.tried:
            first, *_ = part.lines
            alone = {first: part.lines[first]}
            rest = {key: line for key, line in part.lines.items() if key != first}
            return [Part(lines=alone, tried=_ALONE - 1), Part(lines=rest, tried=1)]
        return self._again(part, dict.fromkeys(part.lines, error.message), work)

    def _again(self, part: Part, faults: Mapping[str, str], work: _Work) -> list[Part]:
        left = {key: line for key, line in part.lines.items() if key in faults}
        if not left:
            return []
        if len(part.lines) > 1:
            return list(_parts(left, max(1, len(part.lines) // 2)))
        (fault,) = set(faults.values())
        if part.tried + 1 < _ALONE:
            return [Part(lines=left, tried=part.tried + 1, note=fault)]
        work.faults |= faults
        return []


def _candidates(work: _Work, key: str) -> tuple[Candidate, ...] | None:
    if key in work.texts:
        return (Candidate(text=work.texts[key]),)
    if key in work.faults:
        return (Candidate(text=work.lines[key].text, fault=work.faults[key]),)
    return None


def _parts(lines: Mapping[str, Request], most: int) -> Iterator[Part]:
    listed = list(lines.items())
    for start in range(0, len(listed), most):
        yield Part(lines=dict(listed[start : start + most]))


def _address(config: EngineConfig, url: str) -> str:
    """Check an address. What it must not hold is left out of the error: it may be a key."""
    try:
        parts = urlsplit(url)
        host, user = parts.hostname, parts.username or parts.password
        parts.port  # noqa: B018  # raises for what is no port
    except ValueError:
        raise config.refuse("url is no address", "Write it like http://localhost:8000/v1") from None
    if parts.scheme not in ("http", "https") or not host:
        raise config.refuse("url is no address", "Write it like http://localhost:8000/v1")
    if user or parts.query or parts.fragment:
        raise config.refuse(
            "url holds more than an address", 'Put the key in a variable and name it: key-env = "…"'
        )
    return url.rstrip("/")


def _key(config: EngineConfig, variable: str) -> str:
    if not variable:
        return ""
    key = os.environ.get(variable, "").strip()
    if not key:
        raise SettingsError(
            f"{config.name} needs its key in the environment variable {variable}",
            path=config.path,
            hint=f"Set {variable}; the key itself belongs in no file",
        )
    if not (key.isascii() and key.isprintable()):
        raise config.refuse(f"{variable} holds characters that no key has", "Set it anew")
    return key


def _manners(config: EngineConfig, service: Service) -> Manners:
    for name in ("timeout_s", "deadline_s", "tries", "concurrency"):
        if not getattr(service, name) > 0:
            raise config.refuse(f"{name} is {getattr(service, name)}", "It must be more than 0")
    budgets = [most for most in (config.max_requests, service.max_requests or None) if most]
    return Manners(
        timeout_s=service.timeout_s,
        deadline_s=service.deadline_s,
        tries=service.tries,
        max_requests=budgets[0] if budgets else None,
        requests_per_minute=service.requests_per_minute or None,
    )
