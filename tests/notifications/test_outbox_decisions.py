"""What a person decides about a doubtful message, and what the formula decides about a failed one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.faults import Refusal
from notifications.channels import Delivery, Envelope, Receipt
from notifications.decisions import mark_sent, resend
from notifications.outcomes import LONGEST_WAIT, MAX_ATTEMPTS, settlement_of, wait_after
from tests.notifications.chase_world import World, add_duty, at, on

MORNING = at(on("18/3"))
LATER = at(on("18/3"), "08:20")


def unknown(envelope: Envelope) -> None:
    raise Delivery("unknown", "x1", "Máy chủ không trả lời.")


def queue_one(world: World) -> None:
    """One message to the contact alone, ready to leave."""
    add_duty(world, "25/3")
    world.chase(MORNING)


def test_a_person_may_send_an_unknown_message_again_but_only_once(world: World) -> None:
    queue_one(world)
    world.zalo.answer = unknown
    world.deliver(LATER)
    (message,) = world.messages()
    with world.transaction() as session:
        follower = resend(session, message.id, LATER, "Vy").id
    with world.transaction() as session, pytest.raises(Refusal, match="đã được cho gửi lại"):
        resend(session, message.id, LATER, "Vy")
    world.zalo.answer = lambda envelope: None
    assert world.deliver(LATER).sent == 1
    assert [m.id for m in world.messages("sent")] == [follower]
    assert world.messages("unknown") == []


def test_a_person_may_take_an_unknown_message_for_sent(world: World) -> None:
    queue_one(world)
    world.zalo.answer = unknown
    world.deliver(LATER)
    (message,) = world.messages()
    with world.transaction() as session:
        mark_sent(session, message.id, LATER, "Vy")
    assert [m.state for m in world.messages()] == ["sent"]
    world.zalo.answer = lambda envelope: None
    assert world.deliver(LATER).claimed == 0


def test_only_what_waits_for_a_person_can_be_resolved(world: World) -> None:
    queue_one(world)
    with world.transaction() as session:
        with pytest.raises(Refusal, match="«chờ gửi»"):
            resend(session, world.messages()[0].id, LATER, "Vy")
        with pytest.raises(Refusal, match="Không có tin số 999"):
            mark_sent(session, 999, LATER, "Vy")


@given(st.integers(1, 40), st.integers(0, 10_000))
def test_waits_grow_to_a_cap(attempts: int, row: int) -> None:
    jitter = timedelta(seconds=30)
    assert timedelta(minutes=2) <= wait_after(attempts, row) < LONGEST_WAIT + jitter
    assert wait_after(attempts, row) <= wait_after(attempts + 1, row)


def test_the_written_formula() -> None:
    assert [wait_after(n, 0) // timedelta(minutes=1) for n in range(1, 7)] == [2, 8, 32, 128, 240, 240]


@given(
    st.sampled_from(["temporary", "permanent", "wait_until", "other_channel", "auth", "config", "unknown"]),
    st.integers(1, 12),
    st.booleans(),
)
def test_every_failure_has_exactly_one_fate(kind: str, attempts: int, has_other: bool) -> None:
    outcome = Delivery(kind, "c", "lý do")  # type: ignore[arg-type]
    settled = settlement_of(outcome, 7, attempts, has_other, LATER)
    assert settled.changes["error"] == "lý do"
    if kind == "unknown":
        assert (settled.state, settled.next_channel) == ("unknown", False)
    elif settled.state == "queued":
        assert settled.changes["not_before"] > LATER
        assert not settled.next_channel
        assert kind != "temporary" or attempts < MAX_ATTEMPTS
    else:
        assert settled.state == "failed"
        assert settled.next_channel == has_other
    assert settlement_of(Receipt("p", "ok"), 7, attempts, has_other, LATER).state == "sent"
