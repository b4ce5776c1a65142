"""The small HTTP server under both doubles: routes, JSON, and replies that can be broken on purpose."""

from __future__ import annotations

import json
import re
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Json = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """One request as it came: header names in lower case, query values as their first value."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Json:
        """The body as a JSON object; an empty one for anything else."""
        try:
            parsed = json.loads(self.body or b"{}")
        except ValueError:
            return {}
        return parsed if isinstance(parsed, dict) else {}

    def form(self) -> dict[str, str]:
        """The body as an HTML form."""
        return {name: values[0] for name, values in parse_qs(self.body.decode("utf-8", "replace")).items()}


@dataclass(frozen=True)
class Response:
    """What goes back. ``reset`` closes the connection hard instead of answering."""

    status: int = 200
    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    reset: bool = False


Route = Callable[[Request, str], Response]


def json_response(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON reply."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return Response(status, body, "application/json; charset=utf-8", headers or {})


def page_response(html: str, status: int = 200) -> Response:
    """An HTML page."""
    return Response(status, html.encode())


class Routes:
    """Method and path pattern to a function; the pattern's first group is handed on."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], Route]] = []

    def add(self, method: str, pattern: str, route: Route) -> None:
        """Register a route; earlier ones win."""
        self._routes.append((method, re.compile(pattern), route))

    def answer(self, request: Request) -> Response:
        """The reply of the first route that fits; 404 when none does."""
        for method, pattern, route in self._routes:
            found = pattern.fullmatch(request.path)
            if method == request.method and found:
                return route(request, unquote(found.group(1)) if found.groups() else "")
        return json_response({"error": "no such path", "path": request.path}, 404)


class _Handler(BaseHTTPRequestHandler):
    """One connection; HTTP/1.1 with keep-alive as real servers have."""

    protocol_version = "HTTP/1.1"
    answer: Callable[[Request], Response]
    # Headers and body leave in one write: two small writes would wait 40 ms for each other's acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        del format, args

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(
            self.command,
            parts.path,
            {name: values[0] for name, values in parse_qs(parts.query).items()},
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(length),
        )
        response = type(self).answer(request)
        if response.reset:
            self._reset()
        else:
            self._write(response)

    def _write(self, response: Response) -> None:
        self.send_response(response.status)
        self.send_header("Content-Type", response.kind)
        self.send_header("Content-Length", str(len(response.body)))
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(response.body)

    def _reset(self) -> None:
        """Close with RST: the peer sees "connection reset", not an orderly end."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        # The base class flushes and closes what is gone already.
        self.wfile = open_nowhere()


def open_nowhere() -> Any:
    """A writable file that keeps nothing."""
    import io

    return io.BytesIO()


class _Server(ThreadingHTTPServer):
    """A thread a connection, none of which holds up the end of the process; a long queue for bursts."""

    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no fault of the double."""
        import sys

        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def open_server(port: int, answer: Callable[[Request], Response]) -> ThreadingHTTPServer:
    """A server on 127.0.0.1 (port 0: any free one), not yet serving."""
    handler = type("Handler", (_Handler,), {"answer": staticmethod(answer)})
    return _Server(("127.0.0.1", port), handler)
