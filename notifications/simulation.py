"""A year of chasing in a minute, on a scratch copy: each day, who would get what, and why. Nothing is ever sent.

The copy is always an SQLite file in a temporary folder; the office's database is only read. Units are taken to answer
nothing more than they already have, so the simulation shows the most that could be sent.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from sqlalchemy import insert, make_url, select
from sqlalchemy.orm import Session

from chasing import ZONE, Ladder, say_date
from config.settings import Settings
from db.models import Base, Message
from db.queries.outbox_queries import messages_with_items, new_since
from db.session import engine_for, reading, transaction
from deadlines import WorkCalendar
from notifications.chase import run_chase
from notifications.history import CHANNEL_WORDS, ROLE_WORDS

AT = time(8)
LONGEST = timedelta(days=800)
# What the chase reads; the journal, files and reports stay behind.
TABLES = (
    *("units", "group_members", "unit_charges", "people", "plans", "obligations", "obligation_units", "occurrences"),
    *("extensions", "submissions", "links", "outbox", "message_items", "suppressions", "findings"),
)


@dataclass(frozen=True)
class SimulatedItem:
    """One line: on this day this person would be told about this occurrence, for this reason."""

    day: date
    person: str
    role: str
    unit: str
    channel: str
    message: int
    kind: str
    step: str
    content: str
    period: str
    reason: str


@dataclass
class Simulation:
    """What would be sent between two days."""

    start: date
    end: date
    items: list[SimulatedItem] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    @property
    def messages(self) -> int:
        """How many messages would leave."""
        return len({item.message for item in self.items})

    def lines(self) -> Iterator[str]:
        """The simulation as text: a heading a day, a line a message, its items indented."""
        day, message = None, 0
        for item in self.items:
            if item.day != day:
                day = item.day
                yield f"Ngày {say_date(day)}"
            if item.message != message:
                message = item.message
                role, channel = ROLE_WORDS[item.role], CHANNEL_WORDS[item.channel]
                unit = "" if item.kind == "escalation" else f", {item.unit}"
                yield f"  {item.person} ({role}{unit}) qua {channel}"
            # A superior hears of several units in one message.
            owner = f" ({item.unit})" if item.kind == "escalation" else ""
            yield f"    - {item.content}{owner} – {item.period}: {item.reason} [{item.step}]"
        days = len({item.day for item in self.items})
        span = f"từ {say_date(self.start)} đến {say_date(self.end)}"
        yield f"Tổng cộng {span}: {self.messages} tin trong {days} ngày, {len(self.items)} lượt việc được nhắc."
        yield from dict.fromkeys(f"Lưu ý: {finding}" for finding in self.findings)


def simulate(
    database_url: str,
    start: date,
    end: date,
    calendar: WorkCalendar,
    ladders: Mapping[str, Ladder],
    settings: Settings,
) -> Simulation:
    """Fast-forward from `start` to `end`, both included, one run a day at 08:00. Raises ValueError for a bad span."""
    if not start <= end <= start + LONGEST:
        raise ValueError(f"ngày kết thúc phải sau ngày bắt đầu và không quá {LONGEST.days} ngày")
    simulation = Simulation(start, end)
    with scratch_copy(database_url) as url:
        for offset in range((end - start).days + 1):
            day = start + timedelta(days=offset)
            if calendar.is_working(day):
                _run_day(url, day, calendar, ladders, settings, simulation)
    return simulation


def _run_day(
    url: str,
    day: date,
    calendar: WorkCalendar,
    ladders: Mapping[str, Ladder],
    settings: Settings,
    simulation: Simulation,
) -> None:
    now = datetime.combine(day, AT, ZONE)
    with transaction(url) as session:
        summary = run_chase(session, now, calendar, ladders, settings)
        simulation.findings += summary.findings
        if summary.messages:
            _note(session, now, simulation)


def _note(session: Session, now: datetime, simulation: Simulation) -> None:
    for message in messages_with_items(session, new_since(session, now)):
        simulation.items += _items(message, now.date())
        # On the copy every message arrives, so that the next day's history and chain are those of a good day.
        message.state, message.sent_at = "sent", now
    session.flush()


def _items(message: Message, day: date) -> Iterator[SimulatedItem]:
    person = message.person
    for item in message.items if person else ():
        yield SimulatedItem(
            day=day,
            person=person.name if person else "",
            role=person.role if person else "",
            unit=item.occurrence.unit.short_name or item.occurrence.unit.name,
            channel=message.channel,
            message=message.id,
            kind=message.kind,
            step=item.step,
            content=item.occurrence.obligation.content,
            period=item.occurrence.period_label,
            reason=item.reason,
        )


@contextmanager
def scratch_copy(database_url: str) -> Iterator[str]:
    """The address of a throwaway SQLite copy of a database."""
    with tempfile.TemporaryDirectory(prefix="dondoc-simulation-") as folder:
        path = Path(folder) / "scratch.db"
        url = f"sqlite:///{path}"
        source = make_url(database_url)
        if source.get_backend_name() == "sqlite" and source.database:
            _back_up(Path(source.database), path)
        else:
            _copy_tables(database_url, url)
        try:
            yield url
        finally:
            engine_for(url).dispose()


def _back_up(source: Path, target: Path) -> None:
    # SQLite's own backup gives a consistent copy while others write.
    with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as old:
        with closing(sqlite3.connect(target)) as new:
            old.backup(new)


def _copy_tables(database_url: str, url: str) -> None:
    Base.metadata.create_all(engine_for(url))
    with reading(database_url) as old, transaction(url) as new:
        # Rows may refer to rows that come later (a unit's parent); the copy is thrown away, so nothing checks it.
        new.connection().exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for table in Base.metadata.sorted_tables:
            if table.name not in TABLES:
                continue
            for part in old.execute(select(table), execution_options={"yield_per": 500}).mappings().partitions(500):
                new.execute(insert(table), [dict(row) for row in part])


COLUMNS = (
    ("Ngày", 12),
    ("Người nhận", 24),
    ("Vai trò", 20),
    ("Đơn vị của việc", 24),
    ("Kênh", 12),
    ("Tin số", 8),
    ("Nấc", 12),
    ("Nhiệm vụ", 60),
    ("Kỳ", 20),
    ("Vì sao", 44),
)


def write_workbook(simulation: Simulation, path: Path) -> None:
    """The simulation as an .xlsx: one line an item, filters on, the heading frozen."""
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise ValueError("a new workbook always has a sheet")
    sheet.title = "Mô phỏng nhắc việc"
    sheet.append([name for name, _ in COLUMNS])
    for item in simulation.items:
        # Words from a plan must never become a formula.
        sheet.append([_plain(value) for value in _cells(item)])
    for number, (_, width) in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.cell(1, number).font = Font(bold=True)
    for row in sheet.iter_rows(min_row=2):
        row[0].number_format = "DD/MM/YYYY"
        for cell in row:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if isinstance(cell.value, str):
                cell.data_type = "s"
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    book.save(path)


def _cells(item: SimulatedItem) -> list[object]:
    role, channel = ROLE_WORDS[item.role], CHANNEL_WORDS[item.channel]
    who = [item.day, item.person, role, item.unit, channel, item.message]
    return [*who, item.step, item.content, item.period, item.reason]


def _plain(value: object) -> str | int | date:
    if isinstance(value, int | date):
        return value
    return "".join(c for c in str(value) if c.isprintable() or c == "\n")
