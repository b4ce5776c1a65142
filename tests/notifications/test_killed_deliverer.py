"""kill -9 in the middle of a delivery: nothing is lost, nothing is sent twice, what is doubtful is listed."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from notifications.delivery import CLAIM_FOR
from tests.notifications.chase_world import World, add_duty, add_unit, at, on

ROOT = Path(__file__).parents[2]
PEOPLE = 9


def kill_in_the_middle(world: World, home: Path, ledger: Path, last: int, moment: str) -> None:
    paths = "import sys; sys.path[:0] = ['.', 'calendar']"
    code = f"{paths}; from tests.notifications.killed_deliverer import main; main(*sys.argv[1:])"
    command = [sys.executable, "-c", code, world.url, str(home), str(ledger), str(last), moment]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL


@pytest.mark.parametrize(("last", "moment"), [(2, "after"), (5, "before")])
def test_killed_and_started_again(both_world: World, home: Path, tmp_path: Path, last: int, moment: str) -> None:
    for number in range(PEOPLE):
        add_unit(both_world, f"u{number}", f"Đơn vị {number}", [(f"Người {number}", "contact")])
        add_duty(both_world, "25/3", unit=f"u{number}")
    both_world.chase(at(on("18/3")))
    ledger = tmp_path / "ledger"
    ledger.touch()
    kill_in_the_middle(both_world, home, ledger, last, moment)
    both_world.zalo.answer = lambda envelope: None
    both_world.deliver(at(on("18/3"), "08:21"))
    both_world.deliver(at(on("18/3"), "08:21") + CLAIM_FOR + timedelta(minutes=1))
    left = Counter(int(line) for line in ledger.read_text().split())
    left.update(envelope.outbox_id for envelope in both_world.arrived())
    unknown = {message.id for message in both_world.messages("unknown")}
    sent = {message.id for message in both_world.messages("sent")}
    assert max(left.values()) == 1, "nothing is sent twice"
    assert sent | unknown == {message.id for message in both_world.messages()}
    assert sent <= set(left), "what we call sent has left"
    assert 1 <= len(unknown) <= 6, "only what was in the hands of the dead deliverer is doubtful"
