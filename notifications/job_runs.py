"""Signs of life of the daily jobs: one row a job a day, its newest run on top, so the table stays small."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chasing import local, start_of_day
from db.models import JobRun
from db.queries.outbox_queries import run_since

CHASE, DELIVER, WATCH = "chase_units", "deliver_messages", "watch_silence"
WEB, UP, ALERTS, MAILBOX, FIGURES = "web", "up", "alerts", "mailbox", "figures"
"""Signs that no flow of that name leaves: the web process lives; `dondoc up` and the children that it had to start
again; which faults were told; whether the mailbox of answers could be read;
what finished duties cost in messages."""


def record_run(
    session: Session,
    job: str,
    started_at: datetime,
    finished_at: datetime,
    summary: dict[str, Any],
    error: str | None = None,
) -> JobRun:
    """Note in the caller's transaction that a job ran; a later run of the same day takes the row over."""
    run = run_since(session, job, start_of_day(local(started_at).date()))
    if run is None:
        run = JobRun(job=job)
        session.add(run)
    run.started_at, run.finished_at, run.summary, run.error = started_at, finished_at, summary, error
    session.flush()
    return run


def note_death(session: Session, child: str, now: datetime) -> JobRun:
    """Note in the caller's transaction that a child of `dondoc up` died once more today."""
    run = run_since(session, UP, start_of_day(local(now).date()))
    deaths = dict(run.summary.get("deaths", {})) if run else {}
    return record_run(session, UP, now, now, {"deaths": {**deaths, child: deaths.get(child, 0) + 1}})
