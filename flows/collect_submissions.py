"""Take in the reports that were handed over as files, matched by the code of their occurrence."""

from __future__ import annotations

from prefect import flow

from tasks.collect_tasks import collect_waiting_files


@flow(name="collect_submissions", description="Nhận các tệp báo cáo đặt trong thư mục inbox/nop theo mã kỳ hạn")
async def collect_submissions(now: str | None = None) -> dict[str, int]:
    """Match each waiting file by its code; what matches nothing is set aside with the reason. Gives the counts."""
    return collect_waiting_files(now)
