"""What a page tells of the people who get messages: bars on their addresses, and what was last sent to them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from db.models import Message, MessageItem, Occurrence, Person, Suppression, Unit

CHUNK = 500


def bars_on(session: Session, addresses: Collection[str]) -> dict[tuple[str, str], Suppression]:
    """The bars in force on any of these addresses, by channel and address as they are kept."""
    ordered = sorted(set(addresses))
    found: dict[tuple[str, str], Suppression] = {}
    for start in range(0, len(ordered), CHUNK):
        chosen = Suppression.address.in_(ordered[start : start + CHUNK])
        for bar in session.scalars(select(Suppression).where(Suppression.lifted_at.is_(None), chosen)):
            found[bar.channel, bar.address] = bar
    return found


def person_by_code(session: Session, code: str) -> Person | None:
    """A person with the unit he sits in."""
    query = select(Person).where(Person.code == code).options(joinedload(Person.unit))
    return session.scalars(query).one_or_none()


def messages_to(session: Session, person_id: int, limit: int) -> Sequence[Message]:
    """The newest messages to a person, with what they speak of."""
    items = selectinload(Message.items).joinedload(MessageItem.occurrence)
    query = select(Message).where(Message.person_id == person_id).order_by(Message.id.desc()).limit(limit)
    return session.scalars(query.options(items.joinedload(Occurrence.obligation))).all()


def last_messages_to(session: Session, person_ids: Collection[int]) -> dict[int, Message]:
    """The newest message that left, or may have left, to each of these people."""
    newest = (
        select(func.max(Message.id))
        .where(Message.person_id.in_(sorted(person_ids)), Message.state.in_(("sent", "unknown")))
        .group_by(Message.person_id)
    )
    found = session.scalars(select(Message).where(Message.id.in_(newest)))
    return {message.person_id: message for message in found if message.person_id is not None}


def muted_units(session: Session, today: date) -> Sequence[Unit]:
    """The units that nothing is said about on a day, by the day that their silence ends."""
    query = select(Unit).where(Unit.active, Unit.muted_until >= today)
    return session.scalars(query.order_by(Unit.muted_until, Unit.name)).all()
