"""From a claimed message to what its channel gets, or to the reason why it must not leave after all.

Between the queue and the claim a unit may have answered, a person left, an address died: a message is looked at once
more at the last moment before it leaves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr

from sqlalchemy.orm import Session

from chasing import UNIT_ROLES, local
from config.settings import Settings
from db import journal
from db.models import OPEN_STATES, Message, MessageItem, Occurrence, Person
from db.queries import outbox_queries as queries
from notifications.channels import Envelope
from notifications.outcomes import deed_of, hand_over, line_of, other_channel, put_words, reworded
from notifications.recipients import address_on
from notifications.suppressions import barred

ANSWERED = "Đơn vị đã trả lời (hoặc được gia hạn, đổi hạn) trước khi tin được gửi."
LEFT = "Người nhận không còn trong danh bạ."
MOVED = "Người nhận không còn ở đơn vị được giao việc này."
DEAD = "Địa chỉ {address} đã được ghi là địa chỉ chết nên không gửi. Hãy sửa danh bạ, hoặc mở lại nếu địa chỉ còn dùng."


@dataclass
class Sealed:
    """What became of claimed messages: envelopes to send, columns of those settled already, what to journal."""

    envelopes: dict[int, Envelope] = field(default_factory=dict)
    settled: dict[int, dict[str, object]] = field(default_factory=dict)
    deeds: list[journal.Deed] = field(default_factory=list)
    unsaid: list[queries.Unsaid] = field(default_factory=list)


def seal(
    session: Session, messages: Sequence[Message], usable: Sequence[str], now: datetime, settings: Settings
) -> Sealed:
    """Look at claimed messages (with their items and persons) once more, and put those that may leave in envelopes."""
    sealed = Sealed()
    for message in messages:
        # The directory may have been mended since the message was queued.
        message.address = (message.person and address_on(message.person, message.channel)) or message.address
    dead = barred(session, {(one.channel, one.address) for one in messages})
    threads = _threads(session, messages)
    for message in messages:
        chased = message.kind in queries.CHASE_KINDS
        live = [item for item in message.items if not chased or is_live(item, message)]
        if chased:
            sealed.unsaid += _unsaid(message, live)
        if reason := why_not(message, live):
            sealed.settled[message.id] = {"state": "cancelled", "error": reason}
            sealed.deeds.append(deed_of(message.id, "message.cancelled", reason=reason))
        elif (message.channel, message.address) in dead:
            _turn_away(session, sealed, message, usable, now, settings)
        else:
            if len(live) < len(message.items):
                sealed.deeds.append(_drop_answered(session, message, live, now, settings))
            earlier = [message_id(one, settings) for one in threads.get(message.id, ())]
            # What it was queued with is the mail that it answers, and those before that one.
            message.thread = list(dict.fromkeys([*earlier, *message.thread]))
            sealed.envelopes[message.id] = envelope_of(message, settings)
    # Only now, so that what one reader is not told calls nothing off that others of this hand still hear.
    for one in sealed.unsaid:
        queries.unsay(session, one)
    return sealed


def why_not(message: Message, live: Sequence[MessageItem]) -> str | None:
    """Why a message must not leave after all, in Vietnamese; `live`: what still has to be said of its items."""
    if message.person and not message.person.active:
        return LEFT
    if message.kind not in queries.CHASE_KINDS or live:
        return None
    return ANSWERED if any(is_his(item, message.person) for item in message.items) else MOVED


def is_live(item: MessageItem, message: Message) -> bool:
    """Whether a line still has to be said, and to this person."""
    return is_his(item, message.person) and still_due(item, message.created_at)


def is_his(item: MessageItem, person: Person | None) -> bool:
    """Whether a person still speaks for the unit of which a line tells: who moved to another unit does not."""
    if person is None or person.role not in UNIT_ROLES or item.part != "lead":
        return True
    unit = item.occurrence.unit
    return person.unit_id in {unit.id, unit.parent_id}


def _unsaid(message: Message, live: Sequence[MessageItem]) -> list[queries.Unsaid]:
    """Steps that are called off with this message: they count as not said, or the last of a ladder would be lost.

    Where only the reader is the wrong one, a step that somebody else hears counts as said.
    """
    there = message.person is None or message.person.active
    gone = [item for item in message.items if item.part == "lead" and not (there and item in live)]
    return [
        queries.Unsaid(
            item.occurrence_id,
            item.step,
            message.id,
            message.created_at,
            alone=still_due(item, message.created_at),
        )
        for item in gone
    ]


def still_due(item: MessageItem, since: datetime) -> bool:
    """Whether an occurrence must still be spoken of: not answered, quieted, put off or dated anew since the message."""
    one = item.occurrence
    if item.part == "request":
        return one.state in OPEN_STATES and any(each.state == "asked" for each in one.extensions)
    reader = item.message.person
    units = [one.unit, reader.unit] if item.part == "coordinator" and reader else [one.unit]
    muted = any(unit and unit.muted_until and unit.muted_until >= local(since).date() for unit in units)
    return _is_followed(one) and not (muted or _has_answered(one, since))


def _is_followed(one: Occurrence) -> bool:
    # A corrected plan moved its date: the round that the message speaks of is over.
    plan_followed = one.obligation.plan.state == "confirmed" and one.obligation.active and one.unit.active
    return plan_followed and one.last_step is not None and one.state in OPEN_STATES


def _has_answered(one: Occurrence, since: datetime) -> bool:
    """Whether the unit did something since, that a reminder would speak past: also an answer that was sent back."""
    quieted = one.acknowledged_at is not None and one.acknowledged_at > since
    granted = any(e.state == "granted" and e.decided_at and e.decided_at > since for e in one.extensions)
    asked = any(e.state == "asked" and e.asked_at > since for e in one.extensions)
    returned = one.state == "returned" and any(s.reviewed_at and s.reviewed_at > since for s in one.submissions)
    return quieted or granted or asked or returned


def _turn_away(
    session: Session, sealed: Sealed, message: Message, usable: Sequence[str], now: datetime, settings: Settings
) -> None:
    """A message to a dead address goes by another channel, or fails and says why; it was no attempt."""
    words = DEAD.format(address=message.address)
    other = other_channel(session, message, usable)
    if other:
        hand_over(session, message, other, now, settings)
    failed = {"state": "failed", "error": words, "error_code": "barred", "attempts": message.attempts - 1}
    sealed.settled[message.id] = failed
    sealed.deeds.append(deed_of(message.id, "message.failed", error=words, address=message.address, next=other))


def _drop_answered(
    session: Session, message: Message, live: Sequence[MessageItem], now: datetime, settings: Settings
) -> journal.Deed:
    kept = {item.occurrence_id for item in live}
    gone = [item.occurrence_id for item in message.items if item.occurrence_id not in kept]
    lines = [line_of(item) for item in live]
    put_words(message, reworded(session, message, message.channel, lines, now, settings))
    for item in [item for item in message.items if item.occurrence_id in gone]:
        session.delete(item)
    for position, item in enumerate(live, 1):
        item.position = position
    session.flush()
    return deed_of(message.id, "message.shortened", answered=gone)


def _threads(session: Session, messages: Sequence[Message]) -> Mapping[int, list[int]]:
    """By message id: the earlier mails to the same person about the same one duty, oldest first."""
    alone: dict[int, tuple[int, int]] = {
        one.id: (one.person_id, one.items[0].occurrence_id)
        for one in messages
        if one.channel == "email" and one.person_id is not None and len(one.items) == 1
    }
    chains = queries.mail_chains(session, set(alone.values()))
    return {number: [one for one in chains.get(pair, ()) if one != number] for number, pair in alone.items()}


def envelope_of(message: Message, settings: Settings) -> Envelope:
    """What the channel gets. Its message id is the same on each attempt of a row, so copies can be recognised."""
    thread = message.thread
    return Envelope(
        outbox_id=message.id,
        to_address=message.address,
        to_name=message.person.name if message.person else "",
        subject=message.subject,
        text=message.text,
        message_id=message_id(message.id, settings),
        html=message.html,
        thread_root=thread[0] if thread else None,
        references=tuple(thread[-3:]),
        kind=message.kind,
        facts={name: str(value) for name, value in message.facts.items()},
    )


def message_id(row: int, settings: Settings) -> str:
    """The Message-ID of an outbox row (RFC 5322, 3.6.4). The sender may be written "Name <address>"."""
    return f"<obx-{row}@{parseaddr(settings.mail_from)[1].rpartition('@')[2] or 'localhost'}>"
