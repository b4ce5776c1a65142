"""What confirming a draft would do, told before anybody agrees to it. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from db.models import Obligation, Plan, Unit
from deadlines import RuleError, WorkCalendar
from plans.occurrences import before_issue, due_dates, responsible_units, waiting_rules

TOLD_ROLES = ("contact", "deputy")


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


def confirmation_ahead(plan: Plan, calendar: WorkCalendar, today: date) -> Ahead:
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
    reached = {unit.id: _told(unit) for unit in units.values()}
    unreached = tuple(sorted(units[number].name for number, people in reached.items() if not people))
    waiting = sum(1 for duty in duties for _ in waiting_rules(duty))
    people = len({person for found in reached.values() for person in found})
    return Ahead(opened, past, recorded, waiting, len(units), people, unreached, unled)


def _legal_days(duty: Obligation, plan: Plan, calendar: WorkCalendar) -> Sequence[date]:
    try:
        return [each.date.due_legal for each in due_dates(duty, plan.year, calendar)]
    except RuleError:
        return ()


def _told(unit: Unit) -> set[int]:
    return {
        each.id
        for each in unit.people
        if each.active and each.role in TOLD_ROLES and (each.email or each.zalo_user_id or each.phone)
    }
