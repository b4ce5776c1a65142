"""What several files of this room begin with; a file that needs another world names its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.notifications.chase_world import World
from tests.plan_services.replanning_world import approved_world


@pytest.fixture
def world(home: Path, database_url: str) -> World:
    """A commune that has approved the shipped calendar, on SQLite and on PostgreSQL."""
    return approved_world(home, database_url)


@pytest.fixture
def lone(home: Path, sqlite_url: str) -> World:
    """The same on SQLite alone, for what no database decides."""
    return approved_world(home, sqlite_url)
