"""Moved dates, told once: whoever was written to about a date hears in one message that it is another now, and why.

A corrected plan and a new order of days off both come here. Of a corrected plan nobody hears who was never told the
date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from chasing import ZONE, Recipient, Step, after_night, say_date
from config.settings import Settings
from db import journal
from db.models import Message, MessageItem, Occurrence, Person
from db.queries.outbox_queries import queued_by_key, told_people
from notifications.composing import Line
from notifications.links import make_links
from notifications.outcomes import DATES, put_words, reworded
from notifications.recipients import Directory, address_on, load_directory

# As urgent as a returned report: a unit may be working towards the wrong day.
PRIORITY = 3
TO_CONTACT = Step(DATES, "on", 0, ("contact",))


@dataclass(frozen=True)
class DateChange:
    """One occurrence whose day is another now. `before` or `after` is None where it was, or is, not to be done.

    Both are the days that were told, an extension counted. `why` is a clause without a stop: "kế hoạch được sửa ngày
    20/1/2026".
    """

    occurrence: Occurrence
    before: date | None
    after: date | None
    why: str

    def words(self) -> str:
        """The change as a message says it."""
        if self.after is None:
            old = f" (hạn cũ {say_date(self.before)})" if self.before else ""
            return f"Không còn phải thực hiện{old}: {self.why}"
        if self.before is None:
            return f"Phải thực hiện trở lại, hạn {say_date(self.after)}: {self.why}"
        return f"Hạn cũ {say_date(self.before)}, hạn mới {say_date(self.after)}: {self.why}"


def queue_date_changes(
    session: Session,
    changes: Sequence[DateChange],
    now: datetime,
    settings: Settings,
    *,
    contacts: bool = False,
) -> list[Message]:
    """Queue one message for each person who hears of a moved date, in the caller's transaction.

    Who hears: see `who_hears`. A further call at the same instant adds to the message. A night is waited out. Gives the
    messages touched.
    """
    directory, wanted = who_hears(session, changes, now, settings, contacts=contacts)
    if not wanted:
        return []
    make_links(session, {(c.occurrence.id, r.person_id) for r, found in wanted.items() for c in found}, now, settings)
    return [
        _queue(session, directory.people[recipient.person_id], recipient.channel, found, now, settings)
        for recipient, found in wanted.items()
    ]


def who_hears(
    session: Session, changes: Sequence[DateChange], now: datetime, settings: Settings, *, contacts: bool = False
) -> tuple[Directory, dict[Recipient, list[DateChange]]]:
    """Who hears of which changes, each person of all his occurrences at once.

    Whoever was told of the old date, and then the unit's contact (or stand-in) too. With `contacts` the contact hears
    even when nobody was told: an order of days off moves dates that a unit knows from its plan. A unit that is muted
    hears nothing; its next reminder speaks of the new date.
    """
    session.flush()
    today = now.astimezone(ZONE).date()
    moved = [change for change in changes if change.before != change.after and not _is_muted(change, today)]
    told = told_people(session, {change.occurrence.id for change in moved})
    moved = [change for change in moved if contacts or change.occurrence.id in told]
    wanted: dict[Recipient, list[DateChange]] = {}
    if not moved:
        return Directory(frozenset(), {}, {}), wanted
    directory = load_directory(session, {change.occurrence.unit for change in moved}, settings)
    for change in moved:
        for recipient in _recipients(directory, change.occurrence, told.get(change.occurrence.id, set())):
            wanted.setdefault(recipient, []).append(change)
    return directory, wanted


def _is_muted(change: DateChange, today: date) -> bool:
    until = change.occurrence.unit.muted_until
    return until is not None and until >= today


def _recipients(directory: Directory, occurrence: Occurrence, told: set[int]) -> list[Recipient]:
    """Those who were told and are still there, and the contact of today."""
    people = [directory.people[number] for number in sorted(told) if number in directory.people]
    found = [Recipient(each.id, name) for each in people if (name := directory.channel_of(each))]
    contacts = directory.recipients(occurrence.unit, TO_CONTACT.roles, TO_CONTACT)
    return list(dict.fromkeys([*found, *contacts]))


def _queue(
    session: Session, person: Person, channel: str, changes: Sequence[DateChange], now: datetime, settings: Settings
) -> Message:
    key = f"{DATES}:{now.timestamp():.6f}:{person.id}:{channel}"
    message = queued_by_key(session, key) or _message(session, person, channel, key, now)
    reasons = {item.occurrence_id: item for item in message.items}
    for change in changes:
        _say(message, reasons, change)
    lines = [Line(item.occurrence, item.reason) for item in message.items]
    put_words(message, reworded(session, message, channel, lines, now, settings))
    session.flush()
    facts = {"notice": DATES, "person": person.id, "channel": channel}
    items = [[change.occurrence.id, change.words()] for change in changes]
    journal.record(
        session,
        at=now,
        actor="dondoc",
        action="message.queue",
        subject_kind="message",
        subject_id=message.id,
        data={**facts, "items": items},
    )
    return message


def _message(session: Session, person: Person, channel: str, key: str, now: datetime) -> Message:
    message = Message(
        dedupe_key=key,
        person_id=person.id,
        person=person,
        channel=channel,
        address=address_on(person, channel) or "",
        kind="notice",
        subject="",
        text="",
        priority=PRIORITY,
        state="queued",
        not_before=after_night(now),
        created_at=now,
        thread=[],
    )
    session.add(message)
    return message


def _say(message: Message, said: Mapping[int, MessageItem], change: DateChange) -> None:
    """One line of a message: new, or in place of what it said of the same occurrence."""
    if (known := said.get(change.occurrence.id)) is not None:
        known.reason = change.words()
        return
    item = MessageItem(occurrence=change.occurrence, step=DATES, position=len(message.items) + 1)
    item.occurrence_id, item.reason = change.occurrence.id, change.words()
    message.items.append(item)
