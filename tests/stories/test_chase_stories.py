"""Weeks in the life of a duty. Every message is named; any other one fails the story."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from db.models import Person, Unit
from notifications.channels import Delivery, Envelope
from submissions.review import hold, resume, waive
from tests.notifications.chase_world import CALENDAR, add_duty, add_unit, new_world, on, plan
from tests.stories.deeds import acknowledges, answers, asks, decides, last_submission
from tests.stories.story import Story

Heard = dict[str, list[str]]


@pytest.fixture
def story(home: Path, sqlite_url: str) -> Story:
    """A commune with one duty due on Friday 20/3/2026."""
    world = new_world(home, sqlite_url)
    return Story(world, number=add_duty(world, "20/3"))


WARNED: Heard = {
    "06/3": ["An: before-10#1"],
    "13/3": ["An: before-5#1"],
    "18/3": ["An: before-2#1", "Bình: before-2#1"],
}
VY_DECIDES = "Chuyên viên Vy: request#1"
DUE: Heard = {"20/3": ["An: due-day#1", "Bình: due-day#1"]}
LATE: Heard = {
    "23/3": ["Bình: after-1#1"],
    "25/3": ["Phó Chủ tịch Hà: after-3#1"],
    "27/3": ["Chủ tịch Sơn: after-5#1"],
}


def test_never_answered(story: Story) -> None:
    assert story.forward("05/3", "24/4") == WARNED | DUE | LATE


def test_answered_before_the_date(story: Story) -> None:
    story.does("16/3", answers(story.world, 1))
    story.does("17/3", last_submission(1, story.world, "accept"))
    assert story.forward("05/3", "24/4") == {
        "06/3": ["An: before-10#1"],
        "13/3": ["An: before-5#1"],
        "17/3": ["An: accepted#1"],
    }


def test_answered_on_the_morning_of_a_step_after_the_digest_was_queued(story: Story) -> None:
    # Zalo is away until 13:30; the unit answers at 10:00; nobody is nagged.
    story.world.zalo.answer = story.world.email.answer = down_on(story, "18/3", before_hour=13)
    story.does("18/3", answers(story.world, 1))
    assert story.forward("17/3", "20/4") == {"17/3": ["An: before-5#1"]}
    assert [message.state for message in story.world.messages()] == ["sent", "cancelled", "cancelled"]


def test_answered_late(story: Story) -> None:
    story.does("24/3", answers(story.world, 1))
    assert story.forward("05/3", "24/4") == WARNED | DUE | {"23/3": ["Bình: after-1#1"]}


def test_returned_then_forgotten(story: Story) -> None:
    story.does("19/3", answers(story.world, 1))
    story.does("24/3", last_submission(1, story.world, "return"))
    # The unit has three working days to mend it; then everybody who would have heard hears once.
    assert story.forward("05/3", "24/4") == WARNED | {
        "24/3": ["An: returned#1"],
        "30/3": ["Bình: after-5#1", "Chủ tịch Sơn: after-5#1", "Phó Chủ tịch Hà: after-5#1"],
    }


def test_returned_and_mended_in_time(story: Story) -> None:
    story.does("12/3", answers(story.world, 1))
    story.does("13/3", last_submission(1, story.world, "return"))
    story.does("17/3", answers(story.world, 1))
    story.does("18/3", last_submission(1, story.world, "accept"))
    assert story.forward("11/3", "30/4") == {
        "11/3": ["An: before-10#1"],
        "13/3": ["An: returned#1"],
        "18/3": ["An: accepted#1"],
    }


def test_acknowledged_then_forgotten(story: Story) -> None:
    story.does("18/3", acknowledges(1))
    # Quiet on the 18th afternoon, 19th, 20th and 23rd; on the 24th it speaks again and nobody was passed over.
    assert story.forward("05/3", "24/4") == WARNED | {
        "24/3": ["Bình: after-1#1"],
        "25/3": ["Phó Chủ tịch Hà: after-3#1"],
        "27/3": ["Chủ tịch Sơn: after-5#1"],
    }


def test_acknowledged_after_the_chairman_was_told(story: Story) -> None:
    story.does("30/3", acknowledges(1))
    assert story.forward("05/3", "24/4") == WARNED | DUE | LATE | {"03/4": ["Bình: after-5#1"]}


def test_acknowledged_while_the_report_to_the_chairman_waits_to_be_sent(story: Story) -> None:
    story.world.zalo.answer = story.world.email.answer = down_on(story, "27/3", before_hour=13)
    story.does("27/3", acknowledges(1))
    # He is not told behind the unit's back, but the silence has an end for him, too.
    heard = story.forward("26/3", "03/4")
    assert heard == {
        "26/3": ["Bình: after-3#1", "Phó Chủ tịch Hà: after-3#1"],
        "02/4": ["Bình: after-5#1", "Chủ tịch Sơn: after-5#1", "Phó Chủ tịch Hà: after-5#1"],
    }


def test_extended_before_the_date(story: Story) -> None:
    story.does("18/3", asks(1, on("10/4")))
    story.does("19/3", decides(story.world, 1, True))
    assert story.forward("05/3", "24/4") == WARNED | {
        "18/3": [*WARNED["18/3"], VY_DECIDES],
        "19/3": ["An: extension_granted#1", VY_DECIDES],
        "27/3": ["An: before-10#1"],
        "03/4": ["An: before-5#1"],
        "08/4": ["An: before-2#1", "Bình: before-2#1"],
        "10/4": ["An: due-day#1", "Bình: due-day#1"],
        "13/4": ["Bình: after-1#1"],
        "15/4": ["Phó Chủ tịch Hà: after-3#1"],
        "17/4": ["Chủ tịch Sơn: after-5#1"],
    }


def test_extended_twice_then_answered(story: Story) -> None:
    story.does("16/3", asks(1, on("27/3")))
    story.does("17/3", decides(story.world, 1, True))
    story.does("25/3", asks(1, on("03/4")))
    story.does("26/3", decides(story.world, 1, True, on("01/4")))
    story.does("31/3", answers(story.world, 1))
    assert story.forward("12/3", "30/4") == {
        "12/3": ["An: before-10#1"],
        "13/3": ["An: before-5#1"],
        "16/3": [VY_DECIDES],
        # The notice names the new date, so the steps that it overtakes are not said again.
        "17/3": ["An: extension_granted#1", VY_DECIDES],
        "20/3": ["An: before-5#1"],
        "25/3": ["An: before-2#1", "Bình: before-2#1", VY_DECIDES],
        "26/3": ["An: extension_granted#1", VY_DECIDES],
        "30/3": ["An: before-2#1", "Bình: before-2#1"],
    }


def test_an_extension_that_is_refused_changes_no_date(story: Story) -> None:
    story.does("18/3", asks(1, on("10/4")))
    story.does("19/3", decides(story.world, 1, False))
    asked = {"18/3": [*WARNED["18/3"], VY_DECIDES], "19/3": ["An: extension_refused#1", VY_DECIDES]}
    assert story.forward("05/3", "24/4") == WARNED | asked | DUE | LATE


def test_tet_week(home: Path, sqlite_url: str) -> None:
    # Off from 14/02 to 22/02; due Tuesday 24/02.
    world = new_world(home, sqlite_url)
    add_duty(world, "24/02")
    heard = Story(world).forward("01/02", "10/3")
    assert heard == {
        "03/2": ["An: before-10#1"],
        "10/2": ["An: before-5#1"],
        "13/2": ["An: before-2#1", "Bình: before-2#1"],
        "24/2": ["An: due-day#1", "Bình: due-day#1"],
        "25/2": ["Bình: after-1#1"],
        "27/2": ["Phó Chủ tịch Hà: after-3#1"],
        "03/3": ["Chủ tịch Sơn: after-5#1"],
    }


def test_a_date_that_falls_on_tet_keeps_its_two_dates(home: Path, sqlite_url: str) -> None:
    world = new_world(home, sqlite_url)
    add_duty(world, "18/02", due_target=on("13/02"), due_legal=on("23/02"))
    heard = Story(world).forward("12/02", "01/3")
    assert heard == {
        "12/2": ["An: before-2#1", "Bình: before-2#1"],
        "13/2": ["An: due-day#1", "Bình: due-day#1"],
        "24/2": ["Bình: after-1#1"],
        "26/2": ["Phó Chủ tịch Hà: after-3#1"],
    }


def test_an_outage_of_five_working_days(story: Story) -> None:
    story.is_down("18/3", "24/3")
    assert story.forward("05/3", "24/4") == {
        "06/3": ["An: before-10#1"],
        "13/3": ["An: before-5#1"],
        # One message to each who would have heard of the delay, not the six that were missed.
        "25/3": ["Bình: after-3#1", "Phó Chủ tịch Hà: after-3#1"],
        "27/3": ["Chủ tịch Sơn: after-5#1"],
    }


def test_a_holiday_order_in_the_middle_of_a_chase(story: Story) -> None:
    first = story.forward("01/3", "13/3")
    marks = dict(CALENDAR.days) | {day: CALENDAR.days[on("27/4")] for day in (on("18/3"), on("19/3"))}
    story.world.calendar = type(CALENDAR)(marks, [2026])
    # Two working days before the 20th is now the 16th; the 18th, now a day off, is silent.
    assert first | story.forward("14/3", "22/3") == {
        "06/3": ["An: before-10#1"],
        "13/3": ["An: before-5#1"],
        "16/3": ["An: before-2#1", "Bình: before-2#1"],
        "20/3": ["An: due-day#1", "Bình: due-day#1"],
    }


def test_a_unit_without_a_contact(home: Path, sqlite_url: str) -> None:
    world = new_world(home, sqlite_url)
    add_unit(world, "vh", "Phòng Văn hóa")
    add_duty(world, "20/3", unit="vh")
    assert Story(world).forward("18/3", "30/3") == {
        "18/3": ["Chuyên viên Vy: before-2#1"],
        "20/3": ["Chuyên viên Vy: due-day#1"],
        "23/3": ["Chuyên viên Vy: after-1#1"],
        "25/3": ["Phó Chủ tịch Hà: after-3#1"],
        "27/3": ["Chủ tịch Sơn: after-5#1"],
    }


def test_the_leader_changes(story: Story) -> None:
    def replaces(session: object, now: object) -> None:
        old = session.scalars(select(Person).where(Person.name == "Bình")).one()  # type: ignore[attr-defined]
        old.active = False
        new = Person(
            code="cuong", name="Cường", role="leader", unit_id=old.unit_id, zalo_user_id="77", channels=["zalo"]
        )
        session.add(new)  # type: ignore[attr-defined]

    story.does("19/3", replaces)
    assert story.forward("18/3", "24/3") == {
        "18/3": ["An: before-2#1", "Bình: before-2#1"],
        "20/3": ["An: due-day#1", "Cường: due-day#1"],
        "23/3": ["Cường: after-1#1"],
    }


def test_two_plans_one_person_one_digest_a_day(story: Story) -> None:
    with story.world.transaction() as session:
        plan(session, "KH2")
    add_duty(story.world, "25/3", "Báo cáo cải cách hành chính", plan_code="KH2")
    assert story.forward("16/3", "26/3") == {
        "16/3": ["An: before-5#1"],
        "18/3": ["An: before-2#1, before-5#2", "Bình: before-2#1"],
        "20/3": ["An: due-day#1", "Bình: due-day#1"],
        "23/3": ["An: before-2#2", "Bình: after-1#1, before-2#2"],
        "25/3": ["An: due-day#2", "Bình: due-day#2", "Phó Chủ tịch Hà: after-3#1"],
        "26/3": ["Bình: after-1#2"],
    } | {"16/3": ["An: before-5#1, before-10#2"]}


def test_waived_held_and_resumed(story: Story) -> None:
    other = add_duty(story.world, "20/3", "Việc được miễn")
    story.does("18/3", lambda session, now: waive(session, other, "Không phát sinh đối tượng", "Vy", now))
    story.does("18/3", lambda session, now: hold(session, 1, "Chờ hướng dẫn của tỉnh", "Vy", now))
    story.does("25/3", lambda session, now: resume(session, 1, "Đã có hướng dẫn", "Vy", now))
    assert story.forward("17/3", "30/3") == {
        "17/3": ["An: before-5#1, before-5#2"],
        # On the 18th the morning's digest leaves before anybody acts.
        "18/3": ["An: before-2#1, before-2#2", "Bình: before-2#1, before-2#2"],
        # They hear at 14:10 of the day on which the chase is resumed.
        "25/3": ["Bình: after-3#1", "Phó Chủ tịch Hà: after-3#1"],
        "27/3": ["Chủ tịch Sơn: after-5#1"],
    }


def test_a_muted_unit_is_silent_until_the_day_has_passed(story: Story) -> None:
    with story.world.transaction() as session:
        unit = session.scalars(select(Unit).where(Unit.code == "kt")).one()
        unit.muted_until, unit.mute_reason = on("19/3"), "Phòng chống bão"
    assert story.forward("01/3", "21/3") == DUE


def test_a_progress_check_is_asked_for_gently(home: Path, sqlite_url: str) -> None:
    world = new_world(home, sqlite_url)
    add_duty(world, "20/3", kind="progress_check")
    assert Story(world).forward("05/3", "24/4") == {
        "17/3": ["An: check-3#1"],
        "20/3": ["An: check-day#1"],
        "25/3": ["Bình: check-after#1"],
    }
    assert not any("quá hạn" in envelope.text.lower() for envelope in world.arrived())


def test_the_zalo_window_is_closed_then_mail(story: Story) -> None:
    def closed(envelope: Envelope) -> None:
        raise Delivery("other_channel", "-230", "Người nhận chưa tương tác với Official Account trong 7 ngày.")

    story.world.zalo.answer = closed
    assert story.forward("13/3", "19/3") == {
        "13/3": ["An: before-5#1 (thư)"],
        "18/3": ["An: before-2#1 (thư)", "Bình: before-2#1 (thư)"],
    }


def test_every_channel_is_down_for_a_week(story: Story) -> None:
    story.world.zalo.answer = story.world.email.answer = down_on(story, "18/3", "19/3", "20/3", "23/3")
    heard = story.forward("17/3", "27/3")
    # What could not be said on the 18th is said on the 24th, once a person, in the words of the 24th.
    assert heard == {
        "17/3": ["An: before-5#1"],
        "24/3": ["An: after-1#1", "Bình: after-1#1"],
        "25/3": ["Phó Chủ tịch Hà: after-3#1"],
        "27/3": ["Chủ tịch Sơn: after-5#1"],
    }
    told = [envelope for envelope in story.world.arrived() if envelope.to_name == "An"][-1]
    assert "Quá hạn 02 ngày làm việc" in told.text


def down_on(story: Story, *closed: str, before_hour: int = 24) -> Callable[[Envelope], None]:
    """An answer of a channel whose server is away on these days."""

    def answer(envelope: Envelope) -> None:
        now = story.world.now
        if now.date() in {on(day) for day in closed} and now.hour < before_hour:
            raise Delivery("temporary", "503", "Máy chủ không trả lời.")

    return answer
