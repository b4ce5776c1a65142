"""Units that only take part, requests that wait for a decision, steps by the hour, dead addresses."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from chasing import Ladder, Step
from db.models import Link, MessageItem, Obligation, ObligationUnit, Occurrence, Person, Plan, Unit
from db.session import reading
from notifications.suppressions import suppress
from tests.notifications.chase_world import World, add_duty, add_unit, at, new_world, on
from tests.stories.deeds import answers, asks, decides
from tests.stories.story import Deed, Story


@pytest.fixture
def story(home: Path, sqlite_url: str) -> Story:
    """A commune with one duty due on Friday 20/3/2026 and a second department, whose contact is Cúc."""
    world = new_world(home, sqlite_url)
    add_unit(world, "vh", "Phòng Văn hóa", [("Cúc", "contact"), ("Dũng", "leader")])
    return Story(world, number=add_duty(world, "20/3"))


def takes_part(world: World, duty: int, *codes: str, role: str = "coordinator") -> None:
    """Name units in a duty, and chase its plan by the ladder that tells who takes part."""
    with world.transaction() as session:
        session.get_one(Plan, 1).ladder = "co-phoi-hop"
        one = session.get_one(Obligation, duty)
        for code in codes:
            unit = session.scalars(select(Unit).where(Unit.code == code)).one()
            one.units.append(ObligationUnit(role=role, printed_name=unit.name, unit_id=unit.id))


def test_a_unit_that_takes_part_is_told_before_the_date_and_never_after(story: Story) -> None:
    takes_part(story.world, 1, "vh")
    assert story.forward("05/3", "30/3") == {
        "06/3": ["An: before-10#1", "Cúc: before-10#1"],
        "13/3": ["An: before-5#1"],
        "18/3": ["An: before-2#1", "Bình: before-2#1", "Cúc: before-2#1"],
        "20/3": ["An: due-day#1", "Bình: due-day#1"],
        "23/3": ["Bình: after-1#1"],
        "25/3": ["Phó Chủ tịch Hà: after-3#1"],
        "27/3": ["Chủ tịch Sơn: after-5#1"],
    }
    told = [envelope.text for envelope in story.world.arrived() if envelope.to_name == "Cúc"]
    assert "(chủ trì: Phòng Kinh tế)" in told[0]
    assert "Đơn vị tham gia phối hợp; hạn của đơn vị chủ trì là 20/3/2026 (còn 10 ngày làm việc)." in told[0]
    assert not any("/t/" in text or "quá hạn" in text.lower() or "mã DD" in text for text in told)
    with reading(story.world.url) as session:
        links = select(Person.name).join(Link, Link.person_id == Person.id).distinct()
        assert "Cúc" not in session.scalars(links).all()
        parts = select(MessageItem.part).where(MessageItem.part == "coordinator")
        assert len(session.scalars(parts).all()) == 2
        # The proof beneath the escalation counts what the unit that answers was told, nothing else.
        chairman = story.world.arrived()[-1].text
        assert "Cúc" not in chairman
        assert "Đã gửi 07 tin nhắc" in chairman


def test_who_answers_and_takes_part_hears_it_once_and_as_the_one_who_answers(story: Story) -> None:
    with story.world.transaction() as session:
        session.scalars(select(Person).where(Person.name == "Cúc")).one().active = False
        an = session.scalars(select(Person).where(Person.name == "An")).one()
        an.unit_id = session.scalars(select(Unit.id).where(Unit.code == "vh")).one()
    # An now sits in Văn hóa; the duty is led by it and by a group that holds it too.
    takes_part(story.world, 1, "vh", "kt")
    takes_part(story.world, 1, "vh", role="lead")
    story.world.change(1, unit_id=2)
    assert story.forward("18/3", "18/3") == {"18/3": ["An: before-2#1", "Bình: before-2#1", "Dũng: before-2#1"]}
    (an_text,) = [envelope.text for envelope in story.world.arrived() if envelope.to_name == "An"]
    assert "phối hợp" not in an_text


def test_a_duty_of_many_leads_is_one_line_to_a_unit_that_takes_part(story: Story) -> None:
    takes_part(story.world, 1, "vh")
    with story.world.transaction() as session:
        first = session.get_one(Occurrence, 1)
        for number in range(5):
            unit = Unit(code=f"th{number}", name=f"Thôn {number}")
            session.add(unit)
            session.flush()
            facts = {c.name: getattr(first, c.name) for c in Occurrence.__table__.columns if c.name != "id"}
            session.add(Occurrence(**(facts | {"unit_id": unit.id})))
    story.forward("18/3", "18/3")
    (cuc,) = [envelope.text for envelope in story.world.arrived() if envelope.to_name == "Cúc"]
    assert "thông báo 01 việc mà đơn vị tham gia phối hợp" in cuc
    assert "(chủ trì: Phòng Kinh tế, Thôn 0, Thôn 1, và 03 đơn vị khác)" in cuc


def test_a_muted_unit_that_takes_part_hears_nothing(story: Story) -> None:
    takes_part(story.world, 1, "vh")
    with story.world.transaction() as session:
        session.scalars(select(Unit).where(Unit.code == "vh")).one().muted_until = on("31/3")
    assert story.forward("18/3", "18/3") == {"18/3": ["An: before-2#1", "Bình: before-2#1"]}


def test_a_request_in_time_keeps_the_chase_quiet_but_not_for_ever(story: Story) -> None:
    story.does("19/3", asks(1, on("10/4")))
    vy = "Chuyên viên Vy: request#1"
    # Nobody decides: on the 20th, 23rd and 24th the unit is left in peace, the officer is reminded each day.
    assert story.forward("18/3", "26/3") == {
        "18/3": ["An: before-2#1", "Bình: before-2#1"],
        "19/3": [vy],
        "20/3": [vy],
        "23/3": [vy],
        "24/3": [vy],
        "25/3": ["Bình: after-3#1", vy, "Phó Chủ tịch Hà: after-3#1"],
        "26/3": [vy],
    }
    texts = [envelope.text for envelope in story.world.arrived() if envelope.to_name == "Chuyên viên Vy"]
    assert "Xin gia hạn từ 20/3/2026 đến 10/4/2026; lý do: Chờ số liệu của tỉnh." in texts[0]
    assert "đã chờ 03 ngày làm việc; lý do" in texts[3]
    assert "Xem và quyết định: https://dondoc.xa.test/gia-han" in texts[0]
    (chased,) = [envelope.text for envelope in story.world.arrived() if "after-3" in _steps(story, envelope.outbox_id)][
        :1
    ]
    assert "Quá hạn 03 ngày làm việc (hạn 20/3/2026); đề nghị gia hạn chưa có quyết định." in chased


def test_an_officer_who_stands_in_reads_delay_and_request_in_one_line(story: Story) -> None:
    add_unit(story.world, "tp", "Phòng Tư pháp")
    other = add_duty(story.world, "20/3", "Báo cáo hộ tịch", unit="tp")
    story.does("16/3", asks(other, on("10/4")))
    story.does("17/3", answers(story.world, 1))
    assert story.forward("16/3", "20/3")["20/3"] == [f"Chuyên viên Vy: due-day#{other}"]
    text = story.world.arrived()[-1].text
    assert "Đến hạn hôm nay (20/3/2026); đề nghị gia hạn chưa có quyết định. Xin gia hạn từ 20/3/2026" in text


def _steps(story: Story, number: int) -> list[str]:
    return [item.step for message in story.world.messages() if message.id == number for item in message.items]


def test_a_third_request_is_flagged_and_an_answer_ends_the_officers_line(story: Story) -> None:
    for day, until in (("10/3", "25/3"), ("12/3", "27/3")):
        story.does(day, asks(1, on(until)))
        story.does(day, decides(story.world, 1, True))
    story.does("13/3", asks(1, on("10/4")))
    story.does("16/3", answers(story.world, 1))
    heard = story.forward("10/3", "18/3")
    assert [day for day, lines in heard.items() if any("Vy" in line for line in lines)] == ["13/3", "16/3"]
    assert "đề nghị lần thứ 03" in story.world.arrived()[-1].text


HOURS = Ladder(
    "gio",
    (
        Step("day", "on", 0, ("contact",)),
        Step("before-4h", "before", 0, ("contact", "leader"), hours=4),
        Step("after-2h", "after", 0, ("leader",), hours=2, any_hour=True),
        Step("after-1", "after", 1, ("vice_chair",)),
    ),
)


def test_a_step_by_the_hour_is_told_by_the_first_run_after_its_instant(story: Story) -> None:
    world = story.world
    world.ladders = {"default": HOURS}
    other = add_duty(world, "23/3", "Báo cáo khác")
    runs = [("20/3", f"{hour:02d}:{minute}") for hour in range(7, 17) for minute in ("00", "30")]
    runs += [("21/3", f"{hour:02d}:00") for hour in range(5)] + [("23/3", "07:30")]
    heard: list[tuple[str, str, list[tuple[str, list[tuple[int, str]]]]]] = []
    for day, clock in runs:
        before = len(world.messages())
        world.chase(at(on(day), clock))
        fresh = world.messages()[before:]
        told = [(m.person.name if m.person else "", [(i.occurrence_id, i.step) for i in m.items]) for m in fresh]
        if told:
            heard.append((day, clock, told))
        world.deliver(at(on(day), clock))
    assert heard == [
        ("20/3", "07:30", [("An", [(1, "day")])]),
        # An has had his digest of the day; four hours before the office closes cannot wait for tomorrow.
        ("20/3", "13:00", [("An", [(1, "before-4h")]), ("Bình", [(1, "before-4h")])]),
        ("21/3", "02:00", [("Bình", [(1, "after-2h")])]),
        ("23/3", "07:30", [("Phó Chủ tịch Hà", [(1, "after-1")]), ("An", [(other, "day")])]),
    ]
    assert [when.strftime("%d %H:%M") for when, _ in world.zalo.sent][3] == "21 02:00"


def bars(channel: str, name: str) -> Deed:
    def deed(session: object, now: object) -> None:
        person = session.scalars(select(Person).where(Person.name == name)).one()  # type: ignore[attr-defined]
        address = person.zalo_user_id if channel == "zalo" else person.email
        suppress(session, channel, address, source="left", reason="Đã bỏ theo dõi", now=now)  # type: ignore[arg-type]

    return deed


def test_a_dead_address_is_not_chosen_but_the_next_channel_then_the_next_of_kin(story: Story) -> None:
    story.does("06/3", bars("zalo", "An"))
    story.does("16/3", bars("email", "An"))
    assert story.forward("05/3", "18/3") == {
        "06/3": ["An: before-10#1"],
        "13/3": ["An: before-5#1 (thư)"],
        "18/3": ["Bình: before-2#1"],
    }
