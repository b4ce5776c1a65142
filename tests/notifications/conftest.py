"""A fresh commune for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.notifications.chase_world import World, new_world


@pytest.fixture
def world(home: Path, sqlite_url: str) -> World:
    """A commune on SQLite."""
    return new_world(home, sqlite_url)


@pytest.fixture
def both_world(home: Path, database_url: str) -> World:
    """A commune on SQLite and, in a second run, on PostgreSQL."""
    return new_world(home, database_url)
