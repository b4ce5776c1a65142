"""Many rows at once, past the models: a country has a million occurrences a year, which the models write too slowly.

SQLite gets one prepared statement for all rows, PostgreSQL a COPY; both belong to the session's own transaction. Values
must be what the database itself keeps: days in ISO form, JSON as text, instants by `instant_value`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

Row = tuple[Any, ...]


def insert_rows(session: Session, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert rows in the order of `columns`; what is not named gets the database's own default.

    What the session holds is flushed first. Raises IntegrityError when a row breaks a constraint, OperationalError when
    the server cannot (its disk is full, a lock was not to be had, it is gone), as any other statement of the session.
    """
    if not rows:
        return
    connection = session.connection()
    session.flush()
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", list(rows))  # noqa: S608
    else:
        _copy(connection, table, columns, rows)


def _copy(connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    names = ", ".join(columns)
    statement = f"COPY {table} ({names}) FROM STDIN"
    try:
        with driver.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.IntegrityError as error:
        raise IntegrityError(statement, None, error) from error
    except psycopg.OperationalError as error:
        raise OperationalError(statement, None, error) from error


def instant_value(session: Session, moment: datetime) -> str:
    """An aware instant as `UtcDateTime` keeps it in this database. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("naive datetime refused: give it a time zone")
    utc = moment.astimezone(UTC)
    zone = "" if session.connection().dialect.name == "sqlite" else "+00:00"
    return f"{utc:%Y-%m-%d %H:%M:%S}.{utc.microsecond:06d}{zone}"
