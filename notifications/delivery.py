"""The deliverer: claim and commit, send with no transaction open, settle and commit.

Several deliverers may run at once on one database: a conditional UPDATE decides who has a row. A deliverer that dies
leaves `sending` rows; when their time is over they become `unknown`, which a person resolves and the program never
repeats. A send that is known to have failed is tried again or handed to the next channel (see `outcomes`).
"""

from __future__ import annotations

import logging
import os
import socket
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from chasing import OfficeHours, is_office_time, local
from config.faults import Refusal
from config.settings import Settings
from db.models import OPEN_STATES, Message, MessageItem
from db.office_rules import calendar_in_use
from db.queries import outbox_queries as queries
from deadlines import WorkCalendar
from notifications.channels import Channel, Delivery, Envelope, Receipt
from notifications.composing import Line
from notifications.job_runs import DELIVER, record_run
from notifications.outcomes import copy_of, hand_over, other_channel, put_words, record, reworded, settlement_of
from notifications.recipients import address_on

log = logging.getLogger(__name__)

CLAIM_FOR = timedelta(minutes=10)
# A row whose turn comes this close to the end of its claim goes back unsent.
TOO_LATE = timedelta(minutes=5)
TROUBLES_TO_STOP = 3
# SQLite itself waits half a minute for a lock each time.
SETTLE_CHANCES = 4
ANSWERED = "Đơn vị đã trả lời (hoặc được gia hạn, đổi hạn) trước khi tin được gửi."
LEFT = "Người nhận không còn trong danh bạ."
DIED = "Tiến trình gửi dừng giữa chừng, không rõ tin đã tới hay chưa. Hãy chọn gửi lại hoặc coi như đã gửi."
CRASHED = "Lỗi bất ngờ khi gửi ({error}), không rõ tin đã tới hay chưa. Hãy chọn gửi lại hoặc coi như đã gửi."

Transaction = Callable[[], AbstractContextManager[Session]]
Clock = Callable[[], datetime]


@dataclass
class DeliverySummary:
    """How many rows were taken, and how they ended; `queued` counts those that will be tried again."""

    claimed: int = 0
    sent: int = 0
    queued: int = 0
    failed: int = 0
    unknown: int = 0
    cancelled: int = 0

    def count(self, state: str) -> None:
        """One more message ended in this state."""
        setattr(self, state, getattr(self, state) + 1)


@dataclass(frozen=True)
class _Ready:
    envelope: Envelope
    channel: Channel
    deadline: datetime


@dataclass
class _Deliverer:
    transaction: Transaction
    channels: Mapping[str, Channel]
    clock: Clock
    settings: Settings
    calendar: WorkCalendar
    workers: int
    name: str = field(default_factory=lambda: f"{socket.gethostname()[:32]}:{os.getpid()}:{uuid.uuid4().hex[:8]}")
    summary: DeliverySummary = field(default_factory=DeliverySummary)
    troubles: Counter[str] = field(default_factory=Counter)

    def usable(self) -> list[str]:
        """Channels that have not shown themselves broken in this run."""
        return [name for name in self.channels if self.troubles[name] < TROUBLES_TO_STOP]


def deliver_due(
    transaction: Transaction,
    channels: Mapping[str, Channel],
    clock: Clock,
    settings: Settings,
    limit: int = 500,
    *,
    calendar: WorkCalendar | None = None,
    workers: int = 8,
) -> DeliverySummary:
    """Send up to `limit` messages that may leave now; must be called with no transaction open.

    Digests and escalations leave only on working days (`calendar`; by default that of the installation) in office
    hours; notices, alerts and urgent steps at once. `transaction` opens the one transaction of db.session on the right
    database, `clock` gives the instant. A channel with three troubles in a row rests until the next run. The run
    leaves its sign of life in `job_runs`.
    """
    began = clock()
    if calendar is None:
        with transaction() as session:
            calendar = calendar_in_use(session, settings)
    run = _Deliverer(transaction, channels, clock, settings, calendar, max(1, workers))
    _expire(run)
    _reroute(run, limit)
    with ThreadPoolExecutor(run.workers, thread_name_prefix="deliver") as pool:
        left = limit
        while left > 0 and (taken := _claim(run, min(run.workers, left))) is not None:
            left -= taken[0]
            outcomes = list(zip(taken[1], pool.map(lambda ready: _send(run, ready), taken[1]), strict=True))
            _settle(run, outcomes)
    with transaction() as session:
        record_run(session, DELIVER, began, clock(), asdict(run.summary))
    return run.summary


def _expire(run: _Deliverer) -> None:
    now = run.clock()
    with run.transaction() as session:
        for message in queries.expired_claims(session, now):
            if message.delivered_at is not None:
                arrived = {"state": "sent", "sent_at": message.delivered_at, "claim_deadline": None}
                queries.settle(session, message.id, message.claimed_by or "", arrived)
            elif queries.settle(session, message.id, message.claimed_by or "", {"state": "unknown", "error": DIED}):
                record(session, message.id, "message.unknown", now, error=DIED)
                run.summary.count("unknown")


def _reroute(run: _Deliverer, limit: int) -> None:
    """Hand what waits for a channel that is not set up to one that is."""
    now = run.clock()
    with run.transaction() as session:
        ids = queries.stranded_ids(session, now, list(run.channels), limit)
        for message in queries.messages_with_items(session, ids):
            other = other_channel(session, message, list(run.channels))
            words = f"Kênh {message.channel} chưa được thiết lập."
            if other and queries.move_queued(session, message.id, {"state": "failed", "error": words}):
                hand_over(session, message, other, now, run.settings)
                record(session, message.id, "message.failed", now, error=words, next=other)
                run.summary.count("failed")


def _claim(run: _Deliverer, wanted: int) -> tuple[int, list[_Ready]] | None:
    """Take up to `wanted` rows and commit; None when nothing is due. Rows that need no sending are settled here.

    Gives how many rows were due, which ends the run even when other deliverers win them all, and what is to be sent.
    """
    now = run.clock()
    everything = is_office_time(now, run.calendar, OfficeHours())
    deadline = now + CLAIM_FOR
    with run.transaction() as session:
        ids = queries.due_ids(session, now, run.usable(), everything, wanted)
        claimed = [one for one in ids if queries.claim(session, one, run.name, deadline)]
        messages = queries.messages_with_items(session, claimed)
        ready = [
            _Ready(sealed, run.channels[m.channel], deadline) for m in messages if (sealed := _seal(run, session, m))
        ]
    run.summary.claimed += len(claimed)
    return (len(ids), ready) if ids else None


def _seal(run: _Deliverer, session: Session, message: Message) -> Envelope | None:
    """The envelope of a claimed message, or None when its reason is gone and it was cancelled."""
    chased = message.kind in queries.CHASE_KINDS
    live = [item for item in message.items if not chased or still_due(item, message.created_at)]
    if reason := why_not(message, live):
        _cancel(run, session, message, reason)
        return None
    if len(live) < len(message.items):
        _drop_answered(session, message, live, run.clock(), run.settings)
    return envelope_of(session, message, run.settings)


def why_not(message: Message, live: Sequence[MessageItem]) -> str | None:
    """Why a message must not leave after all, in Vietnamese; `live`: what still has to be said of its items."""
    if message.person and not message.person.active:
        return LEFT
    return ANSWERED if message.kind in queries.CHASE_KINDS and not live else None


def _cancel(run: _Deliverer, session: Session, message: Message, reason: str) -> None:
    queries.settle(session, message.id, run.name, {"state": "cancelled", "error": reason})
    record(session, message.id, "message.cancelled", run.clock(), reason=reason)
    run.summary.count("cancelled")


def still_due(item: MessageItem, since: datetime) -> bool:
    """Whether an occurrence must still be spoken of: not answered, quieted, put off or dated anew since the message."""
    one = item.occurrence
    # A corrected plan moved its date: the round that the message speaks of is over.
    followed = one.last_step is not None and one.obligation.plan.state == "confirmed"
    quieted = one.acknowledged_at is not None and one.acknowledged_at > since
    granted = any(e.state == "granted" and e.decided_at and e.decided_at > since for e in one.extensions)
    muted = one.unit.muted_until is not None and one.unit.muted_until >= local(since).date()
    return followed and one.state in OPEN_STATES and not (quieted or granted or muted)


def _drop_answered(
    session: Session, message: Message, live: Sequence[MessageItem], now: datetime, settings: Settings
) -> None:
    kept = {item.occurrence_id for item in live}
    gone = [item.occurrence_id for item in message.items if item.occurrence_id not in kept]
    lines = [Line(item.occurrence, item.reason) for item in live]
    put_words(message, reworded(session, message, message.channel, lines, now, settings))
    for item in [item for item in message.items if item.occurrence_id in gone]:
        session.delete(item)
    for position, item in enumerate(live, 1):
        item.position = position
    record(session, message.id, "message.shortened", now, answered=gone)
    session.flush()


def envelope_of(session: Session, message: Message, settings: Settings) -> Envelope:
    """What the channel gets. Its message id is the same on each attempt of a row, so copies can be recognised."""
    person = message.person
    thread: list[str] = []
    if message.channel == "email" and person and len(message.items) == 1:
        earlier = queries.mail_chain(session, person.id, message.items[0].occurrence_id)
        thread = [message_id(one, settings) for one in earlier if one != message.id]
    message.thread = thread
    # The directory may have been mended since the message was queued.
    message.address = (person and address_on(person, message.channel)) or message.address
    return Envelope(
        outbox_id=message.id,
        to_address=message.address,
        to_name=person.name if person else "",
        subject=message.subject,
        text=message.text,
        message_id=message_id(message.id, settings),
        html=message.html,
        thread_root=thread[0] if thread else None,
        references=tuple(thread[-3:]),
    )


def message_id(row: int, settings: Settings) -> str:
    """The Message-ID of an outbox row (RFC 5322, 3.6.4)."""
    return f"<obx-{row}@{settings.mail_from.rpartition('@')[2] or 'localhost'}>"


def _send(run: _Deliverer, ready: _Ready) -> Receipt | Delivery:
    now = run.clock()
    if now > ready.deadline - TOO_LATE:
        return Delivery("wait_until", "late", "Chưa tới lượt trước khi hết giờ giữ chỗ; sẽ gửi lượt sau.", now)
    try:
        return ready.channel.send(ready.envelope, now)
    except Delivery as failure:
        return failure
    except Exception as error:
        # Whatever broke, bytes may have left: only a person can say whether to send again.
        log.exception("channel %s broke on message %s", ready.channel.name, ready.envelope.outbox_id)
        return Delivery("unknown", "exception", CRASHED.format(error=type(error).__name__))


def _settle(run: _Deliverer, outcomes: Sequence[tuple[_Ready, Receipt | Delivery]]) -> None:
    """Write what is known; a database that is locked is asked again, because a lost outcome becomes an `unknown`."""
    by_id = {ready.envelope.outbox_id: outcome for ready, outcome in outcomes}
    for ready, outcome in outcomes:
        _watch_channel(run, ready.channel.name, outcome)
    for chances_left in reversed(range(SETTLE_CHANCES if by_id else 0)):
        try:
            states = _settle_all(run, by_id)
        except OperationalError:
            if not chances_left:
                raise
            log.warning("the database took no outcomes, asking again")
        else:
            for state in states:
                run.summary.count(state)
            return


def _settle_all(run: _Deliverer, by_id: Mapping[int, Receipt | Delivery]) -> list[str]:
    with run.transaction() as session:
        messages = queries.messages_with_person(session, list(by_id))
        states = [_settle_one(run, session, message, by_id[message.id]) for message in messages]
    return [state for state in states if state]


def _settle_one(run: _Deliverer, session: Session, message: Message, outcome: Receipt | Delivery) -> str | None:
    now = run.clock()
    if message.delivered_at is not None and isinstance(outcome, Delivery):
        outcome = Receipt(message.provider_id, "Nhà cung cấp báo tin đã tới.")
    other = None if isinstance(outcome, Receipt) else other_channel(session, message, run.usable())
    settled = settlement_of(outcome, message.id, message.attempts, other is not None, now)
    if not queries.settle(session, message.id, run.name, settled.changes):
        log.warning("message %s was resolved by somebody else while it was being sent", message.id)
        return None
    if settled.next_channel and other:
        hand_over(session, message, other, now, run.settings)
    facts: dict[str, Any] = {"channel": message.channel, "attempt": message.attempts}
    if isinstance(outcome, Delivery):
        facts |= {"kind": outcome.kind, "code": outcome.code, "error": outcome.detail}
    if settled.next_channel:
        facts["next"] = other
    record(session, message.id, f"message.{'retry' if settled.state == 'queued' else settled.state}", now, **facts)
    return settled.state


def _watch_channel(run: _Deliverer, channel: str, outcome: Receipt | Delivery) -> None:
    if isinstance(outcome, Receipt):
        run.troubles[channel] = 0
    elif outcome.kind in ("auth", "config"):
        run.troubles[channel] = TROUBLES_TO_STOP
    elif outcome.kind == "temporary":
        run.troubles[channel] += 1


def resend(session: Session, message_id: int, now: datetime, actor: str) -> Message:
    """Send an unknown or failed message once more, because a person decided so. Raises Refusal."""
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
    queries.resolve_unknown(session, message_id, {"state": "sent", "sent_at": now, "error": words})
    record(session, message_id, "message.mark_sent", now, actor)
    session.refresh(message)
    return message


def _resolvable(session: Session, message_id: int, states: Sequence[str]) -> Message:
    found = queries.messages_with_items(session, [message_id])
    if not found:
        raise Refusal(f"Không có tin số {message_id}. Hãy xem danh sách: dondoc outbox list.")
    if found[0].state not in states:
        words = STATE_WORDS[found[0].state]
        raise Refusal(f"Tin số {message_id} đang ở trạng thái «{words}» nên không cần quyết định.")
    return found[0]


STATE_WORDS = {
    "queued": "chờ gửi",
    "sending": "đang gửi",
    "sent": "đã gửi",
    "failed": "không gửi được",
    "unknown": "không rõ kết quả",
    "cancelled": "đã hủy",
    "suppressed": "đã thay bằng tin khác",
}
