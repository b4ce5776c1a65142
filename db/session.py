"""The one place that opens and commits transactions.

`transaction()` is called by the edges alone (a CLI command, a web route, a Prefect task); services get the session as
an argument and never commit (a test holds this). On SQLite a writing transaction begins IMMEDIATE, so two writers
queue at the start instead of failing in the middle; reading never blocks a writer (WAL).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

from config.settings import load_settings

# FULL: under NORMAL a power cut may take back the last commits, and with them the claim of a message already sent.
SQLITE_PRAGMAS = ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000")


@lru_cache(maxsize=8)
def engine_for(url: str) -> Engine:
    """The engine of a database address; one a process and address. Its errors go to logs, so they name no values."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": 30}, hide_parameters=True)
    _prepare_sqlite(engine)
    return engine


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: Any, record: object) -> None:
        # The driver's own BEGIN is lazy and breaks IMMEDIATE; SQLAlchemy's documented cure is to emit it ourselves.
        connection.isolation_level = None
        for pragma in SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("read_only", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def transaction(url: str | None = None) -> Iterator[Session]:
    """A writing transaction, committed when the block ends well and rolled back when it raises."""
    with Session(engine_for(url or load_settings().database_url), expire_on_commit=False) as session:
        with session.begin():
            yield session


@contextmanager
def reading(url: str | None = None) -> Iterator[Session]:
    """A session that only reads; whatever it changed is thrown away."""
    engine = engine_for(url or load_settings().database_url).execution_options(read_only=True)
    with Session(engine, expire_on_commit=False) as session:
        try:
            yield session
        finally:
            session.rollback()


def dispose_engines() -> None:
    """Close every pooled connection (before a database file is copied or removed)."""
    engine_for.cache_clear()
