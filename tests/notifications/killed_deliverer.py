"""A deliverer that is killed by the system in the middle of its work; run as its own process by the crash test.

Arguments: database address, home, ledger file, which send dies, and whether the bytes had left ("after") or not.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from datetime import datetime
from functools import partial
from pathlib import Path

from db.session import transaction
from notifications.channels import Envelope, Receipt
from notifications.delivery import deliver_due
from tests.notifications.chase_world import CALENDAR, RecordingChannel, at, on, settings_for


class DeadlyChannel(RecordingChannel):
    """Writes each message into a ledger that outlives the process; one of them is the last."""

    def __init__(self, ledger: Path, last: int, after: bool) -> None:
        super().__init__("zalo")
        self._ledger, self._last, self._after = ledger, last, after
        self._count = 0
        self._turn = threading.Lock()

    def send(self, envelope: Envelope, now: datetime) -> Receipt:
        """Take the message, or die before or after taking it."""
        with self._turn:
            self._count += 1
            dies = self._count == self._last
            if dies and not self._after:
                os.kill(os.getpid(), signal.SIGKILL)
            descriptor = os.open(self._ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            os.write(descriptor, f"{envelope.outbox_id}\n".encode())
            os.close(descriptor)
            if dies:
                os.kill(os.getpid(), signal.SIGKILL)
        return Receipt(None, "đã nhận")


def main(url: str, home: str, ledger: str, last: str, moment: str) -> None:
    """Deliver until killed."""
    channel = DeadlyChannel(Path(ledger), int(last), moment == "after")
    settings = settings_for(Path(home), url)
    now = at(on("18/3"), "08:20")
    deliver_due(partial(transaction, url), {"zalo": channel}, lambda: now, settings, calendar=CALENDAR, workers=3)


if __name__ == "__main__":
    main(*sys.argv[1:6])
