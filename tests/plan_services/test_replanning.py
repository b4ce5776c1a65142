"""A new order of days off or a changed ladder: shown first, applied to what is open, told once, and on record."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from config.faults import Refusal
from config.ladders import PACKAGED
from db import journal
from db.models import ApprovedRules, JournalEntry, Obligation, ObligationUnit, Occurrence, Unit
from db.office_rules import OfficeRules, is_waiting, rules_in_use, rules_of_files
from db.session import reading, transaction
from deadlines import Offset, OnEvent, WorkCalendar, date_event
from plans.expanding import expand_plan
from plans.replanning import apply, preview
from tests.notifications.chase_world import World, add_duty, add_unit, at, new_world, on
from tests.plan_services.replanning_world import (
    NOW,
    STORM,
    applied,
    days_of,
    looked_at,
    opened,
    order,
)


def test_a_storm_day_moves_what_is_open_and_tells_each_person_once(world: World) -> None:
    first, second = add_duty(world, "17/3"), add_duty(world, "18/3", "Báo cáo thu ngân sách")
    order(world)
    seen = looked_at(world)
    assert [(move.id, move.before.legal, move.after and move.after.legal) for move in seen.moves] == [
        (first, on("17/3"), on("19/3")),
        (second, on("18/3"), on("19/3")),
    ]
    assert "12/CĐ-UBND" in seen.moves[0].why
    assert seen.told == ("An",)
    assert days_of(world, first)[1] == on("17/3")
    done = applied(world, seen.fingerprint)
    assert (len(done.moves), done.people) == (2, 1)
    assert days_of(world, first) == (on("17/3"), on("19/3"), on("16/3"))
    (message,) = world.messages("queued")
    assert "17/3/2026" in message.text
    assert "19/3/2026" in message.text
    assert len(message.items) == 2


def test_the_old_date_stays_in_the_journal(world: World) -> None:
    number = add_duty(world, "17/3")
    order(world)
    applied(world)
    with reading(world.url) as session:
        moved = session.scalars(select(JournalEntry).where(JournalEntry.action == "calendar.move")).one()
        assert (moved.subject_kind, moved.subject_id, moved.actor) == ("occurrence", number, "Chuyên viên Vy")
        assert moved.data["from"]["legal"] == "2026-03-17"
        assert moved.data["to"]["legal"] == "2026-03-19"
        assert list(journal.verify(session)) == []
    assert "hạn cũ là 17/03/2026" in world.occurrence(number).explanation[-1]


def test_what_is_done_never_moves(world: World) -> None:
    done = [
        add_duty(world, "17/3", state=state) for state in ("recorded", "submitted", "accepted", "waived", "cancelled")
    ]
    order(world)
    assert looked_at(world).moves == ()
    applied(world)
    assert {days_of(world, number)[1] for number in done} == {on("17/3")}
    assert world.messages() == []


def test_what_is_open_moves_and_what_is_on_hold_is_told_to_nobody(world: World) -> None:
    numbers = {state: add_duty(world, "17/3", state=state) for state in ("open", "returned", "on_hold")}
    order(world)
    assert applied(world).people == 1
    assert {state: world.occurrence(number).state for state, number in numbers.items()} == {s: s for s in numbers}
    assert {days_of(world, number)[1] for number in numbers.values()} == {on("19/3")}
    (message,) = world.messages()
    assert [item.occurrence_id for item in message.items] == [numbers["open"], numbers["returned"]]


def test_applying_twice_changes_nothing_more(world: World) -> None:
    add_duty(world, "17/3")
    order(world)
    applied(world)
    entries = _count(world, JournalEntry)
    again = applied(world)
    assert again.nothing
    assert (len(world.messages()), _count(world, JournalEntry), _count(world, ApprovedRules)) == (1, entries, 2)


def _count(world: World, table: type[Any]) -> int:
    with reading(world.url) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_file_that_changed_since_it_was_looked_at_is_refused(lone: World) -> None:
    add_duty(lone, "17/3")
    order(lone)
    seen = looked_at(lone)
    order(lone, STORM.replace("2026-03-18", "2026-03-19"))
    with pytest.raises(Refusal, match="đã đổi sau khi xem"):
        applied(lone, seen.fingerprint)
    assert lone.messages() == []


def test_the_approved_calendar_counts_until_the_new_one_is_approved(lone: World) -> None:
    order(lone)
    with reading(lone.url) as session:
        assert is_waiting(session, lone.settings)
        assert rules_in_use(session, lone.settings).calendar.is_working(on("17/3"))
    applied(lone)
    with reading(lone.url) as session:
        assert not is_waiting(session, lone.settings)
        assert not rules_in_use(session, lone.settings).calendar.is_working(on("17/3"))


def test_a_file_that_broke_does_not_stop_the_chase(lone: World) -> None:
    order(lone, "2026: [")
    with reading(lone.url) as session:
        assert rules_in_use(session, lone.settings).calendar.is_working(on("17/3"))


def test_before_any_approval_the_files_count(home: Path, sqlite_url: str) -> None:
    world = new_world(home, sqlite_url)
    order(world)
    with reading(world.url) as session:
        assert not rules_in_use(session, world.settings).calendar.is_working(on("17/3"))
        assert not is_waiting(session, world.settings)


def test_a_day_that_moved_back_returns_its_occurrences(world: World) -> None:
    number = add_duty(world, "17/3")
    order(world)
    applied(world)
    order(world, STORM.replace("order:", "withdrawn_by: 15/CĐ-UBND, order:"))
    with world.transaction() as session:
        apply(session, world.settings, NOW + timedelta(hours=1), "Vy")
    assert days_of(world, number) == (on("17/3"), on("17/3"), on("17/3"))
    assert len(world.messages()) == 2


def test_an_explanation_is_written_anew(lone: World) -> None:
    number = add_duty(lone, "17/3", period_key="once-1", kind="duty")
    with opened(lone, number) as (session, one):
        one.obligation.rules = [{"kind": "once", "start": None, "due": "2026-03-17"}]
        one.obligation.deadline_text = "Trước ngày 18/3"
        unit = session.scalars(select(Unit).where(Unit.code == "kt")).one()
        one.obligation.units.append(ObligationUnit(role="lead", printed_name="Phòng Kinh tế", unit=unit))
    order(lone)
    applied(lone)
    told = " ".join(lone.occurrence(number).explanation)
    for words in ("«Trước ngày 18/3»", "Nghỉ tránh bão theo 12/CĐ-UBND", "thứ Năm 19/03/2026", "điều 148"):
        assert words in told


def test_what_was_counted_in_working_days_from_an_event_is_counted_anew(world: World) -> None:
    rule = OnEvent("nhận đủ hồ sơ", Offset(5, "working_day"))
    with reading(world.url) as session:
        due = date_event(rule, on("12/3"), rules_in_use(session, world.settings).calendar)
    given: dict[str, Any] = {
        "period_key": "event-1",
        "period_start": on("12/3"),
        "period_end": due.nominal,
        "kind": "duty",
    }
    counted, by_hand = add_duty(world, due.nominal, **given), add_duty(world, on("25/3"), **given)
    for number in (counted, by_hand):
        with opened(world, number) as (_, one):
            one.obligation.rules = [rule.to_json()]
    order(world)
    applied(world)
    assert due.nominal == on("19/3")
    assert days_of(world, counted)[0] == on("23/3")
    assert world.occurrence(counted).period_end == on("23/3")
    assert days_of(world, by_hand)[0] == on("25/3")


def test_the_chase_goes_on_from_the_new_date(lone: World) -> None:
    number = add_duty(lone, "17/3")
    lone.calendar = WorkCalendar({}, [2026])
    lone.chase(at(on("18/3")))
    lone.deliver(at(on("18/3")))
    assert lone.occurrence(number).last_step == "after-1"
    order(lone)
    with lone.transaction() as session:
        apply(session, lone.settings, at(on("18/3"), "09:00"), "Vy")
        lone.calendar = rules_in_use(session, lone.settings).calendar
    # Overdue no longer: on the 19th it is due, and the unit's leader hears again only when that day has passed.
    assert lone.occurrence(number).last_step in ("due-day", "before-2")
    lone.chase(at(on("20/3")))
    assert lone.occurrence(number).last_step == "after-1"


def test_a_reminder_of_the_old_date_that_has_not_left_is_void(world: World) -> None:
    number = add_duty(world, "17/3")
    world.chase(at(on("13/3")))
    order(world)
    with world.transaction() as session:
        apply(session, world.settings, at(on("13/3"), "08:05"), "Vy")
    assert world.occurrence(number).last_step is None
    world.deliver(at(on("13/3"), "08:10"))
    assert {message.kind for message in world.messages("cancelled")} == {"digest"}
    assert [message.kind for message in world.messages("sent")] == ["notice"]


def test_a_changed_ladder_moves_no_date_and_leaves_a_running_chase_alone(lone: World) -> None:
    number = add_duty(lone, "20/3")
    lone.chase(at(on("16/3")))
    shipped = PACKAGED.read_text(encoding="utf-8")
    order(
        lone,
        shipped.replace("key: after-1, when: after, days: 1", "key: after-2, when: after, days: 2", 1),
        "ladders.yaml",
    )
    seen = looked_at(lone)
    assert (seen.moves, seen.ladders, seen.ladder_moves) == ((), ("default",), ())
    applied(lone)
    assert not looked_at(lone).waiting
    ladder = lone.occurrence(number).ladder
    assert ladder
    assert "after-1" in json.dumps(ladder)


def test_the_next_reminder_is_compared_where_the_chase_has_not_begun(lone: World) -> None:
    number = add_duty(lone, "30/3")
    with reading(lone.url) as session:
        old = rules_of_files(lone.settings)
        ladder = old.ladders["default"]
        steps = tuple(replace(step, days=12) if step.key == "before-10" else step for step in ladder.steps)
        new = OfficeRules(old.calendar, {"default": replace(ladder, steps=steps)})
        (move,) = preview(session, lone.settings, NOW, new).ladder_moves
    assert move.id == number
    assert [step and step[0] for step in (move.before, move.after)] == [on("16/3"), on("12/3")]
    assert "đầu mối" in move.words()


def test_the_preview_says_it_in_words(lone: World) -> None:
    add_duty(lone, "17/3")
    order(lone)
    text = "\n".join(looked_at(lone).lines())
    for words in ("thứ Ba 17/03/2026: làm việc → nghỉ", "1 kỳ hạn đổi ngày", "hạn 17/03/2026 → 19/03/2026", "An"):
        assert words in text


def test_a_day_added_to_a_far_year_is_shown_and_approved_though_nothing_moves(lone: World) -> None:
    order(lone, "2028:\n  orders: [CV 1/VPCP]\n  days_off:\n    2028-01-03: { reason: Nghỉ bù, order: CV 1/VPCP }\n")
    seen = looked_at(lone)
    assert seen.waiting
    assert any("03/01/2028" in each.words() for each in seen.days)
    assert applied(lone).moves == ()
    assert looked_at(lone).nothing


def test_many_occurrences_of_many_units_make_one_message_a_person(world: World) -> None:
    for code in ("tc", "vh"):
        add_unit(world, code, f"Phòng {code}", [(f"Người {code}", "contact")])
    for code in ("kt", "tc", "vh"):
        for content in ("Một", "Hai", "Ba"):
            add_duty(world, "18/3", content, code)
    order(world)
    assert applied(world).people == 3
    assert sorted(len(message.items) for message in world.messages()) == [3, 3, 3]


def test_the_nightly_expansion_agrees_with_what_was_applied(lone: World) -> None:
    with lone.transaction() as session:
        unit = session.scalars(select(Unit).where(Unit.code == "kt")).one()
        duty = Obligation(plan_id=1, position=9, key="9", content="x", rules=[json.loads('{"kind": "continuous"}')])
        duty.units.append(ObligationUnit(role="lead", printed_name="Phòng Kinh tế", unit=unit))
        session.add(duty)
        session.flush()
        expand_plan(session, 1, rules_in_use(session, lone.settings).calendar, NOW)
    order(lone, STORM.replace("2026-03-17, to: 2026-03-18", "2026-06-29, to: 2026-06-30"))
    applied(lone)
    with transaction(lone.url) as session:
        calendar = rules_in_use(session, lone.settings).calendar
        assert expand_plan(session, 1, calendar, NOW).added == 0
        june = session.scalars(select(Occurrence).where(Occurrence.period_key == "check-2026-Q2")).one()
        assert (june.due_target, june.due_legal) == (date(2026, 6, 26), date(2026, 7, 1))
