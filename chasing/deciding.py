"""What to say now about one occurrence. Pure: a snapshot and an instant in, at most one action out.

The decision looks at the state, never at "today equals": after an outage the one step that now applies is told, however
many were missed, so one jump of the clock and many small ones end on the same step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chasing.case import CHASED_STATES, CaseView
from chasing.hours import is_office_time, local
from chasing.ladder import UNIT_ROLES, Role, Step
from chasing.words import describe
from deadlines import WorkCalendar


@dataclass(frozen=True)
class Action:
    """Tell these roles about one occurrence, and why (one Vietnamese line).

    `lateness`: working days past the legal date, or minus the working days left; it orders a digest.
    """

    case_id: int
    step: Step
    roles: tuple[Role, ...]
    reason: str
    lateness: int


def next_actions(case: CaseView, now: datetime, calendar: WorkCalendar) -> list[Action]:
    """What is to be said about a case at this instant: nothing, or the one step that now applies.

    Raises ValueError for a naive `now`.
    """
    if case.state not in CHASED_STATES:
        return []
    if case.is_plain:
        # A day's sweep asks the same thousands of times: kind, dates and the last step decide it.
        said = case.alike(calendar, (now, case.last_step), lambda: _decide(case, now, calendar))
    else:
        said = _decide(case, now, calendar)
    return [Action(case.id, *said)] if said else []


def _decide(case: CaseView, now: datetime, calendar: WorkCalendar) -> tuple[Step, tuple[Role, ...], str, int] | None:
    today = local(now).date()
    if case.is_silent(today, calendar):
        return None
    climb = case.climb(calendar)
    place = next((place for place in range(len(climb) - 1, -1, -1) if climb[place][0] <= now), None)
    if place is None:
        return None
    step = climb[place][1]
    if not (step.any_hour or is_office_time(now, calendar, case.ladder.office_hours)):
        return None
    roles = _roles(case, climb, place, case.told(calendar))
    if not roles:
        return None
    return step, roles, describe(case, today, calendar), lateness(case, today, calendar)


def next_step(case: CaseView, now: datetime, calendar: WorkCalendar) -> tuple[Step, date] | None:
    """The next step that will speak unless the unit answers, and its day; for pages that show what comes."""
    if case.state not in CHASED_STATES:
        return None
    told, today = case.told(calendar), local(now).date()
    climb = case.climb(calendar)
    done = next((place for place, (_, step) in enumerate(climb) if step is told), -1)
    for place, (at, step) in enumerate(climb):
        day = max(at.date(), calendar.next_working(today))
        # What comes by that day overtakes this one, unless its hour is still to come.
        later = [s for moment, s in climb[place + 1 :] if moment.date() <= day and not (s.hours and moment > now)]
        if place > done and not later and not case.is_silent(day, calendar):
            return step, day
    return None


def lateness(case: CaseView, today: date, calendar: WorkCalendar) -> int:
    """Working days past the legal date, or minus those left to the target date; 0 in between."""
    if today > case.legal:
        return max(1, calendar.working_days_between(case.legal, today))
    return min(0, -calendar.working_days_between(today, case.target(calendar)))


Climb = Sequence[tuple[datetime, Step]]


def _roles(case: CaseView, climb: Climb, place: int, told: Step | None) -> tuple[Role, ...]:
    done = -1 if told is None else next(place for place, (_, step) in enumerate(climb) if step == told)
    if place > done:
        return _with_leapt_over(climb, place, done + 1)
    return _again_after_acknowledgement(case, climb, place, done)


def _with_leapt_over(climb: Climb, place: int, first: int) -> tuple[Role, ...]:
    # After an outage nobody is passed over: no superior hears of a delay before the unit's own leader does.
    step = climb[place][1]
    if place == first or step.when != "after":
        return step.roles
    leapt = [s for _, s in climb[first : place + 1] if s.when == "after"]
    return tuple(dict.fromkeys(role for s in leapt for role in s.roles))


def _again_after_acknowledgement(case: CaseView, climb: Climb, place: int, done: int) -> tuple[Role, ...]:
    # "Đã nhận" on the last step would otherwise end the chase for good: the unit is asked once more.
    spoken = case.last_step_at
    if place != done or place != len(climb) - 1 or not case.acknowledged_at or not spoken:
        return ()
    if case.acknowledged_at <= spoken:
        return ()
    heard = dict.fromkeys(role for _, s in climb for role in s.roles if role in UNIT_ROLES)
    return ("leader",) if "leader" in heard else tuple(heard)
