"""An installation that is in use is upgraded with everything in it."""

from __future__ import annotations

from alembic import command
from sqlalchemy import func, inspect, select, table

from db.migrate import _config, _migrating, is_current, upgrade
from db.session import engine_for, transaction
from tests.web.builders import add_users
from tests.web.office_builders import fill


def _counts(url: str) -> dict[str, int]:
    engine = engine_for(url)
    names = set(inspect(engine).get_table_names()) - {"alembic_version", "approved_rules"}
    with engine.connect() as connection:
        return {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in sorted(names)}


def test_a_filled_database_keeps_every_row(sqlite_url: str) -> None:
    """SQLite rebuilds a table to change a column: dropping the old one must not take along what hangs on it."""
    with transaction(sqlite_url) as session:
        add_users(session)
        fill(session)
    before = _counts(sqlite_url)
    assert before["obligations"]
    assert before["occurrences"]
    with _migrating(sqlite_url) as connection:
        command.downgrade(_config(connection), "0006")
    assert not is_current(sqlite_url)
    upgrade(sqlite_url)
    assert _counts(sqlite_url) == before
    with engine_for(sqlite_url).connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1, "keys are held again"
