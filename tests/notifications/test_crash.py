"""A few trials of `make crash` in every run of the suite: real processes, a real kill -9, the doubles count copies."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOTALS = re.compile(r"(\d+) messages: (\d+) sent, (\d+) unknown and listed .*doubles=(\d+), lost=(\d+)")


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_deliverer_killed_at_random_loses_nothing_and_repeats_nothing(database: str) -> None:
    command = [sys.executable, "-m", "scripts.crash", "--trials", "4", "--messages", "40", "--database", database]
    paths = {"PYTHONPATH": f"{ROOT}:{ROOT / 'calendar'}", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False, env=paths)
    totals = TOTALS.search(done.stdout)
    assert totals, done.stdout + done.stderr
    messages, sent, unknown, doubles, lost = map(int, totals.groups())
    assert (messages, sent + unknown, doubles, lost) == (160, 160, 0, 0), done.stdout
    assert done.returncode == 0, done.stdout
