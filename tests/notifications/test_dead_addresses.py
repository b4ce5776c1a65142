"""Which outcomes show that an address is dead, and what becomes of messages to one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from db.models import JournalEntry, Person, Suppression
from db.session import reading
from notifications.channels import Delivery, Envelope
from notifications.suppressions import bar_after, lift, lift_address, suppress
from tests.notifications.chase_world import World, add_duty, at, on

MORNING = at(on("18/3"))
LATER = at(on("18/3"), "08:20")

BARS = {
    "no such mailbox": ("email", "permanent", "550", "550 5.1.1 User unknown", "refused"),
    "a host without mail": ("email", "permanent", "556", "556 5.1.10 null MX", "refused"),
    "a mailbox that moved": ("email", "permanent", "551", "551 5.1.6 moved", "refused"),
    "words without a code": ("email", "permanent", "550", "550 No such user here", "refused"),
    "other words": ("email", "permanent", "550", "550 The recipient an@xa.test does not exist", "refused"),
    "banned or long offline": ("zalo", "other_channel", "-227", "khóa", "refused"),
    "wants nothing from us": ("zalo", "other_channel", "-217", "không nhận", "left"),
    "no Zalo behind the number": ("zbs", "permanent", "-118", "không có Zalo", "refused"),
    "cannot receive": ("zbs", "other_channel", "-114", "không nhận được", "refused"),
    "refused by the person": ("zbs", "other_channel", "-141", "từ chối", "left"),
    "the same by user id": ("zalo_template", "other_channel", "-227", "khóa", "refused"),
}
NO_BARS = {
    "content refused": ("email", "permanent", "554", "554 5.7.1 Content refused"),
    "policy": ("email", "permanent", "550", "550 5.7.1 Service refused, user unknown to the blocklist"),
    "relaying denied": ("email", "permanent", "550", "550 Relaying denied"),
    "mailbox full": ("email", "permanent", "552", "552 5.2.2 Mailbox full"),
    "too big": ("email", "permanent", "552", "552 5.3.4 Message too big"),
    "a version that looks like a code": ("email", "permanent", "554", "554 rejected by filter 15.1.1.2"),
    "for now": ("email", "temporary", "450", "450 4.1.1 user unknown for now"),
    "our own setting": ("email", "config", "550", "550 5.1.1 User unknown"),
    "the window is over": ("zalo", "other_channel", "-230", "7 ngày"),
    "does not follow": ("zalo", "other_channel", "-213", "chưa quan tâm"),
    "quota of the person": ("zalo", "other_channel", "-218", "đủ số tin"),
    "the message is wrong": ("zalo", "permanent", "-201", "user_id is invalid"),
    "a code of another house": ("zalo", "permanent", "-118", "?"),
    "the bot": ("zalo_bot", "permanent", "404", "not found"),
    "no code": ("zalo", "permanent", None, "?"),
}


@pytest.mark.parametrize(("channel", "kind", "code", "detail", "source"), BARS.values(), ids=BARS)
def test_an_outcome_that_bars(channel: str, kind: str, code: str, detail: str, source: str) -> None:
    assert bar_after(channel, Delivery(kind, code, detail)) == source  # type: ignore[arg-type]


@pytest.mark.parametrize(("channel", "kind", "code", "detail"), NO_BARS.values(), ids=NO_BARS)
def test_an_outcome_that_does_not(channel: str, kind: str, code: str | None, detail: str) -> None:
    assert bar_after(channel, Delivery(kind, code, detail)) is None  # type: ignore[arg-type]


@given(
    st.sampled_from(["email", "zalo", "zalo_template", "zbs", "zalo_bot", "webhook"]),
    st.sampled_from(["temporary", "wait_until", "unknown", "auth", "config"]),
    st.sampled_from(["550", "-227", "-118", "-217", None]),
)
def test_what_may_pass_never_bars(channel: str, kind: str, code: str | None) -> None:
    assert bar_after(channel, Delivery(kind, code, "5.1.1 user unknown")) is None  # type: ignore[arg-type]


def dead(envelope: Envelope) -> None:
    raise Delivery("other_channel", "-227", "Tài khoản Zalo của người nhận bị khóa.")


def bars(world: World) -> list[Suppression]:
    with reading(world.url) as session:
        found = session.scalars(select(Suppression).order_by(Suppression.id)).all()
        session.expunge_all()
        return list(found)


def test_an_address_that_the_provider_calls_dead_is_tried_once(both_world: World) -> None:
    add_duty(both_world, "25/3")
    both_world.chase(MORNING)
    both_world.zalo.answer = dead
    assert both_world.deliver(LATER).sent == 1
    (bar,) = bars(both_world)
    assert (bar.channel, bar.source, bar.code, bar.message_id) == ("zalo", "refused", "-227", 1)
    assert bar.reason == "Tài khoản Zalo của người nhận bị khóa."
    add_duty(both_world, "26/3")
    both_world.chase(at(on("19/3")))
    both_world.deliver(at(on("19/3"), "08:20"))
    assert len(both_world.zalo.tried) == 1, "a dead address is not asked again"
    assert len(both_world.email.sent) == 2


def test_a_message_that_waits_for_an_address_that_died_goes_by_the_next_channel(world: World) -> None:
    add_duty(world, "25/3")
    world.chase(MORNING)
    (message,) = world.messages()
    with world.transaction() as session:
        suppress(session, "zalo", message.address, source="left", reason="Đã bỏ quan tâm.", now=MORNING)
    done = world.deliver(LATER)
    assert (done.sent, done.failed) == (1, 1)
    first, second = world.messages()
    assert (first.state, first.error_code, first.attempts) == ("failed", "barred", 0)
    assert "địa chỉ chết" in (first.error or "")
    assert (second.state, second.channel, second.replaces_id) == ("sent", "email", first.id)
    assert world.zalo.tried == []


def test_without_another_channel_the_message_fails_and_says_why_until_the_bar_is_lifted(world: World) -> None:
    with world.transaction() as session:
        for person in session.scalars(select(Person)):
            person.email = None
    add_duty(world, "25/3")
    world.chase(MORNING)
    (message,) = world.messages()
    with world.transaction() as session:
        bar = suppress(session, "zalo", message.address, source="left", reason="Đã bỏ quan tâm.", now=MORNING).id
    assert world.deliver(LATER).failed == 1
    assert world.deliver(LATER + timedelta(days=1)).claimed == 0
    assert world.arrived() == []
    with reading(world.url) as session:
        deeds = [e.action for e in session.scalars(select(JournalEntry).order_by(JournalEntry.seq))]
    assert deeds[-1] == "message.failed"
    with world.transaction() as session:
        lift(session, bar, "Vy", LATER)
    add_duty(world, "26/3")
    world.chase(at(on("19/3")))
    assert world.deliver(at(on("19/3"), "08:20")).sent == 1


def test_a_mended_address_is_not_the_dead_one(world: World) -> None:
    add_duty(world, "25/3")
    world.chase(MORNING)
    (message,) = world.messages()
    with world.transaction() as session:
        suppress(session, "zalo", message.address, source="refused", reason="Đã khóa.", now=MORNING)
        session.scalars(select(Person).where(Person.name == "An")).one().zalo_user_id = "4242"
    assert world.deliver(LATER).sent == 1
    assert [envelope.to_address for envelope in world.arrived()] == ["4242"]


def test_who_comes_back_is_written_to_again(world: World) -> None:
    with world.transaction() as session:
        suppress(session, "email", "An@Xa.test", source="left", reason="Thôi nhận thư.", now=MORNING)
        assert lift_address(session, "email", " an@xa.TEST", "An", LATER)
        assert not lift_address(session, "email", "an@xa.test", "An", LATER), "there is nothing to lift any more"
    (bar,) = bars(world)
    assert (bar.lifted_at, bar.lifted_by) == (LATER, "An")
