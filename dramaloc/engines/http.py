"""One small client for services that translate: deadlines, retries, rate limits, a budget.

Nothing of the key ever stands in an error: servers like to repeat what they were sent.
"""

from __future__ import annotations

import json
import re
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from dramaloc.errors import EngineError

if TYPE_CHECKING:
    import httpx

_MAX_BYTES = 8 * 1024 * 1024  # an answer to twenty lines has a few thousand
_WAITS_S = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
_TOO_MUCH = frozenset({400, 413, 414, 422})  # what was sent is at fault: less of it may pass
_NO_KEY = frozenset({401, 403})
_LOOPBACK = re.compile(r"localhost|127\.\d+\.\d+\.\d+|::1")
_MOST_SAID = 160


class UnusableError(EngineError):
    """The service refused what was sent, which smaller parts may mend."""


class BudgetError(EngineError):
    """As many requests were made as the user allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The time in seconds, and how to wait; `wait` returns early when its event is set."""

    now: Callable[[], float] = time.monotonic
    today: Callable[[], float] = time.time
    wait: Callable[[threading.Event, float], bool] = threading.Event.wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How to treat a service. `timeout_s` is for one try, `deadline_s` for all tries together."""

    timeout_s: float = 60.0
    deadline_s: float = 180.0
    tries: int = 4
    max_requests: int | None = None
    requests_per_minute: float | None = None


class _Failure(Exception):  # noqa: N818  # never leaves this module
    def __init__(self, message: str, *, again: bool = True, wait_s: float | None = None) -> None:
        super().__init__(message)
        self.message, self.again, self.wait_s = message, again, wait_s


@dataclass
class Client:
    """Posts JSON to one service and returns JSON, from several threads if need be."""

    name: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    secret: str = ""
    manners: Manners = Manners()
    clock: Clock = Clock()
    requests: int = 0
    _next_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    closed: threading.Event = field(default_factory=threading.Event)

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def left(self) -> int | None:
        """How many requests the budget still allows; None if there is none."""
        most = self.manners.max_requests
        return None if most is None else max(0, most - self.requests)

    @cached_property
    def _http(self) -> httpx.Client:
        import httpx

        # A proxy must not see what is meant for this machine; redirects would carry the key on.
        return httpx.Client(
            timeout=self.manners.timeout_s,
            follow_redirects=False,
            trust_env=not is_loopback(self.url),
            verify=self._trust,
            headers={"Accept": "application/json", **self.headers},
        )

    @cached_property
    def _trust(self) -> ssl.SSLContext | bool:
        """Whom to trust; reading all certificates takes longer than many an answer."""
        import httpx

        return httpx.create_ssl_context() if self.url.startswith("https:") else False

    def rest(self) -> None:
        """Let go of the connections; the next request makes new ones."""
        if "_http" in self.__dict__:
            self.__dict__.pop("_http").close()

    def close(self) -> None:
        """Let nobody begin or wait any longer."""
        self.closed.set()

    def post(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        """Post and return the answer, trying again where that may help.

        Raises `UnusableError` if less should be sent, `BudgetError`, else `EngineError`.
        """
        if self.closed.is_set():
            raise EngineError(f"{self.name} was broken off")
        begun = self.clock.now()
        for number in range(1, self.manners.tries + 1):
            self._take_turn()
            try:
                return self._try(path, body)
            except _Failure as failure:
                wait = _WAITS_S[min(number, len(_WAITS_S)) - 1]
                wait = wait if failure.wait_s is None else failure.wait_s
                late = self.clock.now() + wait - begun > self.manners.deadline_s
                if not failure.again or late or number == self.manners.tries:
                    raise self._error(failure, number, wait if late else 0.0) from None
            if self.clock.wait(self.closed, wait):
                raise EngineError(f"{self.name} was broken off")
        raise EngineError(f"{self.name} was never asked")

    def _take_turn(self) -> None:
        """Count a request against the budget, and keep the pace."""
        with self._lock:
            if self.left == 0:
                raise BudgetError(
                    f"the budget of {self.manners.max_requests} requests to {self.name} is spent",
                    hint="Run again with a higher --max-requests; answers so far are kept",
                )
            self.requests += 1
            pace = self.manners.requests_per_minute
            now = self.clock.now()
            at = max(now, self._next_at)
            self._next_at = at + (60 / pace if pace else 0)
        if at > now:
            self.clock.wait(self.closed, at - now)

    def _try(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        import httpx

        ends = self.clock.now() + self.manners.timeout_s
        try:
            with self._http.stream("POST", self.url + path, json=body) as response:
                data = self._read(response, ends)
        except httpx.TimeoutException:
            raise _Failure(f"gave no answer within {self.manners.timeout_s:g} seconds") from None
        except (httpx.TransportError, httpx.StreamError) as error:
            raise _Failure(f"cannot be reached or broke off ({self.clean(str(error))})") from None
        except (httpx.HTTPError, RuntimeError, ValueError) as error:  # closed, or a bad header
            raise _Failure(f"failed ({self.clean(str(error))})", again=False) from None
        self._judge(response, data)
        return self._parsed(response, data)

    def _read(self, response: httpx.Response, ends: float) -> bytes:
        """Read an answer that may be endless, in size or in time."""
        data = bytearray()
        for piece in response.iter_bytes():
            data += piece
            if len(data) > _MAX_BYTES:
                raise _Failure(f"sent more than {_MAX_BYTES // 1024 // 1024} MB", again=False)
            if self.clock.now() > ends:
                raise _Failure(f"was not done within {self.manners.timeout_s:g} seconds")
        return bytes(data)

    def _judge(self, response: httpx.Response, data: bytes) -> None:
        status = response.status_code
        if response.is_success:
            return
        said = f"answered {status}{self._said(data)}"
        if status in _TOO_MUCH:
            raise UnusableError(f"{self.name} {said}")
        if status in _NO_KEY:
            raise _Failure(f"{said}; is its key right?", again=False)
        if response.is_redirect:
            place = urlsplit(response.headers.get("location", ""))
            raise _Failure(f"sends on to {place.netloc or place.path}", again=False)
        wait = self._asked_to_wait(response.headers.get("retry-after", ""))
        raise _Failure(said, again=status in _AGAIN, wait_s=wait)

    def _asked_to_wait(self, header: str) -> float | None:
        """Read Retry-After: seconds, or a date."""
        if re.fullmatch(r"\d{1,9}", header.strip()):
            return float(header)
        try:
            return max(0.0, parsedate_to_datetime(header).timestamp() - self.clock.today())
        except (ValueError, TypeError, OverflowError):
            return None

    def _parsed(self, response: httpx.Response, data: bytes) -> dict[str, Any]:
        try:
            found = json.loads(data)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            kind = self.clean(response.headers.get("content-type", "no content type"))
            raise _Failure(f"answered no JSON object but {kind}{self._said(data)}")
        return found

    def _said(self, data: bytes) -> str:
        """Quote what a server said in its error, short, on one line, without the key."""
        text = data[: 64 * 1024].decode(errors="replace")
        try:
            error = json.loads(text)
            while isinstance(error, dict):
                error = next((error[k] for k in ("error", "message", "detail") if k in error), "")
            text = str(error)
        except (ValueError, RecursionError):
            text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]{0,200}>", " ", text, flags=re.DOTALL)
        said = self.clean(text)
        return f": {said}" if said else ""

    def clean(self, text: str) -> str:
        """Make a text fit to be shown: without the key, on one line, not too long."""
        for form in (self.secret, quote(self.secret, safe="")):
            text = text.replace(form, "***") if form else text
        text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        return text if len(text) <= _MOST_SAID else f"{text[:_MOST_SAID]}…"

    def _error(self, failure: _Failure, tries: int, late_s: float) -> EngineError:
        often = f" ({tries} tries)" if tries > 1 else ""
        late = f"; to wait {late_s:g} s more is past its deadline" if late_s else ""
        return EngineError(
            f"{self.name} at {self.host} {failure.message}{often}{late}",
            hint="Answers so far are kept; run again, or name an engine behind it: "
            f"--engine {self.name},argos",
        )


def is_loopback(url: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        return bool(_LOOPBACK.fullmatch(urlsplit(url).hostname or ""))
    except ValueError:
        return False
