"""Queue the reminders and escalations that are due now; a second run of the day adds nothing."""

from __future__ import annotations

from prefect import flow

from tasks.chase_tasks import queue_reminders, rest_if_quiet


@flow(name="chase_units", description="Xếp tin nhắc việc và báo cáo cấp trên")
async def chase_units(now: str | None = None) -> dict[str, int]:
    """Queue what the ladder calls for at `now` (ISO 8601; this instant when empty). Gives the counts."""
    quiet = rest_if_quiet(now)
    return queue_reminders(now) if quiet is None else quiet
