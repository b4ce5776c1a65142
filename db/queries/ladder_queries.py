"""Which plans and duties are chased by which ladder."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, load_only

from db.models import Obligation, Plan
from db.queries.view_queries import PLAN_COLUMNS

OF_PLAN = "default"


def plans_by_ladder(session: Session) -> dict[str, list[Plan]]:
    """The plans that are followed, by the name of their ladder."""
    query = select(Plan).where(Plan.state == "confirmed").order_by(Plan.year.desc(), Plan.id)
    found: dict[str, list[Plan]] = defaultdict(list)
    for plan in session.scalars(query.options(load_only(*PLAN_COLUMNS))):
        found[plan.ladder].append(plan)
    return dict(found)


def duties_apart(session: Session) -> dict[str, list[Obligation]]:
    """The duties of followed plans that name a ladder of their own, by its name."""
    query = select(Obligation).join(Obligation.plan).where(Plan.state == "confirmed", Obligation.active)
    query = query.where(Obligation.ladder != OF_PLAN).order_by(Plan.id, Obligation.position)
    found: dict[str, list[Obligation]] = defaultdict(list)
    for duty in session.scalars(query.options(contains_eager(Obligation.plan).load_only(*PLAN_COLUMNS))):
        found[duty.ladder].append(duty)
    return dict(found)


def plan_with_duties(session: Session, code: str) -> Plan | None:
    """A plan of a code that is followed or closed."""
    return session.scalars(select(Plan).where(Plan.code == code, Plan.state != "draft")).one_or_none()


def duty_of_plan(session: Session, number: int) -> Obligation | None:
    """A duty of a plan that is followed or closed."""
    query = select(Obligation).join(Obligation.plan).where(Obligation.id == number, Plan.state != "draft")
    return session.scalars(query.options(contains_eager(Obligation.plan))).one_or_none()
