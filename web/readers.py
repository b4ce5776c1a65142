"""The readers of uploads: two threads of the web server, so that a scan of many pages holds no request.

A request waits some seconds for its file; what takes longer goes on behind it. The files themselves are the queue
(`plans.uploads`): what a stopped server left unread is taken up when it starts, when somebody looks at its page, or
by the flow `read_plan`.
"""

from __future__ import annotations

import logging
import queue
import threading

from plans import uploads
from plans.upload_reading import read_upload
from plans.uploads import Upload
from web.edge import Edge

log = logging.getLogger("dondoc.web")
# Recognizing letters keeps two cores busy; a second file may be small.
THREADS = 2
# Seconds that a request waits for its file before the officer is shown that it takes longer.
PATIENCE = 6.0


class Readers:
    """Reads each upload once at a time. The threads start with the first file and end with the process."""

    def __init__(self, edge: Edge) -> None:
        self._edge = edge
        self._queue: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._pending: dict[str, threading.Event] = {}
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def ask(self, number: str) -> threading.Event:
        """Have an upload read; the event tells when that is over."""
        with self._lock:
            if number not in self._pending:
                self._pending[number] = threading.Event()
                self._queue.put(number)
                self._start()
            return self._pending[number]

    def read(self, upload: Upload, patience: float | None = None) -> Upload:
        """An upload as it is when it has been read, or when the time is over."""
        self.ask(upload.id).wait(PATIENCE if patience is None else patience)
        return uploads.find(self._edge.settings.home, upload.id) or upload

    def resume(self) -> None:
        """Take up what was left unread, and remove what nobody decided on."""
        home = self._edge.settings.home
        uploads.sweep(home, self._edge.now())
        for upload in uploads.all_uploads(home):
            if upload.state == "waiting":
                self.ask(upload.id)

    def _start(self) -> None:
        if len(self._threads) < THREADS:
            # Daemons: a server that is told to stop does not wait for a scan; the file is read at the next start.
            thread = threading.Thread(target=self._work, name="reader", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        while True:
            number = self._queue.get()
            try:
                self._read(number)
            except Exception:
                # It still waits on disk, and is asked for again by its page.
                log.exception("reading the upload %s", number)
            with self._lock:
                self._pending.pop(number).set()

    def _read(self, number: str) -> None:
        edge = self._edge
        upload = uploads.find(edge.settings.home, number)
        if upload is not None:
            read_upload(upload, edge.transaction, edge.settings, edge.calendar(), edge.now())
