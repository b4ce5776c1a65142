"""No minute of a channel holds more than its limit, whoever sends; a pause is for all; a person's hour has an end."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from config.settings import Settings
from db.models import ChannelWindow, Message
from db.queries.outbox_queries import Due
from db.session import reading, transaction
from notifications.channels import Delivery, Envelope
from notifications.delivery import deliver_due, fair
from notifications.limits import (
    APP,
    MINUTE,
    Rooms,
    buckets_of,
    free_at,
    is_too_fast,
    pause_of,
    slot_of,
    taken_lately,
    write_pauses,
)
from notifications.outcomes import settlement_of
from tests.notifications.chase_world import World, add_duty, add_unit, at, on, settings_for

MORNING = at(on("18/3"))
LATER = at(on("18/3"), "08:20")


def bound(world: World, **changes: int) -> Settings:
    """The world's settings with other limits."""
    world.settings = world.settings.model_copy(update=changes)
    return world.settings


def queue(world: World, number: int) -> None:
    """As many reminders, each to a unit and a person of its own."""
    for n in range(number):
        add_unit(world, f"u{n}", f"Đơn vị {n}", [(f"Người {n}", "contact")])
        add_duty(world, "25/3", unit=f"u{n}")
    world.chase(MORNING)


CHANNELS = {
    "mail has its own minute": ("email", {"email": 7}),
    "free words use the account and the application": ("zalo", {"zalo": 100, APP: 4000}),
    "a template by user id does not use the account": ("zalo_template", {"zalo_template": 0, APP: 4000}),
    "nor one by telephone": ("zbs", {"zbs": 0, APP: 4000}),
    "the bot is another house": ("zalo_bot", {"zalo_bot": 0}),
}


@pytest.mark.parametrize(("channel", "buckets"), CHANNELS.values(), ids=CHANNELS)
def test_what_a_message_draws_from(world: World, channel: str, buckets: dict[str, int]) -> None:
    assert buckets_of(channel, bound(world, mail_per_minute=7)) == buckets


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 30)), max_size=60), st.integers(1, 50))
def test_no_sixty_seconds_hold_more_than_the_limit(asked: list[tuple[int, int]], limit: int) -> None:
    slots: dict[str, int] = {}
    given_out: list[tuple[datetime, int]] = []
    now = MORNING
    for seconds, wanted in asked:
        now += timedelta(seconds=seconds / 10)
        slots = taken_lately(slots, now)
        number = min(wanted, max(0, limit - sum(slots.values())))
        slots[str(slot_of(now))] = slots.get(str(slot_of(now)), 0) + number
        given_out.append((now, number))
    for start, _ in given_out:
        assert sum(n for when, n in given_out if start <= when < start + MINUTE) <= limit


def test_a_clock_set_back_does_not_close_a_channel() -> None:
    full = {str(slot_of(LATER + timedelta(hours=1))): 100}
    assert taken_lately(full, LATER) == {}


PAUSES = {
    "the account is too fast": ("zalo", Delivery("temporary", "-32", "quá nhanh (OA request limit)"), "zalo", 60),
    "the application is": ("zalo", Delivery("temporary", "-32", "quá nhanh (App rate limit)"), APP, 60),
    "templates have no minute of their own": ("zbs", Delivery("temporary", "-32", "quá nhanh"), APP, 60),
    "the server names a time": (
        "webhook",
        Delivery("temporary", "HTTP 429", "đông", LATER + timedelta(seconds=90)),
        "webhook",
        90,
    ),
    "a mail server closes": ("email", Delivery("temporary", "421", "4.7.0 too many"), "email", 60),
    "the day is used up": (
        "zalo",
        Delivery("wait_until", "-211", "hết hạn mức", LATER + timedelta(hours=9)),
        "zalo",
        9 * 3600,
    ),
    "never for years": ("zalo", Delivery("temporary", "-32", "x", LATER + timedelta(days=900)), "zalo", 86_400),
}


@pytest.mark.parametrize(("channel", "outcome", "bucket", "seconds"), PAUSES.values(), ids=PAUSES)
def test_an_outcome_that_asks_everybody_to_pause(channel: str, outcome: Delivery, bucket: str, seconds: int) -> None:
    pause = pause_of(channel, outcome, LATER)
    assert pause is not None
    assert (pause.bucket, pause.until) == (bucket, LATER + timedelta(seconds=seconds))


NO_PAUSES = {
    "one mailbox is full": Delivery("temporary", "452", "4.2.2 Mailbox full"),
    "greylisting": Delivery("temporary", "451", "4.7.1 Greylisted"),
    "the night": Delivery("wait_until", "-234", "ban đêm", LATER + timedelta(hours=9)),
    "one template's day": Delivery("wait_until", "-147", "mẫu hết hạn mức", LATER + timedelta(hours=9)),
    "a dead address": Delivery("permanent", "550", "5.1.1 User unknown"),
    "nobody knows": Delivery("unknown", "HTTP 500", "x"),
}


@pytest.mark.parametrize("outcome", NO_PAUSES.values(), ids=NO_PAUSES)
def test_an_outcome_that_concerns_one_message_alone(outcome: Delivery) -> None:
    assert pause_of("zalo", outcome, LATER) is None


@given(st.integers(1, 30), st.booleans())
def test_too_fast_costs_no_attempt_and_never_wears_a_message_out(attempts: int, has_other: bool) -> None:
    outcome = Delivery("temporary", "-32", "quá nhanh")
    assert is_too_fast(outcome)
    settled = settlement_of(outcome, 7, attempts, has_other, LATER)
    assert (settled.state, settled.changes["attempts"], settled.next_channel) == ("queued", attempts - 1, False)
    assert settled.changes["not_before"] == LATER + MINUTE


def test_deliverers_together_keep_to_the_minute_and_lose_nothing(both_world: World) -> None:
    queue(both_world, 9)
    bound(both_world, zalo_per_minute=4)
    sent = []
    for seconds in range(0, 240, 20):
        done = both_world.deliver(LATER + timedelta(seconds=seconds))
        sent.append(done.sent)
        assert done.claimed == done.sent
        assert done.waiting == 9 - sum(sent), "what waits is counted"
    assert sum(sent) == 9
    times = [when for when, _ in both_world.zalo.sent]
    assert all(sum(start <= when < start + MINUTE for when in times) <= 4 for start in times)
    assert {message.attempts for message in both_world.messages()} == {1}


def test_a_channel_without_room_holds_up_no_other(world: World) -> None:
    queue(world, 6)
    with world.transaction() as session:
        for number, message in enumerate(session.scalars(select(Message))):
            message.channel = "email" if number % 2 else "zalo"
    bound(world, zalo_per_minute=1)
    assert world.deliver(LATER).sent == 4
    assert (len(world.zalo.sent), len(world.email.sent)) == (1, 3)


def test_a_pause_heard_by_one_is_kept_by_all(both_world: World) -> None:
    queue(both_world, 5)

    def too_fast(envelope: Envelope) -> None:
        raise Delivery("temporary", "-32", "Zalo báo gửi quá nhanh.")

    both_world.zalo.answer = too_fast
    both_world.deliver(LATER, workers=1)
    assert len(both_world.zalo.tried) == 1, "the first to hear it stops the others"
    both_world.zalo.answer = lambda envelope: None
    assert both_world.deliver(LATER + timedelta(seconds=59)).claimed == 0
    with reading(both_world.url) as session:
        window = session.get_one(ChannelWindow, "zalo")
        assert (window.paused_until, window.pause_reason) == (LATER + MINUTE, "Zalo báo gửi quá nhanh.")
    assert both_world.deliver(LATER + timedelta(seconds=61)).sent == 5
    assert {message.attempts for message in both_world.messages()} == {1}


def test_of_two_pauses_the_longer_holds(database_url: str) -> None:
    for minutes in (5, 2):
        pause = pause_of("zalo", Delivery("temporary", "-32", "x", LATER + minutes * MINUTE), LATER)
        with transaction(database_url) as session:
            write_pauses(session, [pause] if pause else [], LATER)
    with transaction(database_url) as session:
        assert session.get_one(ChannelWindow, "zalo").paused_until == LATER + 5 * MINUTE


@pytest.mark.postgres
def test_two_who_reserve_at_once_never_take_the_same_room(postgres_url: str, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, postgres_url).model_copy(update={"mail_per_minute": 10})
    taken: list[int] = []

    def run() -> None:
        for _ in range(5):
            with transaction(postgres_url) as session:
                rooms = Rooms(session, ["email"], settings, LATER)
                number = int(min(3, rooms.of("email")))
                rooms.take("email", number)
                rooms.write()
                taken.append(number)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(taken) == 10


@given(st.lists(st.integers(0, 59), max_size=30), st.integers(0, 12))
def test_a_person_s_hour(minutes: list[int], limit: int) -> None:
    times = [LATER - timedelta(minutes=n) for n in minutes]
    when = free_at(times, limit, LATER)
    if not limit or len(times) < limit:
        assert when is None
    else:
        assert when is not None
        assert when > LATER
        assert sum(one > when - timedelta(hours=1) for one in times) < limit or when == LATER + MINUTE


def test_a_person_hears_no_more_than_his_hour_allows_but_urgent_words_pass(world: World) -> None:
    add_duty(world, "25/3")
    world.chase(MORNING)
    with world.transaction() as session:
        (first,) = session.scalars(select(Message)).all()
        for number in range(5):
            urgent = number == 4
            copy = Message(person_id=first.person_id, channel="zalo", address="1", kind="alert" if urgent else "notice")
            copy.dedupe_key, copy.subject, copy.text, copy.thread = f"n{number}", "Thông báo", f"Tin {number}", []
            copy.state, copy.not_before, copy.created_at = "queued", MORNING + number * MINUTE, MORNING
            session.add(copy)
    bound(world, person_per_hour=3)
    done = world.deliver(LATER)
    assert (done.sent, done.claimed) == (4, 4), "three, and the alert"
    waiting = world.messages("queued")
    assert [(one.attempts, one.not_before) for one in waiting] == [(0, LATER + timedelta(hours=1))] * 2
    assert world.deliver(LATER + timedelta(minutes=59)).claimed == 0
    assert world.deliver(LATER + timedelta(hours=1)).sent == 2


def test_the_urgent_leave_first_but_nobody_waits_for_ever(world: World) -> None:
    queue(world, 12)
    with world.transaction() as session:
        rows = session.scalars(select(Message).order_by(Message.id)).all()
        for row in rows[4:]:
            row.priority, row.not_before = 1, MORNING + timedelta(minutes=5)
        old = {row.id for row in rows[:4]}
    bound(world, zalo_per_minute=4)
    deliver_due(
        partial(transaction, world.url), world.channels, lambda: LATER, world.settings, 4, calendar=world.calendar
    )
    left = [envelope.outbox_id for envelope in world.zalo.tried]
    assert len(left) == 4
    assert len(old & set(left)) == 1, "a quarter for those that have waited longest"


@given(st.integers(1, 40), st.integers(0, 60), st.integers(0, 60))
def test_a_fair_choice_is_full_and_has_no_doubles(number: int, urgent: int, oldest: int) -> None:
    first = [Due(n, "zalo", None, 1, "notice") for n in range(min(urgent, number))]
    second = [Due(n, "zalo", None, 5, "notice") for n in range(1000, 1000 + min(oldest, number))]
    chosen = fair(first, second if len(first) == number else [], number)
    assert len(chosen) == len(set(chosen)) == len(first)
    assert len(set(chosen) & set(second)) <= number // 4
