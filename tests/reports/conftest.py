"""A session and a small world for the tests of reports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from config.settings import Settings, build_settings
from db.session import transaction
from tests.reports.report_builders import World, fill_sample, make_world


@pytest.fixture
def session(sqlite_url: str) -> Iterator[Session]:
    """A writing session on a fresh database."""
    with transaction(sqlite_url) as opened:
        yield opened


@pytest.fixture
def world(session: Session) -> World:
    """An empty plan."""
    return make_world(session)


@pytest.fixture
def sample(world: World) -> World:
    """The plan of the sample quarter."""
    fill_sample(world)
    return world


@pytest.fixture
def settings(home: Path) -> Settings:
    """Settings of a home of this test's own."""
    return build_settings({"home": home})
