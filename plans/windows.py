"""The window of a duty's figures: which one it is, and whether it leaves time before the report is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from config.faults import Refusal
from db import journal
from db.models import Obligation, Plan
from db.queries import plan_queries
from db.queries.calendar_queries import ALIVE
from deadlines import Dated, PeriodError, WorkCalendar, parse_regime
from deadlines.levels import check_window
from plans.occurrences import due_dates, key_of, planned, responsible_units
from plans.superior import superior_words


@dataclass(frozen=True)
class WindowFault:
    """What is wrong with the time between cut-off and sending of a duty's reports; `also`: in how many more periods."""

    obligation_id: int
    plan: str
    key: str
    content: str
    period: str
    message: str
    also: int = 0

    def words(self) -> str:
        """One line for an officer."""
        more = f" (và {self.also} kỳ khác)" if self.also else ""
        return f"{self.plan}, nhiệm vụ {self.key}, {self.period}{more}: {self.message}"


def set_regime(
    session: Session, obligation: Obligation, text: str, calendar: WorkCalendar, now: datetime, actor: str
) -> int:
    """Cut a duty's figures off another way; gives how many open occurrences got another window. No date moves.

    `text` as `deadlines.parse_regime` reads it. Raises Refusal when it names no way, or the way the duty has.
    """
    try:
        code = parse_regime(text)
    except PeriodError as error:
        raise Refusal(str(error)) from error
    if code == obligation.regime:
        raise Refusal(f"Nhiệm vụ {obligation.ordinal or obligation.key} đã chốt số liệu theo cách này.")
    before, obligation.regime = obligation.regime, code
    changed = _rewindow(session, obligation, calendar)
    data = {"plan": obligation.plan.code, "key": obligation.key, "from": before, "to": code, "occurrences": changed}
    journal.record(
        session,
        at=now,
        actor=actor,
        action="obligation.regime",
        subject_kind="obligation",
        subject_id=obligation.id,
        data=data,
    )
    return changed


def _rewindow(session: Session, obligation: Obligation, calendar: WorkCalendar) -> int:
    wanted = {key_of(each): each for each in planned(obligation, obligation.plan.year, calendar, None)}
    changed = 0
    for known in plan_queries.occurrences_of(session, obligation.id):
        new = wanted.get(key_of(known))
        if new is None or known.state not in ALIVE:
            continue
        if (known.data_from, known.data_to) != (new.data_from, new.data_to):
            known.data_from, known.data_to, changed = new.data_from, new.data_to, changed + 1
            known.explanation = [*new.explanation]
    session.flush()
    return changed


def window_faults(session: Session, plan: Plan, calendar: WorkCalendar) -> Iterator[WindowFault]:
    """The reports of a plan that leave no working day between cut-off and sending, or one day for two levels."""
    for obligation in plan_queries.obligations_of(session, plan.id):
        dues = due_dates(obligation, plan.year, calendar)
        found = [(each, words) for each in dues if (words := _fault(each))]
        if found:
            first, words = found[0]
            yield _said(plan, obligation, first.date.period.label, words, len(found) - 1)
        if late := superior_words(plan, dues, obligation, calendar):
            yield _said(plan, obligation, "hạn cấp trên", late[0], len(late) - 1)
        if words := _one_day_for_two_levels(obligation, dues):
            yield _said(plan, obligation, dues[0].date.period.label, words, len(dues) - 1)


def _fault(due: Dated) -> str:
    # A progress check asks how things stand; it has no figures to close.
    return check_window(due.date) if due.date.kind == "report" else ""


def _one_day_for_two_levels(obligation: Obligation, dues: list[Dated]) -> str:
    units = responsible_units(obligation)
    by_id = {unit.id: unit for unit in units}
    pair = next(((unit, by_id[unit.parent_id]) for unit in units if unit.parent_id in by_id), None)
    if pair is None or not any(due.date.kind == "report" for due in dues):
        return ""
    below, above = pair
    return (
        f"{below.name} và cấp trên là {above.name} phải gửi cùng một ngày; chế độ báo cáo nhiều cấp cần hạn riêng cho "
        "từng cấp (Nghị định 09/2019/NĐ-CP điều 8 khoản 5). Hãy tính hạn từng cấp: dondoc calendar back-plan"
    )


def _said(plan: Plan, obligation: Obligation, period: str, words: str, also: int) -> WindowFault:
    key = obligation.ordinal or obligation.key
    return WindowFault(obligation.id, plan.number or plan.code, key, obligation.content, period, words, also)
