"""A small commune for the tests of the chase: units, people, duties, recording channels, a clock to push forward."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Literal

from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from chasing import ZONE, Ladder
from config.ladders import PACKAGED, read_ladders
from config.settings import Settings, build_settings
from db.models import Message, Obligation, Occurrence, Person, Plan, Unit, UnitCharge
from db.session import reading, transaction
from deadlines import DayMark, WorkCalendar
from notifications.channels import Channel, Envelope, Receipt
from notifications.chase import run_chase
from notifications.chase_run import ChaseSummary
from notifications.delivery import DeliverySummary, deliver_due

TET = [date(2026, 2, day) for day in range(14, 23)]
OTHER = [date(2026, 1, 1), date(2026, 4, 27), date(2026, 4, 30), date(2026, 5, 1)]
CALENDAR = WorkCalendar({day: DayMark(False, "nghỉ lễ") for day in TET + OTHER}, [2026])


def at(day: date, clock: str = "08:00") -> datetime:
    """An instant on the office's clock."""
    return datetime.combine(day, time.fromisoformat(clock), ZONE)


def on(words: str) -> date:
    """A day of 2026 from "16/3"."""
    number, month = words.split("/")
    return date(2026, int(month), int(number))


@dataclass
class RecordingChannel:
    """Keeps every envelope; `answer` may raise a Delivery for one."""

    name: Literal["email", "zalo"]
    max_text: int = 2000
    sent: list[tuple[datetime, Envelope]] = field(default_factory=list)
    tried: list[Envelope] = field(default_factory=list)
    answer: Callable[[Envelope], None] = lambda envelope: None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, envelope: Envelope, now: datetime) -> Receipt:
        """Take the envelope unless `answer` objects."""
        with self._lock:
            self.tried.append(envelope)
        self.answer(envelope)
        with self._lock:
            self.sent.append((now, envelope))
            return Receipt(f"r{len(self.sent)}", "đã nhận")

    def check(self, now: datetime) -> list[str]:
        """All is well."""
        return []


def settings_for(home: Path, url: str) -> Settings:
    """Settings with both channels set up."""
    return build_settings(
        {
            "home": home,
            "database_url": url,
            "secret_key": SecretStr("khóa dùng trong kiểm thử"),
            "base_url": "https://dondoc.xa.test",
            "smtp_url": SecretStr("smtp://127.0.0.1:2525"),
            "mail_from": "dondoc@xa.test",
            "zalo_app_id": "app",
        }
    )


@dataclass
class World:
    """One database, two recording channels, and what has happened so far."""

    url: str
    settings: Settings
    calendar: WorkCalendar = CALENDAR
    ladders: dict[str, Ladder] = field(default_factory=lambda: read_ladders(PACKAGED))
    zalo: RecordingChannel = field(default_factory=lambda: RecordingChannel("zalo"))
    email: RecordingChannel = field(default_factory=lambda: RecordingChannel("email", 100_000))
    now: datetime = field(default_factory=lambda: at(on("02/3")))

    @property
    def channels(self) -> dict[str, Channel]:
        """The channels by name."""
        return {"zalo": self.zalo, "email": self.email}

    def transaction(self) -> AbstractContextManager[Session]:
        """A writing transaction on this world's database."""
        return transaction(self.url)

    def chase(self, now: datetime) -> ChaseSummary:
        """One run of the chase."""
        self.now = now
        with self.transaction() as session:
            return run_chase(session, now, self.calendar, self.ladders, self.settings)

    def deliver(self, now: datetime, limit: int = 500, workers: int = 2) -> DeliverySummary:
        """One run of the deliverer."""
        self.now = now
        return deliver_due(
            partial(transaction, self.url),
            self.channels,
            lambda: self.now,
            self.settings,
            limit,
            calendar=self.calendar,
            workers=workers,
        )

    def messages(self, *states: str) -> list[Message]:
        """The outbox rows, or those in these states, oldest first."""
        with reading(self.url) as session:
            rows = session.scalars(select(Message).order_by(Message.id)).all()
            for row in rows:
                _ = row.items, row.person
            session.expunge_all()  # the rollback at the end of reading would empty them
            return [row for row in rows if not states or row.state in states]

    def occurrence(self, number: int) -> Occurrence:
        """An occurrence as the database has it."""
        with reading(self.url) as session:
            found = session.get_one(Occurrence, number)
            session.expunge_all()
            return found

    def change(self, number: int, **changes: Any) -> None:
        """Change an occurrence, as another room would."""
        with self.transaction() as session:
            one = session.get_one(Occurrence, number)
            for name, value in changes.items():
                setattr(one, name, value)

    def arrived(self) -> list[Envelope]:
        """Every envelope that a channel took, in order of sending."""
        both = sorted([*self.zalo.sent, *self.email.sent], key=lambda pair: (pair[0], pair[1].outbox_id))
        return [envelope for _, envelope in both]


def new_world(home: Path, url: str) -> World:
    """A commune with a chairman, a vice-chair, an officer and one department of two people."""
    world = World(url, settings_for(home, url))
    with world.transaction() as session:
        for role, name in (("chair", "Chủ tịch Sơn"), ("vice_chair", "Phó Chủ tịch Hà"), ("officer", "Chuyên viên Vy")):
            session.add(_person(name, role, None))
        plan(session, "KH1")
    add_unit(world, "kt", "Phòng Kinh tế", [("An", "contact"), ("Bình", "leader")])
    return world


def _person(name: str, role: str, unit_id: int | None, **changes: Any) -> Person:
    code = name.lower().replace(" ", "-")
    facts: dict[str, Any] = {
        "code": code,
        "name": name,
        "role": role,
        "unit_id": unit_id,
        "email": f"u{sum(map(ord, code))}@xa.test",
        "zalo_user_id": str(sum(map(ord, code)) * 7919),
        "channels": ["zalo", "email"],
    }
    return Person(**(facts | changes))


def plan(session: Session, code: str, state: str = "confirmed") -> Plan:
    """A confirmed plan."""
    made = Plan(
        code=code,
        kind="Kế hoạch",
        number=f"{code}/KH-UBND",
        title="Kế hoạch thử nghiệm",
        issuer="UBND xã Thử",
        year=2026,
        issued_on=date(2026, 1, 5),
        state=state,
        file_name="ke-hoach.docx",
        file_sha256="0" * 64,
        reading={},
        imported_at=at(date(2026, 1, 6)),
    )
    session.add(made)
    session.flush()
    return made


def add_unit(
    world: World, code: str, name: str, people: Iterable[tuple[str, str]] = (), charge: str | None = "Phó Chủ tịch Hà"
) -> int:
    """A unit with its people (name, role) and the vice-chair in charge."""
    with world.transaction() as session:
        unit = Unit(code=code, name=name)
        session.add(unit)
        session.flush()
        session.add_all([_person(person, role, unit.id) for person, role in people])
        if charge:
            person = session.scalars(select(Person).where(Person.name == charge)).one()
            session.add(UnitCharge(unit_id=unit.id, person_id=person.id))
        return unit.id


def add_duty(
    world: World,
    due: str | date,
    content: str = "Báo cáo kết quả chuyển đổi số",
    unit: str = "kt",
    plan_code: str = "KH1",
    **changes: Any,
) -> int:
    """A duty with one occurrence due on a day; its id."""
    day = on(due) if isinstance(due, str) else due
    with world.transaction() as session:
        owner = session.scalars(select(Plan).where(Plan.code == plan_code)).one()
        position = len(owner.obligations) + 1
        duty = Obligation(plan_id=owner.id, position=position, key=f"{plan_code}-{position}", content=content)
        session.add(duty)
        session.flush()
        facts: dict[str, Any] = {
            "obligation_id": duty.id,
            "unit_id": session.scalars(select(Unit.id).where(Unit.code == unit)).one(),
            "period_key": "2026-Q1",
            "period_label": "Quý I/2026",
            "period_start": date(2026, 1, 1),
            "period_end": date(2026, 3, 31),
            "kind": "report",
            "nominal": day,
            "due_legal": day,
            "due_target": day,
            "state": "open",
        }
        made = Occurrence(**(facts | changes))
        session.add(made)
        session.flush()
        return made.id


def days(first: str, last: str) -> list[date]:
    """Every day from one to another, days off included."""
    begin, end = on(first), on(last)
    return [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
