"""The outbox: claimed once, sent once, settled; what fails is tried again or handed over, what is unknown waits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from db import journal
from db.models import JobRun, JournalEntry, Occurrence, Person
from db.queries import outbox_queries
from db.session import reading, transaction
from notifications.channels import Delivery, Envelope
from notifications.delivery import CLAIM_FOR, deliver_due
from tests.notifications.chase_world import World, add_duty, add_unit, at, on

MORNING = at(on("18/3"))
LATER = at(on("18/3"), "08:20")


class Killed(BaseException):
    """Stands for kill -9: nothing of the program runs after it."""


def fail(kind: str, retry_at: datetime | None = None) -> Callable[[Envelope], None]:
    def answer(envelope: Envelope) -> None:
        raise Delivery(kind, "x1", "Máy chủ từ chối.", retry_at)  # type: ignore[arg-type]

    return answer


def queue_one(world: World) -> int:
    """One message to the contact alone, ready to leave."""
    number = add_duty(world, "25/3")
    world.chase(MORNING)
    assert [m.person.name for m in world.messages() if m.person] == ["An"]
    return number


def test_what_is_queued_is_sent_once_with_a_stable_id_and_leaves_a_trace(both_world: World) -> None:
    queue_one(both_world)
    done = both_world.deliver(LATER)
    assert (done.claimed, done.sent) == (1, 1)
    assert both_world.deliver(LATER).claimed == 0
    (message,) = both_world.messages()
    assert (message.state, message.sent_at, message.provider_id, message.attempts) == ("sent", LATER, "r1", 1)
    (envelope,) = both_world.arrived()
    assert envelope.message_id == f"<obx-{message.id}@xa.test>"
    with reading(both_world.url) as session:
        assert [e.action for e in session.scalars(select(JournalEntry))] == ["message.queue", "message.sent"]
        assert list(journal.verify(session)) == []
        runs = session.scalars(select(JobRun).where(JobRun.job == "deliver_messages")).all()
        assert len(runs) == 1, "a day's runs share a row"


def test_deliverers_at_once_send_everything_once(both_world: World) -> None:
    for number in range(12):
        add_unit(both_world, f"u{number}", f"Đơn vị {number}", [(f"Người {number}", "contact")])
        add_duty(both_world, "25/3", unit=f"u{number}")
    both_world.chase(MORNING)
    errors: list[BaseException] = []

    def run() -> None:
        try:
            deliver_due(
                partial(transaction, both_world.url),
                both_world.channels,
                lambda: LATER,
                both_world.settings,
                calendar=both_world.calendar,
                workers=3,
            )
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    ids = [envelope.outbox_id for envelope in both_world.zalo.tried]
    assert sorted(ids) == [message.id for message in both_world.messages("sent")]
    assert len(ids) == 12


def test_a_deliverer_that_dies_leaves_an_unknown_that_is_never_repeated(both_world: World) -> None:
    queue_one(both_world)

    def die(envelope: Envelope) -> None:
        raise Killed

    both_world.zalo.answer = die
    with pytest.raises(Killed):
        both_world.deliver(LATER)
    assert [message.state for message in both_world.messages()] == ["sending"]
    both_world.zalo.answer = lambda envelope: None
    assert both_world.deliver(LATER + CLAIM_FOR).unknown == 0, "its time is not over"
    assert both_world.deliver(LATER + CLAIM_FOR + timedelta(seconds=1)).unknown == 1
    (message,) = both_world.messages()
    assert message.state == "unknown"
    assert "dừng giữa chừng" in (message.error or "")
    for hours in range(1, 80, 5):
        both_world.deliver(LATER + timedelta(hours=hours))
    assert both_world.arrived() == []
    with reading(both_world.url) as session:
        assert [one.id for one in outbox_queries.newest_messages(session, ["unknown"], 10)] == [message.id]


def test_a_slow_sender_may_still_settle_what_was_thought_unknown(world: World) -> None:
    queue_one(world)

    def slow(envelope: Envelope) -> None:
        world.now += CLAIM_FOR + timedelta(minutes=1)
        other = deliver_due(
            partial(transaction, world.url),
            {"zalo": world.zalo},
            lambda: world.now,
            world.settings,
            calendar=world.calendar,
        )
        assert other.unknown == 1

    world.zalo.answer = slow
    assert world.deliver(LATER).sent == 1
    assert [message.state for message in world.messages()] == ["sent"]


def stumble(envelope: Envelope) -> None:
    raise KeyError(envelope.outbox_id)


def test_a_locked_database_loses_no_outcome(world: World) -> None:
    queue_one(world)
    locks = ["first", "second"]

    @contextmanager
    def busy() -> Iterator[Session]:
        with world.transaction() as session:
            yield session
            if world.zalo.sent and locks:
                raise OperationalError(locks.pop(), {}, Exception("database is locked"))

    done = deliver_due(busy, world.channels, lambda: LATER, world.settings, calendar=world.calendar)
    assert (done.sent, done.unknown) == (1, 0)
    assert [message.state for message in world.messages()] == ["sent"]
    assert len(world.zalo.tried) == 1


OUTCOMES = {
    "temporary": (fail("temporary"), "queued", timedelta(minutes=2)),
    "wait until": (fail("wait_until", LATER + timedelta(hours=3)), "queued", timedelta(hours=3)),
    "unknown": (fail("unknown"), "unknown", None),
    "a bug in the channel": (stumble, "unknown", None),
}


@pytest.mark.parametrize(("answer", "state", "wait"), OUTCOMES.values(), ids=OUTCOMES)
def test_an_outcome_decides_what_follows(
    world: World, answer: Callable[[Envelope], None], state: str, wait: timedelta | None
) -> None:
    queue_one(world)
    world.zalo.answer = answer
    world.deliver(LATER)
    (message,) = world.messages()
    assert message.state == state
    if wait is not None:
        assert wait <= message.not_before - LATER <= wait + timedelta(seconds=30)
        assert world.deliver(message.not_before - timedelta(seconds=1)).claimed == 0
        world.zalo.answer = lambda envelope: None
        assert world.deliver(message.not_before).sent == 1


@pytest.mark.parametrize("kind", ["permanent", "other_channel", "auth", "config"])
def test_the_next_channel_takes_over_as_a_new_row_made_to_its_measure(world: World, kind: str) -> None:
    queue_one(world)
    world.zalo.answer = fail(kind)
    done = world.deliver(LATER)
    assert (done.failed, done.sent) == (1, 1)
    first, second = world.messages()
    assert (first.state, first.channel, second.state, second.channel) == ("failed", "zalo", "sent", "email")
    assert second.replaces_id == first.id
    assert second.html
    assert [item.occurrence_id for item in second.items] == [item.occurrence_id for item in first.items]
    assert world.email.sent[0][1].to_address.endswith("@xa.test")


def test_when_no_channel_is_left_the_message_has_failed(world: World) -> None:
    queue_one(world)
    world.zalo.answer = world.email.answer = fail("permanent")
    assert world.deliver(LATER).failed == 2
    assert [message.state for message in world.messages()] == ["failed", "failed"]
    assert world.deliver(LATER + timedelta(days=2)).claimed == 0


def test_lost_consent_without_another_channel_waits_and_is_not_hammered(world: World) -> None:
    for number in range(6):
        add_unit(world, f"u{number}", f"Đơn vị {number}", [(f"Người {number}", "contact")])
        add_duty(world, "25/3", unit=f"u{number}")
    with world.transaction() as session:
        for person in session.scalars(select(Person)):
            person.email = None
    world.chase(MORNING)
    world.zalo.answer = fail("auth")
    world.deliver(LATER, workers=1)
    assert len(world.zalo.tried) == 1
    assert {message.state for message in world.messages()} == {"queued"}
    world.zalo.answer = lambda envelope: None
    assert world.deliver(LATER + timedelta(minutes=31)).sent == 6


def test_a_server_that_is_down_rests_after_three_troubles(world: World) -> None:
    for number in range(8):
        add_unit(world, f"u{number}", f"Đơn vị {number}", [(f"Người {number}", "contact")])
        add_duty(world, "25/3", unit=f"u{number}")
    world.chase(MORNING)
    world.zalo.answer = fail("temporary")
    world.deliver(LATER, workers=1)
    assert len(world.zalo.tried) == 3


def test_who_answered_between_queue_and_claim_hears_nothing(world: World) -> None:
    number = queue_one(world)
    world.change(number, state="submitted")
    done = world.deliver(LATER)
    assert (done.cancelled, done.sent) == (1, 0)
    assert [message.state for message in world.messages()] == ["cancelled"]


ANSWERS = {
    "submitted": {"state": "submitted"},
    "accepted": {"state": "accepted"},
    "waived": {"state": "waived"},
    "acknowledged": {"acknowledged_at": MORNING + timedelta(minutes=1)},
}


@pytest.mark.parametrize("changes", ANSWERS.values(), ids=ANSWERS)
def test_a_digest_drops_what_was_answered_and_keeps_the_rest(world: World, changes: dict[str, object]) -> None:
    kept = add_duty(world, "25/3", "Việc còn lại")
    gone = add_duty(world, "25/3", "Rà soát thủ tục")
    world.chase(MORNING)
    world.change(gone, **changes)
    assert world.deliver(LATER).sent == 1
    (envelope,) = world.arrived()
    assert "Việc còn lại" in envelope.text
    assert "Rà soát thủ tục" not in envelope.text
    assert [item.occurrence_id for item in world.messages()[0].items] == [kept]


def test_who_has_left_hears_nothing_and_a_mended_address_is_used(world: World) -> None:
    number = add_duty(world, "20/3")
    world.chase(MORNING)
    with world.transaction() as session:
        for person in session.scalars(select(Person).where(Person.unit_id.is_not(None))):
            person.active = person.name != "An"
            person.zalo_user_id = "4242"
    done = world.deliver(LATER)
    assert (done.sent, done.cancelled) == (1, 1)
    assert [(e.to_name, e.to_address) for e in world.arrived()] == [("Bình", "4242")]
    assert world.occurrence(number).last_step == "before-2"


def test_an_acknowledgement_before_the_message_does_not_cancel_it(world: World) -> None:
    number = add_duty(world, "25/3", acknowledged_at=at(on("10/3")))
    world.chase(MORNING)
    assert world.deliver(LATER).sent == 1
    assert world.occurrence(number).last_step == "before-5"


@pytest.mark.parametrize(
    "moment",
    [at(on("18/3"), "17:00"), at(on("18/3"), "23:00"), at(on("22/3"), "09:00")],
    ids=["evening", "night", "Sunday"],
)
def test_a_digest_does_not_leave_when_the_office_is_closed(world: World, moment: datetime) -> None:
    queue_one(world)
    assert world.deliver(moment).claimed == 0


def test_what_waits_for_a_channel_that_is_gone_is_handed_over(world: World) -> None:
    queue_one(world)
    done = deliver_due(
        partial(transaction, world.url),
        {"email": world.email},
        lambda: LATER,
        world.settings,
        calendar=world.calendar,
    )
    assert done.sent == 1
    assert [m.channel for m in world.messages("sent")] == ["email"]


def test_mails_about_one_duty_form_a_thread(world: World) -> None:
    with world.transaction() as session:
        session.scalars(select(Person).where(Person.name == "An")).one().channels = ["email"]
    add_duty(world, "01/4")
    for day in ("18/3", "25/3", "01/4"):
        world.chase(at(on(day)))
        world.deliver(at(on(day), "08:05"))
    first, second, third = [envelope for _, envelope in world.email.sent]
    assert first.thread_root is None
    assert (second.thread_root, third.thread_root) == (first.message_id, first.message_id)
    assert third.references == (first.message_id, second.message_id)
    assert len({first.subject, second.subject, third.subject}) == 1


def test_a_digest_of_several_duties_is_no_part_of_the_thread_of_one(world: World) -> None:
    with world.transaction() as session:
        session.scalars(select(Person).where(Person.name == "An")).one().channels = ["email"]
    answered, _ = add_duty(world, "01/4"), add_duty(world, "01/4")
    world.chase(at(on("18/3")))
    world.deliver(at(on("18/3"), "08:05"))
    world.change(answered, state="accepted")
    world.chase(at(on("25/3")))
    world.deliver(at(on("25/3"), "08:05"))
    both, alone = [envelope for _, envelope in world.email.sent]
    assert "02 việc" in both.subject
    assert alone.thread_root is None


@pytest.mark.parametrize("change", ["dated anew", "plan closed"])
def test_a_message_of_a_round_that_is_over_never_leaves(world: World, change: str) -> None:
    number = add_duty(world, "01/4")
    world.chase(at(on("18/3")))
    with world.transaction() as session:
        occurrence = session.get_one(Occurrence, number)
        if change == "dated anew":
            occurrence.last_step = occurrence.last_step_at = None
        else:
            occurrence.obligation.plan.state = "closed"
    done = world.deliver(at(on("18/3"), "08:05"))
    assert (done.sent, done.cancelled) == (0, 1)
    assert world.arrived() == []
