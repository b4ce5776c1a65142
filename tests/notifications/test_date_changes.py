"""Moved dates: whoever was told of the old one hears of the new one once, in one message, with the reason."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from db import journal
from db.models import Message, Occurrence, Person, Unit
from db.session import reading
from notifications.channels import Delivery, Envelope
from notifications.date_changes import DateChange, queue_date_changes
from tests.notifications.chase_world import World, add_duty, add_unit, at, on

WHY = "kế hoạch được sửa ngày 18/3/2026"
MORNING = at(on("18/3"))


def tell(world: World, now: datetime, *moves: tuple[int, date | None, date | None], why: str = WHY) -> list[Message]:
    with world.transaction() as session:
        changes = [DateChange(session.get_one(Occurrence, number), old, new, why) for number, old, new in moves]
        made = queue_date_changes(session, changes, now, world.settings)
        session.flush()
        session.expunge_all()
        return made


def chased(world: World, *dues: str, unit: str = "kt") -> list[int]:
    """Duties whose unit was reminded by noon of 17/3."""
    numbers = [add_duty(world, due, f"Việc thứ {place}", unit) for place, due in enumerate(dues, 1)]
    world.chase(at(on("17/3")))
    world.deliver(at(on("17/3"), "09:00"))
    return numbers


def notices(world: World, now: datetime) -> list[Envelope]:
    before = len(world.arrived())
    world.deliver(now)
    return world.arrived()[before:]


def test_each_person_gets_one_message_with_every_old_and_new_date(both_world: World) -> None:
    world = both_world
    first, second, third = chased(world, "18/3", "19/3", "20/3")
    told = len({envelope.to_name for envelope in world.arrived()})
    made = tell(
        world,
        MORNING,
        (first, on("18/3"), on("25/3")),
        (second, on("19/3"), on("16/3")),
        (third, on("20/3"), None),
    )
    assert len(made) == told >= 1
    found = notices(world, MORNING)
    assert len(found) == told
    for envelope in found:
        assert "Hạn cũ 18/3/2026, hạn mới 25/3/2026: kế hoạch được sửa ngày 18/3/2026." in envelope.text
        assert "Hạn cũ 19/3/2026, hạn mới 16/3/2026" in envelope.text
    contact, leader = sorted(found, key=lambda envelope: envelope.to_name)
    assert "Không còn phải thực hiện (hạn cũ 20/3/2026)" in contact.text
    assert contact.text.count("https://dondoc.xa.test/t/") == 3
    assert contact.subject.startswith("[Đổi thời hạn] 03 việc")
    assert "20/3/2026" not in leader.text, "the leader had not been told of the third yet"
    assert all(not notices(world, at(on("18/3"), clock)) for clock in ("10:00", "14:00"))
    with reading(world.url) as session:
        assert list(journal.verify(session)) == []


def test_who_was_never_told_hears_nothing(world: World) -> None:
    quiet = add_duty(world, "30/6")
    waiting = add_duty(world, "18/3", "Việc chưa gửi")
    world.chase(at(on("17/3")))  # queued, never delivered
    assert tell(world, MORNING, (quiet, on("30/6"), on("15/6")), (waiting, on("18/3"), on("20/3"))) == []
    assert tell(world, MORNING) == []


def test_a_date_that_stays_is_not_told(world: World) -> None:
    (number,) = chased(world, "18/3")
    assert tell(world, MORNING, (number, on("18/3"), on("18/3"))) == []


def test_units_hear_of_their_own_dates_only(world: World) -> None:
    add_unit(world, "vh", "Phòng Văn hóa", [("Cúc", "contact")])
    mine, theirs = chased(world, "18/3")[0], chased(world, "18/3", unit="vh")[0]
    tell(world, MORNING, (mine, on("18/3"), on("25/3")), (theirs, on("18/3"), on("26/3")))
    texts = {envelope.to_name: envelope.text for envelope in notices(world, MORNING)}
    assert "25/3/2026" in texts["An"]
    assert "26/3/2026" not in texts["An"]
    assert "26/3/2026" in texts["Cúc"]
    assert "25/3/2026" not in texts["Cúc"]


def test_the_contact_of_today_hears_when_the_one_who_was_told_left(world: World) -> None:
    (number,) = chased(world, "18/3")
    with world.transaction() as session:
        unit = session.query(Unit).filter_by(code="kt").one()
        for person in session.query(Person).filter_by(unit_id=unit.id):
            person.active = False
        session.add(Person(code="moi", name="Dung", role="contact", unit_id=unit.id, email="dung@xa.test"))
    tell(world, MORNING, (number, on("18/3"), on("25/3")))
    assert [envelope.to_name for envelope in notices(world, MORNING)] == ["Dung"]


def test_a_second_call_at_the_same_instant_joins_the_first_message(world: World) -> None:
    first, second = chased(world, "18/3", "19/3")
    tell(world, MORNING, (first, on("18/3"), on("25/3")))
    made = tell(world, MORNING, (second, on("19/3"), on("26/3")))
    again = tell(world, MORNING, (second, on("19/3"), on("26/3")))
    assert [each.id for each in made] == [each.id for each in again]
    for envelope in notices(world, MORNING):
        assert "25/3/2026" in envelope.text
        assert envelope.text.count("26/3/2026") == 1


def test_a_night_is_waited_out(world: World) -> None:
    (number,) = chased(world, "18/3")
    tell(world, at(on("17/3"), "23:00"), (number, on("18/3"), on("25/3")))
    assert notices(world, at(on("17/3"), "23:30")) == []
    assert notices(world, at(on("18/3"), "06:30"))


@pytest.mark.parametrize("count", [1, 60])
def test_many_dates_fit_the_channel_and_are_reworded_for_the_next_one(world: World, count: int) -> None:
    numbers = chased(world, *["18/3"] * count)
    moves = [(number, on("18/3"), on("25/3")) for number in numbers]
    tell(world, MORNING, *moves)

    def refuse(envelope: Envelope) -> None:
        raise Delivery("other_channel", "230", "chưa quan tâm OA")

    world.zalo.answer = refuse
    found = [*notices(world, MORNING), *notices(world, at(on("18/3"), "08:10"))]
    assert all(len(envelope.text) <= 2000 for envelope in world.zalo.tried)
    assert found
    assert all(envelope.text.count("hạn mới 25/3/2026") == count for envelope in found)
    assert all((envelope.html or "").count("hạn mới 25/3/2026") == count for envelope in found)
