"""A channel that a person must mend: its queue goes another way in the same run; one bad template stops nobody."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from db.models import Person
from db.session import transaction
from notifications.channels import Delivery, Envelope
from notifications.channels.zalo.codes import failure_for
from notifications.channels.zalo.template_codes import ZBS_MEANINGS
from notifications.watch import check_silence
from tests.notifications.chase_world import World, add_duty, add_unit, at, on

MORNING, LATER = at(on("18/3")), at(on("18/3"), "08:20")


def queue(world: World, number: int) -> None:
    for each in range(number):
        add_unit(world, f"u{each}", f"Đơn vị {each}", [(f"Người {each}", "contact")])
        add_duty(world, "25/3", unit=f"u{each}")
    world.chase(MORNING)


@pytest.mark.parametrize("kind", ["auth", "config"])
def test_the_queue_of_a_broken_channel_goes_another_way_in_the_same_run(world: World, kind: str) -> None:
    queue(world, 12)
    with world.transaction() as session:
        for person in session.scalars(select(Person).where(Person.name.in_(["Người 0", "Người 1"]))):
            person.email = None

    def broken(envelope: Envelope) -> None:
        raise Delivery(kind, "-204", "Official Account đã bị xóa.")  # type: ignore[arg-type]

    world.zalo.answer = broken
    done = world.deliver(LATER, workers=1)
    assert len(world.zalo.tried) == 1
    assert (done.sent, len(world.email.sent)) == (10, 10)
    assert [m.person.name for m in world.messages("queued") if m.person] == ["Người 0", "Người 1"]
    with transaction(world.url) as session:
        faults = check_silence(session, at(on("18/3"), "09:00"), world.calendar, world.settings)
    assert [fault.code for fault in faults if fault.channel == "zalo"] == ["channel-zalo"]
    world.zalo.answer = lambda envelope: None
    world.deliver(at(on("18/3"), "09:00"))
    assert sorted(one.to_name for one in world.arrived()) == sorted(f"Người {each}" for each in range(12))


def test_a_fault_that_is_known_to_be_short_is_waited_for(world: World) -> None:
    queue(world, 4)

    def short(envelope: Envelope) -> None:
        raise Delivery("auth", "x", "Đang cấp lại mã.", at(on("18/3"), "08:40"))

    world.zalo.answer = short
    world.deliver(LATER, workers=1)
    assert len(world.zalo.tried) == 1
    assert len(world.messages("queued")) == 3


@pytest.mark.parametrize("code", [-109, -131, -127])
def test_a_template_that_is_set_up_wrongly_stops_no_other(world: World, code: int) -> None:
    queue(world, 5)

    def one_template(envelope: Envelope) -> None:
        if envelope.to_name in ("Người 0", "Người 1", "Người 2"):
            raise failure_for(code, "", LATER, ZBS_MEANINGS)

    world.zalo.answer = one_template
    done = world.deliver(LATER, workers=1)
    assert sorted(envelope.to_name for _, envelope in world.zalo.sent) == ["Người 3", "Người 4"]
    assert (done.sent, len(world.email.sent)) == (5, 3)


def test_four_deliverers_that_find_it_broken_at_once_hand_each_message_over_once(both_world: World) -> None:
    queue(both_world, 16)

    def broken(envelope: Envelope) -> None:
        raise Delivery("auth", "-204", "Official Account đã bị xóa.")

    both_world.zalo.answer = broken
    with ThreadPoolExecutor(4) as pool:
        for run in [pool.submit(both_world.deliver, LATER) for _ in range(4)]:
            run.result()
    both_world.deliver(LATER)
    assert sorted(one.to_name for one in both_world.arrived()) == sorted(f"Người {each}" for each in range(16))
