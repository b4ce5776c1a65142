"""What Zalo tells besides words: followed, unfollowed, arrived, read."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from db.models import InboundMessage
from db.queries.inbound_queries import spoke_after
from notifications.confirmations import note_delivered, note_seen
from notifications.suppressions import come_back, suppress

UNFOLLOWED = "Người nhận đã bỏ quan tâm Official Account trên Zalo, nên tin qua kênh này không tới được."
# A report may come before the call that sent the message has returned; the row waits that long for it.
OVERTAKEN = timedelta(minutes=10)


def take_event(session: Session, row: InboundMessage, now: datetime) -> None:
    """Write what an event says; sets the row's state, or leaves it `received` when its message is not known yet."""
    outcome = _take(session, row, now)
    if outcome is None and now - row.received_at < OVERTAKEN:
        return
    row.state, row.outcome = "handled", outcome or "Không có tin nào trong hộp gửi đi mang số này."
    row.handled_at, row.handled_by = now, "dondoc"


def _take(session: Session, row: InboundMessage, now: datetime) -> str | None:
    if row.kind == "follow":
        come_back(session, row.channel, row.sender, "Zalo: quan tâm lại", row.received_at, now)
        return "Quan tâm Official Account."
    if row.kind == "unfollow":
        # Zalo tells an event again for up to an hour: he may have come back since.
        if spoke_after(session, row.channel, row.sender, row.received_at):
            return "Bỏ quan tâm Official Account, sau đó đã quan tâm lại hoặc nhắn tin."
        at = min(row.received_at, now)
        suppress(session, row.channel, row.sender, source="left", reason=UNFOLLOWED, now=at)
        return "Bỏ quan tâm Official Account."
    if row.kind in ("delivered", "seen"):
        return _note(session, row)
    return f"Sự kiện {row.data.get('event', '')}."


def _note(session: Session, row: InboundMessage) -> str | None:
    note = note_seen if row.kind == "seen" else note_delivered
    references: list[str] = row.data.get("references", [])
    found = [note(session, row.channel, one, row.received_at) for one in references]
    known = [message for message in found if message is not None]
    if not known:
        return None
    row.message_id = known[0].id
    return "Tin đã tới." if row.kind == "delivered" else "Tin đã được xem."
