"""Two chases at once, a clock set back, a database locked, a disk full: nothing leaves twice, nothing is lost."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from db import journal, session
from db.session import engine_for, reading
from notifications import delivery
from notifications.channels import Envelope
from notifications.delivery import CLAIM_FOR
from tests.notifications.chase_world import World, add_duty, add_unit, at, on

MORNING = at(on("18/3"))
LATER = at(on("18/3"), "08:20")
SHORT = 0.35
"""Seconds that a trouble lasts here; a minute in the field, where each wait is longer by as much."""


def queue(world: World, number: int) -> None:
    for n in range(number):
        add_unit(world, f"u{n}", f"Đơn vị {n}", [(f"Người {n}", "contact")])
        add_duty(world, "25/3", unit=f"u{n}")
    world.chase(MORNING)


def copies(world: World) -> Counter[int]:
    """How often each message arrived."""
    return Counter(envelope.outbox_id for envelope in world.arrived())


def test_two_chases_at_once_queue_every_message_once(both_world: World) -> None:
    for n in range(6):
        add_unit(both_world, f"u{n}", f"Đơn vị {n}", [(f"Người {n}", "contact")])
        add_duty(both_world, "25/3", unit=f"u{n}")
    here, errors = threading.Barrier(2), list[BaseException]()

    def run() -> None:
        here.wait()
        try:
            both_world.chase(MORNING)
        except (IntegrityError, OperationalError) as error:
            # The key held; the task is tried again, and then finds the work done.
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(errors) < 2
    both_world.chase(MORNING)
    assert Counter(message.person_id for message in both_world.messages()).most_common(1)[0][1] == 1
    assert both_world.deliver(LATER).sent == 6
    assert both_world.deliver(LATER).sent == 0


def test_a_clock_set_back_an_hour_neither_repeats_nor_loses(both_world: World) -> None:
    queue(both_world, 6)
    both_world.settings = both_world.settings.model_copy(update={"zalo_per_minute": 2})

    def die(envelope: Envelope) -> None:
        raise KeyboardInterrupt

    assert both_world.deliver(LATER).sent == 2
    both_world.zalo.answer = die
    with pytest.raises(KeyboardInterrupt):
        both_world.deliver(LATER + timedelta(minutes=2), workers=1)
    both_world.zalo.answer = lambda envelope: None
    for minutes in range(-58, 120, 15):
        both_world.deliver(LATER + timedelta(minutes=minutes))
    assert copies(both_world).most_common(1)[0][1] == 1
    states = Counter(message.state for message in both_world.messages())
    assert states["sent"] + states["unknown"] == 6
    assert states["unknown"] >= 1, "what was in the hands is doubtful, and listed"
    assert set(copies(both_world)) == {message.id for message in both_world.messages("sent")}


@dataclass
class Trouble:
    """A fault of the database that can be switched on and off while a deliverer works."""

    world: World
    monkeypatch: pytest.MonkeyPatch

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Somebody else writes and does not end."""
        url = make_url(self.world.url)
        if url.get_backend_name() == "sqlite":
            other = sqlite3.connect(str(url.database), isolation_level=None, check_same_thread=False)
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
            other.close()
        else:
            with create_engine(url).connect() as connection:
                connection.execute(text("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE"))
                yield

    @contextmanager
    def full(self) -> Iterator[None]:
        """Nothing more fits on the disk."""
        engine = engine_for(self.world.url)
        if engine.dialect.name == "sqlite":
            with engine.connect() as connection:
                pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            sizes = (*session.SQLITE_PRAGMAS, f"max_page_count={pages}")
            with self.monkeypatch.context() as patched:
                patched.setattr(session, "SQLITE_PRAGMAS", sizes)
                engine.dispose()
                yield
            engine.dispose()
        else:
            raising = "BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END"
            with engine.begin() as connection:
                connection.execute(
                    text(f"CREATE FUNCTION full_disk() RETURNS trigger AS $${raising}$$ LANGUAGE plpgsql")
                )
                trigger = "CREATE TRIGGER full_disk BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION full_disk()"
                connection.execute(text(trigger))
            yield
            with engine.begin() as connection:
                connection.execute(text("DROP FUNCTION full_disk() CASCADE"))

    def strike(self, name: str, seconds: float) -> Callable[[Envelope], None]:
        """What a channel does meanwhile: at the first message the trouble begins, and ends so much later."""
        once, begun = threading.Lock(), threading.Event()

        def hold() -> None:
            with getattr(self, name)():
                begun.set()
                time.sleep(seconds)

        def answer(envelope: Envelope) -> None:
            if once.acquire(blocking=False):
                self.thread = threading.Thread(target=hold)
                self.thread.start()
            begun.wait(10)

        return answer


@pytest.fixture
def trouble(both_world: World, monkeypatch: pytest.MonkeyPatch) -> Trouble:
    """A database that waits for a lock only a moment, and a deliverer that asks again as often as in the field."""
    pragmas = [one for one in session.SQLITE_PRAGMAS if not one.startswith("busy_timeout")]
    monkeypatch.setattr(session, "SQLITE_PRAGMAS", (*pragmas, "busy_timeout=20"))
    monkeypatch.setattr(delivery, "SETTLE_WAITS", (0.1,) * 20)
    engine = engine_for(both_world.url)
    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", lambda one, _: one.execute("SET lock_timeout = '20ms'"))
    engine.dispose()
    return Trouble(both_world, monkeypatch)


@pytest.mark.parametrize("name", ["locked", "full"])
def test_a_trouble_after_the_send_loses_no_outcome(
    both_world: World, trouble: Trouble, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    queue(both_world, 20)
    both_world.zalo.answer = trouble.strike(name, SHORT)
    done = both_world.deliver(LATER, workers=8)
    trouble.thread.join()
    both_world.zalo.answer = lambda envelope: None
    assert "the database did not answer" in caplog.text, "the trouble was felt"
    # What could not be claimed meanwhile waits for the next run.
    assert done.unknown == 0
    both_world.deliver(LATER + timedelta(minutes=5))
    assert copies(both_world) == dict.fromkeys([message.id for message in both_world.messages("sent")], 1)
    assert len(both_world.messages("sent")) == 20
    with reading(both_world.url) as opened:
        assert list(journal.verify(opened)) == []


@pytest.mark.parametrize("name", ["locked", "full"])
def test_a_trouble_that_outlasts_all_patience_leaves_doubts_and_no_doubles(
    both_world: World, trouble: Trouble, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "SETTLE_WAITS", (0.01,))
    queue(both_world, 20)
    both_world.zalo.answer = trouble.strike(name, 1.0)
    with pytest.raises(DBAPIError):
        both_world.deliver(LATER, workers=8)
    trouble.thread.join()
    both_world.zalo.answer = lambda envelope: None
    both_world.deliver(LATER + timedelta(minutes=5))
    both_world.deliver(LATER + CLAIM_FOR + timedelta(minutes=1))
    assert copies(both_world).most_common(1)[0][1] == 1
    unknown = {message.id for message in both_world.messages("unknown")}
    sent = {message.id for message in both_world.messages("sent")}
    assert unknown
    assert unknown | sent == {message.id for message in both_world.messages()}
    assert sent <= set(copies(both_world))


def test_what_cannot_be_claimed_does_not_leave(both_world: World, trouble: Trouble) -> None:
    queue(both_world, 3)
    with trouble.locked(), pytest.raises(OperationalError):
        both_world.deliver(LATER)
    assert both_world.zalo.tried == []
    assert both_world.deliver(LATER).sent == 3
