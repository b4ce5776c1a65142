"""The ground of the collecting tests on either database, and a light one for what is decided before any is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import Settings
from db.session import transaction
from tests.submissions.answer_builders import Ground, lay_ground, make_settings


@pytest.fixture
def settings(database_url: str, home: Path) -> Settings:
    return make_settings(database_url, home)


@pytest.fixture
def ground(settings: Settings) -> Ground:
    with transaction(settings.database_url) as session:
        return lay_ground(session)


@pytest.fixture
def light(sqlite_url: str, home: Path) -> Settings:
    """For tables whose rows are decided before the database is asked."""
    return make_settings(sqlite_url, home)


@pytest.fixture
def light_ground(light: Settings) -> Ground:
    with transaction(light.database_url) as session:
        return lay_ground(session)
