"""Named queries of the reports room. They only read."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from db.models import Occurrence, Plan, ReportFile, Submission, SubmissionFigure, Target, TargetUnit
from db.models.plans import Obligation, ObligationUnit


def plan_by_code(session: Session, code: str) -> Plan | None:
    """The plan of a code, or None."""
    return session.scalars(select(Plan).where(Plan.code == code)).one_or_none()


def plan_by_id(session: Session, plan_id: int) -> Plan | None:
    """The plan of an id, or None."""
    return session.get(Plan, plan_id)


def plan_codes(session: Session) -> Sequence[str]:
    """The codes of all plans in the order of their names."""
    return session.scalars(select(Plan.code).order_by(Plan.code)).all()


def occurrences_of_plan(session: Session, plan_id: int) -> Sequence[Occurrence]:
    """Every occurrence of a plan that was not cancelled, with what hangs on it, in the order of the plan.

    A fixed number of statements however many occurrences there are.
    """
    submissions = selectinload(Occurrence.submissions)
    statement = (
        select(Occurrence)
        .join(Occurrence.obligation)
        .where(Obligation.plan_id == plan_id, Occurrence.state != "cancelled")
        .order_by(Obligation.position, Obligation.id, Occurrence.nominal, Occurrence.unit_id, Occurrence.id)
        .options(
            joinedload(Occurrence.obligation).selectinload(Obligation.units).joinedload(ObligationUnit.unit),
            joinedload(Occurrence.unit),
            selectinload(Occurrence.extensions),
            submissions.selectinload(Submission.files),
            submissions.selectinload(Submission.figures).joinedload(SubmissionFigure.target),
        )
    )
    return session.scalars(statement).all()


def active_obligations(session: Session, plan_id: int) -> Sequence[Obligation]:
    """The duties of a plan that are in force, in its order, with the units they name."""
    statement = (
        select(Obligation)
        .where(Obligation.plan_id == plan_id, Obligation.active.is_(True))
        .order_by(Obligation.position, Obligation.id)
        .options(selectinload(Obligation.units).joinedload(ObligationUnit.unit))
    )
    return session.scalars(statement).all()


def targets_of_plan(session: Session, plan_id: int) -> Sequence[Target]:
    """The targets of a plan in its order, with the units that answer for them."""
    statement = (
        select(Target)
        .where(Target.plan_id == plan_id)
        .order_by(Target.position, Target.id)
        .options(selectinload(Target.responsible).joinedload(TargetUnit.unit))
    )
    return session.scalars(statement).all()


def reports_of_plan(session: Session, plan_id: int) -> Sequence[ReportFile]:
    """The reports built for a plan, newest first."""
    statement = select(ReportFile).where(ReportFile.plan_id == plan_id).order_by(ReportFile.id.desc())
    return session.scalars(statement).all()
