"""Send what waits in the outbox, a task a batch."""

from __future__ import annotations

from prefect import flow

from tasks.chase_tasks import deliver_batch

BATCH = 300
# A bound on one run: what is left goes with the next run, five minutes later.
BATCHES = 20


@flow(name="deliver_messages", description="Gửi các tin đang chờ trong hộp gửi đi")
async def deliver_messages(now: str | None = None) -> dict[str, int]:
    """Claim, send and settle batch after batch until nothing is due. Gives the counts by outcome."""
    total: dict[str, int] = {}
    for _ in range(BATCHES):
        counts = deliver_batch(BATCH, now)
        total = {key: total.get(key, 0) + counts.get(key, 0) for key in total | counts}
        if sum(counts.values()) < BATCH:
            break
    return total
