"""What stands in the grid of units by periods: the occurrences of a year, of one plan or duty or of all plans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import extract, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload, load_only

from db.models import Obligation, Occurrence, Plan, Unit

COLUMNS = (
    Occurrence.id,
    Occurrence.unit_id,
    Occurrence.obligation_id,
    Occurrence.period_label,
    Occurrence.period_start,
    Occurrence.period_end,
    Occurrence.kind,
    Occurrence.due_legal,
    Occurrence.extended_due,
    Occurrence.state,
    Occurrence.answered_at,
    Occurrence.accepted_at,
)


def occurrences_of_year(session: Session, year: int, plan: str = "", duty: int = 0) -> Sequence[Occurrence]:
    """The occurrences whose period ends in a year, cancelled ones aside; of a plan's code, of a duty, or of every plan.

    Each has only what the grid shows, with its unit and the state of its plan.
    """
    query = select(Occurrence).join(Occurrence.obligation).join(Obligation.plan).join(Occurrence.unit)
    query = query.where(Plan.state != "draft", Occurrence.state != "cancelled")
    query = query.where(Occurrence.period_end.between(date(year, 1, 1), date(year, 12, 31)))
    if plan:
        query = query.where(Plan.code == plan)
    if duty:
        query = query.where(Occurrence.obligation_id == duty)
    followed = contains_eager(Occurrence.obligation).load_only(Obligation.id)
    options = (
        load_only(*COLUMNS),
        followed.contains_eager(Obligation.plan).load_only(Plan.state),
        contains_eager(Occurrence.unit),
    )
    return session.scalars(query.options(*options).order_by(Unit.name, Occurrence.period_end, Occurrence.id)).all()


def years_with_occurrences(session: Session) -> list[int]:
    """The years in which a period ends, newest first."""
    year = extract("year", Occurrence.period_end)
    query = select(year).join(Occurrence.obligation).join(Obligation.plan).where(Plan.state != "draft")
    return sorted({int(each) for each in session.scalars(query.group_by(year))}, reverse=True)


def duties_of_plan(session: Session, plan: str) -> Sequence[Obligation]:
    """The duties of a plan that have occurrences, in the order of the plan."""
    has = select(func.count()).where(Occurrence.obligation_id == Obligation.id).scalar_subquery()
    query = select(Obligation).join(Obligation.plan).where(Plan.code == plan, Obligation.active, has > 0)
    return session.scalars(query.order_by(Obligation.position, Obligation.id)).all()


def occurrences_named(session: Session, ids: Sequence[int]) -> Sequence[Occurrence]:
    """Some occurrences with duty, plan and unit, as a list shows them."""
    duty = joinedload(Occurrence.obligation)
    plan = duty.joinedload(Obligation.plan).load_only(Plan.code, Plan.number, Plan.state)
    query = select(Occurrence).where(Occurrence.id.in_(ids)).options(joinedload(Occurrence.unit), duty, plan)
    return session.scalars(query.order_by(Occurrence.due_legal, Occurrence.id)).all()
