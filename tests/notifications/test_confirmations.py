"""What a provider says afterwards settles a doubt, once, and never makes a second message."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from db.models import JournalEntry, Message
from db.session import reading
from notifications.channels import Delivery, Envelope
from notifications.confirmations import note_delivered, note_seen
from notifications.decisions import resend
from tests.notifications.chase_world import World, add_duty, at, on

MORNING = at(on("18/3"))
LATER = at(on("18/3"), "08:20")
HEARD = LATER + timedelta(minutes=3)


def fail(kind: str) -> Callable[[Envelope], None]:
    def answer(envelope: Envelope) -> None:
        raise Delivery(kind, "x1", "Máy chủ không trả lời.")  # type: ignore[arg-type]

    return answer


def try_one(world: World, kind: str | None) -> int:
    """One message to the contact, tried once with this failure (None: it was taken)."""
    add_duty(world, "25/3")
    world.chase(MORNING)
    if kind:
        world.zalo.answer = fail(kind)
    world.deliver(LATER)
    return world.messages()[0].id


def hear(world: World, reference: str, channel: str = "zalo", note: Callable[..., Any] = note_delivered) -> int | None:
    with world.transaction() as session:
        found = note(session, channel, reference, HEARD)
        return found.id if found else None


def test_an_unknown_that_arrived_needs_nobody(both_world: World) -> None:
    number = try_one(both_world, "unknown")
    assert hear(both_world, f"obx-{number}") == number
    assert hear(both_world, f"obx-{number}") == number
    (message,) = both_world.messages()
    assert (message.state, message.sent_at, message.delivered_at, message.error) == ("sent", HEARD, HEARD, None)
    with reading(both_world.url) as session:
        deeds = [entry.action for entry in session.scalars(select(JournalEntry).order_by(JournalEntry.seq))]
    assert deeds == ["message.queue", "message.unknown", "message.delivered"], "said twice, written once"


def test_a_message_is_found_by_the_provider_s_id_and_reading_implies_arrival(world: World) -> None:
    number = try_one(world, None)
    assert hear(world, "r1", note=note_seen) == number
    (message,) = world.messages()
    assert (message.state, message.delivered_at, message.seen_at) == ("sent", HEARD, HEARD)
    assert message.sent_at == LATER


STRANGERS = {
    "another channel": ("obx-1", "zbs"),
    "no such row": ("obx-99", "zalo"),
    "no such id": ("r99", "zalo"),
    "nothing": ("", "zalo"),
    "a number too long for any database": ("obx-" + "9" * 40, "zalo"),
}


@pytest.mark.parametrize(("reference", "channel"), STRANGERS.values(), ids=STRANGERS)
def test_a_reference_that_names_nothing_changes_nothing(world: World, reference: str, channel: str) -> None:
    try_one(world, "unknown")
    assert hear(world, reference, channel) is None
    assert [message.state for message in world.messages()] == ["unknown"]


def test_what_was_never_tried_cannot_have_arrived(world: World) -> None:
    add_duty(world, "25/3")
    world.chase(MORNING)
    assert hear(world, f"obx-{world.messages()[0].id}") is None
    assert [message.state for message in world.messages()] == ["queued"]


def test_what_arrived_after_all_is_not_tried_again(world: World) -> None:
    number = try_one(world, "temporary")
    assert hear(world, f"obx-{number}") == number
    world.zalo.answer = lambda envelope: None
    world.deliver(LATER + timedelta(hours=1))
    assert [message.state for message in world.messages()] == ["sent"]
    assert world.arrived() == []


def test_what_was_to_replace_it_does_not_leave(world: World) -> None:
    number = try_one(world, "unknown")
    with world.transaction() as session:
        resend(session, number, LATER, "Vy")
    assert hear(world, f"obx-{number}") == number
    world.zalo.answer = lambda envelope: None
    world.deliver(LATER + timedelta(hours=1))
    assert world.arrived() == []
    assert [message.state for message in world.messages()] == ["sent", "cancelled"]


@pytest.mark.parametrize("kind", ["unknown", "temporary", None])
def test_a_word_that_comes_before_the_call_has_returned(world: World, kind: str | None) -> None:
    def early(envelope: Envelope) -> None:
        hear(world, f"obx-{envelope.outbox_id}")
        if kind:
            fail(kind)(envelope)

    add_duty(world, "25/3")
    world.chase(MORNING)
    world.zalo.answer = early
    assert world.deliver(LATER).sent == 1
    (message,) = world.messages()
    assert (message.state, message.delivered_at) == ("sent", HEARD)


def test_a_deliverer_that_died_after_the_word_leaves_no_doubt(world: World) -> None:
    number = try_one(world, None)
    with world.transaction() as session:
        message = session.get_one(Message, number)
        message.state, message.claim_deadline, message.delivered_at = "sending", LATER, HEARD
    assert world.deliver(LATER + timedelta(hours=1)).unknown == 0
    assert [message.state for message in world.messages()] == ["sent"]
