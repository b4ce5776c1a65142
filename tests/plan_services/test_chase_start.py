"""The day from which a plan is chased: only unanswered occurrences move, and they may move back."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.clock import ZONE
from config.faults import Refusal
from db.models import JournalEntry, Obligation, Occurrence, Plan, Unit
from db.session import reading, transaction
from plans.chase_start import NOTE, ChaseStart, overdue_count, set_chase_start

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=ZONE)
ISSUED = date(2026, 1, 6)


def occurrence(duty: int, unit: int, due: date, state: str) -> Occurrence:
    row = Occurrence(obligation_id=duty, unit_id=unit, period_key=due.isoformat(), period_label="Kỳ", kind="report")
    row.period_start = row.period_end = row.nominal = row.due_target = row.due_legal = due
    row.state, row.explanation = state, ["Theo văn bản"]
    return row


@pytest.fixture
def plan_id(database_url: str) -> int:
    """A confirmed plan with one occurrence before its issue, two past, one to come, one answered."""
    plan = Plan(
        code="kh", title="Kế hoạch", year=2026, file_name="a", file_sha256="0" * 64, reading={}, issued_on=ISSUED
    )
    plan.state, plan.imported_at = "confirmed", NOW
    plan.obligations = [Obligation(position=1, key="1", content="Báo cáo")]
    unit = Unit(code="vp", name="Văn phòng")
    with transaction(database_url) as session:
        session.add_all([plan, unit])
        session.flush()
        duty = plan.obligations[0].id
        session.add(occurrence(duty, unit.id, date(2026, 1, 5), "recorded"))
        session.add(occurrence(duty, unit.id, date(2026, 3, 31), "open"))
        session.add(occurrence(duty, unit.id, date(2026, 9, 30), "open"))
        session.add(occurrence(duty, unit.id, date(2026, 12, 31), "open"))
        answered = occurrence(duty, unit.id, date(2026, 6, 30), "submitted")
        answered.answered_at = NOW
        session.add(answered)
        return plan.id


def states(session: Session) -> list[str]:
    return list(session.scalars(select(Occurrence.state).order_by(Occurrence.due_legal)))


def test_what_is_past_is_recorded_and_may_come_back(database_url: str, plan_id: int) -> None:
    with transaction(database_url) as session:
        assert overdue_count(session, plan_id, NOW.date()) == 2
        assert set_chase_start(session, plan_id, NOW.date(), NOW, "An") == ChaseStart(recorded=2, opened=0)
        assert states(session) == ["recorded", "recorded", "submitted", "recorded", "open"]
        assert overdue_count(session, plan_id, NOW.date()) == 0
        assert set_chase_start(session, plan_id, date(2026, 7, 1), NOW, "An") == ChaseStart(recorded=0, opened=1)
        assert states(session) == ["recorded", "recorded", "submitted", "open", "open"]


def test_what_fell_due_before_the_issue_is_never_opened(database_url: str, plan_id: int) -> None:
    with transaction(database_url) as session:
        set_chase_start(session, plan_id, date(2025, 1, 1), NOW, "An")
        assert states(session) == ["recorded", "open", "submitted", "open", "open"]


def test_the_reason_stands_in_the_explanation_once(database_url: str, plan_id: int) -> None:
    with transaction(database_url) as session:
        set_chase_start(session, plan_id, date(2026, 5, 1), NOW, "An")
        set_chase_start(session, plan_id, NOW.date(), NOW, "An")
    with reading(database_url) as session:
        steps = session.scalars(select(Occurrence.explanation).order_by(Occurrence.due_legal)).all()
    assert [sum(step.startswith(NOTE) for step in each) for each in steps] == [0, 1, 0, 1, 0]


def test_a_draft_is_refused_and_the_rest_is_journalled(database_url: str, plan_id: int) -> None:
    with transaction(database_url) as session:
        set_chase_start(session, plan_id, NOW.date(), NOW, "An")
        entry = session.scalars(select(JournalEntry)).one()
        assert (entry.action, entry.data["recorded"]) == ("plan.chase-from", 2)
        plan = session.get(Plan, plan_id)
        assert plan is not None
        plan.state = "draft"
        with pytest.raises(Refusal, match="plan confirm"):
            set_chase_start(session, plan_id, NOW.date(), NOW, "An")
