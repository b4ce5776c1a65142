"""A full outbox and the doubles of the providers, for the bench and the crash test of the deliverer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from pydantic import SecretStr
from sqlalchemy import create_engine, delete, insert, make_url, text

from config.settings import Settings, build_settings
from db.models import Base, Message, MessageItem, Obligation, Occurrence, Person, Plan, Unit
from db.session import transaction
from deadlines import WorkCalendar
from notifications.channels.registry import build_channels, zalo_tokens
from notifications.channels.tokens import TokenPair
from tests.channels.doubles import running

ROOT = Path(__file__).resolve().parents[1]
MORNING = datetime(2026, 3, 18, 8, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
"""A Wednesday in office hours; where the stage's clock begins."""
CALENDAR = WorkCalendar({}, [2026])
WORDS = "Kính gửi đồng chí, nhiệm vụ «Báo cáo kết quả chuyển đổi số» còn 05 ngày làm việc là tới hạn (25/3/2026). " * 5


def user_id(number: int) -> str:
    """The Zalo user id of the person of this number."""
    return str(10**12 + number)


@dataclass
class Doubles:
    """The mail and the Zalo double, by their control addresses."""

    mail_http: str
    smtp: str
    zalo: str

    def __post_init__(self) -> None:
        self._client = httpx.Client(timeout=30)

    def reset(self) -> None:
        """Forget what came, and every fault."""
        for url in (self.mail_http, self.zalo):
            self._client.post(f"{url}/_control/reset", json={}).raise_for_status()

    def welcome(self, count: int) -> None:
        """Make the people of a full outbox known to Zalo, as followers who have just written."""
        people = [{"user_id": user_id(n), "hours_since_interaction": 1} for n in range(1, count + 1)]
        self._client.post(f"{self.zalo}/_control/people", json={"people": people}).raise_for_status()

    def slow(self, seconds: float) -> None:
        """Answer each message only after so long."""
        mail = {"stage": "data", "action": "slow", "seconds": seconds, "times": -1}
        zalo = {"kind": "latency", "path": "/v3.0/oa/message/cs", "seconds": seconds, "times": -1}
        self._client.post(f"{self.mail_http}/_control/faults", json=mail).raise_for_status()
        self._client.post(f"{self.zalo}/_control/faults", json=zalo).raise_for_status()

    def grant(self) -> dict[str, str]:
        """A first pair of tokens."""
        answer = self._client.post(f"{self.zalo}/_control/grant", json={})
        answer.raise_for_status()
        pair: dict[str, str] = answer.json()
        return pair

    def arrived(self) -> list[str]:
        """The recipient of every copy that arrived, by either way."""
        mails = self._client.get(f"{self.mail_http}/_control/mails").json()
        screens = self._client.get(f"{self.zalo}/_control/inbox").json()
        return [mail["recipient"] for mail in mails] + [one["to"] for one in screens]


@contextmanager
def doubles(folder: Path) -> Iterator[Doubles]:
    """Both doubles without limits, strangers welcome."""
    free = ("--open", "--oa-per-minute", "0", "--app-per-minute", "0")
    mail = ("--port", "0", "--http-port", "0", "--state", str(folder / "mail"))
    with running("dev.smtp_double", *mail) as (http, smtp):
        with running("dev.zalo_double", "--port", "0", "--state", str(folder / "zalo"), *free) as (zalo, *_):
            yield Doubles(http, smtp, zalo)


def settings_for(home: Path, url: str, stand_ins: Doubles) -> Settings:
    """Settings that lead to the doubles, without limits."""
    return build_settings(
        {
            "home": home,
            "database_url": url,
            "secret_key": SecretStr("khóa của sàn diễn"),
            "smtp_url": SecretStr(stand_ins.smtp),
            "mail_from": "dondoc@xa.test",
            "zalo_app_id": "1111111111111111111",
            "zalo_app_secret": SecretStr("double-app-secret"),
            "zalo_api_url": stand_ins.zalo,
            "zalo_oauth_url": stand_ins.zalo,
            "zalo_per_minute": 0,
            "person_per_hour": 0,
        }
    )


def connect(settings: Settings, stand_ins: Doubles) -> dict[str, Any]:
    """The channels of the installation, with the consent of the Official Account given."""
    granted = stand_ins.grant()
    ends = MORNING + timedelta(seconds=int(granted["expires_in"]))
    pair = TokenPair(granted["access_token"], granted["refresh_token"], ends)
    zalo_tokens(settings).store_first_pair(pair, MORNING)
    return dict(build_channels(settings))


def fill(url: str, count: int, channels: list[str]) -> None:
    """`count` reminders to as many people, in place of whatever was there: each about one duty, channels by turns."""
    numbers = range(1, count + 1)
    made = MORNING - timedelta(hours=1)
    with transaction(url) as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(delete(table))
        session.execute(insert(Unit), [{"id": 1, "code": "u1", "name": "Phòng Kinh tế", "active": True}])
        plan = {"id": 1, "code": "kh1", "title": "Kế hoạch", "year": 2026, "state": "confirmed", "reading": {}}
        session.execute(insert(Plan), [plan | {"file_name": "a.docx", "file_sha256": "0" * 64, "imported_at": made}])
        session.execute(
            insert(Obligation),
            [{"id": n, "plan_id": 1, "position": n, "key": f"k{n}", "content": "Báo cáo"} for n in numbers],
        )
        session.execute(insert(Person), [_person(n) for n in numbers])
        session.execute(insert(Occurrence), [_occurrence(n, made) for n in numbers])
        session.execute(insert(Message), [_message(n, channels[n % len(channels)], made) for n in numbers])
        item = {"step": "before-5", "position": 1, "reason": "Còn 05 ngày làm việc."}
        session.execute(insert(MessageItem), [item | {"message_id": n, "occurrence_id": n} for n in numbers])
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SELECT setval(pg_get_serial_sequence('outbox', 'id'), :last)"), {"last": count})


def _person(number: int) -> dict[str, Any]:
    reach = {"email": f"n{number}@xa.test", "zalo_user_id": user_id(number), "channels": ["zalo", "email"]}
    return {"id": number, "code": f"n{number}", "name": f"Người {number}", "role": "contact", "unit_id": 1} | reach


def _occurrence(number: int, made: datetime) -> dict[str, Any]:
    day = date(2026, 3, 25)
    period = {"period_key": f"p{number}", "period_label": "Quý I/2026", "period_start": date(2026, 1, 1)}
    dates = {"period_end": date(2026, 3, 31), "nominal": day, "due_legal": day, "due_target": day}
    chased = {"state": "open", "last_step": "before-5", "last_step_at": made}
    return {"id": number, "obligation_id": number, "unit_id": 1, "kind": "report"} | period | dates | chased


def _message(number: int, channel: str, made: datetime) -> dict[str, Any]:
    address = f"n{number}@xa.test" if channel == "email" else user_id(number)
    words = {"subject": f"Nhắc việc số {number}", "text": f"Tin {number}. {WORDS}", "html": f"<p>{WORDS}</p>"}
    row = {"id": number, "dedupe_key": f"k{number}", "person_id": number, "channel": channel, "address": address}
    return row | words | {"kind": "digest", "state": "queued", "not_before": made, "created_at": made, "thread": []}


@contextmanager
def postgres_database(server: str, name: str) -> Iterator[str]:
    """A fresh database on a server, dropped at the end."""
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        admin.dispose()
