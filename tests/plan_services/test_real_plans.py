"""The five real plans beside the checkout: each becomes a draft, and 001 is confirmed whole."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db import journal
from db.models import Occurrence, Plan, Unit
from db.queries import plan_queries
from db.session import transaction
from plans.asking import blocks
from plans.confirming import confirm
from plans.expanding import expand_plan
from plans.importing import import_plan
from plans.questions import answer
from plans.reading import read_bytes
from tests.plan_services.readings import ACTOR, CALENDAR, NOW, settings_of

SHARED = Path(__file__).parents[3] / "shared" / "plans"
ISSUED = "2025-02-10"


def shared_plan(number: str) -> Path:
    """One of the real plans; without them the test is skipped, except in CI, where they must be there."""
    found = sorted(SHARED.glob(f"{number}_*"))
    if not found and os.environ.get("CI"):
        pytest.fail(f"no plan {number} in {SHARED}")
    if not found:
        pytest.skip(f"no plan {number} beside the checkout")
    return found[0]


def import_shared(session: Session, number: str, home: Path) -> Plan:
    file = shared_plan(number)
    data = file.read_bytes()
    reading = read_bytes(file.name, data, None)
    if reading.plan.year is None:
        reading = read_bytes(file.name, data, 2025)
    return import_plan(session, reading, file.name, data, NOW, ACTOR, settings_of(home))


def settle(session: Session, plan: Plan) -> None:
    """Answer what blocks: every unknown organ is a new unit, an odd deadline is the fourth quarter."""
    while open_ones := [each for each in plan_queries.open_questions(session, plan.id) if blocks(each)]:
        question = open_ones[0]
        given = {
            "unit": {"new_unit": question.subject},
            "lead": {"new_unit": "Đơn vị được giao"},
            "deadline": {"phrase": "Quý IV"},
            "date": {"event": ISSUED},
        }[question.kind]
        answer(session, question.id, given, NOW, ACTOR)


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_a_real_plan_becomes_a_draft_with_nothing_lost(number: str, sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = import_shared(session, number, home)
    with transaction(sqlite_url) as session:
        (kept,) = session.scalars(select(Plan))
        content = kept.reading
        assert len(kept.obligations) == len(content["obligations"]) + len(content["standing"]) > 0
        assert (len(kept.targets), len(kept.findings)) == (len(content["targets"]), len(content["findings"]))
        assert all(duty.rules for duty in kept.obligations if duty.id not in _asked_deadline(kept))
        assert session.scalars(select(Unit)).all() == [], "no unit appears that nobody registered"
        assert session.scalars(select(Occurrence)).all() == []
        assert plan.state == "draft"


def _asked_deadline(plan: Plan) -> set[int | None]:
    return {question.obligation_id for question in plan.questions if question.kind == "deadline"}


def test_plan_001_is_confirmed_whole(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        plan = import_shared(session, "001", home)
        settle(session, plan)
        done = confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        assert done.expansion.without_unit == []
    with transaction(database_url) as session:
        kept = plan_queries.plan_by_code(session, plan.code)
        assert kept is not None
        assert kept.issued_on == date(2025, 2, 10)
        rows = session.scalars(select(Occurrence)).all()
        dated = {row.obligation_id for row in rows}
        waits = {question.obligation_id for question in plan_queries.waiting_questions(session, kept.id)}
        assert {duty.id for duty in kept.obligations} == dated | waits, "nothing waits unseen"
        states = Counter(row.state for row in rows)
        assert set(states) == {"recorded", "open"}
        assert all((row.state == "recorded") == (row.due_legal < date(2025, 2, 10)) for row in rows)
        assert all(CALENDAR.is_working(row.due_legal) and CALENDAR.is_working(row.due_target) for row in rows)
        assert expand_plan(session, kept.id, CALENDAR, NOW).added == 0
        assert list(journal.verify(session)) == []


def test_plan_001_has_the_dates_its_words_say(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = import_shared(session, "001", home)
        settle(session, plan)
        confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        dates = {
            duty.deadline_text: sorted(
                {row.nominal for row in session.scalars(select(Occurrence).where(Occurrence.obligation_id == duty.id))}
            )
            for duty in plan.obligations
        }
        assert dates["Trước ngày 20/02/2025"] == [date(2025, 2, 19)]
        assert dates["Tháng 3/2025"] == [date(2025, 3, 31)]
        assert dates["Quý II/2025"] == [date(2025, 6, 30)]
        assert dates["Quý IV năm 2025"] == [date(2025, 12, 31)]
        assert dates["Theo Kế hoạch"] == []
