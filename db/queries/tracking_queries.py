"""What the papers of a chase ask: one occurrence with its whole course, a unit's year, what units owe."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from db.models import OPEN_STATES, JournalEntry, Message, MessageItem, Obligation, Occurrence, Plan, Unit

REACHED = ("sent", "unknown")
"""States of a message that left, or may have left."""


def tracked(session: Session, occurrence_id: int) -> Occurrence | None:
    """An occurrence of a followed plan with its duty, unit, answers and extensions."""
    return session.scalars(_whole().where(Occurrence.id == occurrence_id)).unique().one_or_none()


def unit_year(session: Session, unit_id: int, first: date, last: date) -> Sequence[Occurrence]:
    """What a unit owed between two days, and what it still owes from before, by date."""
    due = func.coalesce(Occurrence.extended_due, Occurrence.due_legal)
    wanted = or_(due.between(first, last), (due < first) & Occurrence.state.in_(OPEN_STATES))
    query = _whole().where(Occurrence.unit_id == unit_id, wanted, Occurrence.state != "cancelled")
    return session.scalars(query.order_by(due, Obligation.position, Occurrence.id)).unique().all()


def owed(session: Session, until: date, unit_ids: Collection[int] = ()) -> Sequence[Occurrence]:
    """What is open and due up to a day, by unit and date; of some units when they are named. No progress checks."""
    due = func.coalesce(Occurrence.extended_due, Occurrence.due_legal)
    query = _whole().where(
        Occurrence.state.in_(OPEN_STATES), Occurrence.kind != "progress_check", due <= until, Plan.state == "confirmed"
    )
    if unit_ids:
        query = query.where(Occurrence.unit_id.in_(sorted(unit_ids)))
    return session.scalars(query.order_by(Occurrence.unit_id, due, Occurrence.id)).unique().all()


def _whole() -> Select[tuple[Occurrence]]:
    duty = contains_eager(Occurrence.obligation)
    query = select(Occurrence).join(Occurrence.obligation).join(Obligation.plan).where(Plan.state != "draft")
    return query.options(
        duty.contains_eager(Obligation.plan).defer(Plan.reading),
        duty.selectinload(Obligation.units),
        joinedload(Occurrence.unit),
        selectinload(Occurrence.submissions),
        selectinload(Occurrence.extensions),
    )


def messages_counted(session: Session, occurrence_ids: Collection[int]) -> dict[int, int]:
    """By occurrence: how many reminders and escalations about it left."""
    query = (
        select(MessageItem.occurrence_id, func.count())
        .join(Message, Message.id == MessageItem.message_id)
        .where(MessageItem.occurrence_id.in_(sorted(occurrence_ids)))
        .where(Message.state.in_(REACHED), Message.kind.in_(("digest", "escalation")))
        .group_by(MessageItem.occurrence_id)
    )
    return dict(session.execute(query).tuples().all())


def deeds_about(session: Session, occurrence_id: int, actions: Collection[str]) -> Sequence[JournalEntry]:
    """What the journal says was done to an occurrence, oldest first."""
    query = select(JournalEntry).where(
        JournalEntry.subject_kind == "occurrence",
        JournalEntry.subject_id == occurrence_id,
        JournalEntry.action.in_(sorted(actions)),
    )
    return session.scalars(query.order_by(JournalEntry.seq)).all()


def unit_of_code(session: Session, code: str) -> Unit | None:
    """The unit of a code."""
    return session.scalars(select(Unit).where(Unit.code == code)).one_or_none()
