"""Plans expanded into occurrences: the same rows as `plans.occurrences.planned` gives, written past the models.

What the words of a duty mean in a year is worked out once and remembered: the plans of a country's communes say the
same few things again and again. The rest is read and written in a fixed number of statements a hundred plans.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from config.clock import ZONE
from config.faults import Refusal
from db import journal
from db.bulk import Row, insert_rows
from db.queries import expansion_queries as queries
from db.queries.expansion_queries import DutyFacts, Key, LeadFacts, PlanFacts
from deadlines import Dated, WorkCalendar, expand_rules, rule_from_json
from plans.occurrences import Cutoff, Expansion, after_first, before_issue, say_member

PLANS_A_BATCH = 100
REMEMBERED = 4096
COLUMNS = (
    "obligation_id",
    "unit_id",
    "period_key",
    "period_label",
    "period_start",
    "period_end",
    "kind",
    "rule_no",
    "data_from",
    "data_to",
    "nominal",
    "due_legal",
    "due_target",
    "state",
    "explanation",
)


class _Dating(NamedTuple):
    """One due date as the database keeps it; `steps` is the explanation as JSON, its closing bracket still missing."""

    key: str
    values: Row
    due_legal: date
    steps: str


@dataclass
class _Dater:
    """Due dates of duties on one calendar; what was dated is remembered."""

    calendar: WorkCalendar
    known: dict[tuple[object, ...], list[_Dating]] = field(default_factory=dict)

    def datings(self, duty: DutyFacts, year: int) -> list[_Dating]:
        """Every due date of a duty in a plan year. Raises RuleError for rules that cannot be read."""
        asked = (duty.rules, duty.words, duty.regime, duty.cycle, year)
        found = self.known.get(asked)
        if found is None:
            if len(self.known) >= REMEMBERED:
                self.known.clear()
            found = self.known[asked] = [_dating(each) for each in self._dates(duty, year)]
        return found

    def _dates(self, duty: DutyFacts, year: int) -> list[Dated]:
        return expand_rules(
            [rule_from_json(each) for each in json.loads(duty.rules)],
            plan_year=year,
            calendar=self.calendar,
            regime=duty.regime,
            cycle=duty.cycle,
            words=duty.words,
        )


def _dating(due: Dated) -> _Dating:
    dated, period = due.date, due.date.period
    days = (dated.data_from, dated.data_to, dated.nominal, dated.due_legal, dated.due_target)
    head = (dated.period_key, period.label[:120], period.start.isoformat(), period.end.isoformat(), dated.kind)
    values = (*head, due.rule_no, *(day and day.isoformat() for day in days))
    return _Dating(dated.period_key, values, dated.due_legal, _json([*dated.explanation, *due.notes])[:-1])


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def expand_plan(session: Session, plan_id: int, calendar: WorkCalendar, now: datetime) -> Expansion:
    """Write the occurrences that a confirmed plan should have and has not. Repeating it adds nothing.

    Nothing that exists is changed. On the first expansion, what fell due before the plan was issued is recorded; on
    later ones (a unit joined a group) what has fallen due already. Raises Refusal for a plan that is not confirmed.
    """
    return expand_plans(session, [plan_id], calendar, now)[plan_id]


def expand_plans(
    session: Session, plan_ids: Sequence[int], calendar: WorkCalendar, now: datetime
) -> dict[int, Expansion]:
    """`expand_plan` for many plans; what each gained, by plan. Raises Refusal when one of them is not confirmed."""
    session.flush()
    dater, members, done = _Dater(calendar), queries.active_members(session), dict[int, Expansion]()
    for start in range(0, len(plan_ids), PLANS_A_BATCH):
        batch = _Batch(dater, members, now)
        done |= batch.expand(session, plan_ids[start : start + PLANS_A_BATCH])
    return done


@dataclass
class _Batch:
    """Up to a hundred plans, read together and written together."""

    dater: _Dater
    members: Mapping[int, Sequence[int]]
    now: datetime
    rows: list[Row] = field(default_factory=list)

    def expand(self, session: Session, ids: Sequence[int]) -> dict[int, Expansion]:
        """Write what these plans lack, and a line of the journal for each that gained."""
        plans = {plan.id: plan for plan in queries.plans(session, ids) if plan.state == "confirmed"}
        if len(plans) < len(set(ids)):
            raise Refusal("Chỉ kế hoạch đã xác nhận mới có lịch thời hạn. Hãy chạy: dondoc plan confirm MÃ")
        keys, leads = queries.keys(session, ids), queries.leads(session, ids)
        done = {number: Expansion(known=len(keys[number])) for number in plans}
        cutoffs = {number: self._cutoff(plan, keys[number]) for number, plan in plans.items()}
        for duty in queries.duties(session, ids):
            plan, units = plans[duty.plan_id], dict(_answering(leads.get(duty.id, ()), self.members))
            self._add(duty, plan.year, units, keys[plan.id], cutoffs[plan.id], done[plan.id])
        insert_rows(session, "occurrences", COLUMNS, self.rows)
        _write_down(session, plans, done, self.now)
        return done

    def _cutoff(self, plan: PlanFacts, known: set[Key]) -> Cutoff | None:
        return after_first(self.now.astimezone(ZONE).date()) if known else before_issue(plan)

    def _add(
        self,
        duty: DutyFacts,
        year: int,
        units: dict[int, str],
        known: set[Key],
        cutoff: Cutoff | None,
        done: Expansion,
    ) -> None:
        if not units:
            done.without_unit.append(duty.key)
            return
        for dating in self.dater.datings(duty, year):
            past = cutoff is not None and dating.due_legal < cutoff.day
            state, tail = ("recorded", f", {_json(cutoff.reason)}]") if cutoff and past else ("open", "]")
            for unit, note in units.items():
                if known and (duty.id, unit, dating.key) in known:
                    continue
                self.rows.append((duty.id, unit, *dating.values, state, dating.steps + note + tail))
                done.recorded += past
                done.opened += not past


def _answering(leads: Sequence[LeadFacts], members: Mapping[int, Sequence[int]]) -> Iterator[tuple[int, str]]:
    """Each active unit that answers for a duty, and why as a piece of JSON; a group stands for its members."""
    named = {lead.unit_id for lead in leads}
    seen: set[int] = set()
    for lead in leads:
        if not lead.active:
            continue
        for unit in members.get(lead.unit_id, ()) if lead.is_group else (lead.unit_id,):
            if unit not in seen:
                seen.add(unit)
                yield unit, "" if unit in named else f", {_json(say_member(lead.printed))}"


def _write_down(session: Session, plans: Mapping[int, PlanFacts], done: Mapping[int, Expansion], now: datetime) -> None:
    deeds = [
        journal.Deed(
            "plan.expand",
            "plan",
            number,
            {"plan": plans[number].code, "opened": gained.opened, "recorded": gained.recorded},
        )
        for number, gained in done.items()
        if gained.added
    ]
    if deeds:
        journal.record_all(session, now, "dondoc", deeds)
