"""The fewest reminders that a ladder allows for one occurrence: what a duty costs when nothing is said twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from chasing.case import CaseView
from chasing.deciding import next_actions
from chasing.hours import ZONE, is_office_time
from deadlines import WorkCalendar


def lowest_count(case: CaseView, started: datetime, answered: datetime, calendar: WorkCalendar) -> int:
    """How many people the ladder calls for between the start of the chase and the answer, each time anew.

    Coordinating units are left out: they owe nothing. `case` is the occurrence as it stands; what it was before an
    extension was granted, or before the unit acknowledged, is worked back from it. Pure; the decision itself is
    `next_actions`.
    """
    told: tuple[str, datetime] | None = None
    count = 0
    for moment in _moments(case, started, answered, calendar):
        if actions := next_actions(_as_of(case, moment, told), moment, calendar):
            told = (actions[0].step.key, moment)
            count += sum(role != "coordinator" for role in actions[0].roles)
    return count


def _moments(case: CaseView, started: datetime, answered: datetime, calendar: WorkCalendar) -> list[datetime]:
    """When something may become due: the start, each step's instant or the next opening after it, ends of silence."""
    rounds = (case, replace(case, extended_due=None)) if case.extended_due else (case,)
    wanted = [started, *(at for each in rounds for at, _ in each.climb(calendar))]
    wanted += [_midnight_after(day) for day in (case.quiet_until, case.silent_until(calendar)) if day]
    spoken = {_next_open(case, moment, calendar) for moment in wanted if moment < answered}
    return sorted(moment for moment in spoken if started <= moment < answered)


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), ZONE)


def _next_open(case: CaseView, moment: datetime, calendar: WorkCalendar) -> datetime:
    """The instant itself when the office is open, else when it opens next."""
    hours, here = case.ladder.office_hours, moment.astimezone(ZONE)
    if is_office_time(moment, calendar, hours):
        return moment
    day = here.date() if here.time() < hours.end else here.date() + timedelta(days=1)
    return datetime.combine(calendar.next_working(day), hours.start, ZONE)


def _as_of(case: CaseView, moment: datetime, told: tuple[str, datetime] | None) -> CaseView:
    """The occurrence as it stood then: unanswered, its extension and acknowledgement only once they had come."""
    step, at = told or (None, None)
    then = replace(case, state="open", last_step=step, last_step_at=at, asked_at=None, returned_at=None)
    if case.restarted_at and moment < case.restarted_at:
        then = replace(then, extended_due=None, restarted_at=None)
    if case.acknowledged_at and moment < case.acknowledged_at:
        then = replace(then, acknowledged_at=None, quiet_until=None)
    return then
