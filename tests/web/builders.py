"""The application over a test database, accounts of each role, and a clock that a test moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from config.clock import ZONE
from config.settings import Settings, build_settings
from db.models import User
from web.app import create_app

PASSWORD = "mật khẩu thử nghiệm"
# A Friday morning.
NOW = datetime(2026, 11, 20, 8, 5, tzinfo=ZONE)


@lru_cache(maxsize=1)
def password_hash() -> str:
    """Hashing is slow on purpose; tests sign in with the cheapest hash there is."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def make_settings(url: str, home: Path, base_url: str = "http://testserver") -> Settings:
    """Settings of a test installation."""
    return build_settings(
        {"home": home, "database_url": url, "secret_key": SecretStr("khóa thử"), "base_url": base_url}
    )


def add_users(session: Session) -> None:
    """One account of each role: quantri, chuyenvien, lanhdao."""
    people = (
        ("quantri", "Quản Trị Viên", "admin"),
        ("chuyenvien", "Phạm Thị Lan", "officer"),
        ("lanhdao", "Lê Văn Chủ", "leader"),
    )
    for name, full_name, role in people:
        session.add(User(username=name, full_name=full_name, role=role, password_hash=password_hash(), created_at=NOW))


@dataclass
class Clock:
    """A clock that a test moves."""

    moment: datetime = NOW

    def __call__(self) -> datetime:
        """This instant."""
        return self.moment

    def advance(self, **spans: int) -> None:
        """Move on."""
        self.moment += timedelta(**spans)


def make_app(url: str, home: Path, clock: Clock | None = None, base_url: str = "http://testserver") -> FastAPI:
    """The application over a test database at a fixed time."""
    return create_app(make_settings(url, home, base_url), clock or Clock())


def sign_in(client: TestClient, username: str) -> TestClient:
    """The client, signed in."""
    client.cookies.clear()
    answer = client.post("/dang-nhap", data={"username": username, "password": PASSWORD}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return client


def day(text: str) -> date:
    """A date written as dd/mm/yyyy."""
    return datetime.strptime(text, "%d/%m/%Y").replace(tzinfo=ZONE).date()
