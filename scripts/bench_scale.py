"""The country's year: 3,321 communes, 50 duties each, a million occurrences; against the bare database in one run.

`DONDOC_BENCH_COMMUNES` makes it smaller, `python -m scripts.bench_scale` runs it alone. Everything lies in a temporary
folder and is removed.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import create_engine, func, insert, make_url, select, text

from config.days_off import load_work_calendar
from config.settings import Settings, build_settings
from db.bulk import Row
from db.migrate import upgrade
from db.models import Obligation, ObligationUnit, Occurrence, Plan, Unit
from db.session import SQLITE_PRAGMAS, engine_for, reading, transaction
from deadlines import read_phrase
from plans.expanding import COLUMNS, expand_plans
from plans.replanning import apply
from scripts.bench_memory import peak
from tests.postgres_server import postgres_server

NOW = datetime(2026, 1, 20, 2, 0, tzinfo=UTC)
SLICE = 50_000
LIST = ", ".join(COLUMNS)
EVERY = "SELECT {} FROM occurrences ORDER BY id"
# 16 x 12 + 20 x 4 + 14 x 2 = 300 due dates of 50 duties: 6 each. Half of the quarters and half years end on their last
# day, as plans have it: one day off there moves more than any other.
SHAPES = (
    (16, "trước ngày {day} hằng tháng"),
    (10, "trước ngày {day} của tháng cuối quý"),
    (10, "hằng quý"),
    (7, "trước ngày {day}/6 và trước ngày {day}/12 hằng năm"),
    (7, "định kỳ 6 tháng"),
)
# What nobody knew when the plans were dated: a week in which offices are closed, then also the day on which quarters
# and half years end.
ORDER = "2026:\n  orders: ['Công điện']\n  days_off:\n"
STORM = "".join(f"    2026-09-{day}: {{ reason: Nghỉ bão, order: Công điện }}\n" for day in range(14, 19))
HALF_YEAR = "    2026-06-30: { reason: Nghỉ bù, order: Công điện }\n"
CHANGES = {"a week off in September": ORDER + STORM, "30 June off": ORDER + HALF_YEAR + STORM}


def communes() -> int:
    """How many communes there are in this run."""
    return int(os.environ.get("DONDOC_BENCH_COMMUNES", "3321"))


def bench_scale() -> None:
    """A million occurrences written to SQLite and PostgreSQL, and dated again after a new day off."""
    with tempfile.TemporaryDirectory() as folder:
        bench_sqlite(Path(folder))
    bench_postgres()


def bench_sqlite(folder: Path) -> None:
    """Expansion against a bare executemany of the same rows, then a new day off."""
    url, bare = f"sqlite:///{folder / 'country.db'}", folder / "bare.db"
    seed(url)
    engine_for(url).dispose()
    shutil.copy(folder / "country.db", bare)
    ours, memory = in_child("expand", url)
    count = occurrences(url)
    peer = write_bare(url, bare)
    told("occurrences expanded into SQLite", count, ours, "executemany", peer, memory)
    bare.unlink()
    replanned("SQLite", url, count)


def bench_postgres() -> None:
    """Expansion against a bare COPY of the same rows; says so when there is no server."""
    with postgres_server() as server:
        if server is None:
            print("no PostgreSQL on this machine: its expansion was not measured")
            return
        made = [f"dondoc_bench_{name}" for name in ("country", "bare")]
        admin = create_engine(server, isolation_level="AUTOCOMMIT")
        try:
            _bench_copy(admin, server, *made)
        finally:
            with admin.connect() as connection:
                for name in made:
                    connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            admin.dispose()


def _bench_copy(admin: Any, server: str, country: str, bare: str) -> None:
    urls = [make_url(server).set(database=name).render_as_string(hide_password=False) for name in (country, bare)]
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {country}"))
        seed(urls[0])
        engine_for(urls[0]).dispose()
        connection.execute(text(f"CREATE DATABASE {bare} TEMPLATE {country}"))
    ours, memory = in_child("expand", urls[0])
    count = occurrences(urls[0])
    told("occurrences expanded into PostgreSQL", count, ours, "COPY", copy_bare(*urls), memory)
    replanned("PostgreSQL", urls[0], count)
    for url in urls:
        engine_for(url).dispose()


def seed(url: str) -> None:
    """Units, confirmed plans and duties of every commune, without any occurrence."""
    upgrade(url)
    rules = {words: _rules(words) for commune in range(20) for words in _words(commune)}
    with transaction(url) as session:
        for first in range(1, communes() + 1, 200):
            numbers = range(first, min(first + 200, communes() + 1))
            session.execute(
                insert(Unit), [{"id": n, "code": f"u{n}", "name": f"Xã {n}", "active": True} for n in numbers]
            )
            session.execute(insert(Plan), [_plan(n) for n in numbers])
            duties = [each for n in numbers for each in _duties(n, rules)]
            session.execute(insert(Obligation), duties)
            session.execute(insert(ObligationUnit), [_lead(each["id"], each["plan_id"]) for each in duties])


def _plan(number: int) -> dict[str, Any]:
    head = {"id": number, "code": f"kh-{number}", "title": "Kế hoạch", "year": 2026, "state": "confirmed"}
    return head | {"file_name": "a.docx", "file_sha256": "0" * 64, "reading": {}, "imported_at": NOW}


def _duties(commune: int, rules: dict[str, list[Any]]) -> Iterator[dict[str, Any]]:
    for position, words in enumerate(_words(commune)):
        body = {"content": "Báo cáo kết quả thực hiện", "deadline_text": words, "rules": rules[words]}
        where = {"id": commune * 50 + position, "plan_id": commune, "position": position, "key": f"t1-{position}"}
        yield where | body


def _lead(duty: int, unit: int) -> dict[str, Any]:
    return {"obligation_id": duty, "role": "lead", "printed_name": f"Xã {unit}", "unit_id": unit}


def _words(commune: int) -> list[str]:
    """The 50 deadlines of a commune; communes differ in their days."""
    shapes = [shape for count, shape in SHAPES for _ in range(count)]
    return [shape.format(day=f"{5 + (commune + position) % 20:02d}") for position, shape in enumerate(shapes)]


def _rules(words: str) -> list[Any]:
    return [rule.to_json() for rule in read_phrase(words, 2026).rules]


def replanned(database: str, url: str, count: int) -> None:
    """New days off at that size: a line for each, with what it moved."""
    changes, memory = in_child("replan", url)
    for what, seconds, moves in changes:
        name = f"re-planned on {database}: {what}"
        print(f"{name:<56} {count:,} in {seconds:.1f} s   {moves:,} moved   {memory} MB")


def in_child(stage: str, url: str) -> tuple[Any, int]:
    """What one stage took in a process of its own (seconds, or a line for each change), and its megabytes."""
    command = [sys.executable, "-m", "scripts.bench_scale", stage, url]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, memory = json.loads(done.stdout.splitlines()[-1])
    return seconds, memory


def expand_country(url: str) -> None:
    """Every plan, in one transaction."""
    with transaction(url) as session:
        ids = session.scalars(select(Plan.id).order_by(Plan.id)).all()
        expand_plans(session, ids, load_work_calendar(), NOW)


def replan_country(url: str) -> None:
    """Days off that were not known when the plans were dated, one change after the other."""
    with tempfile.TemporaryDirectory() as home:
        settings = build_settings({"home": Path(home), "database_url": url, "secret_key": "x" * 40})
        with transaction(url) as session:
            apply(session, settings, NOW, "bench")
        settings.yaml_dir.mkdir(parents=True, exist_ok=True)
        told_of = [(what, *_replan_once(url, settings, words)) for what, words in CHANGES.items()]
        print(json.dumps([told_of, peak()]))


def _replan_once(url: str, settings: Settings, words: str) -> tuple[float, int]:
    (settings.yaml_dir / "days_off.yaml").write_text(words, encoding="utf-8")
    start = time.perf_counter()
    with transaction(url) as session:
        moves = len(apply(session, settings, NOW, "bench").moves)
    return time.perf_counter() - start, moves


def occurrences(url: str) -> int:
    """How many occurrences there are."""
    with reading(url) as session:
        return session.scalars(select(func.count()).select_from(Occurrence)).one()


def write_bare(url: str, path: Path) -> float:
    """Seconds of a bare executemany of the same rows, in one transaction under the same pragmas."""
    source, target = sqlite3.connect(make_url(url).database or ""), sqlite3.connect(path, isolation_level=None)
    for pragma in SQLITE_PRAGMAS:
        target.execute(f"PRAGMA {pragma}")
    insertion = f"INSERT INTO occurrences ({LIST}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
    cursor = source.execute(EVERY.format(LIST))
    seconds = timed(lambda: target.execute("BEGIN IMMEDIATE"))
    while rows := cursor.fetchmany(SLICE):
        seconds += timed(lambda: target.executemany(insertion, rows))
    return seconds + timed(lambda: target.execute("COMMIT"))


def copy_bare(url: str, bare: str) -> float:
    """Seconds of a bare COPY of the same rows, in one transaction."""
    source, target = (psycopg.connect(_plain(each)) for each in (url, bare))
    with source.cursor("rows") as cursor, target.cursor() as writer:
        cursor.execute(EVERY.format(LIST.replace("explanation", "explanation::text")).encode())
        seconds = 0.0
        while rows := cursor.fetchmany(SLICE):
            seconds += timed(lambda: _copy(writer, rows))
    seconds += timed(target.commit)
    source.close()
    target.close()
    return seconds


def _copy(writer: psycopg.Cursor[Any], rows: list[Row]) -> None:
    with writer.copy(f"COPY occurrences ({LIST}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def timed(work: Any) -> float:
    """Seconds that one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def told(what: str, count: int, ours: float, peer_name: str, peer: float, memory: int) -> None:
    """One line: rows, our seconds, the peer's, how many times as long, our memory."""
    print(f"{what:<44} {count:>12,} in {ours:.1f} s   {peer_name} {peer:.1f} s   times {ours / peer:.2f}   {memory} MB")


def main() -> int:
    """Run the whole, or one stage for `in_child`."""
    if len(sys.argv) < 3:
        bench_scale()
    elif sys.argv[1] == "replan":
        replan_country(sys.argv[2])
    else:
        seconds = timed(lambda: expand_country(sys.argv[2]))
        print(json.dumps([seconds, peak()]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
