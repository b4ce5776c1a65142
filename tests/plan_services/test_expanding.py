"""Plans written past the models: the same rows as the models give, in one chain of the journal."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config.faults import Refusal
from db import journal
from db.bulk import insert_rows, instant_value
from db.models import GroupMember, JournalEntry, Obligation, Occurrence, Plan, Unit
from db.queries import plan_queries
from db.session import reading, transaction
from plans.confirming import confirm
from plans.expanding import expand_plan, expand_plans
from plans.occurrences import before_issue, key_of, planned
from tests.plan_services.readings import ACTOR, CALENDAR, HEAD, NOW, Row, draft, load_register, reading_of

GROUP = "Các phòng chuyên môn"
ROWS = (
    Row("1", "trước ngày 18 hằng tháng"),
    Row("2", "Quý I"),
    Row("3", "Hằng quý", leads=(GROUP,)),
    Row("4", "Thường xuyên", leads=("Văn phòng", GROUP)),
    Row("5", "trước ngày 05 hằng tháng; trước ngày 20 hằng tháng"),
    Row("6", "Hằng tháng; trước ngày 20 của tháng đầu quý sau", leads=("Văn phòng",)),
    Row("7", "Khi có phát sinh"),
    Row("8", "thứ Sáu hằng tuần", leads=("Phòng Kinh tế, Hạ tầng và Đô thị",)),
)
COLUMNS = [column.key for column in Occurrence.__table__.columns if column.key != "id"]


def values(row: Occurrence) -> dict[str, Any]:
    """Every column but the number; what a model leaves out is what the database puts there."""
    defaults = {"revision": 0}
    return {name: defaults.get(name) if getattr(row, name) is None else getattr(row, name) for name in COLUMNS}


def by_models(session: Session, plan: Plan) -> dict[tuple[int, int, str], dict[str, Any]]:
    return {
        key_of(row): values(row)
        for duty in plan_queries.obligations_of(session, plan.id)
        for row in planned(duty, plan.year, CALENDAR, before_issue(plan))
    }


def stored(session: Session) -> dict[tuple[int, int, str], dict[str, Any]]:
    return {key_of(row): values(row) for row in session.scalars(select(Occurrence))}


@pytest.mark.parametrize("issued", ["2026-01-15", "2026-07-03", None], ids=["January", "half recorded", "no date"])
def test_both_ways_give_the_same_rows(database_url: str, home: Path, issued: str | None) -> None:
    head = replace(HEAD, issued_on=issued)
    with transaction(database_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(*ROWS, head=head))
        plan.state = "confirmed"
        done = expand_plan(session, plan.id, CALENDAR, NOW)
    with reading(database_url) as session:
        kept = session.scalars(select(Plan)).one()
        assert stored(session) == by_models(session, kept)
        assert done.added == len(stored(session)) > 90
        assert done.recorded == sum(row["state"] == "recorded" for row in stored(session).values())
        assert bool(done.recorded) == (issued is not None)


def test_the_order_is_that_of_the_plan(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(*ROWS))
        confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        listed = [key_of(row) for row in session.scalars(select(Occurrence).order_by(Occurrence.id))]
        assert listed == [*by_models(session, plan)]


def test_many_plans_are_one_piece_of_work(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        load_register(session)
        ids = []
        for number in range(3):
            plan = draft(session, home, reading_of(*ROWS[: number + 1]), f"plan {number}".encode(), f"{number}.docx")
            plan.state = "confirmed"
            ids.append(plan.id)
        done = expand_plans(session, ids, CALENDAR, NOW)
        assert [done[number].added for number in ids] == [12, 13, 21]
        assert {
            number: each.added for number, each in expand_plans(session, ids, CALENDAR, NOW).items()
        } == dict.fromkeys(ids, 0)
        entries = session.scalars(select(JournalEntry).where(JournalEntry.action == "plan.expand")).all()
        assert sorted(entry.subject_id for entry in entries) == ids
        assert [*journal.verify(session)] == []
        with pytest.raises(Refusal, match="đã xác nhận"):
            expand_plans(session, [*ids, 99], CALENDAR, NOW)


def test_a_unit_that_joins_gets_what_is_still_to_come(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(ROWS[2]))
        confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        group, joins = (session.scalars(select(Unit).where(Unit.code == code)).one() for code in ("phong", "hcc"))
        session.add(GroupMember(group_id=group.id, member_id=joins.id))
        later = expand_plan(session, plan.id, CALENDAR, NOW + timedelta(days=120))
        assert (later.opened, later.recorded, later.known) == (3, 1, 8)
        rows = session.scalars(select(Occurrence).where(Occurrence.unit_id == joins.id).order_by(Occurrence.nominal))
        assert [row.state for row in rows] == ["recorded", "open", "open", "open"]


def test_a_duty_that_nobody_answers_for_is_named(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(*ROWS[:2]))
        plan.state = "confirmed"
        session.execute(update(Unit).where(Unit.code == "hcc").values(active=False))
        assert expand_plan(session, plan.id, CALENDAR, NOW).without_unit == ["1", "2"]


def test_rows_past_the_models_obey_the_database(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(ROWS[1]))
        confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        duty = session.scalars(select(Obligation.id)).one()
    columns = ("obligation_id", "unit_id", "period_key", "period_label", "period_start", "period_end", "kind")
    days = ("nominal", "due_legal", "due_target", "state", "explanation", "rule_no")
    day = "2026-03-31"
    row = (duty, 2, "once-1", "Quý I", day, day, "duty", day, day, day, "open", "[]", 0)
    with pytest.raises(IntegrityError), transaction(database_url) as session:
        insert_rows(session, "occurrences", columns + days, [row])
    with reading(database_url) as session:
        assert len(session.scalars(select(Occurrence)).all()) == 1


def test_a_naive_instant_is_refused(database_url: str) -> None:
    with transaction(database_url) as session, pytest.raises(ValueError, match="naive"):
        instant_value(session, NOW.replace(tzinfo=None))


def test_many_entries_make_one_chain(database_url: str) -> None:
    deeds = [journal.Deed("thử", "plan", number, {"chữ": "đôn đốc", "số": [1, None]}) for number in range(30)]
    with transaction(database_url) as session:
        journal.record(session, at=NOW, actor="An", action="trước", subject_kind="plan", subject_id=1)
        journal.record_all(session, NOW, "Bình", deeds)
        journal.record(session, at=NOW, actor="An", action="sau", subject_kind="plan", subject_id=1)
    with reading(database_url) as session:
        assert [*journal.verify(session)] == []
        entries = session.scalars(select(JournalEntry).order_by(JournalEntry.seq)).all()
        assert [entry.seq for entry in entries] == [*range(1, 33)]
        assert (entries[5].at, entries[5].actor, entries[5].data) == (NOW, "Bình", deeds[4].data)
