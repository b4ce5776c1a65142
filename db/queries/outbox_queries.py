"""Named queries of the outbox. Claims and settlements are conditional UPDATEs: the row count says who won."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Table, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from db.models import (
    JobRun,
    Message,
    MessageItem,
    Obligation,
    Occurrence,
    Person,
    Plan,
)

CHASE_KINDS = ("digest", "escalation")
URGENT = 1
"""Messages of this priority leave at any hour; the others wait for the office to open."""


def known_keys(session: Session, keys: Collection[str]) -> set[str]:
    """Which of these dedupe keys are already in the outbox."""
    ordered = sorted(keys)
    return {
        key
        for start in range(0, len(ordered), 500)
        for key in session.scalars(
            select(Message.dedupe_key).where(Message.dedupe_key.in_(ordered[start : start + 500]))
        )
    }


def stale_digests(session: Session, before: datetime) -> Sequence[Message]:
    """Digests of an earlier day that still wait to be sent, with their items."""
    waiting = (
        select(Message)
        .where(Message.state == "queued", Message.kind.in_(CHASE_KINDS), Message.created_at < before)
        .options(selectinload(Message.items), joinedload(Message.person).joinedload(Person.unit))
        .order_by(Message.id)
    )
    return session.scalars(waiting).all()


def served_pairs(session: Session, people: Collection[int], keys: str, since: datetime) -> set[tuple[int, str]]:
    """(person, channel) of the digests whose dedupe key begins with `keys`, those that took over included."""
    ordered = sorted(people)
    return {
        (person_id, channel)
        for start in range(0, len(ordered), 500)
        for person_id, channel in session.execute(
            select(Message.person_id, Message.channel).where(
                Message.person_id.in_(ordered[start : start + 500]),
                Message.created_at >= since,
                Message.dedupe_key.startswith(keys, autoescape=True),
            )
        )
        if person_id is not None
    }


@dataclass(frozen=True)
class Due:
    """A queued message that may leave now, as the choice among many needs it."""

    id: int
    channel: str
    person_id: int | None
    priority: int
    kind: str


def due_messages(
    session: Session, now: datetime, channel: str, everything: bool, limit: int, oldest: bool = False
) -> list[Due]:
    """Queued messages that may leave now through a channel, urgent first; with `oldest`, the longest waiting first.

    Without `everything`, no chase but the urgent. What another transaction is just changing is passed over.
    """
    order = (Message.not_before, Message.id) if oldest else (Message.priority, Message.not_before, Message.id)
    columns = (Message.id, Message.channel, Message.person_id, Message.priority, Message.kind)
    chosen = select(*columns).where(*_may_leave(now, [channel], everything)).order_by(*order).limit(limit)
    return [Due(*row) for row in session.execute(chosen.with_for_update(skip_locked=True))]


def count_due(session: Session, now: datetime, channels: Collection[str], everything: bool) -> int:
    """How many queued messages may leave now through these channels."""
    return session.scalar(select(func.count()).where(*_may_leave(now, channels, everything))) or 0


def _may_leave(now: datetime, channels: Collection[str], everything: bool) -> list[ColumnElement[bool]]:
    ready = [Message.state == "queued", Message.not_before <= now, Message.channel.in_(sorted(channels))]
    return ready if everything else [*ready, or_(Message.kind.not_in(CHASE_KINDS), Message.priority <= URGENT)]


def due_ids(
    session: Session, now: datetime, channels: Collection[str], everything: bool, after: int, limit: int
) -> Sequence[int]:
    """Ids beyond `after` of queued messages that may leave now through these channels, in their order.

    They are locked until the transaction ends, all at once: whoever locked one by one, and the journal in between,
    would wait for a claim that waits for him.
    """
    chosen = select(Message.id).where(*_may_leave(now, channels, everything), Message.id > after)
    return session.scalars(chosen.order_by(Message.id).limit(limit).with_for_update(skip_locked=True)).all()


def stranded_ids(session: Session, now: datetime, channels: Collection[str], limit: int) -> Sequence[int]:
    """Ids of queued messages whose channel this installation does not have, locked as by `due_ids`."""
    stranded = select(Message.id).where(
        Message.state == "queued", Message.not_before <= now, Message.channel.not_in(sorted(channels))
    )
    return session.scalars(stranded.order_by(Message.id).limit(limit).with_for_update(skip_locked=True)).all()


def tried_channels(session: Session, message: Message) -> set[str]:
    """The channels by which this message was tried, itself and those before it."""
    tried, before = {message.channel}, message.replaces_id
    while before is not None:
        older = session.get_one(Message, before)
        tried.add(older.channel)
        before = older.replaces_id
    return tried


def claim_all(session: Session, ids: Collection[int], claimed_by: str, deadline: datetime) -> Sequence[Message]:
    """Take these queued messages; those that became ours, with their items. Another deliverer may be faster."""
    changes = {"state": "sending", "claimed_by": claimed_by, "claim_deadline": deadline}
    statement = update(Message).where(Message.id.in_(sorted(ids)), Message.state == "queued")
    _changed(session, statement.values(**changes, attempts=Message.attempts + 1))
    return [one for one in messages_with_items(session, ids) if (one.state, one.claimed_by) == ("sending", claimed_by)]


def settle(session: Session, message_id: int, claimed_by: str, changes: dict[str, Any]) -> bool:
    """Write the outcome of a claimed message; False when it is no longer ours.

    A row that was declared `unknown` while its sender was only slow may still be settled by that sender.
    """
    mine = update(Message).where(
        Message.id == message_id, Message.claimed_by == claimed_by, Message.state.in_(("sending", "unknown"))
    )
    return _changed(session, mine.values(**changes)) == 1


@dataclass(frozen=True)
class Claimed:
    """What a settlement needs of a claimed message."""

    id: int
    channel: str
    state: str
    claimed_by: str | None
    attempts: int
    provider_id: str | None
    delivered_at: datetime | None


def lock_claimed(session: Session, ids: Collection[int]) -> list[Claimed]:
    """These messages as the database has them now, locked until the transaction ends."""
    columns = (
        Message.id,
        Message.channel,
        Message.state,
        Message.claimed_by,
        Message.attempts,
        Message.provider_id,
        Message.delivered_at,
    )
    query = select(*columns).where(Message.id.in_(sorted(ids))).order_by(Message.id).with_for_update()
    return [Claimed(*row) for row in session.execute(query)]


def settle_many(session: Session, claimed_by: str, changes: Mapping[int, Mapping[str, Any]]) -> None:
    """Write the outcomes of messages that are locked and ours, by id; those that change the same columns at once.

    Raises RuntimeError when one of them was not ours after all.
    """
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for number, columns in changes.items():
        alike.setdefault(tuple(sorted(columns)), []).append({"row_id": number, **columns})
    table = cast("Table", Message.__table__)
    for names, rows in alike.items():
        mine = (table.c.id == bindparam("row_id")) & (table.c.claimed_by == bindparam("owner"))
        open_yet = (table.c.state == "sending") | (table.c.state == "unknown")
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        named = [
            {"row_id": row["row_id"], "owner": claimed_by, **{f"new_{name}": row[name] for name in names}}
            for row in rows
        ]
        result = session.connection().execute(update(table).where(mine, open_yet).values(values), named)
        if result.rowcount != len(rows):
            raise RuntimeError(f"{len(rows)} messages were to be settled, {result.rowcount} were ours")


@dataclass(frozen=True)
class Unsaid:
    """A step that a message, queued at `since`, does not tell after all; `alone`: unless another message tells it."""

    occurrence_id: int
    step: str
    message_id: int
    since: datetime
    alone: bool


def unsay(session: Session, one: Unsaid) -> bool:
    """Let a step of an occurrence count as not told; False when the chase has gone on, or somebody else hears it."""
    told = update(Occurrence).where(
        Occurrence.id == one.occurrence_id, Occurrence.last_step == one.step, Occurrence.last_step_at <= one.since
    )
    if one.alone:
        other = select(MessageItem.message_id).join(Message, Message.id == MessageItem.message_id)
        others = other.where(
            MessageItem.occurrence_id == one.occurrence_id,
            MessageItem.step == one.step,
            MessageItem.part == "lead",
            Message.id != one.message_id,
            Message.state.in_(("queued", "sending", "sent", "unknown")),
            Message.created_at >= Occurrence.last_step_at,
        )
        told = told.where(~others.correlate(Occurrence).exists())
    return _changed(session, told.values(last_step=None, last_step_at=None)) == 1


def move_queued(session: Session, message_id: int, changes: dict[str, Any]) -> bool:
    """Change a message that nobody has claimed; False when somebody has."""
    statement = update(Message).where(Message.id == message_id, Message.state == "queued")
    return _changed(session, statement.values(**changes)) == 1


def resolve_unknown(session: Session, message_id: int, changes: dict[str, Any]) -> bool:
    """Close a message that a person has decided about; False when it does not wait for a person."""
    statement = update(Message).where(Message.id == message_id, Message.state.in_(("unknown", "failed")))
    return _changed(session, statement.values(claimed_by=None, **changes)) == 1


def _changed(session: Session, statement: Any) -> int:
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return result.rowcount if isinstance(result, CursorResult) else 0


def locked_message(
    session: Session, channels: Collection[str], message_id: int | None, provider_id: str
) -> Message | None:
    """The message of a number, or the newest with this id at the provider, locked against whoever settles it."""
    query = select(Message).where(Message.channel.in_(sorted(channels)))
    if message_id is not None:
        query = query.where(Message.id == message_id)
    else:
        query = query.where(Message.provider_id == provider_id)
    newest = query.order_by(Message.id.desc()).limit(1).with_for_update()
    return session.scalars(newest.execution_options(populate_existing=True)).one_or_none()


def queued_followers(session: Session, message_id: int) -> Sequence[int]:
    """Ids of the messages that wait to replace this one."""
    query = select(Message.id).where(Message.replaces_id == message_id, Message.state == "queued")
    return session.scalars(query.order_by(Message.id)).all()


def expired_claims(session: Session, now: datetime) -> Sequence[Message]:
    """Messages whose deliverer went silent in the middle of a send."""
    return session.scalars(select(Message).where(Message.state == "sending", Message.claim_deadline < now)).all()


def messages_with_items(session: Session, ids: Collection[int]) -> Sequence[Message]:
    """Messages with their person, items, duties and plans, as the database has them now."""
    duty = selectinload(Message.items).joinedload(MessageItem.occurrence)
    statement = (
        select(Message)
        .where(Message.id.in_(sorted(ids)))
        .options(
            joinedload(Message.person),
            duty.joinedload(Occurrence.unit),
            duty.selectinload(Occurrence.extensions),
            duty.joinedload(Occurrence.obligation).joinedload(Obligation.plan),
        )
        .order_by(Message.id)
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).unique().all()


def messages_with_person(session: Session, ids: Collection[int]) -> Sequence[Message]:
    """Messages with their person only, as the database has them now; locked until the transaction ends."""
    statement = select(Message).where(Message.id.in_(sorted(ids))).options(joinedload(Message.person))
    locked = statement.order_by(Message.id).with_for_update(of=Message)
    return session.scalars(locked.execution_options(populate_existing=True)).all()


def told_people(session: Session, occurrence_ids: Collection[int]) -> dict[int, set[int]]:
    """Who was written to about each occurrence: what left, and what may have left, by occurrence id."""
    told: dict[int, set[int]] = {}
    ordered = sorted(occurrence_ids)
    for start in range(0, len(ordered), 500):
        statement = (
            select(MessageItem.occurrence_id, Message.person_id)
            .join(Message, Message.id == MessageItem.message_id)
            .where(
                MessageItem.occurrence_id.in_(ordered[start : start + 500]),
                # Whoever only takes part, or decided about a request, does not work towards the day.
                MessageItem.part == "lead",
                Message.state.in_(("sending", "sent", "unknown")),
                Message.person_id.is_not(None),
            )
            .distinct()
        )
        for occurrence_id, person_id in session.execute(statement):
            told.setdefault(occurrence_id, set()).add(person_id)
    return told


def queued_by_key(session: Session, dedupe_key: str) -> Message | None:
    """The message under a dedupe key, while nobody has claimed it."""
    return session.scalar(select(Message).where(Message.dedupe_key == dedupe_key, Message.state == "queued"))


def mail_chains(session: Session, pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], list[int]]:
    """By (person, occurrence): ids of the mails about this one duty alone that this person got, oldest first."""
    other = aliased(MessageItem)
    more = exists().where(other.message_id == Message.id, other.occurrence_id != MessageItem.occurrence_id)
    query = (
        select(Message.person_id, MessageItem.occurrence_id, Message.id)
        .join(Message.items)
        .where(
            Message.person_id.in_(sorted({person for person, _ in pairs})),
            MessageItem.occurrence_id.in_(sorted({occurrence for _, occurrence in pairs})),
            Message.channel == "email",
            Message.state == "sent",
            ~more,
        )
        .order_by(Message.id)
    )
    chains: dict[tuple[int, int], list[int]] = {}
    for person, occurrence, number in session.execute(query) if pairs else ():
        chains.setdefault((person, occurrence), []).append(number)
    return chains


def newest_messages(session: Session, states: Collection[str], limit: int) -> Sequence[Message]:
    """The newest messages in these states (every state when none is named), with their person."""
    statement = select(Message).options(joinedload(Message.person)).order_by(Message.id.desc()).limit(limit)
    if states:
        statement = statement.where(Message.state.in_(sorted(states)))
    return session.scalars(statement).all()


def count_states(session: Session) -> dict[str, int]:
    """How many messages are in each state."""
    return dict(session.execute(select(Message.state, func.count()).group_by(Message.state)).tuples().all())


def count_unknown(session: Session) -> int:
    """How many messages wait for a person to say whether they arrived."""
    return session.scalar(select(func.count()).where(Message.state == "unknown")) or 0


def oldest_waiting(session: Session, now: datetime) -> datetime | None:
    """Since when the longest waiting message could have left; None when none waits."""
    waiting = select(func.min(Message.not_before)).where(Message.state == "queued", Message.not_before <= now)
    return session.scalar(waiting)


def outcomes_since(session: Session, since: datetime) -> Sequence[tuple[str, str, int]]:
    """(channel, state, number) of the messages that could leave since then and have an outcome."""
    rows = session.execute(
        select(Message.channel, Message.state, func.count())
        .where(Message.state.in_(("sent", "failed", "unknown")), Message.not_before >= since)
        .group_by(Message.channel, Message.state)
    )
    return [(channel, state, number) for channel, state, number in rows]


def first_confirmation(session: Session) -> datetime | None:
    """When the first plan that is followed now was confirmed; None when nothing is followed yet."""
    confirmed = select(func.min(func.coalesce(Plan.confirmed_at, Plan.imported_at))).where(Plan.state == "confirmed")
    return session.scalar(confirmed)


def run_since(session: Session, job: str, since: datetime) -> JobRun | None:
    """The newest run of a job that began at or after an instant."""
    begun = select(JobRun).where(JobRun.job == job, JobRun.started_at >= since)
    return session.scalars(begun.order_by(JobRun.started_at.desc()).limit(1)).first()


def new_since(session: Session, since: datetime) -> Sequence[int]:
    """Ids of the queued messages made at or after an instant."""
    made = select(Message.id).where(Message.created_at >= since, Message.state == "queued")
    return session.scalars(made.order_by(Message.id)).all()
