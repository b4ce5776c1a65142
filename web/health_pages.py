"""How the system itself is: for people, and one address for monitors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, Response

from config.faults import ConfigFault
from config.machine import Machine, look_at_machine
from config.settings import Settings
from db.migrate import is_current
from db.office_rules import newest_approval
from db.queries import office_queries
from deadlines import years_to_order
from notifications.watch import check_jobs, check_silence
from web.edge import Edge, edge_of
from web.health_view import JOBS, look_up, parts_of
from web.rendering import render
from web.security import Officer

router = APIRouter()


@dataclass(frozen=True)
class Storage:
    """The database and the disk beneath it. `size` is None where the server keeps the database elsewhere."""

    kind: str
    size: int | None
    current: bool
    machine: Machine

    @property
    def free(self) -> int:
        """Bytes that are left on the disk."""
        return self.machine.free

    @property
    def low(self) -> bool:
        """Whether little room is left."""
        return self.machine.low


@router.get("/healthz")
def healthz(request: Request) -> Response:
    """For monitors: 200 while the database answers and the daily jobs run, else 503. Says no secrets."""
    edge = edge_of(request)
    try:
        with edge.reading() as session:
            session.execute(text("SELECT 1"))
            codes = [each.code for each in check_jobs(session, edge.now(), edge.calendar())]
    except (SQLAlchemyError, ConfigFault) as error:
        return JSONResponse({"status": "down", "faults": [type(error).__name__]}, status_code=503)
    late = [code for code in codes if code.endswith("-late")]
    status = "late" if late else "ok"
    return JSONResponse({"status": status, "faults": codes}, status_code=503 if late else 200)


@router.get("/suc-khoe")
def show_health(request: Request, user: Officer) -> Response:
    """Jobs, queue, channels, calendar, database and disk."""
    edge = edge_of(request)
    now = edge.now()
    midnight = datetime.combine(now.date(), time(), now.tzinfo)
    machine = look_at_machine(edge.settings.home)
    with edge.reading() as session:
        found = check_silence(session, now, edge.calendar(), edge.settings, machine)
        numbers = look_up(session, edge.settings, machine, now, midnight)
        context: dict[str, Any] = {
            "found": found,
            "parts": parts_of(found, numbers),
            "jobs": JOBS,
            "runs": office_queries.last_runs(session),
            "queue": numbers.queue,
            "tokens": office_queries.channel_tokens(session),
            "channels": office_queries.channel_states(session, now - timedelta(days=7)),
            "years": calendar_years(edge),
            "unordered": years_to_order(edge.calendar(), edge.today()),
            "rules_notice": edge.rules_notice(),
            "approval": newest_approval(session),
            "storage": storage_of(edge.settings),
            "settings": edge.settings,
        }
        return render(request, "health.html", **context)


def calendar_years(edge: Edge) -> dict[int, bool]:
    """This year and the next: whether an official order of days off is in the calendar."""
    ordered = edge.calendar().years_with_order
    return {year: year in ordered for year in (edge.today().year, edge.today().year + 1)}


def storage_of(settings: Settings) -> Storage:
    """How the database and the disk stand."""
    url = make_url(settings.database_url)
    file = settings.home / (url.database or "") if url.get_backend_name() == "sqlite" else None
    size = _bytes_of(file) if file else None
    settings.home.mkdir(parents=True, exist_ok=True)
    kind = "SQLite" if file else "PostgreSQL"
    return Storage(kind, size, is_current(settings.database_url), look_at_machine(settings.home))


def _bytes_of(file: Path) -> int:
    """The database file with its write-ahead log."""
    return sum(each.stat().st_size for each in (file, file.with_name(f"{file.name}-wal")) if each.exists())
