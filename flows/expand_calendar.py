"""Make the occurrences that confirmed plans still lack; nothing is made twice."""

from __future__ import annotations

from prefect import flow

from tasks.plan_tasks import confirmed_plans, expand_plan_calendar


@flow(name="expand_calendar", description="Lập các kỳ hạn còn thiếu của mọi kế hoạch đã xác nhận")
async def expand_calendar(now: str | None = None) -> dict[str, int]:
    """Expand every confirmed plan, a task a plan. Gives how many occurrences each plan gained, by its code."""
    return {code: expand_plan_calendar(plan_id, now) for code, plan_id in confirmed_plans().items()}
