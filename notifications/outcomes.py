"""What follows from the outcome of one send: which state, when again, through which other channel.

Retry formula: after the n-th failed attempt wait 2, 8, 32, 128 minutes, then 4 hours each time, plus up to half a
minute by row so that a queue does not return all at once; after the 8th attempt the message has failed here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy.orm import Session

from chasing import after_night, cut
from config.settings import Settings
from db import journal
from db.models import Message, MessageItem, Occurrence
from db.queries import outbox_queries as queries
from notifications.channels import Delivery, Receipt
from notifications.channels.quiet import NIGHT
from notifications.composing import Composed, Line, Part, compose_lines
from notifications.history import histories
from notifications.limits import MINUTE, is_too_fast
from notifications.links import make_links
from notifications.recipients import address_on, channel_for
from notifications.suppressions import barred

DATES = "dates"
"""The step and the template of a notice that dates were moved."""
MAX_ATTEMPTS = 8
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=2), timedelta(hours=4)
# A channel that lost its right to send is looked at again in half an hour: a person must act meanwhile.
CHANNEL_WAIT = timedelta(minutes=30)


@dataclass(frozen=True)
class Unsent:
    """A claimed message that was not sent after all, and why (Vietnamese): it waits as if it had not been claimed."""

    words: str


Outcome = Receipt | Delivery | Unsent


@dataclass(frozen=True)
class Settlement:
    """The new columns of a message, and whether another channel takes it over."""

    state: str
    changes: dict[str, Any]
    next_channel: bool = False


def wait_after(attempts: int, row: int) -> timedelta:
    """How long to wait after so many failed attempts."""
    grown = FIRST_WAIT * (1 << 2 * min(max(attempts, 1) - 1, 6))
    return min(grown, LONGEST_WAIT) + timedelta(seconds=row % 30)


def settlement_of(outcome: Outcome, row: int, attempts: int, has_other: bool, now: datetime) -> Settlement:
    """What becomes of a message. Pure; `attempts` counts this one, `has_other`: another channel reaches the person."""
    if isinstance(outcome, Unsent):
        waits = {"state": "queued", "claimed_by": None, "claim_deadline": None, "attempts": attempts - 1}
        return Settlement("queued", waits | {"error": outcome.words})
    if isinstance(outcome, Receipt):
        sent = {"sent_at": now, "provider_id": outcome.provider_id, "error": None, "error_code": None}
        return Settlement("sent", {"state": "sent", "claim_deadline": None, **sent})
    noted = {"error_code": outcome.code and outcome.code[:64], "error": outcome.detail}
    if outcome.kind == "unknown":
        return Settlement("unknown", {"state": "unknown", **noted})
    worn_out = outcome.kind == "temporary" and attempts >= MAX_ATTEMPTS and not is_too_fast(outcome)
    if worn_out or outcome.kind in ("permanent", "other_channel"):
        return Settlement("failed", {"state": "failed", "claim_deadline": None, **noted}, has_other)
    # What leaves at night cannot wait: a channel that sleeps gives way to one that does not.
    if (outcome.kind in ("auth", "config") or outcome.code == NIGHT) and has_other:
        return Settlement("failed", {"state": "failed", "claim_deadline": None, **noted}, True)
    return Settlement("queued", _back_in_queue(outcome, row, attempts, now) | noted)


def _back_in_queue(outcome: Delivery, row: int, attempts: int, now: datetime) -> dict[str, Any]:
    if is_too_fast(outcome):
        # The others wait for the same minute: the pause of the channel spreads them, not this row's own clock.
        attempts, when = attempts - 1, outcome.retry_at or now + MINUTE
    elif outcome.kind == "temporary":
        when = max(outcome.retry_at or now, now + wait_after(attempts, row))
    else:
        # Not this message's fault: the attempt does not count against it.
        attempts, when = attempts - 1, outcome.retry_at or now + CHANNEL_WAIT
    released = {"claimed_by": None, "claim_deadline": None}
    return {"state": "queued", "attempts": attempts, "not_before": after_night(when), **released}


def other_channel(session: Session, message: Message, usable: Collection[str]) -> str | None:
    """The next channel by which this person can be reached and was not yet."""
    person = message.person
    if person is None or not person.active:
        return None
    addresses = {(name, address) for name in usable if (address := address_on(person, name))}
    dead = {name for name, _ in barred(session, addresses)}
    return channel_for(person, usable, without=queries.tried_channels(session, message) | dead)


def hand_over(session: Session, message: Message, channel: str, now: datetime, settings: Settings) -> Message:
    """A new row for the same words through another channel, made to that channel's measure."""
    follower = copy_of(message, f"{message.dedupe_key}>{channel}", channel, now)
    person = message.person
    if message.kind in queries.CHASE_KINDS:
        # It speaks for the same round and day: what was answered since the first was queued is answered.
        follower.created_at = message.created_at
    follower.address = address_on(person, channel) or "" if person else message.address
    lines = [line_of(item) for item in message.items]
    if lines and (message.kind in queries.CHASE_KINDS or template_of(message) == DATES):
        put_words(follower, reworded(session, message, channel, lines, now, settings))
    session.add(follower)
    session.flush()
    return follower


def line_of(item: MessageItem) -> Line:
    """What a message said about one occurrence, to be said again."""
    return Line(item.occurrence, item.reason, cast("Part", item.part))


def copy_of(message: Message, key: str, channel: str, now: datetime) -> Message:
    """A queued row with the same words, person and items, replacing `message`."""
    follower = Message(
        dedupe_key=key[:160],
        person_id=message.person_id,
        channel=channel,
        address=message.address,
        kind=message.kind,
        subject=message.subject,
        text=message.text,
        html=message.html,
        priority=message.priority,
        state="queued",
        not_before=now,
        created_at=now,
        facts=dict(message.facts),
        replaces_id=message.id,
        thread=[],
    )
    follower.items = [
        MessageItem(
            occurrence_id=item.occurrence_id,
            step=item.step,
            position=item.position,
            part=item.part,
            reason=item.reason,
        )
        for item in message.items
    ]
    return follower


def reworded(
    session: Session, message: Message, channel: str, lines: Collection[Line], now: datetime, settings: Settings
) -> Composed:
    """The words of a digest, an escalation or a notice of dates anew, for these lines and this channel."""
    person = message.person
    if person is None:
        raise ValueError("a digest always has a person")
    named: list[Occurrence] = [line.occurrence for line in lines]
    owed = {(line.occurrence.id, person.id) for line in lines if line.part == "lead"}
    urls = make_links(session, owed, now, settings)
    history = histories(session, named) if message.kind == "escalation" else {}
    return compose_lines(template_of(message), person, list(lines), channel, urls, history, now, settings)


def template_of(message: Message) -> str:
    """The name of the template of a message about several duties."""
    dates = message.kind == "notice" and any(item.step == DATES for item in message.items)
    return DATES if dates else message.kind


def put_words(message: Message, words: Composed) -> None:
    """Give a message its words."""
    message.subject, message.text, message.html = words.subject, words.text, words.html
    message.facts = dict(words.facts)


def deed_of(message_id: int, action: str, **facts: Any) -> journal.Deed:
    """What the journal is to keep about a message."""
    kept = {name: cut(value, 300) if isinstance(value, str) else value for name, value in facts.items()}
    return journal.Deed(action, "message", message_id, kept)


def record(session: Session, message_id: int, action: str, now: datetime, actor: str = "dondoc", **facts: Any) -> None:
    """One journal entry about a message."""
    deed = deed_of(message_id, action, **facts)
    journal.record(session, at=now, actor=actor, **deed._asdict())
