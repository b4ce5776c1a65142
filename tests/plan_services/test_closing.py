"""Closing a plan and opening it again: nobody is chased, nothing is lost, calendars are told."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from config.faults import Refusal
from db.models import JournalEntry, Obligation, Occurrence, Plan, Unit
from db.queries import chase_queries, view_queries
from db.session import reading, transaction
from plans.chase_start import chase_start_ahead, set_chase_start
from plans.closing import close_plan, remaining, reopen_plan
from tests.plan_services.test_chase_start import NOW, occurrence, plan_id, states

__all__ = ["plan_id"]
TODAY = NOW.date()


def test_closing_stops_the_chase_and_keeps_all(database_url: str, plan_id: int) -> None:
    with transaction(database_url) as session:
        before = states(session)
        left = close_plan(session, plan_id, "Đã tổng kết năm", NOW, "An")
        assert (len(left.unanswered), left.overdue, left.reviewing) == (3, 2, 1)
    with reading(database_url) as session:
        assert states(session) == before
        assert chase_queries.cases_due(session, date(2027, 12, 31)) == []
        counted = view_queries.counters(session, TODAY, date(2027, 12, 31), NOW)
        assert (counted.overdue, counted.soon, counted.waiting) == (0, 0, 1)
        assert view_queries.count_overdue(session, TODAY) == 0
        entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "plan.close")).one()
        assert (entry.actor, entry.data["reason"], entry.data["unanswered"]) == ("An", "Đã tổng kết năm", 3)


def test_reopening_brings_the_chase_back_and_moves_calendars_on(database_url: str, plan_id: int) -> None:
    with transaction(database_url) as session:
        close_plan(session, plan_id, "Nhầm", NOW, "An")
        reopen_plan(session, plan_id, "Kết thúc nhầm", NOW, "Bình")
    with reading(database_url) as session:
        assert len(chase_queries.cases_due(session, date(2027, 12, 31))) == 3
        opened = session.scalars(select(Occurrence.revision).where(Occurrence.state == "open")).all()
        assert opened == [2, 2, 2], "a closed plan showed each one revision further on"
        others = session.scalars(select(Occurrence.revision).where(Occurrence.state != "open")).all()
        assert set(others) == {0}
    with transaction(database_url) as session:
        close_plan(session, plan_id, "Lần nữa", NOW, "An")
        left = reopen_plan(session, plan_id, "Còn việc quý IV", NOW, "Bình", chase_from=TODAY)
        assert (len(left.unanswered), left.overdue) == (1, 0)


@pytest.mark.parametrize(
    ("state", "act", "words"),
    [
        ("draft", "close", "bản nháp"),
        ("closed", "close", "đã kết thúc"),
        ("confirmed", "reopen", "chưa kết thúc"),
        ("confirmed", "close without a reason", "ghi lý do"),
        ("closed", "reopen without a reason", "lý do mở lại"),
        ("confirmed", "close with a novel", "tối đa là 500"),
    ],
)
def test_what_is_refused_changes_nothing(sqlite_url: str, state: str, act: str, words: str) -> None:
    with transaction(sqlite_url) as session:
        plan = Plan(code="kh", title="Kế hoạch", year=2026, file_name="a", file_sha256="0" * 64, reading={})
        plan.state, plan.imported_at = state, NOW
        session.add(plan)
        session.flush()
        reason = {"close with a novel": "x" * 501}.get(act, "" if "without" in act else "Vì thế")
        if act == "close without a reason":
            plan.obligations = [Obligation(position=1, key="1", content="Báo cáo")]
            unit = Unit(code="vp", name="Văn phòng")
            session.add(unit)
            session.flush()
            session.add(occurrence(plan.obligations[0].id, unit.id, TODAY, "open"))
        call = reopen_plan if act.startswith("reopen") else close_plan
        with pytest.raises(Refusal, match=words):
            call(session, plan.id, reason, NOW, "An")
        assert plan.state == state


def test_a_finished_plan_needs_no_reason(sqlite_url: str) -> None:
    with transaction(sqlite_url) as session:
        plan = Plan(code="kh", title="Kế hoạch", year=2026, file_name="a", file_sha256="0" * 64, reading={})
        plan.state, plan.imported_at = "confirmed", NOW
        session.add(plan)
        session.flush()
        assert remaining(session, plan.id, TODAY).nothing
        close_plan(session, plan.id, " ", NOW, "An")
        assert plan.state == "closed"


def test_what_a_new_start_moves_is_told_before(database_url: str, plan_id: int) -> None:
    with transaction(database_url) as session:
        plan = session.get_one(Plan, plan_id)
        ahead = chase_start_ahead(session, plan, TODAY)
        assert ahead == set_chase_start(session, plan_id, TODAY, NOW, "An")
        earlier = date(2026, 4, 1)
        assert chase_start_ahead(session, plan, earlier) == set_chase_start(session, plan_id, earlier, NOW, "An")
