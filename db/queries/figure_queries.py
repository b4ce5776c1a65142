"""What a finished duty cost in messages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from db.models import Extension, Message, MessageItem, Obligation, Occurrence, Plan

FINISHED = ("submitted", "accepted")
LEFT = ("sent", "unknown")
CHASING = ("digest", "escalation")


def finished_since(session: Session, since: datetime, most: int) -> Sequence[Occurrence]:
    """The occurrences answered since an instant, the newest first, with the plan that they come from."""
    duty = contains_eager(Occurrence.obligation)
    query = (
        select(Occurrence)
        .join(Occurrence.obligation)
        .join(Obligation.plan)
        .where(Occurrence.state.in_(FINISHED), Occurrence.answered_at >= since)
        .options(duty.load_only(Obligation.id), duty.contains_eager(Obligation.plan).defer(Plan.reading))
        .order_by(Occurrence.answered_at.desc(), Occurrence.id.desc())
    )
    return session.scalars(query.limit(most)).all()


def reminders_of(session: Session, occurrence_ids: Collection[int]) -> list[tuple[int, int]]:
    """(occurrence, message) of each reminder and escalation that left, or may have left, about one of them.

    Those to coordinating units are left out: they owe nothing.
    """
    query = (
        select(MessageItem.occurrence_id, MessageItem.message_id)
        .join(Message, Message.id == MessageItem.message_id)
        .where(MessageItem.occurrence_id.in_(sorted(occurrence_ids)))
        .where(Message.state.in_(LEFT), Message.kind.in_(CHASING), MessageItem.part != "coordinator")
    )
    return list(session.execute(query).tuples().all())


def granted_at(session: Session, occurrence_ids: Collection[int]) -> dict[int, datetime]:
    """By occurrence: when its last extension was granted."""
    query = select(Extension.occurrence_id, func.max(Extension.decided_at)).where(
        Extension.occurrence_id.in_(sorted(occurrence_ids)), Extension.state == "granted"
    )
    rows = session.execute(query.group_by(Extension.occurrence_id)).tuples().all()
    return {number: moment for number, moment in rows if moment is not None}
