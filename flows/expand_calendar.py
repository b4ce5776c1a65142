"""Make the occurrences that confirmed plans still lack; nothing is made twice."""

from __future__ import annotations

from prefect import flow

from tasks.plan_tasks import confirmed_plans, expand_plan_calendars
from tasks.run_signs import leave_sign


@flow(name="expand_calendar", description="Lập các kỳ hạn còn thiếu của mọi kế hoạch đã xác nhận")
async def expand_calendar(now: str | None = None) -> dict[str, int]:
    """Expand every confirmed plan, a task a batch of plans. Gives how many occurrences each gained, by its code."""
    gained: dict[str, int] = {}
    for batch in confirmed_plans():
        gained |= expand_plan_calendars(batch, now)
    leave_sign("expand_calendar", now, gained)
    return gained
