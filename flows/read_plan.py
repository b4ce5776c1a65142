"""Import the plan files put into the inbox folder, as drafts for the officer to confirm."""

from __future__ import annotations

from prefect import flow

from tasks.plan_tasks import import_plan_file, waiting_plan_files


@flow(name="read_plan", description="Nhập các tệp kế hoạch đặt trong thư mục inbox thành bản nháp")
async def read_plan(now: str | None = None) -> dict[str, str]:
    """Import each waiting file, a task a file. Gives what became of each, by file name."""
    return {name: import_plan_file(name, now) for name in waiting_plan_files()}
