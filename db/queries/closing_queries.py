"""Which occurrences lie near today, and which reports there are: enough to see which periods have closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.models import Obligation, Occurrence, Plan, ReportFile

UNASKED = ("waived", "on_hold", "cancelled")


def occurrences_since(session: Session, day: date) -> Iterator[tuple[int, Occurrence]]:
    """Plan number and occurrence, of confirmed plans, for all that still counts and ends on `day` or later."""
    query = (
        select(Plan.id, Occurrence)
        .join(Obligation, Obligation.plan_id == Plan.id)
        .join(Occurrence, Occurrence.obligation_id == Obligation.id)
        .where(Plan.state == "confirmed", Occurrence.state.not_in(UNASKED))
        .where(or_(Occurrence.period_end >= day, Occurrence.nominal >= day))
    )
    yield from session.execute(query).tuples()


def reports_built(session: Session) -> set[tuple[int, str]]:
    """Plan number and period key of every report there is."""
    return set(session.execute(select(ReportFile.plan_id, ReportFile.period_key)).tuples())
