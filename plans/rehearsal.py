"""What would happen, before anybody agrees to it: confirming a draft, taking over a corrected file. Nothing stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings
from db.models import OPEN_STATES, Json, Obligation, Occurrence, Plan, Unit
from deadlines import RuleError, WorkCalendar
from plans.differing import Change, Difference
from plans.occurrences import before_issue, due_dates, responsible_units, waiting_rules
from plans.reading.model import Reading
from plans.reimporting import Effect, apply_difference, difference_of

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


@dataclass(frozen=True)
class Fate:
    """What happens to one occurrence: `what` is moved, cancelled, added, back or kept; dates are legal ones."""

    what: str
    unit: str
    period: str
    before: date | None
    after: date | None
    state: str


@dataclass
class Rehearsal:
    """A corrected file held against a plan: the difference, its effect, and the fates of occurrences by duty.

    Fates stand under the key that the duty has in the new file, of a removed one under its old key.
    """

    difference: Difference
    effect: Effect
    fates: dict[str, list[Fate]] = field(default_factory=dict)

    def of(self, change: Change) -> list[Fate]:
        """The fates of a duty that stands in both files."""
        return self.fates.get(change.new_key, [])


@dataclass(frozen=True)
class _Seen:
    duty: int
    unit: str
    period: str
    due: date
    state: str


def rehearse_reimport(
    session: Session,
    plan_id: int,
    reading: Reading,
    name: str,
    data: bytes,
    calendar: WorkCalendar,
    now: datetime,
    actor: str,
    settings: Settings,
) -> Rehearsal:
    """Take a corrected file over and take everything back, telling what came of it. Raises what applying it raises.

    The session must be able to write. The bytes of the file are kept, so that it can be applied without sending it
    again.
    """
    plan = session.get(Plan, plan_id)
    content: Json = reading.to_json()
    savepoint = session.begin_nested()
    try:
        before = _occurrences(session, plan_id)
        difference = difference_of(plan, content) if plan else Difference({}, {})
        old_keys = {each.id: each.key for each in plan.obligations} if plan else {}
        effect = apply_difference(session, plan_id, reading, name, data, calendar, now, actor, settings)
        session.flush()
        new_keys = {each.id: each.key for each in plan.obligations if each.active} if plan else {}
        fates = _fates(before, _occurrences(session, plan_id))
    finally:
        savepoint.rollback()
    by_key: dict[str, list[Fate]] = defaultdict(list)
    for duty, each in fates:
        by_key[new_keys.get(duty) or old_keys.get(duty, "")].append(each)
    return Rehearsal(difference, effect, dict(by_key))


def _occurrences(session: Session, plan_id: int) -> dict[int, _Seen]:
    query = (
        select(Occurrence, Unit.name)
        .join(Obligation, Obligation.id == Occurrence.obligation_id)
        .join(Unit, Unit.id == Occurrence.unit_id)
        .where(Obligation.plan_id == plan_id)
        .order_by(Occurrence.due_legal, Occurrence.id)
    )
    return {
        each.id: _Seen(each.obligation_id, unit, each.period_label, each.due_legal, each.state)
        for each, unit in session.execute(query).tuples()
    }


def _fates(before: dict[int, _Seen], after: dict[int, _Seen]) -> list[tuple[int, Fate]]:
    return [
        (seen.duty, _fate(before.get(number), seen)) for number, seen in after.items() if seen != before.get(number)
    ]


def _fate(old: _Seen | None, new: _Seen) -> Fate:
    if old is None:
        return Fate("added", new.unit, new.period, None, new.due, new.state)
    if new.state == "cancelled":
        return Fate("cancelled", new.unit, new.period, old.due, None, new.state)
    if old.state == "cancelled" and new.state in (*OPEN_STATES, "recorded"):
        return Fate("back", new.unit, new.period, old.due, new.due, new.state)
    return Fate("moved", new.unit, new.period, old.due, new.due, new.state)
