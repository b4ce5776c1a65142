"""From which day a plan is chased: what fell due before it is recorded, what falls due from it on is open.

An office that begins in the middle of a year would otherwise send its chairman every duty since January on the first
morning. Only occurrences that nobody has answered move, and they may move back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from config.faults import Refusal
from db import journal
from db.models import Occurrence, Plan
from db.queries import plan_queries

Wanted = Callable[[date], bool]
NOTE = "Đến hạn trước ngày bắt đầu đôn đốc"


@dataclass(frozen=True)
class ChaseStart:
    """How many occurrences moved: to the record, and back to the chase."""

    recorded: int
    opened: int


def overdue_count(session: Session, plan_id: int, today: date) -> int:
    """How many open, unanswered occurrences of a plan have fallen due before today."""
    rows = plan_queries.unanswered_occurrences(session, plan_id)
    return sum(each.state == "open" and _due(each) < today for each in rows)


def chase_start_ahead(session: Session, plan: Plan, day: date) -> ChaseStart:
    """What chasing a plan from `day` on would move; nothing is written."""
    rows, issued = plan_queries.unanswered_occurrences(session, plan.id), plan.issued_on or date.min
    return ChaseStart(
        recorded=sum(each.state == "open" and _due(each) < day for each in rows),
        opened=sum(each.state == "recorded" and _due(each) >= max(day, issued) for each in rows),
    )


def set_chase_start(session: Session, plan_id: int, day: date, now: datetime, actor: str) -> ChaseStart:
    """Chase a confirmed plan from `day` on. Raises Refusal for a plan that is not confirmed."""
    plan = plan_queries.locked_plan(session, plan_id)
    if plan is None or plan.state != "confirmed":
        raise Refusal("Chỉ kế hoạch đã xác nhận mới được đôn đốc. Hãy chạy: dondoc plan confirm MÃ")
    plan_queries.hold_occurrences(session, plan_id)
    rows = plan_queries.unanswered_occurrences(session, plan_id)
    issued = plan.issued_on or date.min
    moved = ChaseStart(
        recorded=_move(rows, "open", lambda due: due < day, "recorded", f"{NOTE} ({day:%d/%m/%Y}): chỉ ghi nhận."),
        opened=_move(rows, "recorded", lambda due: due >= max(day, issued), "open", None),
    )
    data = {"from": day.isoformat(), "recorded": moved.recorded, "opened": moved.opened}
    journal.record(
        session, at=now, actor=actor, action="plan.chase-from", subject_kind="plan", subject_id=plan.id, data=data
    )
    return moved


def _due(occurrence: Occurrence) -> date:
    return occurrence.extended_due or occurrence.due_legal


def _move(rows: Iterable[Occurrence], before: str, wanted: Wanted, after: str, note: str | None) -> int:
    moved = [each for each in rows if each.state == before and wanted(_due(each))]
    for each in moved:
        kept = [step for step in each.explanation if not step.startswith(NOTE)]
        each.state, each.explanation = after, [*kept, note] if note else kept
    return len(moved)
