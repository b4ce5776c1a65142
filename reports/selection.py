"""Which occurrences belong to a reporting period, and which periods there are.

A report or a progress check belongs to the period in which its own period ends, so the quarters of a year share its
reports out without loss or repetition. A duty done once belongs to the period that holds its nominal date.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from db.models import Occurrence
from deadlines import periods
from deadlines.periods import Period


def belonging_day(occurrence: Occurrence) -> date:
    """The day that decides to which period an occurrence belongs; an extension never moves it."""
    return occurrence.nominal if occurrence.kind == "duty" else occurrence.period_end


def belongs(occurrence: Occurrence, period: Period) -> bool:
    """Whether an occurrence is part of a period's report."""
    return period.start <= belonging_day(occurrence) <= period.end


def next_period(period: Period) -> Period:
    """The period of the same kind that follows; after nine months comes the fourth quarter."""
    after = period.end + timedelta(days=1)
    if period.key.endswith("-9M"):
        return quarter_of(after)
    length = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month + 1
    if not _whole_months(period) or length not in (1, 3, 6, 12):
        return periods.date_range(after, after + (period.end - period.start))
    if length == 6:
        return periods.half(after.year, 1 if after.month == 1 else 2)
    return {1: periods.month, 3: _quarter_at, 12: _year_at}[length](after.year, after.month)


def _quarter_at(year: int, month: int) -> Period:
    return periods.quarter(year, (month + 2) // 3)


def _year_at(year: int, month: int) -> Period:
    return periods.year(year)


def _whole_months(period: Period) -> bool:
    return period.start.day == 1 and (period.end + timedelta(days=1)).day == 1


def quarter_of(day: date) -> Period:
    """The calendar quarter of a day."""
    return periods.quarter(day.year, (day.month + 2) // 3)


def periods_present(occurrences: Iterable[Occurrence]) -> list[Period]:
    """The quarters to which at least one occurrence belongs, oldest first."""
    return sorted({quarter_of(belonging_day(each)) for each in occurrences}, key=lambda period: period.start)
