"""The thread of the web server that acts on what the webhooks were told, so that Zalo is answered within 2 seconds.

What is told lies on disk before it is answered (`submissions.inbound.spool`), so a stopped server loses nothing: the
next start takes it up.
"""

from __future__ import annotations

import logging
import threading
from typing import cast

from fastapi import Request

from db.queries.inbound_queries import left_behind
from submissions.inbound.spool import drain, waiting
from web.edge import Edge

log = logging.getLogger("dondoc.web")
# Seconds until what could not be done is tried again.
AGAIN = 30.0


class InboundHands:
    """Drains the spool whenever asked. The thread starts with the first need and ends with the process."""

    def __init__(self, edge: Edge) -> None:
        self._edge = edge
        self._asked = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def ask(self) -> None:
        """Have the spool drained soon."""
        self._asked.set()
        with self._lock:
            if self._thread is None:
                # A daemon: a server that is told to stop waits for nobody; what is left is taken up at its next start.
                self._thread = threading.Thread(target=self._work, name="inbound", daemon=True)
                self._thread.start()

    def resume(self) -> None:
        """Take up what a stopped server left."""
        if self._left():
            self.ask()

    def _left(self) -> bool:
        """Whether anything waits to be taken in or acted on."""
        if waiting(self._edge.settings.home):
            return True
        try:
            with self._edge.reading() as session:
                return bool(left_behind(session, 1))
        except Exception:
            # A database that is not there yet is told elsewhere; the server must start.
            log.warning("cannot look for inbound messages that were left")
            return False

    def _work(self) -> None:
        left = False
        while True:
            self._asked.wait(AGAIN if left else None)
            self._asked.clear()
            self._drain()
            left = self._left()

    def _drain(self) -> None:
        edge = self._edge
        try:
            drain(edge.transaction, edge.now(), edge.calendar(), edge.settings)
        except Exception as error:
            # It still waits on disk or in its row; the words of the error may hold a person's.
            log.error("draining inbound messages: %s", type(error).__name__)  # noqa: TRY400


def hands_of(request: Request) -> InboundHands:
    """The hands of the application that serves a request."""
    return cast(InboundHands, request.app.state.hands)
