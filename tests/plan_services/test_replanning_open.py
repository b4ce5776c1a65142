"""What a new calendar does to daily duties and extensions, whom it tells nothing, and what comes in between."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from db import journal
from db.models import ApprovedRules, Extension, Occurrence
from db.office_rules import adopt_rules, calendar_in_use
from db.queries import submission_queries
from db.session import reading
from plans import replanning
from plans.expanding import expand_plan
from plans.replanning import apply, preview
from submissions.review import hold
from tests.notifications.chase_world import World, add_duty, at, new_world, on
from tests.plan_services.replanning_world import (
    NOW,
    applied,
    approved_world,
    daily,
    days_of,
    looked_at,
    opened,
    order,
)


def days_asked(world: World) -> set[date]:
    """The nominal days of every open occurrence."""
    with reading(world.url) as session:
        return set(session.scalars(select(Occurrence.nominal).where(Occurrence.state == "open")))


def test_a_muted_unit_hears_nothing_while_its_dates_move(lone: World) -> None:
    number = add_duty(lone, "17/3")
    with opened(lone, number) as (_, one):
        one.unit.muted_until = NOW.date()
    order(lone)
    assert looked_at(lone).told == ()
    assert applied(lone).people == 0
    assert days_of(lone, number)[1] == on("19/3")
    assert lone.messages() == []


def test_what_the_calendar_alone_makes_overdue_is_pointed_out(lone: World) -> None:
    add_duty(lone, "02/3", due_legal=on("03/3"))
    add_duty(lone, "27/2", due_legal=on("02/3"))
    with reading(lone.url) as session:
        seen = preview(session, lone.settings, at(on("03/3")))
    assert (len(seen.moves), seen.late) == (2, 1)
    assert "1 kỳ hạn có hạn mới đã qua" in "\n".join(seen.lines())


def test_an_answer_that_comes_between_keeps_its_date(home: Path, postgres_url: str, monkeypatch: Any) -> None:
    world = new_world(home, postgres_url)
    with world.transaction() as session:
        adopt_rules(session, world.settings, NOW)
    answered, open_one = add_duty(world, "17/3"), add_duty(world, "18/3")
    order(world)
    look = replanning._moves

    def answered_meanwhile(*args: Any) -> Any:
        found = look(*args)
        if world.occurrence(answered).state == "open":
            world.change(answered, state="submitted")
        return found

    monkeypatch.setattr(replanning, "_moves", answered_meanwhile)
    assert [move.id for move in applied(world).moves] == [open_one]
    assert (world.occurrence(answered).state, days_of(world, answered)[1]) == ("submitted", on("17/3"))
    assert days_of(world, open_one)[1] == on("19/3")


def test_a_daily_duty_is_not_done_on_a_day_off_and_comes_back_with_it(world: World) -> None:
    day = on("17/3")
    number = daily(world, day)
    order(world)
    applied(world)
    assert world.occurrence(number).state == "cancelled"
    assert "Không còn phải thực hiện" in world.messages()[0].text
    order(world, "local: []\n")
    with world.transaction() as session:
        apply(session, world.settings, NOW + timedelta(hours=1), "Vy")
    assert world.occurrence(number).state == "open"


def test_of_a_daily_duty_only_what_can_still_be_done_comes_back_as_it_was(world: World) -> None:
    held, changed = daily(world, on("18/3"), state="on_hold", note="Chờ máy chủ"), daily(world, on("18/3"))
    past, coming = daily(world, on("17/3")), daily(world, on("18/3"), state="returned")
    order(world)
    assert len(applied(world).moves) == 4
    with opened(world, changed) as (_, one):
        one.obligation.rules = [{"kind": "recurring", "freq": "weekly"}]
    order(world, "local: []\n")
    with world.transaction() as session:
        done = apply(session, world.settings, at(on("18/3")), "Vy")
    assert [move.id for move in done.moves] == [held, coming]
    states = {number: world.occurrence(number).state for number in (held, changed, past, coming)}
    assert states == {held: "on_hold", changed: "cancelled", past: "cancelled", coming: "returned"}
    assert world.occurrence(held).note == "Chờ máy chủ"
    assert [item.occurrence_id for item in world.messages()[-1].items] == [coming]


def test_an_extension_outlasts_the_move_and_is_void_once_reached(world: World) -> None:
    longer, shorter = add_duty(world, "17/3", extended_due=on("31/3")), add_duty(world, "17/3", extended_due=on("18/3"))
    for number in (longer, shorter):
        with opened(world, number) as (session, _):
            facts = {"reason": "x", "wanted_due": on("31/3"), "old_due": on("17/3"), "state": "granted"}
            session.add(Extension(occurrence_id=number, asked_at=NOW, asked_by="An", **facts))
    order(world)
    applied(world)
    assert world.occurrence(longer).extended_due == on("31/3")
    assert world.occurrence(shorter).extended_due is None
    (message,) = world.messages()
    assert [item.occurrence_id for item in message.items] == [shorter]


def test_an_extension_that_a_calendar_made_void_counts_again_when_the_order_is_withdrawn(lone: World) -> None:
    kept, dated = (add_duty(lone, "17/3", extended_due=on("18/3")) for _ in range(2))
    for number in (kept, dated):
        with opened(lone, number) as (session, _):
            facts = {"reason": "x", "wanted_due": on("18/3"), "old_due": on("17/3"), "state": "granted"}
            session.add(Extension(occurrence_id=number, asked_at=NOW, asked_by="An", **facts))
    order(lone)
    applied(lone)
    assert [lone.occurrence(number).extended_due for number in (kept, dated)] == [None, None]
    with opened(lone, dated) as (_, one):  # a corrected plan dates this one meanwhile
        one.nominal = one.due_legal = one.due_target = on("20/3")
    order(lone, "local: []\n")
    assert [move.after and move.after.last for move in looked_at(lone).moves] == [on("18/3")]
    applied(lone)
    assert [lone.occurrence(number).extended_due for number in (kept, dated)] == [on("18/3"), None]
    assert (days_of(lone, kept)[1], lone.messages()[-1].kind) == (on("17/3"), lone.messages()[0].kind)


def test_a_day_that_becomes_worked_is_asked_of_daily_duties_at_once(world: World) -> None:
    order(world)
    applied(world)
    number = daily(world, on("16/3"))
    with opened(world, number) as (session, one):
        expand_plan(session, one.obligation.plan_id, calendar_in_use(session, world.settings), NOW)
    assert not days_asked(world) & {on("17/3"), on("18/3")}
    order(world, "local: []\n")
    seen = looked_at(world)
    assert (seen.daily, seen.added) == (True, 0)
    assert "Việc hằng ngày có thêm kỳ hạn" in "\n".join(seen.lines())
    done = applied(world)
    assert (done.daily, done.added) == (True, 2)
    assert days_asked(world) >= {on("16/3"), on("17/3"), on("18/3")}
    assert applied(world).added == 0


def test_an_extension_to_a_day_that_is_off_now_runs_to_the_next_worked_day(world: World) -> None:
    number = add_duty(world, "10/3", extended_due=on("17/3"))
    order(world)
    done = applied(world)
    assert [(move.before.last, move.after and move.after.last) for move in done.moves] == [(on("17/3"), on("19/3"))]
    assert "17/03/2026 cơ quan nghỉ" in done.moves[0].why
    assert (world.occurrence(number).extended_due, days_of(world, number)[1]) == (on("19/3"), on("10/3"))
    assert done.people == 1
    assert applied(world).nothing


def test_of_two_who_approve_at_once_one_moves_and_nobody_is_told_twice(world: World) -> None:
    number = add_duty(world, "17/3")
    order(world)
    seen, together = looked_at(world), threading.Barrier(2)

    def approve(_: int) -> int:
        together.wait(10)
        return len(applied(world, seen.fingerprint).moves)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(approve, range(2))) == [0, 1]
    assert (days_of(world, number)[1], len(world.messages())) == (on("19/3"), 1)
    with reading(world.url) as session:
        assert len(session.scalars(select(ApprovedRules)).all()) == 2
        assert list(journal.verify(session)) == []


def test_an_approval_and_an_answer_never_wait_for_each_other(home: Path, postgres_url: str, monkeypatch: Any) -> None:
    world = approved_world(home, postgres_url)
    number = add_duty(world, "17/3")
    order(world)
    locked, look = threading.Event(), replanning._moves

    def look_once_the_other_has_locked(*args: Any) -> Any:
        found = look(*args)
        locked.wait(10)
        return found

    def hold_the_duty() -> None:
        with world.transaction() as session:
            assert submission_queries.lock_occurrence(session, number)
            locked.set()
            time.sleep(0.3)
            hold(session, number, "Chờ hướng dẫn", "Vy", NOW)

    monkeypatch.setattr(replanning, "_moves", look_once_the_other_has_locked)
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(hold_the_duty)
        done = applied(world)
        other.result(10)
    assert (done.people, len(done.moves)) == (0, 1)
    assert (world.occurrence(number).state, days_of(world, number)[1]) == ("on_hold", on("19/3"))
