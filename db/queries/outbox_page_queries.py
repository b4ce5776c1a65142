"""What the outbox page asks: messages by state, channel, person and day, with what stands around one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from db.models import Message, MessageItem, Obligation, Occurrence, Person, Suppression

# The order in which the outbox shows states: what needs a person comes first.
OUTBOX_ORDER = ("unknown", "failed", "sending", "queued", "sent", "suppressed", "cancelled")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class OutboxFilter:
    """What a person asked to see; empty means all. `day` is the first instant of a day on the office's clock."""

    state: str = ""
    channel: str = ""
    person: str = ""
    day: datetime | None = None

    def conditions(self, with_state: bool = True) -> list[ColumnElement[bool]]:
        """The same for a query."""
        wanted = []
        if self.state and with_state:
            wanted.append(Message.state == self.state)
        if self.channel:
            wanted.append(Message.channel == self.channel)
        if self.person:
            like = f"%{self.person.replace('%', '').replace('_', '')}%"
            named = select(Person.id).where(Person.name.ilike(like))
            wanted.append(or_(Message.person_id.in_(named), Message.address.ilike(like)))
        if self.day is not None:
            moment = func.coalesce(Message.sent_at, Message.not_before)
            wanted += [moment >= self.day, moment < self.day + DAY]
        return wanted


def outbox_counts(session: Session, asked: OutboxFilter) -> dict[str, int]:
    """How many messages stand in each state, by the rest of the filter."""
    query = select(Message.state, func.count()).where(*asked.conditions(with_state=False)).group_by(Message.state)
    return dict(session.execute(query).tuples().all())


def outbox_page(session: Session, asked: OutboxFilter, page: int, size: int) -> list[Message]:
    """One page of the outbox: what needs a person first, then the newest."""
    # What has long ended is history: it is ordered by time alone. What was sent again needs nobody any more.
    waits = Message.state.in_(("unknown", "failed")) & (func.coalesce(Message.error_code, "") != "resent")
    rank = case((waits & (Message.state == "unknown"), 0), (waits, 1), else_=2)
    query = _whole().where(*asked.conditions()).order_by(rank, Message.id.desc())
    return list(session.scalars(query.limit(size).offset((page - 1) * size)))


def message_by_id(session: Session, message_id: int) -> Message | None:
    """One message with its person and duties."""
    return session.scalars(_whole().where(Message.id == message_id)).one_or_none()


def _whole() -> Select[tuple[Message]]:
    items = selectinload(Message.items).joinedload(MessageItem.occurrence)
    return select(Message).options(
        joinedload(Message.person).joinedload(Person.unit),
        items.joinedload(Occurrence.obligation).load_only(Obligation.id, Obligation.ordinal, Obligation.content),
        items.joinedload(Occurrence.unit),
    )


def followers(session: Session, message_id: int) -> Sequence[Message]:
    """The messages that took the place of one, oldest first."""
    return session.scalars(select(Message).where(Message.replaces_id == message_id).order_by(Message.id)).all()


def owners_of(session: Session, bars: Sequence[Suppression]) -> dict[int, str]:
    """By message id: the name of the person whose message met a dead address."""
    numbers = [bar.message_id for bar in bars if bar.message_id is not None]
    query = select(Message.id, Person.name).join(Person, Person.id == Message.person_id).where(Message.id.in_(numbers))
    return dict(session.execute(query).tuples().all())
