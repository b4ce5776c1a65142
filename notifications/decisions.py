"""What a person decides about a message whose outcome nobody knows, or that failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from config.faults import Refusal
from db.models import Message
from db.queries import outbox_queries as queries
from notifications.outcomes import copy_of, record

STATE_WORDS = {
    "queued": "chờ gửi",
    "sending": "đang gửi",
    "sent": "đã gửi",
    "failed": "không gửi được",
    "unknown": "không rõ kết quả",
    "cancelled": "đã hủy",
    "suppressed": "đã thay bằng tin khác",
}


def resend(session: Session, message_id: int, now: datetime, actor: str) -> Message:
    """Send an unknown or failed message once more, because a person decided so. Raises Refusal.

    Of two who decide at once the first is heard, and the second told.
    """
    message = _resolvable(session, message_id, ("unknown", "failed"))
    key = f"resend:{message_id}"
    if queries.known_keys(session, [key]):
        raise Refusal(f"Tin số {message_id} đã được cho gửi lại rồi. Hãy xem tin mới trong hộp thư đi.")
    words = f"{actor} đã cho gửi lại."
    queries.resolve_unknown(session, message_id, {"state": "failed", "error": words, "error_code": "resent"})
    follower = copy_of(message, key, message.channel, now)
    session.add(follower)
    session.flush()
    record(session, message_id, "message.resend", now, actor, follower=follower.id)
    return follower


def mark_sent(session: Session, message_id: int, now: datetime, actor: str) -> Message:
    """Take an unknown message for sent, because a person knows that it arrived. Raises Refusal."""
    message = _resolvable(session, message_id, ("unknown",))
    words = f"{actor} xác nhận tin đã tới."
    changes = {"state": "sent", "sent_at": now, "error": words, "error_code": None}
    queries.resolve_unknown(session, message_id, changes)
    record(session, message_id, "message.mark_sent", now, actor)
    session.refresh(message)
    return message


def _resolvable(session: Session, message_id: int, states: Sequence[str]) -> Message:
    """The message, locked: a second officer's click waits here, and then sees what the first decided."""
    if not queries.messages_with_person(session, [message_id]):
        raise Refusal(f"Không có tin số {message_id}. Hãy xem danh sách: dondoc outbox list.")
    (message,) = queries.messages_with_items(session, [message_id])
    if message.state not in states:
        words = STATE_WORDS[message.state]
        raise Refusal(f"Tin số {message_id} đang ở trạng thái «{words}» nên không cần quyết định.")
    return message
