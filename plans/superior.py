"""The superior's date of a duty: written down, and held against the duty's own dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from config.faults import Refusal
from config.superior import read_superior, superior_due, tidy_superior
from db import journal
from db.models import Obligation, Plan
from deadlines import Dated, RuleError, WorkCalendar, say
from plans.occurrences import due_dates


def set_superior(session: Session, duty: Obligation, words: str, now: datetime, actor: str) -> str:
    """Write down by when the office owes a duty to its superior; "" clears it. Gives what the words mean.

    No date of the duty moves. Raises Refusal when the words are unclear, or the duty or its plan is at an end.
    """
    plan, kept = duty.plan, tidy_superior(words)
    if plan.state == "closed" or not duty.active:
        raise Refusal(f"Nhiệm vụ {duty.key} không còn được theo dõi, nên không ghi hạn cấp trên được.")
    rules = read_superior(kept, plan.year)
    if kept != duty.superior_text:
        before, duty.superior_text = duty.superior_text, kept
        data = {"plan": plan.code, "key": duty.key, "from": before, "to": kept}
        journal.record(
            session,
            at=now,
            actor=actor,
            action="obligation.superior",
            subject_kind="obligation",
            subject_id=duty.id,
            data=data,
        )
    return "; ".join(say(rule) for rule in rules)


def superior_words(plan: Plan, dues: Sequence[Dated], duty: Obligation, calendar: WorkCalendar) -> list[str]:
    """What is wrong between the duty's dates and the superior's, one sentence for each period; most often nothing."""
    if not duty.superior_text:
        return []
    return [words for due in dues if (words := _fault(plan, due, duty, calendar))]


def _fault(plan: Plan, due: Dated, duty: Obligation, calendar: WorkCalendar) -> str:
    dated = due.date
    span = (dated.period.start, dated.period.end)
    superior = superior_due(duty.superior_text, plan.year, dated.period_key, span, calendar)
    if superior is None:
        return (
            f"{dated.period.label}: «{duty.superior_text}» không cho hạn cấp trên nào của kỳ này, "
            "nên không giới hạn việc gia hạn. Hãy sửa lời ghi hạn cấp trên."
        )
    if dated.due_legal < superior:
        return ""
    return (
        f"{dated.period.label}: hạn của đơn vị ({_day(dated.due_legal)}) không trước hạn cấp trên ({_day(superior)}), "
        "cơ quan không còn thời gian tổng hợp. Hãy sửa một trong hai hạn."
    )


def superior_warnings(plan: Plan, calendar: WorkCalendar) -> Iterator[str]:
    """One line for each active duty of a plan whose own date is not before the superior's, or finds none there."""
    for duty in plan.obligations:
        if not (duty.active and duty.superior_text):
            continue
        try:
            found = superior_words(plan, due_dates(duty, plan.year, calendar), duty, calendar)
        except RuleError:
            continue
        if found:
            more = f" (và {len(found) - 1} kỳ khác)" if len(found) > 1 else ""
            yield f"Nhiệm vụ {duty.ordinal or duty.key}, {found[0]}{more}"


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
