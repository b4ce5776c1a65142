"""Which quarters have just closed: the last answer of a plan for the quarter is due, and no report was built yet."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from config.clock import ZONE
from db.queries.closing_queries import occurrences_since, reports_built
from deadlines.periods import Period
from reports.selection import belonging_day, quarter_of

# A quarter that closed longer ago is history: whoever wants its report asks for it.
RECENT = timedelta(days=45)
LONGEST = timedelta(days=120)


def closed_periods(session: Session, now: datetime) -> list[tuple[int, str]]:
    """Plan number and period label, oldest first, of each quarter that closed in the last RECENT and has no report."""
    today = now.astimezone(ZONE).date()
    built = reports_built(session)
    return [
        (plan, period.label)
        for (plan, period), last in sorted(_last_dues(session, today).items(), key=lambda item: (item[1], item[0][0]))
        if today - RECENT <= last < today and (plan, period.key) not in built
    ]


def _last_dues(session: Session, today: date) -> dict[tuple[int, Period], date]:
    """The last day in time of each plan and quarter near today."""
    dues: dict[tuple[int, Period], date] = {}
    for plan, occurrence in occurrences_since(session, today - RECENT - LONGEST):
        key = (plan, quarter_of(belonging_day(occurrence)))
        dues[key] = max(dues.get(key, date.min), occurrence.extended_due or occurrence.due_legal)
    return dues
