"""The watcher of the watcher: is the system itself silent? Faults are told through whatever still works.

A job leaves its sign of life in `job_runs`; nothing here trusts that a job that did not run would have said so. The
flow `watch_silence` and the web process both look, so either may die; when both are dead, the outside watcher
(`DONDOC_PING_URL`) hears nothing and raises the alarm.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import httpx
from sqlalchemy.orm import Session

from chasing import local
from config.machine import Machine
from config.settings import Settings
from db.queries import outbox_queries
from db.queries.watch_queries import last_good_ends
from deadlines import WorkCalendar
from notifications.job_runs import WATCH, record_run
from notifications.watching.alerts import known_faults, settle_alerts
from notifications.watching.channels import channel_faults, queue_lag
from notifications.watching.faults import Fault
from notifications.watching.jobs import alive_since, failed_jobs, job_faults, late_runs
from notifications.watching.rest import inbound_faults, journal_faults, machine_faults, mailbox_faults

__all__ = ["Fault", "alert_silence", "check_jobs", "check_silence", "ping_outside", "standing_still", "watch_once"]

SEEN_EARLIER = frozenset({"disk", "journal"})


def check_silence(
    session: Session, now: datetime, calendar: WorkCalendar, settings: Settings, machine: Machine | None = None
) -> list[Fault]:
    """Every fault that shows now; none means that the chase can be trusted. Writes nothing."""
    return [
        *check_jobs(session, now, calendar),
        *failed_jobs(session),
        *channel_faults(session, now, calendar),
        *inbound_faults(session, now, calendar),
        *mailbox_faults(session, now, settings),
        *machine_faults(machine),
        *journal_faults(session),
    ]


def check_jobs(session: Session, now: datetime, calendar: WorkCalendar) -> list[Fault]:
    """The part of it that asks only for signs of life: a few small rows."""
    return job_faults(session, now, calendar, _has_begun(session, now))


def standing_still(session: Session, now: datetime, calendar: WorkCalendar) -> list[Fault]:
    """The faults for which every page shows a red banner: jobs that stay away, a queue that stands still, and what the
    last look found of the disk and the journal. Asks a few small questions only."""
    late = late_runs(last_good_ends(session), now, calendar, _has_begun(session, now))
    lag = queue_lag(session, now, calendar)
    return [*late, *([lag] if lag else []), *known_faults(session, now, SEEN_EARLIER)]


def _has_begun(session: Session, now: datetime) -> bool:
    """Whether a plan was confirmed before today: until then there is nothing that a daily run could be late with."""
    first = outbox_queries.first_confirmation(session)
    return first is not None and local(first).date() < local(now).date()


def alert_silence(
    session: Session, now: datetime, calendar: WorkCalendar, settings: Settings, machine: Machine | None = None
) -> list[Fault]:
    """Look for faults and queue the alerts in the caller's transaction, each fault once a day, and once that it is
    over. Returns the faults."""
    faults = check_silence(session, now, calendar, settings, machine)
    settle_alerts(session, faults, now, settings)
    return faults


def watch_once(
    session: Session, now: datetime, calendar: WorkCalendar, settings: Settings, machine: Machine
) -> list[Fault]:
    """One run of the watcher: leaves its own sign of life, then looks and alerts. Returns the faults."""
    # The sign stands before the look: a machine that was off must not accuse itself of having been silent.
    run = record_run(session, WATCH, now, now, {"since": alive_since(session, now).isoformat()})
    faults = alert_silence(session, now, calendar, settings, machine)
    run.summary = {**run.summary, "faults": [fault.text for fault in faults]}
    return faults


def ping_outside(settings: Settings, faults: Sequence[Fault], client: httpx.Client | None = None) -> str | None:
    """Tell the outside watcher that all is well; with a grave fault, stay silent so that it raises the alarm.

    To be called with no transaction open. Returns what went wrong, in Vietnamese, or None.
    """
    if settings.ping_url is None or any(fault.grave for fault in faults):
        return None
    try:
        with client or httpx.Client(timeout=10) as caller:
            caller.get(settings.ping_url).raise_for_status()
    except httpx.HTTPError as error:
        return f"Không báo được tới {settings.ping_url} ({type(error).__name__}). Hãy kiểm tra DONDOC_PING_URL và mạng."
    return None
