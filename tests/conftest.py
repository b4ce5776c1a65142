"""What every test may ask for: a home of its own, and a fresh database of either kind.

`database_url` runs a test twice, on SQLite and on PostgreSQL. The schema is built once a worker by the migrations and
copied for each test.
"""

from __future__ import annotations

import gc
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from config.settings import load_settings
from db.migrate import upgrade
from db.session import engine_for
from tests.postgres_server import postgres_server

for name in [name for name in os.environ if name.startswith("DONDOC_") and not name.startswith("DONDOC_TEST_")]:
    del os.environ[name]
os.environ.update(PREFECT_SERVER_ANALYTICS_ENABLED="false", DO_NOT_TRACK="1")
# The modules imported are a great heap that never becomes garbage: walking it as often as Python does by itself took
# up to a fifth of the CPU of tests/inbound and tests/notifications.
gc.set_threshold(20_000, 20, 5)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The few long tests first, so that no worker is left with one at the end."""
    long = ("prefect_server", "browser")
    items.sort(key=lambda item: not any(item.get_closest_marker(name) for name in long))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A DONDOC_HOME of this test's own, so that no test ever touches a person's data."""
    folder = tmp_path / "home"
    monkeypatch.setenv("DONDOC_HOME", str(folder))
    load_settings.cache_clear()
    yield folder
    load_settings.cache_clear()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database with the newest schema."""
    path = tmp_path_factory.mktemp("schema") / "template.db"
    upgrade(f"sqlite:///{path}")
    engine_for(f"sqlite:///{path}").dispose()  # the last connection out folds the write-ahead log in
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> Iterator[str]:
    """A fresh SQLite database."""
    path = tmp_path / "test.db"
    shutil.copy(sqlite_template, path)
    url = f"sqlite:///{path}"
    yield url
    engine_for(url).dispose()


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    """The address of an empty PostgreSQL database with the newest schema, from which others are cloned."""
    with postgres_server() as server:
        if server is None:
            message = "no PostgreSQL: neither 127.0.0.1:5432 nor initdb was found (set DONDOC_TEST_POSTGRES_URL)"
            if os.environ.get("CI"):
                pytest.fail(message)
            pytest.skip(message)
        name = f"dondoc_template_{uuid.uuid4().hex[:8]}"
        _run(server, f"CREATE DATABASE {name}")
        url = make_url(server).set(database=name).render_as_string(hide_password=False)
        upgrade(url)
        engine_for(url).dispose()
        yield url
        _run(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _run(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def postgres_url(postgres_template: str) -> Iterator[str]:
    """A fresh PostgreSQL database."""
    template = make_url(postgres_template)
    server = template.set(database="postgres").render_as_string(hide_password=False)
    name = f"dondoc_test_{uuid.uuid4().hex[:12]}"
    _run(server, f"CREATE DATABASE {name} TEMPLATE {template.database}")
    url = template.set(database=name).render_as_string(hide_password=False)
    yield url
    engine_for(url).dispose()
    _run(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database; the test runs on SQLite and on PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))
