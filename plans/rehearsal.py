"""What confirming a draft would do, told before anybody agrees to it. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from chasing import Step
from config.settings import Settings
from db.models import Obligation, Plan, Unit
from deadlines import RuleError, WorkCalendar
from notifications.recipients import load_directory
from plans.occurrences import before_issue, due_dates, responsible_units, waiting_rules
from plans.superior import superior_warnings

# Who hears first of a duty; the chase's own directory says who stands in.
TO_CONTACT = Step("confirmed", "on", 0, ("contact",))


@dataclass(frozen=True)
class Ahead:
    """What confirming a draft will do: occurrences to follow, those past already, those only recorded; who is told.

    `waiting` counts the rules that wait for an event; `unreached` are units that nobody can be told of.
    """

    opened: int = 0
    past: int = 0
    recorded: int = 0
    waiting: int = 0
    units: int = 0
    people: int = 0
    unreached: tuple[str, ...] = ()
    unled: int = 0
    # Duties whose own date is not before the superior's, one line each.
    superior: tuple[str, ...] = ()


def confirmation_ahead(session: Session, plan: Plan, calendar: WorkCalendar, today: date, settings: Settings) -> Ahead:
    """What confirming this draft today would do, its duties and units loaded."""
    duties = [each for each in plan.obligations if each.active]
    units: dict[int, Unit] = {}
    opened = past = recorded = unled = 0
    cutoff = before_issue(plan)
    for duty in duties:
        answering = responsible_units(duty)
        unled += not answering
        units |= {unit.id: unit for unit in answering}
        for day in _legal_days(duty, plan, calendar):
            before = cutoff is not None and day < cutoff.day
            recorded += before * len(answering)
            opened += (not before) * len(answering)
            past += (not before and day < today) * len(answering)
    people, unreached = _told(session, list(units.values()), settings)
    waiting = sum(1 for duty in duties for _ in waiting_rules(duty))
    late = tuple(superior_warnings(plan, calendar))
    return Ahead(opened, past, recorded, waiting, len(units), people, unreached, unled, late)


def _legal_days(duty: Obligation, plan: Plan, calendar: WorkCalendar) -> Sequence[date]:
    try:
        return [each.date.due_legal for each in due_dates(duty, plan.year, calendar)]
    except RuleError:
        return ()


def _told(session: Session, units: Sequence[Unit], settings: Settings) -> tuple[int, tuple[str, ...]]:
    """How many people of the units hear, and the names of the units in which nobody can."""
    directory = load_directory(session, units, settings)
    found = {unit.id: directory.recipients(unit, TO_CONTACT.roles, TO_CONTACT) for unit in units}
    orphans = directory.orphans
    people = {each.person_id for number, told in found.items() if number not in orphans for each in told}
    return len(people), tuple(sorted(unit.name for unit in orphans.values()))
