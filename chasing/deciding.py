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
    today = local(now).date()
    if case.state not in CHASED_STATES or case.is_silent(today, calendar):
        return []
    climb = case.climb(calendar)
    step = next((step for at, step in reversed(climb) if at <= now), None)
    if step is None or not (step.any_hour or is_office_time(now, calendar, case.ladder.office_hours)):
        return []
    roles = _roles(case, [each for _, each in climb], step, case.told(calendar))
    if not roles:
        return []
    return [Action(case.id, step, roles, describe(case, today, calendar), lateness(case, today, calendar))]


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


def _roles(case: CaseView, steps: Sequence[Step], step: Step, told: Step | None) -> tuple[Role, ...]:
    if told is None or steps.index(step) > steps.index(told):
        return _with_leapt_over(steps, step, told)
    return _again_after_acknowledgement(case, steps, step, told)


def _with_leapt_over(steps: Sequence[Step], step: Step, told: Step | None) -> tuple[Role, ...]:
    # After an outage nobody is passed over: no superior hears of a delay before the unit's own leader does.
    first = steps.index(told) + 1 if told else 0
    late = [s for s in steps[first : steps.index(step) + 1] if s.when == "after"]
    leapt = late if step.when == "after" else [step]
    return tuple(dict.fromkeys(role for s in leapt for role in s.roles))


def _again_after_acknowledgement(case: CaseView, steps: Sequence[Step], step: Step, told: Step) -> tuple[Role, ...]:
    # "Đã nhận" on the last step would otherwise end the chase for good: the unit is asked once more.
    last = steps[-1]
    spoken = case.last_step_at
    if told is not last or step is not last or not case.acknowledged_at or not spoken:
        return ()
    if case.acknowledged_at <= spoken:
        return ()
    heard = dict.fromkeys(role for s in steps for role in s.roles if role in UNIT_ROLES)
    return ("leader",) if "leader" in heard else tuple(heard)
