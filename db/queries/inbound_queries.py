"""Named queries about what came in. All but `insert_once` and `claim` only read (and lock)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload, selectinload

from db.models import OPEN_STATES, InboundMessage, Message, MessageItem, Obligation, Occurrence, Person, Plan

# What a person must look at.
FOR_A_PERSON = ("waiting", "failed")


def insert_once(session: Session, values: Mapping[str, Any]) -> tuple[int, bool]:
    """Keep a row unless one has its `dedupe_key`; the id of the one that stands, and whether it is this one."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    # On PostgreSQL a second writer waits for the first one's end here, then adds nothing.
    statement = insert(InboundMessage).values(dict(values)).on_conflict_do_nothing(index_elements=["dedupe_key"])
    added = session.scalar(statement.returning(InboundMessage.id))
    if added is not None:
        return added, True
    known = select(InboundMessage.id).where(InboundMessage.dedupe_key == values["dedupe_key"])
    return session.scalars(known).one(), False


def claim(session: Session, row_id: int, now: datetime, until: datetime) -> bool:
    """Hold a row that waits to be acted on, and count the try; whether this caller alone has it."""
    free = or_(InboundMessage.handled_at.is_(None), InboundMessage.handled_at <= now)
    statement = update(InboundMessage).where(InboundMessage.id == row_id, InboundMessage.state == "received", free)
    result: Any = session.execute(statement.values(attempts=InboundMessage.attempts + 1, handled_at=until))
    return bool(result.rowcount == 1)


def locked_row(session: Session, row_id: int) -> InboundMessage:
    """A row as it is now, locked until the transaction ends. Raises NoResultFound."""
    statement = select(InboundMessage).where(InboundMessage.id == row_id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def row_by_id(session: Session, row_id: int) -> InboundMessage | None:
    """A row with its person, unit and duty."""
    return session.scalars(_whole().where(InboundMessage.id == row_id)).one_or_none()


def left_behind(session: Session, limit: int = 500) -> Sequence[InboundMessage]:
    """Rows that were kept and not acted on, the oldest first."""
    statement = select(InboundMessage).where(InboundMessage.state == "received")
    return session.scalars(statement.order_by(InboundMessage.id).limit(limit)).all()


def _whole() -> Select[tuple[InboundMessage]]:
    person = joinedload(InboundMessage.person).joinedload(Person.unit)
    return select(InboundMessage).options(person, joinedload(InboundMessage.occurrence).options(*_DUTY))


_DUTY = (joinedload(Occurrence.unit), joinedload(Occurrence.obligation).joinedload(Obligation.plan))


def waiting_rows(session: Session, limit: int = 200) -> Sequence[InboundMessage]:
    """What waits for a person, the oldest first."""
    statement = _whole().where(InboundMessage.state.in_(FOR_A_PERSON))
    return session.scalars(statement.order_by(InboundMessage.received_at, InboundMessage.id).limit(limit)).all()


def newest_rows(session: Session, limit: int = 50) -> Sequence[InboundMessage]:
    """What came in last, whatever became of it, the newest first."""
    return session.scalars(_whole().order_by(InboundMessage.id.desc()).limit(limit)).all()


def count_waiting(session: Session) -> int:
    """How many messages wait for a person."""
    return session.scalar(select(func.count()).select_from(waiting_ids().subquery())) or 0


def waiting_ids() -> Select[tuple[int]]:
    """Ids of what waits for a person."""
    return select(InboundMessage.id).where(InboundMessage.state.in_(FOR_A_PERSON))


def people_at(session: Session, channel: str, address: str) -> Sequence[Person]:
    """The active people whose address on a channel this is, with their unit."""
    column = {"zalo": Person.zalo_user_id, "zalo_bot": Person.bot_chat_id}.get(channel)
    held = func.lower(Person.email) == address.lower() if column is None else column == address
    statement = select(Person).where(Person.active, held).options(joinedload(Person.unit))
    return session.scalars(statement.order_by(Person.id)).all() if address else []


def message_with_items(session: Session, message_id: int) -> Message | None:
    """An outbox row with its person and the duties that it speaks of."""
    return session.scalars(_messages().where(Message.id == message_id)).one_or_none()


def message_by_provider_ids(session: Session, ids: Collection[str]) -> Message | None:
    """The newest outbox row that a provider knows by one of these ids."""
    statement = _messages().where(Message.provider_id.in_(ids)).order_by(Message.id.desc()).limit(1)
    return session.scalars(statement).first() if ids else None


def last_message_to(
    session: Session, person_id: int, channels: Collection[str], since: datetime, without_step: str
) -> Message | None:
    """The newest message about duties that a person was sent on one of these channels, replies of ours left out."""
    items = select(MessageItem.message_id).where(
        MessageItem.message_id == Message.id, MessageItem.step != without_step, MessageItem.part == "lead"
    )
    statement = _messages().where(
        Message.person_id == person_id,
        Message.channel.in_(channels),
        Message.state.in_(("sent", "unknown")),
        Message.created_at >= since,
        items.exists(),
    )
    return session.scalars(statement.order_by(Message.created_at.desc(), Message.id.desc()).limit(1)).first()


def _messages() -> Select[tuple[Message]]:
    items = selectinload(Message.items).joinedload(MessageItem.occurrence).options(*_DUTY)
    return select(Message).options(joinedload(Message.person).joinedload(Person.unit), items)


def occurrences_by_ids(session: Session, ids: Collection[int]) -> list[Occurrence]:
    """Occurrences with their unit and duty, in the order of the ids."""
    statement = select(Occurrence).where(Occurrence.id.in_(ids)).options(*_DUTY)
    found = {one.id: one for one in session.scalars(statement)}
    return [found[one] for one in dict.fromkeys(ids) if one in found]


def owed_by(session: Session, unit_id: int, limit: int = 100) -> list[Occurrence]:
    """What a unit still owes under plans that are followed, the nearest date first."""
    statement = (
        select(Occurrence)
        .join(Occurrence.obligation)
        .join(Obligation.plan)
        .where(Occurrence.unit_id == unit_id, Occurrence.state.in_(OPEN_STATES), Plan.state == "confirmed")
        .order_by(func.coalesce(Occurrence.extended_due, Occurrence.due_legal), Occurrence.id)
        .limit(limit)
        .options(*_DUTY)
    )
    return list(session.scalars(statement))


def rows_of_sender(
    session: Session, channel: str, sender: str, since: datetime, before_id: int, states: Collection[str]
) -> Sequence[InboundMessage]:
    """What a sender wrote on a channel since an instant, before a row of his, the newest first."""
    statement = _whole().where(
        InboundMessage.channel == channel,
        InboundMessage.sender == sender,
        InboundMessage.received_at >= since,
        InboundMessage.id < before_id,
        InboundMessage.state.in_(states),
    )
    return session.scalars(statement.order_by(InboundMessage.id.desc()).limit(50)).all()


def spoke_after(session: Session, channel: str, sender: str, since: datetime) -> bool:
    """Whether a sender followed us or wrote on a channel after an instant."""
    statement = select(InboundMessage.id).where(
        InboundMessage.channel == channel,
        InboundMessage.sender == sender,
        InboundMessage.received_at > since,
        InboundMessage.kind != "unfollow",
    )
    return session.scalars(statement.limit(1)).first() is not None


def count_replies(session: Session, channel: str, address: str, since: datetime) -> int:
    """How many replies an address was queued since an instant."""
    statement = select(func.count()).where(
        Message.channel == channel,
        Message.address == address,
        Message.created_at >= since,
        Message.dedupe_key.like("reply:%"),
    )
    return session.scalar(statement) or 0
