"""From the rules of a plan to its occurrences: every rule, every responsible unit, every period, once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from db.models import Json, Obligation, Occurrence, Plan, Unit
from db.queries.expansion_queries import PlanFacts
from deadlines import Dated, WorkCalendar, expand_rules, rule_from_json, say

WAITING_KINDS = ("on_event", "on_demand", "by_reference")


@dataclass
class Expansion:
    """What an expansion wrote: new occurrences to chase, new ones only recorded, and duties that nobody answers for."""

    opened: int = 0
    recorded: int = 0
    known: int = 0
    without_unit: list[str] = field(default_factory=list)

    @property
    def added(self) -> int:
        """Every new occurrence."""
        return self.opened + self.recorded


@dataclass(frozen=True)
class Cutoff:
    """What fell due before `day` is recorded and never chased; `reason` says why, in Vietnamese."""

    day: date
    reason: str


def responsible_units(obligation: Obligation) -> dict[Unit, str]:
    """Each active unit that answers for a duty, with the name it is printed under; a group stands for its members."""
    found: dict[Unit, str] = {}
    for row in obligation.units:
        if row.role == "lead" and row.unit is not None and row.unit.active:
            for unit in row.unit.members if row.unit.is_group else [row.unit]:
                if unit.active:
                    found.setdefault(unit, row.printed_name)
    return found


def due_dates(obligation: Obligation, year: int, calendar: WorkCalendar) -> list[Dated]:
    """Every due date of a duty in a plan year, in date order, each under a period key of its own."""
    return expand_rules(
        [rule_from_json(each) for each in obligation.rules],
        plan_year=year,
        calendar=calendar,
        regime=obligation.regime,
        cycle=obligation.cycle,
        words=obligation.deadline_text,
    )


def after_first(today: date) -> Cutoff:
    """The cut-off of a unit that joins a plan which is followed already."""
    return Cutoff(today, "Đơn vị nhận việc sau hạn này: chỉ ghi nhận, không đôn đốc.")


def before_issue(plan: Plan | PlanFacts) -> Cutoff | None:
    """The cut-off at the day a plan was issued."""
    if plan.issued_on is None:
        return None
    return Cutoff(
        plan.issued_on,
        f"Đến hạn trước ngày ban hành kế hoạch ({plan.issued_on:%d/%m/%Y}): chỉ ghi nhận, không đôn đốc.",
    )


def planned(obligation: Obligation, year: int, calendar: WorkCalendar, cutoff: Cutoff | None) -> Iterator[Occurrence]:
    """Every occurrence a duty should have, as new rows: each due date, each responsible unit."""
    units = responsible_units(obligation)
    for due in due_dates(obligation, year, calendar) if units else ():
        steps = [*due.date.explanation, *due.notes]
        for unit, printed in units.items():
            yield occurrence_of(obligation, unit, due, [*steps, *member_note(unit, printed, obligation)], cutoff)


def member_note(unit: Unit, printed: str, obligation: Obligation) -> Iterable[str]:
    """Why a unit answers that the plan does not name."""
    named = {row.unit for row in obligation.units if row.role == "lead"}
    if unit not in named:
        yield say_member(printed)


def say_member(printed: str) -> str:
    """Why a member of a group answers."""
    return f"Kế hoạch giao «{printed}» chủ trì: mỗi đơn vị trong nhóm có kỳ hạn riêng."


def occurrence_of(
    obligation: Obligation, unit: Unit, due: Dated, explanation: Sequence[str], cutoff: Cutoff | None
) -> Occurrence:
    """A new occurrence, open or (before the cut-off) only recorded."""
    dated = due.date
    made = Occurrence(
        obligation_id=obligation.id,
        unit_id=unit.id,
        period_key=dated.period_key,
        period_label=dated.period.label[:120],
        period_start=dated.period.start,
        period_end=dated.period.end,
        kind=dated.kind,
        rule_no=due.rule_no,
        data_from=dated.data_from,
        data_to=dated.data_to,
        nominal=dated.nominal,
        due_legal=dated.due_legal,
        due_target=dated.due_target,
        explanation=[*explanation],
        state="open",
    )
    record_past(made, cutoff)
    return made


def record_past(occurrence: Occurrence, cutoff: Cutoff | None) -> None:
    """Only record a new, open occurrence that fell due before the cut-off, and say why."""
    if cutoff is not None and occurrence.state == "open" and occurrence.due_legal < cutoff.day:
        occurrence.state, occurrence.explanation = "recorded", [*occurrence.explanation, cutoff.reason]


def key_of(occurrence: Occurrence) -> tuple[int, int, str]:
    """The identity of an occurrence: obligation, unit, period."""
    return occurrence.obligation_id, occurrence.unit_id, occurrence.period_key


def waiting_rules(obligation: Obligation) -> Iterator[tuple[int, Json, str]]:
    """The rules of a duty that no calendar dates: number, rule, and its meaning in Vietnamese."""
    for number, rule in enumerate(obligation.rules):
        if rule["kind"] in WAITING_KINDS:
            yield number, rule, say(rule_from_json(rule))
