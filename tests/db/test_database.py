"""The ground: transactions, times, the journal, the file store, the migrations."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError, StatementError

from config.clock import ZONE
from db import journal
from db.file_store import read_stored, store_bytes, stored_path
from db.migrate import is_current, upgrade
from db.models import Base, GroupMember, JournalEntry, JournalHead, Unit, User
from db.session import engine_for, reading, transaction

NOW = datetime(2026, 3, 16, 8, 0, tzinfo=ZONE)


def test_migrations_give_exactly_the_models(database_url: str) -> None:
    with engine_for(database_url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_upgrading_twice_changes_nothing(database_url: str) -> None:
    upgrade(database_url)
    assert is_current(database_url)


def _write_and_fail(url: str) -> None:
    with transaction(url) as session:
        session.add(Unit(code="a", name="A"))
        session.flush()
        raise RuntimeError("power cut")


def test_a_transaction_that_fails_leaves_nothing(database_url: str) -> None:
    with pytest.raises(RuntimeError):
        _write_and_fail(database_url)
    with reading(database_url) as session:
        assert session.scalars(select(Unit)).all() == []


def test_reading_throws_changes_away(database_url: str) -> None:
    with reading(database_url) as session:
        session.add(Unit(code="a", name="A"))
    with reading(database_url) as session:
        assert session.scalars(select(Unit)).all() == []


def test_foreign_keys_hold(database_url: str) -> None:
    with pytest.raises(IntegrityError), transaction(database_url) as session:
        session.add(GroupMember(group_id=1, member_id=2))


def test_times_come_back_aware_and_equal(database_url: str) -> None:
    with transaction(database_url) as session:
        session.add(User(username="an", full_name="An", role="admin", password_hash="x", created_at=NOW))
    with reading(database_url) as session:
        assert session.scalars(select(User.created_at)).one() == NOW


def test_a_naive_time_is_refused(database_url: str) -> None:
    naive = datetime(2026, 3, 16, 8, 0)  # noqa: DTZ001 - the point of the test
    with pytest.raises(StatementError, match="naive"), transaction(database_url) as session:
        session.add(User(username="an", full_name="An", role="admin", password_hash="x", created_at=naive))


def _write(url: str, count: int) -> None:
    for number in range(count):
        with transaction(url) as session:
            journal.record(session, at=NOW, actor="An", action="test.write", subject_kind="plan", subject_id=number)


def test_the_journal_of_many_writers_is_one_unbroken_chain(database_url: str) -> None:
    _write(database_url, 1)
    writers = [threading.Thread(target=_write, args=(database_url, 5)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with reading(database_url) as session:
        assert session.scalars(select(JournalHead.seq)).one() == 21
        assert list(journal.verify(session)) == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (update(JournalEntry).where(JournalEntry.seq == 2).values(actor="Bình"), "số 2 (test.write) đã bị sửa"),
        (JournalEntry.__table__.delete().where(JournalEntry.seq == 2), "thiếu mục số 2"),  # type: ignore[attr-defined]
        (JournalEntry.__table__.delete().where(JournalEntry.seq == 3), "Phần cuối nhật ký bị mất"),  # type: ignore[attr-defined]
    ],
    ids=["changed", "removed", "cut off"],
)
def test_tampering_with_the_journal_shows(sqlite_url: str, statement: object, words: str) -> None:
    _write(sqlite_url, 3)
    with transaction(sqlite_url) as session:
        session.execute(statement)  # type: ignore[call-overload]
    with reading(sqlite_url) as session:
        assert any(words in line for line in journal.verify(session))


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    first, again = store_bytes(tmp_path, b"x"), store_bytes(tmp_path, b"x")
    assert first == again
    assert read_stored(tmp_path, first) == b"x"
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize("name", ["../../etc/passwd", "A" * 64, "", "g" * 64, "/" + "a" * 63])
def test_only_a_hash_reaches_the_file_system(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        stored_path(tmp_path, name)


def test_utc_is_what_the_database_holds(sqlite_url: str) -> None:
    with transaction(sqlite_url) as session:
        session.add(User(username="an", full_name="An", role="admin", password_hash="x", created_at=NOW))
    with engine_for(sqlite_url).connect() as connection:
        stored = connection.exec_driver_sql("SELECT created_at FROM users").scalar_one()
    assert str(stored).startswith(NOW.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"))
