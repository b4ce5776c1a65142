"""The deliverer: claim and commit, send with no transaction open, settle and commit.

Several deliverers may run at once on one database: a conditional UPDATE decides who has a row. A deliverer that dies
leaves `sending` rows, never more than `hands.HAND`; when their time is over they become `unknown`, which a person
resolves and the program never repeats. A send that is known to have failed is tried again or handed to the next channel
(see `outcomes`).
"""

from __future__ import annotations

import logging
import os
import socket
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import TypeVar

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from chasing import OfficeHours, cut, is_office_time
from config.settings import Settings
from db import journal
from db.models import Message
from db.office_rules import calendar_in_use
from db.queries import outbox_queries as queries
from db.queries import sending_queries
from deadlines import WorkCalendar
from notifications.channels import Channel
from notifications.hands import WORKERS, Hands, Ready, Result
from notifications.job_runs import DELIVER, record_run
from notifications.limits import HOUR, Rooms, free_at
from notifications.outcomes import hand_over, other_channel, record
from notifications.sealing import seal
from notifications.settling import Settling

log = logging.getLogger(__name__)

CLAIM_FOR = timedelta(minutes=10)
# SQLite itself waits half a minute for a lock each time; a lost outcome would become an `unknown`.
SETTLE_WAITS = (0.2, 1.0, 5.0, 15.0, 30.0, 60.0)
CLAIM_WAITS = (0.2, 1.0)
MOVED = "channel-down"
"""The code of a message that left a channel because the channel cannot send at all."""
MOVED_AT_ONCE = 100
DIED = "Tiến trình gửi dừng giữa chừng, không rõ tin đã tới hay chưa. Hãy chọn gửi lại hoặc coi như đã gửi."
FULL_HOUR = "Người nhận đã có {number} tin trong một giờ; tin này chờ để không dồn."

Transaction = Callable[[], AbstractContextManager[Session]]
Clock = Callable[[], datetime]
T = TypeVar("T")


@dataclass
class DeliverySummary:
    """How many rows were taken, and how they ended.

    `queued` counts those that will be tried again, `waiting` those that may leave but found no room in a channel's
    minute.
    """

    claimed: int = 0
    sent: int = 0
    queued: int = 0
    failed: int = 0
    unknown: int = 0
    cancelled: int = 0
    waiting: int = 0

    def count(self, state: str) -> None:
        """One more message ended in this state."""
        setattr(self, state, getattr(self, state) + 1)


@dataclass
class _Deliverer:
    transaction: Transaction
    channels: Mapping[str, Channel]
    clock: Clock
    settings: Settings
    calendar: WorkCalendar
    hands: Hands
    name: str = field(default_factory=lambda: f"{socket.gethostname()[:32]}:{os.getpid()}:{uuid.uuid4().hex[:8]}")
    summary: DeliverySummary = field(default_factory=DeliverySummary)


def deliver_due(
    transaction: Transaction,
    channels: Mapping[str, Channel],
    clock: Clock,
    settings: Settings,
    limit: int = 500,
    *,
    calendar: WorkCalendar | None = None,
    workers: int = WORKERS,
) -> DeliverySummary:
    """Send up to `limit` messages that may leave now; must be called with no transaction open.

    Digests and escalations leave only on working days (`calendar`; by default that of the installation) in office
    hours; notices, alerts and urgent steps at once. `transaction` opens the one transaction of db.session on the right
    database, `clock` gives the instant. A channel with three troubles in a row rests until the next run. However the
    run ends, what is known of what left is written. The run leaves its sign of life in `job_runs`.
    """
    began = clock()
    if calendar is None:
        with transaction() as session:
            calendar = calendar_in_use(session, settings)
    hands = Hands(channels, clock, settings, max(1, workers))
    run = _Deliverer(transaction, channels, clock, settings, calendar, hands)
    _expire(run)
    _reroute(run, limit)
    try:
        _work(run, limit)
    finally:
        _settle(run, hands.stop())
    with transaction() as session:
        run.summary.waiting = queries.count_due(session, clock(), hands.usable(), _everything(run))
        record_run(session, DELIVER, began, clock(), asdict(run.summary))
    return run.summary


def _everything(run: _Deliverer) -> bool:
    return is_office_time(run.clock(), run.calendar, OfficeHours())


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
    with run.transaction() as session:
        ids = queries.stranded_ids(session, run.clock(), list(run.channels), limit)
        for message in queries.messages_with_items(session, ids):
            _move(run, session, message, f"Kênh {message.channel} chưa được thiết lập.")


def _move(run: _Deliverer, session: Session, message: Message, words: str) -> bool:
    """Hand a message that nobody has claimed to the person's next channel; False when he has none."""
    now, other = run.clock(), other_channel(session, message, run.hands.usable())
    failed = {"state": "failed", "error": words, "error_code": MOVED}
    if not other or not queries.move_queued(session, message.id, failed):
        return False
    hand_over(session, message, other, now, run.settings)
    record(session, message.id, "message.failed", now, error=words, next=other)
    run.summary.count("failed")
    return True


def _leave_broken(run: _Deliverer, limit: int) -> bool:
    """Hand what waits for channels that a person must mend first to others; whether anything could be handed over.

    Without it a long queue would move by the one message that each run spends on finding the channel broken.
    """
    moved = after = 0
    while run.hands.broken and moved < limit:
        with run.transaction() as session:
            broken = run.hands.broken
            ids = queries.due_ids(session, run.clock(), list(broken), _everything(run), after, MOVED_AT_ONCE)
            for message in queries.messages_with_items(session, ids):
                moved += _move(run, session, message, cut(broken[message.channel], 300))
        if not ids:
            break
        after = ids[-1]
    return moved > 0


def _work(run: _Deliverer, limit: int) -> None:
    """Keep the hands full until nothing more may leave, settling what comes back on the way."""
    left, hands = limit, run.hands
    while True:
        taken = 0
        if left > 0 and hands.hungry():
            taken = _patiently(CLAIM_WAITS, lambda: _claim(run, min(hands.free(), left)))  # noqa: B023
            left -= taken
        if len(hands):
            _settle(run, hands.gather())
        elif not taken and not (left > 0 and _patiently(CLAIM_WAITS, lambda: _leave_broken(run, left))):  # noqa: B023
            return


def _patiently(waits: Sequence[float], work: Callable[[], T]) -> T:
    """Do what needs the database; when it is locked, full or gone, wait and ask again, then raise."""
    for wait in waits:
        try:
            return work()
        except OperationalError as error:
            log.warning("the database did not answer, asking again in %s s: %s", wait, error.orig)
            time.sleep(wait)
    return work()


def _claim(run: _Deliverer, wanted: int) -> int:
    """Take up to `wanted` messages, commit, give the threads what is to be sent; how many rows were dealt with."""
    now, usable = run.clock(), run.hands.usable()
    deadline = now + CLAIM_FOR
    with run.transaction() as session:
        rooms = Rooms(session, usable, run.settings, now)
        chosen = _choose(run, session, rooms, wanted, now)
        kept = _put_off(run, session, chosen, now)
        messages = queries.claim_all(session, [one.id for one in kept], run.name, deadline)
        sealed = seal(session, messages, usable, now, run.settings)
        ready = [
            Ready(sealed.envelopes[one.id], one.channel, deadline) for one in messages if one.id in sealed.envelopes
        ]
        for one in ready:
            rooms.take(one.channel, 1)
        rooms.write()
        for number, columns in sealed.settled.items():
            queries.settle(session, number, run.name, columns)
        journal.record_all(session, now, "dondoc", sealed.deeds)
    for one in ready:
        run.hands.give(one)
    run.summary.claimed += len(messages)
    for columns in sealed.settled.values():
        run.summary.count(str(columns["state"]))
    return len(chosen)


def _choose(run: _Deliverer, session: Session, rooms: Rooms, wanted: int, now: datetime) -> list[queries.Due]:
    """What to take now: of each channel what has room, the channels by turns."""
    everything, turns = _everything(run), []
    for channel in run.hands.usable():
        number = int(min(rooms.of(channel), run.hands.room_for(channel), wanted))
        if number > 0:
            urgent = queries.due_messages(session, now, channel, everything, number)
            full = len(urgent) == number
            oldest = queries.due_messages(session, now, channel, everything, number, oldest=True) if full else []
            turns.append(fair(urgent, oldest, number))
    mixed = [one for turn in zip_longest(*turns) for one in turn if one is not None]
    return mixed[:wanted]


def fair(urgent: Sequence[queries.Due], oldest: Sequence[queries.Due], number: int) -> list[queries.Due]:
    """The first by urgency, but a quarter for those that have waited longest, so that nobody waits for ever. Pure."""
    first = list(urgent[: number - number // 4])
    taken = set(first)
    rest = [one for one in [*oldest[: number // 4], *urgent] if one not in taken]
    return [*first, *dict.fromkeys(rest)][:number]


def _put_off(run: _Deliverer, session: Session, chosen: Sequence[queries.Due], now: datetime) -> Sequence[queries.Due]:
    """Without those whose person has had enough for this hour: they wait, at no cost. Urgent words and alerts pass."""
    limit = run.settings.person_per_hour
    bound = {one.person_id for one in chosen if one.person_id is not None} if limit else set()
    times = sending_queries.sent_times(session, bound, now - HOUR) if bound else {}
    kept = []
    for one in chosen:
        mine = times.setdefault(one.person_id, []) if one.person_id in bound else []
        exempt = one.person_id is None or one.priority <= queries.URGENT or one.kind == "alert"
        if not exempt and (when := free_at(mine, limit, now)):
            words = FULL_HOUR.format(number=limit)
            queries.move_queued(session, one.id, {"not_before": when, "error": words})
        else:
            mine.append(now)
            kept.append(one)
    return kept


def _settle(run: _Deliverer, results: Sequence[Result]) -> None:
    """Write what is known; a database that is locked or full is asked again, because an outcome must not be lost."""
    if results:
        for state in _patiently(SETTLE_WAITS, lambda: _write(run, results)):
            run.summary.count(state)


def _write(run: _Deliverer, results: Sequence[Result]) -> list[str]:
    with run.transaction() as session:
        settling = Settling(session, run.name, run.hands.usable(), run.clock(), run.settings)
        return settling.write(results)
