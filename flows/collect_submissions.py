"""Take in the answers that came as files and by mail, and what was left of those that came before."""

from __future__ import annotations

from prefect import flow

from tasks.collect_tasks import collect_mailbox, collect_waiting_files, has_mailbox, take_up_inbound
from tasks.run_signs import leave_sign


@flow(name="collect_submissions", description="Nhận báo cáo từ thư mục inbox/nop và từ hộp thư trả lời")
async def collect_submissions(now: str | None = None) -> dict[str, int]:
    """Match each waiting file by its code, read the mailbox, take up what a stopped process left. Gives the counts.

    A mailbox that cannot be read holds up nothing else; its task fails and shows why.
    """
    counts = collect_waiting_files(now)
    if taken_up := take_up_inbound(now):
        counts |= {"taken_up": taken_up}
    # The mailbox leaves a sign of its own.
    leave_sign("collect_submissions", now, counts)
    return counts | collect_mailbox(now) if has_mailbox() else counts
