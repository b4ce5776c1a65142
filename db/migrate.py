"""Bringing a database to the newest schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from db.session import engine_for

HERE = Path(__file__).parent / "migrations"


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config


def upgrade(url: str) -> None:
    """Create or upgrade the schema at `url`. Safe to repeat, and safe when two processes start at once."""
    with _migrating(url) as connection:
        command.upgrade(_config(connection), "head")


@contextmanager
def _migrating(url: str) -> Iterator[Connection]:
    """A transaction in which tables may be rebuilt. Raises RuntimeError when a row then refers to none."""
    with engine_for(url).connect() as connection:
        if connection.dialect.name == "postgresql":
            with connection.begin():
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7126203)")
                yield connection
            return
        # SQLite changes a column by copying its table and dropping the old one; with the keys on, that drop would first
        # delete every row, and whatever hangs on it. The switch does nothing inside a transaction, so it stands before.
        with _keys_off(connection), connection.begin():
            yield connection
            if lost := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
                raise RuntimeError(f"a migration leaves rows that refer to none: {lost[:5]}")


@contextmanager
def _keys_off(connection: Connection) -> Iterator[None]:
    """A SQLite connection that does not hold rows to their keys; given back as it was."""
    # On the driver itself: SQLAlchemy would begin a transaction first.
    driver = connection.connection
    driver.cursor().execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.cursor().execute("PRAGMA foreign_keys=ON")


def is_current(url: str) -> bool:
    """Whether the database at `url` has the newest schema."""
    with engine_for(url).execution_options(read_only=True).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest()


def newest() -> str | None:
    """The newest revision that this program knows."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    return ScriptDirectory.from_config(config).get_current_head()
