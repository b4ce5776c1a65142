"""Two connections of PostgreSQL: who dates by a calendar while another is approved, and who corrects while one answers.

On SQLite the writing transaction alone is the lock, so that there is nothing to show.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from config.ladders import PACKAGED, read_ladders
from db import journal
from db.models import ObligationUnit, Occurrence, Plan, Question
from db.office_rules import calendar_to_date_by
from db.queries import submission_queries
from db.session import reading, transaction
from deadlines import Once
from notifications import chase
from notifications.chase import run_chase
from plans import replanning
from plans.confirming import confirm
from plans.expanding import expand_plan
from plans.questions import answer
from plans.reimporting import apply_difference, date_late_answers
from tests.notifications.chase_world import World, add_duty, at, on
from tests.plan_services.readings import ACTOR, CALENDAR, NOW, Row, draft, load_register, reading_of, settings_of
from tests.plan_services.replanning_world import NOW as MARCH
from tests.plan_services.replanning_world import applied, approved_world, opened, order

A_MOMENT = 0.3


@pytest.fixture
def world(home: Path, postgres_url: str) -> World:
    """A commune with one duty due on 17 March that is not expanded yet, and a storm that is not approved yet."""
    made = approved_world(home, postgres_url)
    with opened(made, add_duty(made, "10/3")) as (_, one):
        one.obligation.rules = [Once(None, on("17/3")).to_json()]
        one.obligation.units.append(ObligationUnit(role="lead", printed_name=one.unit.name, unit=one.unit))
    order(made)
    return made


def expanded(world: World, reached: threading.Event, go_on: float = 0) -> None:
    """Expand the plan by the calendar in use, dawdling between reading the calendar and writing dates."""
    with world.transaction() as session:
        calendar = calendar_to_date_by(session, world.settings)
        reached.set()
        time.sleep(go_on)
        expand_plan(session, session.scalars(select(Plan.id)).one(), calendar, MARCH)


def due(world: World) -> list[date]:
    with reading(world.url) as session:
        return list(session.scalars(select(Occurrence.due_legal).where(Occurrence.period_key == "once-1")))


def test_what_is_dated_by_the_old_calendar_is_moved_by_the_approval_that_waited(world: World) -> None:
    reached = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(expanded, world, reached, A_MOMENT)
        assert reached.wait(10)
        done = applied(world)
        other.result(10)
    assert (len(done.moves), due(world)) == (1, [on("19/3")])


def test_who_asks_for_the_calendar_during_an_approval_gets_the_new_one(world: World, monkeypatch: Any) -> None:
    looking, look = threading.Event(), replanning._moves

    def look_slowly(*args: Any) -> Any:
        looking.set()
        time.sleep(A_MOMENT)
        return look(*args)

    monkeypatch.setattr(replanning, "_moves", look_slowly)
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(applied, world)
        assert looking.wait(10)
        expanded(world, threading.Event())
        assert other.result(10).moves == ()
    assert due(world) == [on("19/3")]


def test_two_date_at_once_and_neither_waits_for_the_other(world: World) -> None:
    reached = threading.Event()
    with world.transaction() as session, ThreadPoolExecutor(1) as pool:
        calendar_to_date_by(session, world.settings)
        pool.submit(expanded, world, reached).result(10)
    assert due(world) == [on("17/3")]


def accepted_meanwhile(url: str, locked: threading.Event) -> None:
    """Answer the first quarter as a unit's page does: lock its row, and write the journal a moment later."""
    with transaction(url) as session:
        number = session.scalars(select(Occurrence.id).where(Occurrence.period_key == "2026-Q1")).one()
        one = submission_queries.lock_occurrence(session, number)
        assert one
        locked.set()
        time.sleep(A_MOMENT)
        one.state = "submitted"
        facts = {"action": "submission.receive", "subject_kind": "occurrence", "subject_id": number}
        journal.record(session, at=NOW, actor="An", **facts)  # type: ignore[arg-type]


def first_quarter(url: str) -> tuple[str, date]:
    with reading(url) as session:
        one = session.scalars(select(Occurrence).where(Occurrence.period_key == "2026-Q1")).one()
        assert list(journal.verify(session)) == []
        return one.state, one.nominal


def test_a_corrected_plan_waits_for_an_answer_and_leaves_it_its_date(postgres_url: str, home: Path) -> None:
    check, locked = Row("1", "Hằng quý", content="Kiểm tra nơi tiếp nhận hồ sơ"), threading.Event()
    with transaction(postgres_url) as session:
        load_register(session)
        plan_id = draft(session, home, reading_of(check)).id
        confirm(session, plan_id, CALENDAR, NOW, ACTOR)
    corrected = reading_of(replace(check, deadline="trước ngày 25 của tháng cuối quý"))
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(accepted_meanwhile, postgres_url, locked)
        assert locked.wait(10)
        with transaction(postgres_url) as session:
            list(session.scalars(select(Occurrence)))  # what a page has shown before is old by now
            effect = apply_difference(
                session, plan_id, corrected, "sua.docx", b"x", CALENDAR, NOW, ACTOR, settings_of(home)
            )
        other.result(10)
    assert (effect.moved, effect.untouched) == (3, 1)
    assert first_quarter(postgres_url) == ("submitted", date(2026, 3, 31))


def test_a_late_answer_waits_for_a_unit_and_never_for_ever(postgres_url: str, home: Path) -> None:
    check, locked = Row("1", "Hằng quý", content="Kiểm tra nơi tiếp nhận hồ sơ"), threading.Event()
    with transaction(postgres_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(check))
        confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        duty = plan.obligations[0]
        asked = Question(plan_id=plan.id, obligation_id=duty.id, kind="deadline", subject="x", text="?", candidates={})
        session.add(asked)
        session.flush()
        number = asked.id
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(accepted_meanwhile, postgres_url, locked)
        assert locked.wait(10)
        with transaction(postgres_url) as session:
            given = answer(session, number, {"phrase": "trước ngày 25 của tháng cuối quý"}, NOW, ACTOR)
            effect = date_late_answers(session, [given], CALENDAR, NOW, settings_of(home))
        other.result(10)
    assert effect
    assert (effect.moved, effect.untouched) == (3, 1)
    assert first_quarter(postgres_url) == ("submitted", date(2026, 3, 31))


def test_the_chase_and_a_corrected_plan_never_wait_for_each_other(
    postgres_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, spoken, note = (
        Row("1", "Quý II", ("Văn phòng",), content="Rà soát thủ tục"),
        threading.Event(),
        chase._note_steps,
    )
    with transaction(postgres_url) as session:
        load_register(session)
        plan_id = draft(session, home, reading_of(report)).id
        confirm(session, plan_id, CALENDAR, NOW, ACTOR)

    def note_slowly(*args: Any) -> None:
        spoken.set()  # the journal is written, the steps are not
        time.sleep(A_MOMENT)
        note(*args)

    def chased() -> int:
        with transaction(postgres_url) as session:
            ladders = read_ladders(PACKAGED)
            return run_chase(session, at(date(2026, 6, 29)), CALENDAR, ladders, settings_of(home)).messages

    monkeypatch.setattr(chase, "_note_steps", note_slowly)
    corrected = reading_of(replace(report, deadline="Quý IV"))
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(chased)
        assert spoken.wait(10)
        with transaction(postgres_url) as session:
            effect = apply_difference(
                session, plan_id, corrected, "sua.docx", b"x", CALENDAR, NOW, ACTOR, settings_of(home)
            )
        assert other.result(10) > 0
    assert effect.moved == 1
    with reading(postgres_url) as session:
        assert session.scalars(select(Occurrence)).one().last_step is None, "a new date begins a new round"
        assert list(journal.verify(session)) == []
