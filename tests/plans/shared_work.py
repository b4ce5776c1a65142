"""Work that takes LibreOffice seconds, done by one of the workers that run the tests; the others wait and share it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """The folder of that name, which `make` has filled once in this run of the tests."""
    own = factory.getbasetemp()
    # Each worker of xdist has its own folder beside those of the others.
    root = own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own
    folder, done = root / name, root / f"{name}.done"
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            done.touch()
    return folder
