"""Kept once, done once: redeliveries, two at once, a stop at any place, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from submissions.inbound import taking
from submissions.inbound.taking import handle_waiting, keep, take_in
from tests.inbound.inbound_world import CALENDAR, NOW, PDF_FILE, InboundWorld


def test_ten_at_once_do_it_once(both_world: InboundWorld) -> None:
    world = both_world
    incoming = world.incoming("Gửi báo cáo", uploads=(PDF_FILE,))
    start = threading.Barrier(10)
    faults: list[BaseException] = []

    def run() -> None:
        start.wait()
        try:
            take_in(world.transaction, incoming, NOW, CALENDAR, world.settings)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    (row,) = world.rows()
    assert (row.state, row.attempts) == ("handled", 1)
    assert len(world.occurrence().submissions) == 1
    assert len(world.replies()) == 1


def test_what_was_kept_before_a_stop_is_taken_up(both_world: InboundWorld) -> None:
    world = both_world
    keep(world.transaction, world.incoming("đã nhận"), world.settings)
    assert [row.state for row in world.rows()] == ["received"]
    assert handle_waiting(world.transaction, NOW + timedelta(hours=1), CALENDAR, world.settings) == 1
    assert handle_waiting(world.transaction, NOW + timedelta(hours=1), CALENDAR, world.settings) == 0
    assert world.rows()[0].state == "handled"


@pytest.mark.parametrize("at", [1, 2])
def test_a_stop_at_any_transaction_loses_and_doubles_nothing(world: InboundWorld, at: int) -> None:
    class Stopped(BaseException):
        """Stands for kill -9."""

    opened = 0

    @contextmanager
    def stopping() -> Iterator[Session]:
        nonlocal opened
        opened += 1
        with world.transaction() as session:
            yield session
            if opened == at:
                raise Stopped

    incoming = world.incoming("", uploads=(PDF_FILE,))
    with pytest.raises(Stopped):
        take_in(stopping, incoming, NOW, CALENDAR, world.settings)
    take_in(world.transaction, incoming, NOW, CALENDAR, world.settings)
    handle_waiting(world.transaction, NOW + timedelta(hours=1), CALENDAR, world.settings)
    (row,) = world.rows()
    assert row.state == "handled"
    assert len(world.occurrence().submissions) == 1
    assert len(world.replies()) == 1


def test_a_fault_of_the_program_is_tried_three_times_then_waits_for_a_person(
    world: InboundWorld, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError("Nội dung riêng của Nguyễn Văn A")

    monkeypatch.setattr(taking, "act", broken)
    row = world.say("Nội dung riêng của Nguyễn Văn A")
    assert (row.state, row.attempts) == ("received", 1)
    for minutes in (1, 5, 20):
        handle_waiting(world.transaction, NOW + timedelta(minutes=minutes), CALENDAR, world.settings)
    (row,) = world.rows()
    assert (row.state, row.attempts) == ("failed", 3)
    assert "Nguyễn" not in caplog.text
    assert "RuntimeError" in caplog.text


def test_what_cannot_be_kept_in_a_database_is_kept_all_the_same(both_world: InboundWorld) -> None:
    world = both_world
    row = world.say("đã\x00 nhận", dedupe_key="mail:<" + "x" * 400 + "\x00@a>", subject="a\x00b\r\nc" * 90)
    assert (row.state, row.text) == ("handled", "đã nhận")
    assert len(row.dedupe_key) <= 255
    assert len(row.subject) <= 255
