"""A snapshot of one occurrence: all that the chase may know when it decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from chasing.hours import ZONE, local, start_of_day
from chasing.ladder import Ladder, Step
from deadlines import WorkCalendar

T = TypeVar("T")
FLAGGED_REQUEST = 3
"""From this request for more time on, whoever decides is told its number (common rule of follow-up regulations)."""
CHASED_STATES = frozenset({"open", "returned"})


@dataclass(frozen=True)
class CaseView:
    """One occurrence as the chase sees it.

    `restarted_at`: when an extension was granted; what was told before it counted from another date and is forgotten.
    `returned_at`: when the last answer was sent back. `asked_at`: when more time was asked for, while nobody has
    decided. `muted_until`: last silent day of the unit.
    """

    id: int
    kind: str
    state: str
    due_target: date
    due_legal: date
    ladder: Ladder
    extended_due: date | None = None
    last_step: str | None = None
    last_step_at: datetime | None = None
    restarted_at: datetime | None = None
    acknowledged_at: datetime | None = None
    quiet_until: date | None = None
    returned_at: datetime | None = None
    asked_at: datetime | None = None
    muted_until: date | None = None

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> CaseView:
        """A case of facts by name. A frozen class sets each field by a call, which a sweep of thousands would feel."""
        case = object.__new__(cls)
        case.__dict__.update(facts)
        return case

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps that concern this kind of occurrence, lowest first."""
        return self.ladder.steps_for(self.kind)

    @property
    def legal(self) -> date:
        """The last day in time; it ends at 24:00 (Bộ luật Dân sự điều 148 khoản 6)."""
        return self.extended_due or self.due_legal

    def target(self, calendar: WorkCalendar) -> date:
        """The day to aim at: warnings count back from it."""
        return calendar.previous_working(self.extended_due) if self.extended_due else self.due_target

    def is_overdue(self, now: datetime) -> bool:
        """Whether the legal day has ended without an answer. A progress check is never overdue."""
        chased = self.state in CHASED_STATES and self.kind != "progress_check"
        return chased and local(now).date() > self.legal

    def step_at(self, step: Step, calendar: WorkCalendar) -> datetime:
        """The instant from which a step applies: before and on count from the target date, after from the legal one.

        A step in days begins at 00:00 of its day; hours count back from the end of office hours on the target date, and
        on from 24:00 of the legal date.
        """
        if step.hours and step.when == "after":
            return start_of_day(self.legal + timedelta(days=1)) + timedelta(hours=step.hours)
        if step.hours:
            close = datetime.combine(self.target(calendar), self.ladder.office_hours.end, ZONE)
            return close - timedelta(hours=step.hours)
        if step.when == "after":
            return start_of_day(calendar.add_working_days(self.legal, step.days))
        return start_of_day(calendar.add_working_days(self.target(calendar), -step.days))

    def step_day(self, step: Step, calendar: WorkCalendar) -> date:
        """The first day on which a step applies."""
        return self.step_at(step, calendar).date()

    def climb(self, calendar: WorkCalendar) -> list[tuple[datetime, Step]]:
        """The steps with their instants, in the order in which they come for this occurrence."""
        return self.alike(calendar, None, lambda: self._climb(calendar))

    @property
    def is_plain(self) -> bool:
        """Whether nothing but its kind, dates and last step decides what is said: not quieted, extended or returned."""
        return self.state == "open" and not (
            self.acknowledged_at or self.quiet_until or self.muted_until or self.asked_at or self.restarted_at
        )

    def alike(self, calendar: WorkCalendar, more: object, count: Callable[[], T]) -> T:
        """What `count` gives for all cases of this ladder with the same kind and dates (and `more`), counted once."""
        key = (id(calendar), more, self.kind, self.due_target, self.due_legal, self.extended_due)
        # The calendar is kept with its answer, so that its id cannot pass to another one.
        kept: tuple[WorkCalendar, T] = self.ladder.counted(key, lambda: (calendar, count()))
        return kept[1]

    def _climb(self, calendar: WorkCalendar) -> list[tuple[datetime, Step]]:
        instants = [(self.step_at(step, calendar), step) for step in self.steps]
        return sorted(instants, key=lambda pair: (pair[0], pair[1].rank))

    def current_step(self, now: datetime, calendar: WorkCalendar) -> Step | None:
        """The highest step whose instant has come."""
        begun = [step for at, step in self.climb(calendar) if at <= now]
        return begun[-1] if begun else None

    def told(self, calendar: WorkCalendar) -> Step | None:
        """The highest step already told in this round.

        A granted extension begins a new round; its notice names the new date, so it tells every step due by then.
        """
        last, granted = self.last_step_at, self.restarted_at
        if granted and not (last and last > granted):
            return self.current_step(granted, calendar)
        return self.ladder.step(self.kind, self.last_step)

    def silent_until(self, calendar: WorkCalendar) -> date | None:
        """The last day of silence: after "Đã nhận", after a return (the unit needs time to mend it), or muted.

        So it is while a request for more time waits, for as many days: who asked in time is not nagged for the office's
        own delay, nor forgotten with it.
        """
        days = [self.quiet_until, self.muted_until]
        if self.acknowledged_at and not self.quiet_until:
            days.append(self._quiet_from(self.acknowledged_at, calendar))
        if self.state == "returned" and self.returned_at:
            days.append(self._quiet_from(self.returned_at, calendar))
        if self.asked_at:
            days.append(self._quiet_from(self.asked_at, calendar))
        return max((day for day in days if day), default=None)

    def is_silent(self, day: date, calendar: WorkCalendar) -> bool:
        """Whether nothing may be said on a day, whatever the ladder asks."""
        last = self.silent_until(calendar)
        return last is not None and day <= last

    def _quiet_from(self, moment: datetime, calendar: WorkCalendar) -> date:
        return quiet_end(moment, self.ladder, calendar)


def quiet_end(moment: datetime, ladder: Ladder, calendar: WorkCalendar) -> date:
    """The last quiet day after an acknowledgement or a return at `moment`: the ladder's `quiet_days`-th working day."""
    return calendar.add_working_days(local(moment).date(), ladder.quiet_days)
