"""Look whether the system itself has fallen silent, and say so through another channel."""

from __future__ import annotations

from prefect import flow

from tasks.chase_tasks import look_for_silence


@flow(name="watch_silence", description="Báo động khi lượt nhắc việc hằng ngày không chạy hoặc tin bị tắc")
async def watch_silence(now: str | None = None) -> list[str]:
    """Gives the faults found, in Vietnamese; each was queued as an alert to those who must know."""
    return look_for_silence(now)
