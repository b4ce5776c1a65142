"""Due dates as units are held to them: the date in force, the instant it ends, and whether an answer was in time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import chasing
from config.clock import ZONE
from config.superior import latest_before, superior_due
from db.models import Occurrence
from deadlines.workdays import WEEKDAY_NAMES, WorkCalendar


def due_in_force(occurrence: Occurrence) -> date:
    """The date that binds the unit now: the granted extension, else the legal date."""
    return occurrence.extended_due or occurrence.due_legal


def superior_of(occurrence: Occurrence, calendar: WorkCalendar) -> date | None:
    """The day by which the office owes this occurrence to its superior; None when nobody has said one."""
    duty = occurrence.obligation
    if not duty.superior_text:
        return None
    span = (occurrence.period_start, occurrence.period_end)
    return superior_due(duty.superior_text, duty.plan.year, occurrence.period_key, span, calendar)


def latest_due(occurrence: Occurrence, calendar: WorkCalendar) -> date | None:
    """The last day that an extension may reach; None when no superior's date binds it."""
    superior = superior_of(occurrence, calendar)
    return latest_before(superior, calendar) if superior else None


def term_end(due: date) -> datetime:
    """24:00 of the due date in Asia/Ho_Chi_Minh (Bộ luật Dân sự điều 148 khoản 6), as the first instant after it."""
    return datetime.combine(due + timedelta(days=1), time.min, ZONE)


def answered_on_time(occurrence: Occurrence) -> bool | None:
    """Whether the first answer came before the term ended; None while nothing was answered."""
    if occurrence.answered_at is None:
        return None
    return occurrence.answered_at < term_end(due_in_force(occurrence))


def local_day(now: datetime) -> date:
    """The day in the zone of the office. Raises ValueError for a naive datetime."""
    if now.tzinfo is None:
        raise ValueError("naive datetime refused: give it a time zone")
    return now.astimezone(ZONE).date()


def days_left(occurrence: Occurrence, now: datetime) -> int:
    """Calendar days until the date in force; 0 on the day itself, negative once it has passed."""
    return (due_in_force(occurrence) - local_day(now)).days


def say_date(day: date) -> str:
    """A date with its weekday, as documents write it: "thứ Sáu, 20/3/2026", "thứ Hai, 02/11/2026"."""
    return f"{WEEKDAY_NAMES[day.weekday()]}, {chasing.say_date(day)}"


def say_moment(moment: datetime) -> str:
    """An instant in the zone of the office: "08:05 ngày 20/3/2026"."""
    return chasing.say_moment(moment)
