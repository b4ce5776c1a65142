"""The watcher inside the web process: when the flows are dead, alerts still leave, and nothing but alerts."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from db.models import JobRun
from notifications.channels import Delivery, Envelope
from notifications.job_runs import WATCH, WEB
from tests.notifications.chase_world import World, add_duty, at, on
from web.edge import Edge
from web.watchdog import Watchdog, look

MORNING = at(on("18/3"), "08:00")
HOUR = timedelta(hours=1)


def look_at(world: World, now: datetime) -> list[str]:
    return look(Edge(world.settings, lambda: now), lambda settings: world.channels)


def dead_flows(world: World) -> World:
    """The chase ran yesterday and queued something; since then nothing runs."""
    add_duty(world, "25/3")
    world.chase(MORNING - 24 * HOUR)
    with world.transaction() as session:
        session.add(JobRun(job=WATCH, started_at=MORNING - 24 * HOUR, finished_at=MORNING - 24 * HOUR, summary={}))
    return world


def test_alerts_leave_though_the_flows_are_dead_and_nothing_else_does(both_world: World) -> None:
    world = dead_flows(both_world)
    assert look_at(world, MORNING + 2 * HOUR) == ["chase-late", "delivery-late", "watch-late", "queue-lag"]
    (alert,) = world.arrived()
    assert (alert.kind, alert.to_name) == ("alert", "Chuyên viên Vy")
    assert "chưa chạy" in alert.text
    assert [one.kind for one in world.messages("queued")] == ["digest"], "the unit hears nothing from the watchdog"
    look_at(world, MORNING + 3 * HOUR)
    assert len(world.arrived()) == 1, "the same faults are told once a day"
    assert look_at(world, MORNING + 26 * HOUR)
    assert len(world.arrived()) == 2, "and again on the next"


def test_a_living_deliverer_keeps_its_work(world: World) -> None:
    add_duty(world, "25/3")
    world.chase(MORNING - 24 * HOUR)
    world.deliver(MORNING + 2 * HOUR - timedelta(minutes=4))
    sent = len(world.arrived())
    assert look_at(world, MORNING + 2 * HOUR) == ["chase-late"]
    assert len(world.arrived()) == sent
    assert [one.kind for one in world.messages("queued")] == ["alert"], "queued for the deliverer, which lives"


def test_an_alert_goes_by_the_other_channel_at_once(world: World) -> None:
    def refuse(envelope: Envelope) -> None:
        raise Delivery("auth", "-216", "Zalo mất quyền.")

    world.zalo.answer = refuse
    look_at(dead_flows(world), MORNING + 2 * HOUR)
    assert len(world.zalo.tried) == 1
    assert [envelope.kind for _, envelope in world.email.sent] == ["alert"]


def test_a_channel_that_breaks_is_not_asked_again(world: World) -> None:
    def break_off(envelope: Envelope) -> None:
        raise RuntimeError("x")

    world.zalo.answer = break_off
    look_at(dead_flows(world), MORNING + 2 * HOUR)
    assert (len(world.zalo.tried), world.email.sent) == (1, []), "it may have arrived"
    assert [one.state for one in world.messages() if one.kind == "alert"] == ["unknown"]


def test_each_look_leaves_the_sign_of_the_web(world: World) -> None:
    look_at(world, MORNING)
    look_at(world, MORNING + HOUR)
    with world.transaction() as session:
        (run,) = session.query(JobRun).filter(JobRun.job == WEB)
        assert run.finished_at == MORNING + HOUR


def test_the_thread_ends_when_told(world: World) -> None:
    watchdog = Watchdog(Edge(world.settings))
    watchdog.start()
    began = time.monotonic()
    watchdog.stop()
    watchdog._thread.join(5)
    assert not watchdog._thread.is_alive()
    assert time.monotonic() - began < 5
