"""The watcher: silent when all is well, loud and specific when not, and never through the channel at fault."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import update

from db.models import ChannelToken, Message, Plan
from notifications.job_runs import CHASE, DELIVER, record_run
from notifications.outcomes import copy_of
from notifications.watch import Fault, alert_silence, check_silence, ping_outside
from tests.notifications.chase_world import World, add_duty, add_unit, at, on

NOON = at(on("18/3"), "12:00")


def faults(world: World, now: object = NOON) -> list[str]:
    with world.transaction() as session:
        return [one.code for one in check_silence(session, now, world.calendar, world.settings)]  # type: ignore[arg-type]


@pytest.fixture
def healthy(world: World) -> World:
    """A commune whose jobs have run."""
    for number in range(6):
        add_unit(world, f"u{number}", f"Đơn vị {number}", [(f"Người {number}", "contact")])
        add_duty(world, "25/3", unit=f"u{number}")
    world.chase(at(on("18/3")))
    world.deliver(at(on("18/3"), "11:55"))
    return world


def test_a_healthy_system_is_silent(healthy: World) -> None:
    assert faults(healthy) == []


def run(world: World, job: str, error: str | None = None) -> None:
    with world.transaction() as session:
        record_run(session, job, NOON + timedelta(days=1), NOON + timedelta(days=1), {}, error)


def lose_token(world: World) -> None:
    token = ChannelToken(channel="zalo", access_token_enc="", refresh_token_enc="", expires_at=NOON, updated_at=NOON)
    token.lost_at = NOON
    with world.transaction() as session:
        session.add(token)


def set_all(world: World, **changes: object) -> None:
    with world.transaction() as session:
        session.execute(update(Message).values(**changes))


TROUBLES: dict[str, tuple[Callable[[World], None], list[str]]] = {
    "lost consent": (lose_token, ["token-zalo"]),
    "everything fails on a channel": (lambda w: set_all(w, state="failed"), ["channel-zalo", "unreached-6"]),
    "unknown outcomes": (lambda w: set_all(w, state="unknown"), ["channel-zalo", "unknown"]),
    "the queue stands still": (lambda w: set_all(w, state="queued"), ["queue-lag"]),
}


@pytest.mark.parametrize(("break_it", "codes"), TROUBLES.values(), ids=TROUBLES)
def test_a_trouble_is_named(healthy: World, break_it: Callable[[World], None], codes: list[str]) -> None:
    break_it(healthy)
    assert faults(healthy) == codes


def test_the_next_working_day_without_a_run_is_a_fault_by_nine(healthy: World) -> None:
    tomorrow = on("19/3")
    assert faults(healthy, at(tomorrow, "07:45")) == []
    assert faults(healthy, at(tomorrow, "08:59")) == ["delivery-late"]
    assert faults(healthy, at(tomorrow, "09:00")) == ["chase-late", "delivery-late"]
    run(healthy, CHASE)
    run(healthy, DELIVER)
    assert faults(healthy, at(tomorrow, "12:10")) == []


def set_plan(world: World, **changes: object) -> None:
    with world.transaction() as session:
        session.execute(update(Plan).values(**changes))


def test_nothing_is_late_before_the_first_day_of_work(world: World) -> None:
    tomorrow = at(on("19/3"), "09:00")
    set_plan(world, state="draft")
    assert faults(world, tomorrow) == [], "a new installation, with nothing confirmed"
    set_plan(world, state="confirmed", confirmed_at=NOON - timedelta(hours=2))
    assert faults(world) == [], "confirmed this morning: the first day is tomorrow"
    assert faults(world, tomorrow - timedelta(minutes=1)) == ["delivery-late"]
    assert faults(world, tomorrow) == ["chase-late", "delivery-late"]


def test_a_run_that_failed_is_no_sign_of_life(healthy: World) -> None:
    run(healthy, CHASE, error="hết chỗ trên đĩa")
    assert faults(healthy, at(on("19/3"), "12:10")) == ["chase-late", "delivery-late"]


def test_days_off_are_not_missed(healthy: World) -> None:
    run(healthy, CHASE)
    run(healthy, DELIVER)
    assert faults(healthy, at(on("22/3"), "12:00")) == []


def test_the_officer_is_told_once_a_day_around_the_broken_channel(healthy: World) -> None:
    lose_token(healthy)
    for moment in (NOON, NOON + timedelta(hours=1)):
        with healthy.transaction() as session:
            assert alert_silence(session, moment, healthy.calendar, healthy.settings)
    (alert, *late) = [message for message in healthy.messages() if message.kind == "alert"]
    assert (alert.channel, alert.person.name if alert.person else "") == ("email", "Chuyên viên Vy")
    assert "mất quyền gửi tin từ 12:00 ngày 18/3/2026" in alert.text
    assert "dondoc zalo connect" in alert.text
    # An hour later delivery is late as well: that is news, and is told; the same news is not.
    assert len(late) == 1
    assert healthy.deliver(at(on("18/3"), "23:00")).sent == 2, "an alert does not wait for the morning"


def test_whoever_was_reached_by_no_channel_is_named_to_the_officer(healthy: World) -> None:
    with healthy.transaction() as session:
        first, second = session.query(Message).order_by(Message.id).limit(2)
        first.state = second.state = "failed"
        session.add(copy_of(second, "took over", "email", NOON))
        session.flush()
        (found,) = check_silence(session, NOON, healthy.calendar, healthy.settings)
    assert found.code == "unreached-1"
    assert "01 tin trong 24 giờ qua không tới người nhận bằng kênh nào: Người 0." in found.message


def test_all_well_means_no_alert(healthy: World) -> None:
    with healthy.transaction() as session:
        assert alert_silence(session, NOON, healthy.calendar, healthy.settings) == []
    assert [message for message in healthy.messages() if message.kind == "alert"] == []


def ping(world: World, status: int, found: list[Fault]) -> tuple[str | None, list[str]]:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(status)

    settings = world.settings.model_copy(update={"ping_url": "https://canh-bao.test/abc"})
    return ping_outside(settings, found, httpx.Client(transport=httpx.MockTransport(answer))), asked


def test_the_outside_is_pinged_only_when_all_is_well(world: World) -> None:
    assert ping(world, 200, []) == (None, ["https://canh-bao.test/abc"])
    assert ping(world, 200, [Fault("x", "Hỏng.", "Sửa.")]) == (None, [])
    problem, _ = ping(world, 500, [])
    assert problem is not None
    assert "DONDOC_PING_URL" in problem
    assert ping_outside(world.settings, []) is None
