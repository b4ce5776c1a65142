"""Draft the consolidated report of each period whose last answers are due."""

from __future__ import annotations

from prefect import flow

from tasks.report_tasks import build_period_report, periods_now_closed
from tasks.run_signs import leave_sign


@flow(name="consolidate_report", description="Dựng dự thảo báo cáo tổng hợp của kỳ vừa hết hạn nộp")
async def consolidate_report(now: str | None = None) -> dict[str, int]:
    """Build what is not yet built, a task a plan and period. Gives each report's number, by plan and period."""
    built = {f"{plan} {period}": build_period_report(plan, period, now) for plan, period in periods_now_closed(now)}
    leave_sign("consolidate_report", now, built)
    return built
