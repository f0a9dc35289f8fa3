"""A server on a real socket that answers as a test tells it, well or badly."""

from __future__ import annotations

import json
import re
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, SO_LINGER, SOL_SOCKET, socket
from typing import Any

Lines = list[dict[str, Any]]
Play = Callable[["Exchange"], None]


class Exchange:
    """One request and the means to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler, number: int, body: dict[str, Any]) -> None:
        self.handler, self.number, self.body = handler, number, body
        self.headers = dict(handler.headers.items())
        self.path = handler.path

    @property
    def prompt(self) -> str:
        return str(self.body["messages"][-1]["content"])

    @property
    def lines(self) -> Lines:
        """The lines asked for, as the prompt has them."""
        found = re.findall(r'^\{"id".*\}$', self.prompt, re.MULTILINE)
        return [json.loads(line) for line in found]

    def send(
        self, data: bytes, *, status: int = 200, length: int | None = None, **headers: str
    ) -> None:
        if length is not None:
            self.handler.close_connection = True
        self.handler.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.send_header("Content-Length", str(len(data) if length is None else length))
        self.handler.end_headers()
        self.handler.wfile.write(data)

    def json(self, said: object, *, status: int = 200, **headers: str) -> None:
        self.send(json.dumps(said).encode(), status=status, **headers)

    def say(self, content: object, **choice: Any) -> None:
        """Answer as a chat completion."""
        usage = {"prompt_tokens": 10 * len(self.lines), "completion_tokens": 2 * len(self.lines)}
        message = {"role": "assistant", "content": content}
        self.json({"choices": [{"index": 0, "message": message, **choice}], "usage": usage})

    def answer(self, texts: Mapping[str, str]) -> None:
        rows = [{"id": key, "text": text} for key, text in texts.items()]
        self.say("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))

    def begin(self) -> None:
        """Begin an answer that ends when the connection does."""
        self.handler.close_connection = True
        self.handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")

    def reset(self) -> None:
        """Break the connection off without a word."""
        self.handler.connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        self.handler.close_connection = True
        self.handler.connection.close()


def english(line: Mapping[str, Any]) -> str:
    """What the server makes of a line: no Han, the terms kept, every line another."""
    terms = "".join(f" {term['write']}" for term in line.get("terms", []))
    return f"Line {sum(map(ord, line['text'])) % 9973}{terms}."


def well(exchange: Exchange) -> None:
    exchange.answer({line["id"]: english(line) for line in exchange.lines})


def late(exchange: Exchange) -> None:
    time.sleep(0.3)
    well(exchange)


class Server:
    """Plays what it is given, one piece a request; the last piece is played on and on."""

    def __init__(self, plays: Sequence[Play]) -> None:
        self.plays = list(plays)
        self.seen: list[Exchange] = []
        self._lock = threading.Lock()
        self._open: list[socket] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def setup(self) -> None:
                super().setup()
                server._open.append(self.connection)

            def finish(self) -> None:
                with suppress(OSError):  # who asked may be gone
                    super().finish()
                self.rfile.close()

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with server._lock:
                    exchange = Exchange(self, len(server.seen), body)
                    server.seen.append(exchange)
                server.plays[min(exchange.number, len(server.plays) - 1)](exchange)

            def log_message(self, *_: object) -> None: ...

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None: ...  # who asked may be gone

        self._http = Quiet(("127.0.0.1", 0), Handler)
        self.port = self._http.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"

    @contextmanager
    def running(self) -> Iterator[Server]:
        thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._http.shutdown()
            for connection in self._open:
                with suppress(OSError):  # closed long ago
                    connection.shutdown(SHUT_RDWR)
            self._http.server_close()
            thread.join()
