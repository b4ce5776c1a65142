"""The second watcher, inside the web process: when the flows are dead, somebody must still notice and say so.

Every quarter of an hour it leaves the web's own sign of life, looks for faults, queues the alerts, and, when nobody
comes for the queue, carries the alerts itself. The flow `watch_silence` in turn misses the web's sign of life.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping

from sqlalchemy.exc import SQLAlchemyError

from config.faults import ConfigFault
from config.machine import look_at_machine
from config.settings import Settings
from notifications.channels import Channel, Delivery
from notifications.channels.registry import build_channels
from notifications.job_runs import WEB, record_run
from notifications.message_figures import refresh_figures
from notifications.watch import alert_silence
from notifications.watching.standing_in import deliver_alerts, nobody_delivers
from web.edge import Edge

log = logging.getLogger(__name__)

FIRST_SECONDS = 300.0
"""After a start the runner gets time to catch up, before its silence counts."""
EVERY_SECONDS = 900.0


class Watchdog:
    """A thread that looks now and then until it is told to stop."""

    def __init__(self, edge: Edge) -> None:
        self._edge = edge
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin; the first look comes after a while."""
        self._thread.start()

    def stop(self) -> None:
        """End without waiting for a look that is under way."""
        self._ended.set()

    def _run(self) -> None:
        wait = FIRST_SECONDS
        while not self._ended.wait(wait):
            wait = EVERY_SECONDS
            try:
                look(self._edge)
            except (SQLAlchemyError, ConfigFault, Delivery, OSError):
                # A watcher that dies of a fault would watch nothing; the next look may find the cause gone.
                log.exception("the watchdog could not look")


def look(edge: Edge, channels_of: Callable[[Settings], Mapping[str, Channel]] = build_channels) -> list[str]:
    """One look; returns the codes of the faults found."""
    now, calendar = edge.now(), edge.calendar()
    with edge.transaction() as session:
        record_run(session, WEB, now, now, {})
        faults = alert_silence(session, now, calendar, edge.settings, look_at_machine(edge.settings.home))
        alone = bool(faults) and nobody_delivers(session, now)
    if alone:
        deliver_alerts(edge.transaction, channels_of(edge.settings), now, edge.settings)
    refresh_figures(edge.reading, edge.transaction, now, calendar)
    return [fault.code for fault in faults]
