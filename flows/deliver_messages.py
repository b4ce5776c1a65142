"""Send what waits in the outbox, a task a batch."""

from __future__ import annotations

import asyncio

from prefect import flow

from tasks.chase_tasks import deliver_batch

BATCH = 300
# A bound on one run: what is left goes with the next run, five minutes later.
BATCHES = 20
# A channel's minute is full: the run waits for room, so that a limit of 100 a minute means 100 in every minute.
BREATH = 10.0
BREATHS = 24


@flow(name="deliver_messages", description="Gửi các tin đang chờ trong hộp gửi đi")
async def deliver_messages(now: str | None = None) -> dict[str, int]:
    """Claim, send and settle batch after batch until nothing is due. Gives the counts by outcome."""
    total: dict[str, int] = {}
    breaths = 0
    for _ in range(BATCHES + BREATHS):
        counts = deliver_batch(BATCH, now)
        total = {key: total.get(key, 0) + counts.get(key, 0) for key in total | counts}
        total["waiting"] = counts.get("waiting", 0)
        if counts.get("claimed", 0) >= BATCH:
            continue
        # Under a given `now` no minute ever passes.
        if now or not total["waiting"] or breaths == BREATHS:
            break
        breaths += 1
        await asyncio.sleep(BREATH)
    return total
