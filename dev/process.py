"""How a double lives as a process: it says one line when ready, and ends at SIGTERM or SIGINT."""

from __future__ import annotations

import signal
import threading
from http.server import ThreadingHTTPServer


def say_ready(server: ThreadingHTTPServer, *more: str) -> None:
    """Print ``ready http://127.0.0.1:port`` (and further addresses) as one line."""
    print(" ".join([f"ready http://127.0.0.1:{server.server_address[1]}", *more]), flush=True)


def wait_for_end() -> threading.Event:
    """An event that the first SIGTERM or SIGINT sets."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    return ended
