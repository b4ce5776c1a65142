"""What providers say afterwards: that a message reached the telephone or the mailbox, and that it was read.

Such a word settles a doubt: a message whose outcome nobody knew has left after all, so no person need decide, and what
was queued to replace it need not leave. It comes in any order, more than once, and may even come before the call that
sent the message has returned.
"""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy.orm import Session

from db.models import Message
from db.queries import outbox_queries as queries
from notifications.outcomes import record

# A callback of the Official Account does not say by which of its calls the message went out.
CALLS = {"zalo": ("zalo", "zalo_template")}
TRACKING = re.compile(r"obx-([1-9][0-9]{0,17})")
NOT_NEEDED = "Tin trước (số {number}) đã tới nên không gửi nữa."
# The reply to our call was lost, or the row waits for another attempt that must not be made.
DOUBTFUL = ("unknown", "queued")


def note_delivered(session: Session, channel: str, reference: str, at: datetime) -> Message | None:
    """Write that a message arrived; the message, or None when the reference names none that was ever tried.

    `reference` is the provider's id of the message, or the tracking id `obx-{id}` that we gave it. `at` is the moment
    that the provider names. Noting it twice changes nothing.
    """
    message = _find(session, channel, reference)
    if message is not None and message.delivered_at is None:
        message.delivered_at = at
        _settle_doubt(session, message, at)
        record(session, message.id, "message.delivered", at, channel=channel, reference=reference)
    return message


def note_seen(session: Session, channel: str, reference: str, at: datetime) -> Message | None:
    """Write that a message was read, and so has arrived; see `note_delivered`."""
    message = note_delivered(session, channel, reference, at)
    if message is not None and message.seen_at is None:
        message.seen_at = at
        session.flush()
        record(session, message.id, "message.seen", at, channel=channel, reference=reference)
    return message


def _find(session: Session, channel: str, reference: str) -> Message | None:
    """The message that a reference names, locked; only one that a deliverer has taken at least once."""
    tracked = TRACKING.fullmatch(reference.strip())
    number = int(tracked[1]) if tracked else None
    message = queries.locked_message(session, CALLS.get(channel, (channel,)), number, reference.strip())
    return message if message is not None and message.attempts > 0 else None


def _settle_doubt(session: Session, message: Message, at: datetime) -> None:
    if message.state in DOUBTFUL or message.error_code == "resent":
        message.state, message.sent_at, message.claim_deadline = "sent", at, None
        message.error = message.error_code = None
    session.flush()
    for follower in queries.queued_followers(session, message.id):
        words = NOT_NEEDED.format(number=message.id)
        if queries.move_queued(session, follower, {"state": "cancelled", "error": words}):
            record(session, follower, "message.cancelled", at, reason=words)
