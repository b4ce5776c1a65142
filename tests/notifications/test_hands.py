"""What is in a deliverer's hands: bounded, held up by no slow neighbour, written soon, given back when it stops."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from db.models import Message
from db.session import reading
from notifications.channels import Envelope
from notifications.hands import FIRST_HAND, HAND, Hands
from tests.notifications.chase_world import World, add_duty, add_unit, at, on, settings_for

MORNING = at(on("18/3"))
LATER = at(on("18/3"), "08:20")
PATIENCE = 20
SETTINGS = settings_for(Path("/nonexistent"), "sqlite:////nonexistent/x.db")


def queue(world: World, number: int) -> None:
    for n in range(number):
        add_unit(world, f"u{n}", f"Đơn vị {n}", [(f"Người {n}", "contact")])
        add_duty(world, "25/3", unit=f"u{n}")
    world.chase(MORNING)


def states(world: World) -> dict[int, str]:
    with reading(world.url) as session:
        return dict(session.execute(select(Message.id, Message.state)).tuples().all())


@given(st.lists(st.floats(0, 20), max_size=40), st.integers(1, 60))
def test_hands_grow_with_the_slowness_of_the_quickest_and_never_beyond_their_bound(
    paces: list[float], workers: int
) -> None:
    hands = Hands({}, lambda: LATER, SETTINGS, workers)
    hands._paces.extend(paces)
    assert 1 <= hands.size <= min(HAND, 2 * workers)
    if not paces or min(paces[-32:]) == 0:
        assert hands.size == min(FIRST_HAND, 2 * workers)


def test_a_slow_provider_holds_up_no_other_channel(world: World) -> None:
    queue(world, 12)
    with world.transaction() as session:
        for number, message in enumerate(session.scalars(select(Message))):
            message.channel = "email" if number % 2 else "zalo"
    all_mailed = threading.Event()

    def wait_for_the_mails(envelope: Envelope) -> None:
        assert all_mailed.wait(PATIENCE), "the mails wait for Zalo"

    def mailed(envelope: Envelope) -> None:
        if len(world.email.tried) == 6:
            all_mailed.set()

    world.zalo.answer, world.email.answer = wait_for_the_mails, mailed
    assert world.deliver(LATER, workers=4).sent == 12


def test_an_outcome_is_written_while_others_are_still_being_sent(both_world: World) -> None:
    queue(both_world, 3)
    seen: list[dict[int, str]] = []

    def first_waits(envelope: Envelope) -> None:
        if envelope.outbox_id != 1:
            return
        for _ in range(PATIENCE * 20):
            seen.append(states(both_world))
            if list(seen[-1].values()) == ["sending", "sent", "sent"]:
                return
            threading.Event().wait(0.05)

    both_world.zalo.answer = first_waits
    assert both_world.deliver(LATER, workers=4).sent == 3
    assert seen[-1] == {1: "sending", 2: "sent", 3: "sent"}


def test_what_a_stopped_run_has_not_sent_waits_as_before_and_what_it_sent_is_written(world: World) -> None:
    queue(world, 8)

    def stop_at_the_third(envelope: Envelope) -> None:
        if len(world.zalo.tried) == 3:
            raise KeyboardInterrupt

    world.zalo.answer = stop_at_the_third
    with pytest.raises(KeyboardInterrupt):
        world.deliver(LATER, workers=1)
    rows = world.messages()
    sent = [row for row in rows if row.state == "sent"]
    assert {row.id for row in sent} == {envelope.outbox_id for envelope in world.arrived()}
    assert [row.state for row in rows].count("sending") == 1, "only the one whose fate nobody knows"
    assert {row.attempts for row in rows if row.state == "queued"} == {0}
    world.zalo.answer = lambda envelope: None
    world.deliver(LATER + timedelta(minutes=1))
    assert [row.state for row in world.messages()].count("sent") == 7
    assert len(world.arrived()) == 7


def test_the_envelope_carries_kind_and_facts_for_approved_templates(world: World) -> None:
    add_duty(world, "25/3")
    world.chase(MORNING)
    with world.transaction() as session:
        message = session.scalars(select(Message)).one()
        message.facts = {"to": "An", "count": 1}
    world.deliver(LATER)
    (envelope,) = world.arrived()
    assert (envelope.kind, dict(envelope.facts)) == ("digest", {"to": "An", "count": "1"})
