"""The whole application over the ground of the collecting tests, at a fixed time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from starlette.testclient import TestClient

from config.settings import Settings
from db.accounts import hash_password
from db.models import User
from db.session import transaction
from notifications.links import make_link
from tests.submissions.answer_builders import NOW, Ground, lay_ground
from web.app import create_app

PASSWORD = "một mật khẩu dài"


@dataclass
class Clock:
    """A clock that a test sets."""

    moment: datetime = NOW

    def __call__(self) -> datetime:
        """This instant."""
        return self.moment


@dataclass
class Site:
    """The application, its clock, and a browser."""

    client: TestClient
    clock: Clock
    settings: Settings
    ground: Ground

    def link(self, person: int | None = None, occurrence: int | None = None) -> str:
        """The path that a message to the unit's leader carries."""
        with transaction(self.settings.database_url) as session:
            url = make_link(
                session, occurrence or self.ground.occurrence, person or self.ground.person, NOW, self.settings
            )
        return url.removeprefix(self.settings.base_url)

    def sign_in(self, username: str) -> None:
        """Open a session of the operations view."""
        self.client.cookies.clear()
        answer = self.client.post("/dang-nhap", data={"username": username, "password": PASSWORD})
        assert answer.history, answer.text

    def csrf(self) -> str:
        """The token that this session's forms carry."""
        return hidden(self.client.get("/nop").text, "csrf")


@lru_cache(maxsize=1)
def _hash() -> str:
    return hash_password(PASSWORD)


@contextmanager
def open_site(settings: Settings) -> Iterator[Site]:
    """The application over a fresh database with the ground and two accounts, `lan` (officer) and `chu` (leader)."""
    clock = Clock()
    with transaction(settings.database_url) as session:
        ground = lay_ground(session)
        for name, full_name, role in (("lan", "Ngô Thị Lan", "officer"), ("chu", "Trần Văn Chủ", "leader")):
            session.add(User(username=name, full_name=full_name, role=role, password_hash=_hash(), created_at=NOW))
    with TestClient(create_app(settings, clock)) as client:
        yield Site(client, clock, settings, ground)


def hidden(page: str, name: str, action: str = "") -> str:
    """The value of a hidden field, in the form that posts to an address ending with `action`."""
    form = re.search(rf'<form[^>]*action="[^"]*{re.escape(action)}".*?</form>', page, re.DOTALL)
    assert form, f"no form posts to {action}"
    value = re.search(rf'name="{name}" value="([^"]*)"', form[0])
    assert value, f"no field {name}"
    return value[1]
