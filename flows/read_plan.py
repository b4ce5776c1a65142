"""Import the plan files put into the inbox folder, and those sent by the web pages that nobody read there."""

from __future__ import annotations

from prefect import flow

from tasks.plan_tasks import import_plan_file, read_sent_file, waiting_plan_files, waiting_uploads
from tasks.run_signs import leave_sign


@flow(name="read_plan", description="Nhập các tệp kế hoạch đặt trong thư mục inbox thành bản nháp")
async def read_plan(now: str | None = None) -> dict[str, str]:
    """Import each waiting file, a task a file. Gives what became of each, by file name or by the id of an upload."""
    found = {name: import_plan_file(name, now) for name in waiting_plan_files()}
    found |= {number: read_sent_file(number, now) for number in waiting_uploads()}
    leave_sign("read_plan", now, found)
    return found
