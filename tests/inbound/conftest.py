"""A commune's ground for what comes in, on either database, and a light one on SQLite alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.inbound.inbound_world import InboundWorld, new_world


@pytest.fixture
def world(sqlite_url: str, home: Path) -> InboundWorld:
    """On SQLite."""
    return new_world(sqlite_url, home)


@pytest.fixture
def both_world(database_url: str, home: Path) -> InboundWorld:
    """On SQLite and, in a second run, on PostgreSQL."""
    return new_world(database_url, home)
