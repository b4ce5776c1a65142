"""The office's gateway behind the outbox: a lost answer asks nobody, "too fast" holds everybody, 410 goes elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

import httpx
import pytest
from sqlalchemy import update

from db.models import Person
from db.session import transaction
from notifications.channels import Channel
from notifications.delivery import DeliverySummary, deliver_due
from tests.channels.test_webhook_channel import Double, gateway_process
from tests.notifications.chase_world import World, add_duty, add_unit, at, on

MORNING = at(on("18/3"), "08:00")
UNITS = 4


@pytest.fixture(scope="module")
def gateway() -> Iterator[Double]:
    """The double, whose clock does not matter."""
    with gateway_process("--any-time") as double:
        yield double


@pytest.fixture
def queued(world: World) -> World:
    """Four contacts who are reached by the gateway, else by mail, each with a reminder waiting."""
    for number in range(UNITS):
        add_unit(world, f"g{number}", f"Đơn vị {number}", [(f"Người {number}", "contact")])
        add_duty(world, "25/3", unit=f"g{number}")
    with world.transaction() as session:
        session.execute(update(Person).values(channels=["webhook", "email"], zalo_user_id=None, phone="0912345678"))
    world.settings = world.settings.model_copy(update={"webhook_url": "https://cong.xa.test/tin"})
    world.chase(MORNING)
    return world


def deliver(world: World, gateway: Double, now: datetime) -> DeliverySummary:
    channels: dict[str, Channel] = {"webhook": gateway.channel(), "email": world.email}
    opened = partial(transaction, world.url)
    return deliver_due(opened, channels, lambda: now, world.settings, calendar=world.calendar, workers=1)


def states(world: World) -> list[str]:
    return sorted(one.state for one in world.messages())


def reset(gateway: Double) -> None:
    httpx.post(f"{gateway.url}/_control/reset").raise_for_status()


def test_a_lost_answer_is_repeated_without_asking_anybody(queued: World, gateway: Double) -> None:
    reset(gateway)
    gateway.arm(taken=True, reset=True)
    deliver(queued, gateway, MORNING)
    assert states(queued) == ["queued", *["sent"] * (UNITS - 1)]
    deliver(queued, gateway, MORNING + timedelta(minutes=5))
    assert states(queued) == ["sent"] * UNITS
    assert sorted(one["id"] for one in gateway.inbox()) == sorted(f"obx-{one.id}" for one in queued.messages())
    assert queued.email.sent == []


def test_too_fast_holds_every_message_until_the_named_time(queued: World, gateway: Double) -> None:
    reset(gateway)
    gateway.arm(status=429, headers={"Retry-After": "600"}, times=20)
    deliver(queued, gateway, MORNING)
    calls = len(gateway.ledger())
    assert calls < UNITS, "whoever hears it stops the others"
    reset(gateway)
    deliver(queued, gateway, MORNING + timedelta(minutes=5))
    assert gateway.ledger() == []
    deliver(queued, gateway, MORNING + timedelta(minutes=11))
    assert (states(queued), len(gateway.inbox())) == (["sent"] * UNITS, UNITS)


def test_a_gateway_that_is_gone_is_left_for_the_mail(queued: World, gateway: Double) -> None:
    reset(gateway)
    gateway.arm(status=410, times=20)
    deliver(queued, gateway, MORNING)
    deliver(queued, gateway, MORNING + timedelta(minutes=5))
    assert gateway.inbox() == []
    assert len(queued.email.sent) >= 1, "the one that heard 410 went by mail at once"
    assert "unknown" not in states(queued)
