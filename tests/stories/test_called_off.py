"""What is called off at the last moment: nobody hears it, and nobody is passed over for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from chasing import Ladder, Step
from db.models import Extension, Obligation, ObligationUnit, Occurrence, Person, Plan, Unit
from notifications.channels import Delivery, Envelope
from plans.closing import close_plan, reopen_plan
from tests.notifications.chase_world import World, add_duty, add_unit, at, new_world, on
from tests.stories.deeds import acknowledges, answers, decides, last_submission
from tests.stories.story import Story

DAY = at(on("18/3"))
SOON = at(on("18/3"), "08:10")


@pytest.fixture
def world(home: Path, sqlite_url: str) -> World:
    """A commune with one duty due on Friday 20/3/2026."""
    made = new_world(home, sqlite_url)
    add_duty(made, "20/3")
    return made


@pytest.fixture
def story(home: Path, sqlite_url: str) -> Story:
    """The same with a second department, whose contact is Cúc."""
    made = new_world(home, sqlite_url)
    add_unit(made, "vh", "Phòng Văn hóa", [("Cúc", "contact"), ("Dũng", "leader")])
    return Story(made, number=add_duty(made, "20/3"))


def person(session: Session, name: str) -> Person:
    return session.scalars(select(Person).where(Person.name == name)).one()


def takes_part(world: World, code: str) -> None:
    with world.transaction() as session:
        session.get_one(Plan, 1).ladder = "co-phoi-hop"
        unit = session.scalars(select(Unit).where(Unit.code == code)).one()
        duty = session.get_one(Obligation, 1)
        duty.units.append(ObligationUnit(role="coordinator", printed_name=unit.name, unit_id=unit.id))


def closed(envelope: Envelope) -> None:
    raise Delivery("other_channel", "-230", "Cửa sổ 7 ngày đã đóng.")


def heard(world: World) -> list[str]:
    return sorted(envelope.to_name for envelope in world.arrived())


def test_who_acknowledges_while_the_first_channel_fails_gets_no_mail_either(world: World) -> None:
    world.chase(DAY)

    def acknowledged_meanwhile(envelope: Envelope) -> None:
        with world.transaction() as session:
            if session.get_one(Occurrence, 1).acknowledged_at is None:
                acknowledges(1)(session, at(on("18/3"), "08:09"))
        closed(envelope)

    world.zalo.answer = acknowledged_meanwhile
    world.deliver(SOON, workers=1)
    assert world.arrived() == []


def test_a_mail_of_yesterday_that_took_over_is_said_by_todays_digest(world: World) -> None:
    world.chase(DAY)

    def down(envelope: Envelope) -> None:
        raise Delivery("temporary", "x", "Máy chủ bận.")

    world.zalo.answer, world.email.answer = closed, down
    world.deliver(SOON, workers=1)
    add_duty(world, "20/3", "Việc khác")
    world.email.answer = lambda envelope: None
    world.chase(at(on("19/3"), "07:30"))
    world.deliver(at(on("19/3"), "07:35"))
    assert heard(world) == ["An", "Bình"], "one mail a person a day, whatever failed"


def test_a_person_who_was_served_by_the_mail_that_took_over_has_had_his_mail_of_the_day(world: World) -> None:
    world.chase(DAY)

    def gone(envelope: Envelope) -> None:
        raise Delivery("other_channel", "-227", "Tài khoản bị khóa.")

    world.zalo.answer = gone
    world.deliver(SOON, workers=1)
    assert heard(world) == ["An", "Bình"]
    add_duty(world, "20/3", "Việc khác")
    assert world.chase(at(on("18/3"), "14:00")).messages == 0
    world.chase(at(on("19/3")))
    world.deliver(at(on("19/3"), "08:10"))
    assert heard(world) == ["An", "An", "Bình", "Bình"]


@pytest.mark.parametrize("what", ["unit", "duty"])
def test_a_unit_that_was_merged_or_a_duty_that_was_struck_hears_nothing(world: World, what: str) -> None:
    world.chase(DAY)
    with world.transaction() as session:
        one = session.get_one(Occurrence, 1)
        (one.unit if what == "unit" else one.obligation).active = False
    world.deliver(SOON)
    assert heard(world) == []


def test_a_coordinating_unit_that_is_muted_after_the_queue_hears_nothing(story: Story) -> None:
    takes_part(story.world, "vh")
    story.world.chase(DAY)
    with story.world.transaction() as session:
        person(session, "Cúc").unit.muted_until = on("31/3")  # type: ignore[union-attr]
    story.world.deliver(SOON)
    assert heard(story.world) == ["An", "Bình"]
    assert story.world.occurrence(1).last_step == "before-2"


def test_after_an_outage_a_coordinating_unit_hears_one_message(story: Story) -> None:
    takes_part(story.world, "vh")
    story.world.chase(at(on("06/3")))
    story.world.chase(at(on("13/3")))
    story.world.deliver(at(on("13/3"), "08:10"))
    assert heard(story.world) == ["An", "Cúc"]
    (words,) = [one.text for one in story.world.arrived() if one.to_name == "Cúc"]
    assert "còn 05 ngày làm việc" in words


def test_the_new_leader_hears_what_the_old_one_was_to_be_told_alone(home: Path, database_url: str) -> None:
    world = new_world(home, database_url)
    add_duty(world, "20/3")
    world.change(1, last_step="due-day", last_step_at=at(on("20/3")))
    world.chase(at(on("23/3")))
    with world.transaction() as session:
        old = person(session, "Bình")
        old.active = False
        code = "duc"
        session.add(
            Person(code=code, name="Đức", role="leader", unit_id=old.unit_id, zalo_user_id="77", channels=["zalo"])
        )
    world.deliver(at(on("23/3"), "08:10"))
    assert heard(world) == []
    world.chase(at(on("23/3"), "09:00"))
    world.deliver(at(on("23/3"), "09:10"))
    assert heard(world) == ["Đức"]


def test_a_leader_who_moved_to_another_unit_hears_nothing_of_the_old_one(story: Story) -> None:
    world = story.world
    world.chase(DAY)
    with world.transaction() as session:
        person(session, "Bình").unit_id = person(session, "Cúc").unit_id
    world.deliver(SOON)
    assert heard(world) == ["An"]


LATE = at(on("27/3"))
LATER = at(on("27/3"), "09:00")


@pytest.mark.parametrize("what", ["refused", "returned", "closed", "held"])
def test_the_last_step_that_was_called_off_is_said_when_its_reason_is_over(story: Story, what: str) -> None:
    world = story.world
    world.change(1, last_step="after-3", last_step_at=at(on("25/3")))
    world.chase(LATE)
    assert [m.person.name for m in world.messages() if m.person] == ["Chủ tịch Sơn"]
    with world.transaction() as session:
        if what == "refused":
            facts = {"old_due": on("20/3"), "wanted_due": on("31/3"), "reason": "x", "asked_by": "An"}
            session.add(Extension(occurrence_id=1, state="asked", asked_at=at(on("27/3"), "08:05"), **facts))
        elif what == "returned":
            answers(world, 1)(session, at(on("27/3"), "08:05"))
            session.flush()
            last_submission(1, world, "return")(session, at(on("27/3"), "08:07"))
        elif what == "closed":
            close_plan(session, 1, "Dừng để xem lại", LATE, "Vy")
        else:
            session.get_one(Occurrence, 1).state = "on_hold"
    world.deliver(LATER)
    assert "Chủ tịch Sơn" not in heard(world)
    with world.transaction() as session:
        if what == "refused":
            decides(world, 1, False)(session, at(on("30/3")))
        elif what == "closed":
            reopen_plan(session, 1, "Làm tiếp", at(on("30/3")), "Vy")
        elif what == "held":
            session.get_one(Occurrence, 1).state = "open"
    world.chase(at(on("06/4")))
    world.deliver(at(on("06/4"), "08:10"))
    assert heard(world).count("Chủ tịch Sơn") == 1


NIGHT = Ladder(
    "default",
    (Step("before-2", "before", 2, ("contact",)), Step("after-6h", "after", 0, ("contact",), any_hour=True, hours=6)),
)


def test_words_at_night_leave_the_digest_of_the_day_alone(story: Story) -> None:
    world = story.world
    world.ladders = {"default": NIGHT}
    add_duty(world, "24/3", "Việc sau")
    world.change(1, due_legal=on("19/3"), due_target=on("19/3"))
    with world.transaction() as session:
        session.get_one(Occurrence, 2).due_target = on("24/3")
    world.chase(at(on("20/3"), "06:30"))
    world.chase(at(on("20/3"), "07:30"))
    told = [[(item.occurrence_id, item.step) for item in m.items] for m in world.messages()]
    assert told == [[(1, "after-6h")], [(2, "before-2")]]
