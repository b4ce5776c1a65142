"""When nobody comes for the queue, the web process carries the alerts itself: alerts only, nothing that a unit reads.

It claims and settles as any deliverer does, so a deliverer that comes back meanwhile sends nothing twice.
"""

from __future__ import annotations

import logging
import os
import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from config.settings import Settings
from db import journal
from db.queries import outbox_queries as queries
from db.queries import watch_queries
from notifications.channels import Channel, Delivery, Envelope, Receipt
from notifications.job_runs import DELIVER
from notifications.outcomes import hand_over, other_channel, record, settlement_of
from notifications.sealing import seal

log = logging.getLogger(__name__)

DEAD_AFTER = timedelta(minutes=30)
"""The queue is looked after every five minutes, day and night; after so long nobody does."""
CLAIM_FOR = timedelta(minutes=10)
MOST = 50

Transaction = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True)
class _Taken:
    number: int
    channel: Channel
    envelope: Envelope
    claimed_by: str


def nobody_delivers(session: Session, now: datetime) -> bool:
    """Whether the deliverer has left no sign of life, at whatever hour; one that never ran is dead as well."""
    last = watch_queries.last_good_ends(session).get(DELIVER)
    return last is None or last < now - DEAD_AFTER


def deliver_alerts(transaction: Transaction, channels: Mapping[str, Channel], now: datetime, settings: Settings) -> int:
    """Send the alerts that wait, one after another; to be called with no transaction open. Returns how many left."""
    claimed_by = f"canh-chung:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    sent, tried = 0, set[int]()
    while len(tried) < MOST and (taken := _take(transaction, channels, now, settings, claimed_by, tried)):
        outcome = _send(taken, now)
        with transaction() as session:
            sent += _settle(session, taken, outcome, channels, now, settings)
    return sent


def _take(
    transaction: Transaction,
    channels: Mapping[str, Channel],
    now: datetime,
    settings: Settings,
    claimed_by: str,
    tried: set[int],
) -> _Taken | None:
    with transaction() as session:
        for number in watch_queries.due_alerts(session, now, channels):
            if number in tried:
                continue
            tried.add(number)
            messages = queries.claim_all(session, [number], claimed_by, now + CLAIM_FOR)
            sealed = seal(session, messages, list(channels), now, settings)
            for settled, columns in sealed.settled.items():
                queries.settle(session, settled, claimed_by, columns)
            journal.record_all(session, now, "dondoc", sealed.deeds)
            if envelope := sealed.envelopes.get(number):
                return _Taken(number, channels[messages[0].channel], envelope, claimed_by)
    return None


def _send(taken: _Taken, now: datetime) -> Receipt | Delivery:
    try:
        return taken.channel.send(taken.envelope, now)
    except Delivery as failure:
        return failure
    except Exception as error:
        log.exception("channel %s broke on alert %s", taken.channel.name, taken.number)
        return Delivery("unknown", "exception", f"Lỗi bất ngờ khi gửi cảnh báo ({type(error).__name__}).")


def _settle(
    session: Session,
    taken: _Taken,
    outcome: Receipt | Delivery,
    channels: Mapping[str, Channel],
    now: datetime,
    settings: Settings,
) -> int:
    """Write the outcome; a failed alert goes to the next channel, whose row is taken in the same round."""
    (message,) = queries.messages_with_person(session, [taken.number])
    other = None if isinstance(outcome, Receipt) else other_channel(session, message, list(channels))
    settled = settlement_of(outcome, message.id, message.attempts, other is not None, now)
    if not queries.settle(session, message.id, taken.claimed_by, settled.changes):
        return 0
    if settled.next_channel and other:
        hand_over(session, message, other, now, settings)
    action = "retry" if settled.state == "queued" else settled.state
    record(session, message.id, f"message.{action}", now, channel=message.channel, by="canh chừng")
    return int(settled.state == "sent")
