"""The sign of life that a flow leaves when it has done its work; the watcher misses it (notifications.watching)."""

from __future__ import annotations

from collections.abc import Mapping

from config.clock import parse_now
from db.session import transaction
from notifications.job_runs import record_run


def leave_sign(job: str, now: str | None, done: Mapping[str, object]) -> None:
    """Note that a job ran to its end, with how many things it did. Not a task: it is not worth a row of Prefect's."""
    moment = parse_now(now)
    with transaction() as session:
        record_run(session, job, moment, moment, {"done": len(done)})
