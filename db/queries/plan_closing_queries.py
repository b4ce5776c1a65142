"""What a plan still holds when somebody wants to close it, and what reopening must touch."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from db.models import OPEN_STATES, Extension, Obligation, Occurrence, Question

# What a closed plan leaves behind unfinished.
UNFINISHED = (*OPEN_STATES, "on_hold", "submitted")


def unfinished_occurrences(session: Session, plan_id: int) -> Sequence[Occurrence]:
    """What a plan still waits for or has not reviewed, with duty and unit, by date."""
    query = select(Occurrence).join(Occurrence.obligation)
    query = query.where(Obligation.plan_id == plan_id, Occurrence.state.in_(UNFINISHED))
    query = query.options(joinedload(Occurrence.obligation), joinedload(Occurrence.unit))
    return session.scalars(query.order_by(Occurrence.due_legal, Obligation.position, Occurrence.id)).all()


def asked_extensions(session: Session, plan_id: int) -> Sequence[Extension]:
    """Requests for more time that nobody has decided."""
    query = select(Extension).join(Extension.occurrence).join(Occurrence.obligation)
    return session.scalars(query.where(Obligation.plan_id == plan_id, Extension.state == "asked")).all()


def undated_questions(session: Session, plan_id: int) -> Sequence[Question]:
    """Rules that wait for an event, a document or a demand, and have had none."""
    query = select(Question).join(Question.obligation).where(Question.plan_id == plan_id, Obligation.active)
    return session.scalars(query.where(Question.kind == "date", Question.answered_at.is_(None))).all()


def raise_revisions(session: Session, plan_id: int) -> None:
    """Count what reopening changes in calendars: a closed plan showed its open occurrences one revision further on."""
    duties = select(Obligation.id).where(Obligation.plan_id == plan_id)
    chosen = Occurrence.obligation_id.in_(duties), Occurrence.state.in_((*OPEN_STATES, "on_hold"))
    session.execute(update(Occurrence).where(*chosen).values(revision=Occurrence.revision + 2))
