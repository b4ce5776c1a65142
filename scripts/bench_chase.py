"""The chase where nearly nothing is due: a sweep over a million open occurrences, and a run with nothing to say.

`DONDOC_BENCH_OPEN` makes it smaller, `python -m scripts.bench_chase` runs it alone. Everything lies in a temporary
folder or database and is removed.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from prefect import flow
from prefect.testing.utilities import prefect_test_harness
from pydantic import SecretStr
from sqlalchemy import create_engine, insert, make_url, text
from sqlalchemy.orm import Session

from chasing import ZONE, next_actions
from config.ladders import PACKAGED, read_ladders
from config.settings import Settings, build_settings
from db.migrate import upgrade
from db.models import Obligation, Person, Plan, Unit
from db.session import engine_for, transaction
from deadlines import WorkCalendar
from flows.chase_units import chase_units
from notifications.chase import load_cases, run_chase
from tests.postgres_server import postgres_server

OPEN = int(os.environ.get("DONDOC_BENCH_OPEN", "1000000"))
DUE = 5_000
UNITS, DUTIES = 500, 50
NOW = datetime(2026, 3, 18, 8, tzinfo=ZONE)
DAYS = [date(2026, 3, day) for day in (13, 16, 17, 18, 19, 20, 23, 25, 27, 31)]
LATER = date(2026, 12, 10)
CALENDAR = WorkCalendar({}, [2025, 2026, 2027])
LADDERS = read_ladders(PACKAGED)
SEVERAL = 15

# What a person would write who asks for the same rows by hand.
BARE = """
SELECT o.id, o.kind, o.state, o.due_target, o.due_legal, o.extended_due, o.last_step, o.last_step_at,
       o.acknowledged_at, o.quiet_until, CAST(o.ladder AS TEXT), d.ladder, p.ladder, u.muted_until,
       (SELECT max(e.decided_at) FROM extensions e WHERE e.occurrence_id = o.id AND e.state = 'granted'),
       (SELECT max(e.asked_at) FROM extensions e WHERE e.occurrence_id = o.id AND e.state = 'asked'),
       (SELECT max(s.reviewed_at) FROM submissions s WHERE s.occurrence_id = o.id AND s.state = 'returned')
FROM occurrences o JOIN obligations d ON d.id = o.obligation_id JOIN plans p ON p.id = d.plan_id
JOIN units u ON u.id = o.unit_id
WHERE o.id IN (SELECT id FROM occurrences WHERE state IN ('open', 'returned') AND due_target <= '2026-04-16')
  AND o.state IN ('open', 'returned') AND p.state = 'confirmed' AND d.active AND u.active
"""


COLUMNS = (
    "obligation_id, unit_id, period_key, period_label, period_start, period_end, kind, rule_no, nominal, due_legal,"
    " due_target, explanation, state, ladder, last_step, last_step_at, revision"
)
NUMBERS = {
    "sqlite": "WITH RECURSIVE r(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM r WHERE n + 1 < {count})",
    "postgresql": "WITH r AS (SELECT generate_series(0, {count} - 1) AS n)",
}


def bench_chase() -> None:
    """Both benches, on SQLite and, where there is a server, on PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'open.db'}"
        bench_sweep("SQLite", url, Path(folder))
        bench_nothing_due(url, Path(folder))
        engine_for(url).dispose()
    with postgres_server() as server, tempfile.TemporaryDirectory() as folder:
        if server is None:
            print("no PostgreSQL on this machine: the sweep was not measured there")
            return
        _bench_postgres(server, Path(folder))


def _bench_postgres(server: str, folder: Path) -> None:
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    drop, name = "DROP DATABASE IF EXISTS dondoc_bench_chase WITH (FORCE)", "dondoc_bench_chase"
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    try:
        with admin.connect() as connection:
            connection.execute(text(drop))
            connection.execute(text(f"CREATE DATABASE {name}"))
        bench_sweep("PostgreSQL", url, folder)
    finally:
        engine_for(url).dispose()
        with admin.connect() as connection:
            connection.execute(text(drop))
        admin.dispose()


def bench_sweep(database: str, url: str, folder: Path) -> None:
    """Looking at every open case and deciding, against the bare SQL of the same rows; then a whole run."""
    seed(url)
    settings = _settings(url, folder)
    with transaction(url) as session:
        bare = _best(lambda: len(_bare(session)))
        loaded = _best(lambda: len(load_cases(session, NOW, CALENDAR, LADDERS)))
        swept = _best(lambda: _sweep(session))
        session.rollback()
    print(
        f"{f'sweep of {OPEN:,} open on {database}':<44} {DUE:>7,} due in {swept * 1000:.0f} ms"
        f" (read {loaded * 1000:.0f})   bare SQL {bare * 1000:.0f} ms   times {swept / bare:.2f}"
    )
    start = time.perf_counter()
    with transaction(url) as session:
        done = run_chase(session, NOW, CALENDAR, LADDERS, settings)
    seconds = time.perf_counter() - start
    print(f"{'the whole run of that day':<44} {done.steps:>7,} steps in {done.messages:,} messages in {seconds:.1f} s")


def _bare(session: Session) -> list[Any]:
    cursor = session.connection().connection.cursor()
    cursor.execute(BARE)
    return list(cursor.fetchall())


def _sweep(session: Session) -> int:
    cases = load_cases(session, NOW, CALENDAR, LADDERS)
    return sum(len(next_actions(case, NOW, CALENDAR)) for case in cases.values())


def _best(work: Callable[[], int]) -> float:
    """Seconds of the quickest call of several, for others use this machine, too; the first one warms up."""
    counts, took = {work()}, []
    for _ in range(SEVERAL):
        start = time.perf_counter()
        counts.add(work())
        took.append(time.perf_counter() - start)
    if len(counts) != 1:
        raise AssertionError(f"not the same each time: {counts}")
    return min(took)


def bench_nothing_due(url: str, folder: Path) -> None:
    """The flow of the chase on a day without anything to say, against a flow that does nothing."""

    @flow(name="empty")
    async def empty() -> dict[str, int]:
        return {}

    settings = {"DONDOC_HOME": str(folder), "DONDOC_DATABASE_URL": url, "DONDOC_SECRET_KEY": "x" * 40}
    # A setting that does not exist is refused, and those of the benches are none.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DONDOC_BENCH")}
    with patch.dict(os.environ, kept | settings, clear=True), prefect_test_harness():
        logging.getLogger("prefect").setLevel(logging.CRITICAL)
        bare = _best(lambda: len(asyncio.run(empty())))
        ours = _best(lambda: asyncio.run(chase_units("2026-01-05T08:00:00+07:00"))["messages"])
    shown = f"{ours * 1000:.0f} ms   empty flow {bare * 1000:.0f} ms   times {ours / bare:.2f}"
    print(f"{'a chase with nothing due':<44} {shown}")


def seed(url: str) -> None:
    """A confirmed plan of many duties for many units, each open; few fall due around the day of the run."""
    upgrade(url)
    with transaction(url) as session:
        session.execute(insert(Unit), [_unit(number) for number in range(1, UNITS + 1)])
        session.execute(insert(Person), [_person(number) for number in range(1, UNITS + 1)])
        session.add(_plan())
        session.flush()
        session.execute(insert(Obligation), [_duty(number) for number in range(1, DUTIES + 1)])
        dialect = session.get_bind().dialect.name
        session.execute(text(_occurrences(dialect)), {"ladder": json.dumps(LADDERS["default"].to_json())})
    with transaction(url) as session:
        session.execute(text("ANALYZE"))


def _occurrences(dialect: str) -> str:
    """One in so many falls due around the day, half of these in the middle of their chase."""
    every = OPEN // DUE
    days = " ".join(f"WHEN {number} THEN '{day}'" for number, day in enumerate(DAYS))
    due = f"CASE WHEN n % {every} = 0 THEN CASE n / {every} % {len(DAYS)} {days} END ELSE '{LATER}' END"
    day = f"CAST({due} AS DATE)" if dialect == "postgresql" else due
    running = f"n % {2 * every} = 0"
    snapshot = "CAST(:ladder AS JSON)" if dialect == "postgresql" else ":ladder"
    explained = json.dumps(["Hạn theo văn bản, rồi dời theo lịch làm việc của cơ quan."] * 6)
    typed = dialect == "postgresql"
    start, end = (f"CAST('{day}' AS DATE)" if typed else f"'{day}'" for day in ("2026-01-01", "2026-03-31"))
    told = "2026-03-10 01:00:00.000000"
    said = f"CAST('{told}+00' AS TIMESTAMPTZ)" if typed else f"'{told}'"
    values = (
        f"n / {UNITS} % {DUTIES} + 1, n % {UNITS} + 1, 'p' || (n / {UNITS * DUTIES}), 'Quý I/2026', {start}, {end},"
        f" 'report', 0, {day}, {day}, {day}, '{explained}', 'open', CASE WHEN {running} THEN {snapshot} END,"
        f" CASE WHEN {running} THEN 'before-10' END, CASE WHEN {running} THEN {said} END, 0"
    )
    numbers = NUMBERS[dialect].format(count=OPEN)
    if dialect == "postgresql":
        return f"INSERT INTO occurrences ({COLUMNS}) {numbers} SELECT {values} FROM r"  # noqa: S608
    return f"INSERT INTO occurrences ({COLUMNS}) {numbers} SELECT {values} FROM r"  # noqa: S608


def _unit(number: int) -> dict[str, Any]:
    return {"code": f"u{number}", "name": f"Đơn vị {number}", "is_group": False, "active": True}


def _person(number: int) -> dict[str, Any]:
    facts = {"code": f"p{number}", "name": f"Người {number}", "role": "leader", "unit_id": number, "active": True}
    return facts | {"email": f"p{number}@xa.example", "channels": ["email"]}


def _plan() -> Plan:
    return Plan(
        code="KH1",
        title="Kế hoạch",
        year=2026,
        state="confirmed",
        file_name="kh.docx",
        file_sha256="0" * 64,
        reading={},
        imported_at=NOW,
    )


def _duty(number: int) -> dict[str, Any]:
    return {"plan_id": 1, "position": number, "key": f"k{number}", "content": f"Báo cáo số {number}"}


def _settings(url: str, folder: Path) -> Settings:
    key = SecretStr("x" * 40)
    return build_settings(
        {"home": folder, "database_url": url, "secret_key": key, "smtp_url": SecretStr("smtp://x:25")}
    )


if __name__ == "__main__":
    bench_chase()
