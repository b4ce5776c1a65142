"""An office with a filled database, an empty one, and clients of each role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from db.session import transaction
from tests.web.browser_builders import serving
from tests.web.builders import Clock, add_users, make_app, sign_in
from tests.web.office_builders import Office, fill

ClientOf = Callable[[str], TestClient]


@pytest.fixture
def clock() -> Clock:
    """Friday 20/11/2026, 08:05; a test may move it."""
    return Clock()


@pytest.fixture
def accounts_url(sqlite_url: str) -> str:
    """A database with one account of each role and nothing else."""
    with transaction(sqlite_url) as session:
        add_users(session)
    return sqlite_url


@pytest.fixture
def office(accounts_url: str) -> Office:
    """The same database filled with a commune's work."""
    with transaction(accounts_url) as session:
        return fill(session)


@pytest.fixture
def client(accounts_url: str, home: Path, clock: Clock) -> Iterator[TestClient]:
    """A browser that nobody has signed in with."""
    with TestClient(make_app(accounts_url, home, clock), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def officer(client: TestClient) -> TestClient:
    """The officer's browser."""
    return sign_in(client, "chuyenvien")


@pytest.fixture
def served(accounts_url: str, home: Path, office: Office) -> Iterator[str]:
    """The filled office on a free port, for a real browser."""
    with serving(accounts_url, home) as address:
        yield address
