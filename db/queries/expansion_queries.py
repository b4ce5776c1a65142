"""Named queries of the expansion of many plans: columns, not models, a few statements for a hundred plans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from db.models import GroupMember, Obligation, ObligationUnit, Occurrence, Plan, Unit

Key = tuple[int, int, str]
"""(obligation id, unit id, period key)"""


class PlanFacts(NamedTuple):
    """What dating a plan needs to know of it."""

    id: int
    code: str
    year: int
    issued_on: date | None
    state: str


class DutyFacts(NamedTuple):
    """What dating a duty needs to know of it; `rules` is JSON text."""

    id: int
    plan_id: int
    key: str
    rules: str
    regime: str
    cycle: str
    words: str


class LeadFacts(NamedTuple):
    """A leading unit as a plan prints it."""

    obligation_id: int
    printed: str
    unit_id: int
    is_group: bool
    active: bool


def plans(session: Session, ids: Sequence[int]) -> list[PlanFacts]:
    """The plans with these numbers, in this order; those that are not there are left out."""
    rows = session.execute(select(Plan.id, Plan.code, Plan.year, Plan.issued_on, Plan.state).where(Plan.id.in_(ids)))
    found = {row[0]: PlanFacts(*row) for row in rows}
    return [found[number] for number in ids if number in found]


def plans_saying(session: Session, words: str) -> list[int]:
    """The confirmed plans with a duty whose rules, as JSON, hold some words; in order."""
    said = cast(Obligation.rules, Text).like(f"%{words}%")
    chosen = select(Plan.id).join(Plan.obligations).where(Plan.state == "confirmed", Obligation.active, said)
    return list(session.scalars(chosen.distinct().order_by(Plan.id)))


def duties(session: Session, plan_ids: Sequence[int]) -> list[DutyFacts]:
    """The active duties of plans, in the order of each plan."""
    columns = (Obligation.id, Obligation.plan_id, Obligation.key, cast(Obligation.rules, Text))
    more = (Obligation.regime, Obligation.cycle, Obligation.deadline_text)
    chosen = select(*columns, *more).where(Obligation.plan_id.in_(plan_ids), Obligation.active)
    rows = session.execute(chosen.order_by(Obligation.plan_id, Obligation.position, Obligation.id))
    return [DutyFacts(*row) for row in rows]


def leads(session: Session, plan_ids: Sequence[int]) -> dict[int, list[LeadFacts]]:
    """The known leading units of each duty, in the order in which the plan prints them."""
    columns = (ObligationUnit.obligation_id, ObligationUnit.printed_name, Unit.id, Unit.is_group, Unit.active)
    chosen = (
        select(*columns)
        .join(Unit, Unit.id == ObligationUnit.unit_id)
        .join(Obligation, Obligation.id == ObligationUnit.obligation_id)
        .where(ObligationUnit.role == "lead", Obligation.plan_id.in_(plan_ids))
        .order_by(ObligationUnit.id)
    )
    found: defaultdict[int, list[LeadFacts]] = defaultdict(list)
    for row in session.execute(chosen):
        found[row[0]].append(LeadFacts(*row))
    return found


def active_members(session: Session) -> dict[int, list[int]]:
    """The active members of every group."""
    chosen = select(GroupMember.group_id, Unit.id).join(Unit, Unit.id == GroupMember.member_id).where(Unit.active)
    found: defaultdict[int, list[int]] = defaultdict(list)
    for group, member in session.execute(chosen.order_by(GroupMember.group_id, Unit.id)):
        found[group].append(member)
    return found


def keys(session: Session, plan_ids: Sequence[int]) -> dict[int, set[Key]]:
    """What each plan has already, by plan."""
    columns = (Obligation.plan_id, Occurrence.obligation_id, Occurrence.unit_id, Occurrence.period_key)
    chosen = select(*columns).join(Obligation, Obligation.id == Occurrence.obligation_id)
    found: dict[int, set[Key]] = {number: set() for number in plan_ids}
    for plan_id, duty, unit, key in session.execute(chosen.where(Obligation.plan_id.in_(plan_ids))):
        found[plan_id].add((duty, unit, key))
    return found
