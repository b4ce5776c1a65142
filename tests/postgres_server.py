"""Finds a PostgreSQL server for the suite, or starts one of its own; says in one line when it can do neither."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

LOCAL = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
CAN_CREATE = "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user"


def _answers(url: str) -> bool:
    engine = create_engine(url, connect_args={"connect_timeout": 3})
    try:
        with engine.connect() as connection:
            return bool(connection.execute(text(CAN_CREATE)).scalar_one())
    except OperationalError:
        return False
    finally:
        engine.dispose()


def _binaries() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return installed[-1].parent if installed else None


def _as_server_user(command: list[str]) -> list[str]:
    # PostgreSQL refuses to run as root; Debian's package brings the user for it.
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@contextmanager
def _own_server(binaries: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="dondoc-pg-") as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        data = f"{folder}/data"
        initdb = [str(binaries / "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(_as_server_user(initdb), check=True, capture_output=True)
        control = _as_server_user([str(binaries / "pg_ctl"), "-D", data, "-w"])
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        subprocess.run([*control, "-o", options, "-l", f"{folder}/log", "start"], check=True, capture_output=True)
        try:
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True)


@contextmanager
def postgres_server() -> Iterator[str | None]:
    """The address of a server on which databases may be made, or None when there is none to be had."""
    given = os.environ.get("DONDOC_TEST_POSTGRES_URL", LOCAL)
    binaries = _binaries()
    if _answers(given):
        yield given
    elif binaries is None:
        yield None
    else:
        with _own_server(binaries) as url:
            yield url
