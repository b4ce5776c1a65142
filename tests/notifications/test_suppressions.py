"""Dead addresses: barred once, found however they are written, lifted by a person, all of it in the journal."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from config.faults import Refusal
from db import journal
from db.models import JournalEntry, Suppression
from db.session import reading, transaction
from notifications.suppressions import barred, lift, normal_address, suppress
from tests.notifications.chase_world import at, on

NOW = at(on("18/3"))


def bar(url: str, channel: str, address: str) -> int:
    with transaction(url) as session:
        return suppress(session, channel, address, source="bounce", reason="Không có hộp thư này.", now=NOW).id


ADDRESSES = {
    "mail in any case": ("email", " An.Nguyen@XA.Gov.VN ", "an.nguyen@xa.gov.vn"),
    "a user id as it is": ("zalo", "AbC123", "AbC123"),
    "a group as it is": ("zalo", "group:7f3A", "group:7f3A"),
    "a telephone number": ("zbs", "0912345678 ", "0912345678"),
}


@pytest.mark.parametrize(("channel", "given", "kept"), ADDRESSES.values(), ids=ADDRESSES)
def test_an_address_is_kept_in_one_form(channel: str, given: str, kept: str) -> None:
    assert normal_address(channel, given) == kept
    assert normal_address(channel, kept) == kept


def test_an_address_is_barred_on_its_channel_only_until_a_person_lifts_it(database_url: str) -> None:
    number = bar(database_url, "email", "An@xa.test")
    assert bar(database_url, "email", "an@XA.test") == number, "one bar in force an address"
    asked = {("email", "AN@xa.test"), ("zalo", "an@xa.test"), ("email", "binh@xa.test")}
    with reading(database_url) as session:
        assert barred(session, asked) == {("email", "AN@xa.test")}
        assert barred(session, []) == set()
    with transaction(database_url) as session:
        assert lift(session, number, "Vy", NOW + timedelta(days=1)).lifted_by == "Vy"
        assert barred(session, asked) == set()
        with pytest.raises(Refusal, match="đã được mở lại"):
            lift(session, number, "Vy", NOW)
        with pytest.raises(Refusal, match="Không có địa chỉ chết số 999"):
            lift(session, 999, "Vy", NOW)
    again = bar(database_url, "email", "an@xa.test")
    assert again != number, "the lifted one stays as history"
    with reading(database_url) as session:
        written = [(e.action, e.subject_id, e.actor) for e in session.scalars(select(JournalEntry))]
        assert written == [
            ("address.bar", number, "dondoc"),
            ("address.lift", number, "Vy"),
            ("address.bar", again, "dondoc"),
        ]
        assert list(journal.verify(session)) == []


@pytest.mark.postgres
def test_two_who_bar_at_once_make_one_bar(postgres_url: str) -> None:
    here, numbers = threading.Barrier(4), []

    def run() -> None:
        with transaction(postgres_url) as session:
            here.wait()
            numbers.append(suppress(session, "zalo", "42", source="refused", reason="đã khóa", now=NOW).id)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(numbers) == 4
    assert len(set(numbers)) == 1
    with reading(postgres_url) as session:
        assert len(session.scalars(select(Suppression)).all()) == 1
        assert len(session.scalars(select(JournalEntry)).all()) == 1
