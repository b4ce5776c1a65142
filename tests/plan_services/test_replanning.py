"""A new order of days off or a changed ladder: shown first, applied to what is open, told once, and on record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.faults import Refusal
from config.ladders import PACKAGED
from db import journal
from db.models import ApprovedRules, Extension, JournalEntry, Obligation, ObligationUnit, Occurrence, Unit
from db.office_rules import OfficeRules, adopt_rules, is_waiting, rules_in_use, rules_of_files
from db.session import reading, transaction
from deadlines import Offset, OnEvent, WorkCalendar, date_event
from plans.expanding import expand_plan
from plans.replanning import Preview, apply, preview
from tests.notifications.chase_world import World, add_duty, add_unit, at, new_world, on

NOW = at(on("02/3"))
STORM = """local:
  - {from: 2026-03-17, to: 2026-03-18, working: false, reason: Nghỉ tránh bão, order: 12/CĐ-UBND}
"""


@pytest.fixture
def world(home: Path, database_url: str) -> World:
    """A commune that has approved the shipped calendar, on SQLite and on PostgreSQL."""
    made = new_world(home, database_url)
    with made.transaction() as session:
        adopt_rules(session, made.settings, NOW)
    return made


def order(world: World, text: str = STORM, name: str = "days_off.yaml") -> None:
    """Write the office's own file."""
    world.settings.yaml_dir.mkdir(parents=True, exist_ok=True)
    (world.settings.yaml_dir / name).write_text(text, encoding="utf-8")


def looked_at(world: World) -> Preview:
    """The preview, from a session that only reads."""
    with reading(world.url) as session:
        return preview(session, world.settings, NOW)


def applied(world: World, expected: str | None = None) -> Preview:
    """The approval."""
    with world.transaction() as session:
        return apply(session, world.settings, NOW, "Chuyên viên Vy", expected)


def days_of(world: World, number: int) -> tuple[date, date, date]:
    """Nominal, legal and target day of an occurrence."""
    one = world.occurrence(number)
    return one.nominal, one.due_legal, one.due_target


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


@pytest.mark.parametrize("state", ["recorded", "submitted", "accepted", "waived", "cancelled"])
def test_what_is_done_never_moves(world: World, state: str) -> None:
    number = add_duty(world, "17/3", state=state)
    order(world)
    assert looked_at(world).moves == ()
    applied(world)
    assert days_of(world, number)[1] == on("17/3")
    assert world.messages() == []


@pytest.mark.parametrize(("state", "told"), [("open", 1), ("returned", 1), ("on_hold", 0)])
def test_what_is_open_moves(world: World, state: str, told: int) -> None:
    number = add_duty(world, "17/3", state=state)
    order(world)
    assert applied(world).people == told
    assert (days_of(world, number)[1], world.occurrence(number).state) == (on("19/3"), state)


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


def test_a_file_that_changed_since_it_was_looked_at_is_refused(world: World) -> None:
    add_duty(world, "17/3")
    order(world)
    seen = looked_at(world)
    order(world, STORM.replace("2026-03-18", "2026-03-19"))
    with pytest.raises(Refusal, match="đã đổi sau khi xem"):
        applied(world, seen.fingerprint)
    assert world.messages() == []


def test_the_approved_calendar_counts_until_the_new_one_is_approved(world: World) -> None:
    order(world)
    with reading(world.url) as session:
        assert is_waiting(session, world.settings)
        assert rules_in_use(session, world.settings).calendar.is_working(on("17/3"))
    applied(world)
    with reading(world.url) as session:
        assert not is_waiting(session, world.settings)
        assert not rules_in_use(session, world.settings).calendar.is_working(on("17/3"))


def test_a_file_that_broke_does_not_stop_the_chase(world: World) -> None:
    order(world, "2026: [")
    with reading(world.url) as session:
        assert rules_in_use(session, world.settings).calendar.is_working(on("17/3"))


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


@contextmanager
def _opened(world: World, number: int) -> Iterator[tuple[Session, Occurrence]]:
    with world.transaction() as session:
        yield session, session.get_one(Occurrence, number)


def test_an_explanation_is_written_anew(world: World) -> None:
    number = add_duty(world, "17/3", period_key="once-1", kind="duty")
    with _opened(world, number) as (session, one):
        one.obligation.rules = [{"kind": "once", "start": None, "due": "2026-03-17"}]
        one.obligation.deadline_text = "Trước ngày 18/3"
        unit = session.scalars(select(Unit).where(Unit.code == "kt")).one()
        one.obligation.units.append(ObligationUnit(role="lead", printed_name="Phòng Kinh tế", unit=unit))
    order(world)
    applied(world)
    told = " ".join(world.occurrence(number).explanation)
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
        with _opened(world, number) as (_, one):
            one.obligation.rules = [rule.to_json()]
    order(world)
    applied(world)
    assert due.nominal == on("19/3")
    assert days_of(world, counted)[0] == on("23/3")
    assert world.occurrence(counted).period_end == on("23/3")
    assert days_of(world, by_hand)[0] == on("25/3")


def test_a_daily_duty_is_not_done_on_a_day_off_and_comes_back_with_it(world: World) -> None:
    day = on("17/3")
    number = add_duty(world, day, period_key=day.isoformat(), period_start=day, period_end=day)
    order(world)
    applied(world)
    assert world.occurrence(number).state == "cancelled"
    assert "Không còn phải thực hiện" in world.messages()[0].text
    order(world, "local: []\n")
    with world.transaction() as session:
        apply(session, world.settings, NOW + timedelta(hours=1), "Vy")
    assert world.occurrence(number).state == "open"


def test_an_extension_outlasts_the_move_and_is_void_once_reached(world: World) -> None:
    longer, shorter = add_duty(world, "17/3", extended_due=on("31/3")), add_duty(world, "17/3", extended_due=on("18/3"))
    for number in (longer, shorter):
        with _opened(world, number) as (session, _):
            facts = {"reason": "x", "wanted_due": on("31/3"), "old_due": on("17/3"), "state": "granted"}
            session.add(Extension(occurrence_id=number, asked_at=NOW, asked_by="An", **facts))
    order(world)
    applied(world)
    assert world.occurrence(longer).extended_due == on("31/3")
    assert world.occurrence(shorter).extended_due is None
    (message,) = world.messages()
    assert [item.occurrence_id for item in message.items] == [shorter]


def test_an_extension_to_a_day_that_is_off_now_runs_to_the_next_worked_day(world: World) -> None:
    number = add_duty(world, "10/3", extended_due=on("17/3"))
    order(world)
    done = applied(world)
    assert [(move.before.last, move.after and move.after.last) for move in done.moves] == [(on("17/3"), on("19/3"))]
    assert "17/03/2026 cơ quan nghỉ" in done.moves[0].why
    assert (world.occurrence(number).extended_due, days_of(world, number)[1]) == (on("19/3"), on("10/3"))
    assert done.people == 1
    assert applied(world).nothing


def test_the_chase_goes_on_from_the_new_date(world: World) -> None:
    number = add_duty(world, "17/3")
    world.calendar = WorkCalendar({}, [2026])
    world.chase(at(on("18/3")))
    world.deliver(at(on("18/3")))
    assert world.occurrence(number).last_step == "after-1"
    order(world)
    with world.transaction() as session:
        apply(session, world.settings, at(on("18/3"), "09:00"), "Vy")
        world.calendar = rules_in_use(session, world.settings).calendar
    # Overdue no longer: on the 19th it is due, and the unit's leader hears again only when that day has passed.
    assert world.occurrence(number).last_step in ("due-day", "before-2")
    world.chase(at(on("20/3")))
    assert world.occurrence(number).last_step == "after-1"


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


def test_a_changed_ladder_moves_no_date_and_leaves_a_running_chase_alone(world: World) -> None:
    number = add_duty(world, "20/3")
    world.chase(at(on("16/3")))
    shipped = PACKAGED.read_text(encoding="utf-8")
    order(
        world,
        shipped.replace("key: after-1, when: after, days: 1", "key: after-2, when: after, days: 2"),
        "ladders.yaml",
    )
    seen = looked_at(world)
    assert (seen.moves, seen.ladders, seen.ladder_moves) == ((), ("default",), ())
    applied(world)
    assert not looked_at(world).waiting
    ladder = world.occurrence(number).ladder
    assert ladder
    assert "after-1" in json.dumps(ladder)


def test_the_next_reminder_is_compared_where_the_chase_has_not_begun(world: World) -> None:
    number = add_duty(world, "30/3")
    with reading(world.url) as session:
        old = rules_of_files(world.settings)
        ladder = old.ladders["default"]
        steps = tuple(replace(step, days=12) if step.key == "before-10" else step for step in ladder.steps)
        new = OfficeRules(old.calendar, {"default": replace(ladder, steps=steps)})
        (move,) = preview(session, world.settings, NOW, new).ladder_moves
    assert move.id == number
    assert [step and step[0] for step in (move.before, move.after)] == [on("16/3"), on("12/3")]
    assert "đầu mối" in move.words()


def test_the_preview_says_it_in_words(world: World) -> None:
    add_duty(world, "17/3")
    order(world)
    text = "\n".join(looked_at(world).lines())
    for words in ("thứ Ba 17/03/2026: làm việc → nghỉ", "1 kỳ hạn đổi ngày", "hạn 17/03/2026 → 19/03/2026", "An"):
        assert words in text


def test_a_day_added_to_a_far_year_is_shown_and_approved_though_nothing_moves(world: World) -> None:
    order(world, "2028:\n  orders: [CV 1/VPCP]\n  days_off:\n    2028-01-03: { reason: Nghỉ bù, order: CV 1/VPCP }\n")
    seen = looked_at(world)
    assert seen.waiting
    assert any("03/01/2028" in each.words() for each in seen.days)
    assert applied(world).moves == ()
    assert looked_at(world).nothing


def test_many_occurrences_of_many_units_make_one_message_a_person(world: World) -> None:
    for code in ("tc", "vh"):
        add_unit(world, code, f"Phòng {code}", [(f"Người {code}", "contact")])
    for code in ("kt", "tc", "vh"):
        for content in ("Một", "Hai", "Ba"):
            add_duty(world, "18/3", content, code)
    order(world)
    assert applied(world).people == 3
    assert sorted(len(message.items) for message in world.messages()) == [3, 3, 3]


def test_the_nightly_expansion_agrees_with_what_was_applied(world: World) -> None:
    with world.transaction() as session:
        unit = session.scalars(select(Unit).where(Unit.code == "kt")).one()
        duty = Obligation(plan_id=1, position=9, key="9", content="x", rules=[json.loads('{"kind": "continuous"}')])
        duty.units.append(ObligationUnit(role="lead", printed_name="Phòng Kinh tế", unit=unit))
        session.add(duty)
        session.flush()
        expand_plan(session, 1, rules_in_use(session, world.settings).calendar, NOW)
    order(world, STORM.replace("2026-03-17, to: 2026-03-18", "2026-06-29, to: 2026-06-30"))
    applied(world)
    with transaction(world.url) as session:
        calendar = rules_in_use(session, world.settings).calendar
        assert expand_plan(session, 1, calendar, NOW).added == 0
        june = session.scalars(select(Occurrence).where(Occurrence.period_key == "check-2026-Q2")).one()
        assert (june.due_target, june.due_legal) == (date(2026, 6, 26), date(2026, 7, 1))
