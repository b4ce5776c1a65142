"""Somebody who hears of events: a small HTTP server that keeps what came and answers as a test says."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from dev.http_service import Request, Response, open_server


@dataclass
class Receiver:
    """Where events arrive; ``status`` and ``wait`` say how they are answered."""

    url: str = ""
    status: int = 200
    wait: float = 0.0
    got: list[Request] = field(default_factory=list)

    def answer(self, request: Request) -> Response:
        """Keep it and answer."""
        self.got.append(request)
        time.sleep(self.wait)
        return Response(self.status, b"{}", "application/json")


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on a free port."""
    receiver = Receiver()
    server = open_server(0, receiver.answer)
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
