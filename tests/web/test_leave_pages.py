"""The way out of our mail: opening it changes nothing, one click does, and the officer sees it."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from config.settings import Settings
from db.models import Message, Suppression
from db.session import reading, transaction
from notifications.reply_tokens import leave_token, reply_token
from tests.web.builders import NOW


@pytest.fixture
def message(accounts_url: str) -> int:
    """A mail that was sent."""
    with transaction(accounts_url) as session:
        row = Message(
            dedupe_key="k", channel="email", address="an@xa.test", kind="digest", subject="s", text="t", state="sent"
        )
        row.not_before = row.created_at = NOW
        session.add(row)
        session.flush()
        return row.id


def page(client: TestClient, token: str) -> str:
    """The path of a token."""
    return f"/thu/thoi-nhan/{token}"


def settings_of(client: TestClient) -> Settings:
    """The settings that the application runs with."""
    settings: Settings = client.app.state.edge.settings  # type: ignore[attr-defined]
    return settings


def bars(url: str) -> list[tuple[str, str]]:
    """Every bar in force."""
    with reading(url) as session:
        return [(bar.address, bar.source) for bar in session.scalars(select(Suppression))]


def test_opening_the_page_changes_nothing_and_the_button_bars_once(
    client: TestClient, accounts_url: str, message: int
) -> None:
    path = page(client, leave_token(message, settings_of(client)))
    shown = client.get(path)
    assert shown.status_code == 200
    assert "an@xa.test" in shown.text
    assert "đổi kênh" in shown.text
    assert bars(accounts_url) == []

    # RFC 8058, 3.1: the bare post of a mail program.
    for _ in range(2):
        done = client.post(path, data={"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200
        assert "Đã thôi gửi thư" in done.text
    assert bars(accounts_url) == [("an@xa.test", "left")]
    assert "Đã thôi gửi thư" in client.get(path).text


@pytest.mark.parametrize("token", ["", "u1.aaaaaaaaaaaaaaaa", "xxx"])
def test_a_token_that_is_none_bars_nobody(client: TestClient, accounts_url: str, message: int, token: str) -> None:
    forged = token or reply_token(message, settings_of(client))
    for answer in (client.get(page(client, forged)), client.post(page(client, forged))):
        assert answer.status_code == 404
        assert "an@xa.test" not in answer.text
    assert bars(accounts_url) == []
