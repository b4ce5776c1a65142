"""Dead addresses at a terminal, and a delivery flow that waits for room in a channel's minute."""

from __future__ import annotations

import asyncio

import pytest
from typer.testing import CliRunner

from cli.chase_commands import outbox_app
from config.faults import Refusal
from config.settings import load_settings
from flows import deliver_messages as flow
from notifications.suppressions import suppress
from tests.notifications.chase_world import World, at, on


def run(*words: str) -> str:
    result = CliRunner().invoke(outbox_app, list(words))
    if isinstance(result.exception, Refusal):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_dead_addresses_are_listed_and_lifted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_DATABASE_URL", world.url)
    load_settings.cache_clear()
    assert run("dead") == "Không có địa chỉ chết.\n"
    with world.transaction() as session:
        suppress(session, "email", "an@xa.test", source="bounce", reason="Không có hộp thư.", now=at(on("18/3")))
    assert run("dead").splitlines() == [
        "     1  18/03/2026 08:00  email         an@xa.test: Không có hộp thư.",
        "1 địa chỉ chết.",
    ]
    assert run("dead", "--lift", "1") == "Đã mở lại địa chỉ an@xa.test (email); tin sau lại được gửi tới đó.\n"
    assert run("dead") == "Không có địa chỉ chết.\n"
    with pytest.raises(Refusal, match="đã được mở lại"):
        run("dead", "--lift", "1")


RUNS = {
    "nothing to do": ([{}], None, 1, 0),
    "a full batch is followed by the next": ([{"claimed": 300, "sent": 300}, {"claimed": 2, "sent": 2}], None, 2, 0),
    "no room: it waits and goes on": ([{"claimed": 100, "sent": 100, "waiting": 5}, {"claimed": 5}], None, 2, 1),
    "never for ever": ([{"waiting": 5}] * 100, None, 25, 24),
    "under a given moment no minute passes": ([{"waiting": 5}] * 100, "2026-03-18T08:00", 1, 0),
}


@pytest.mark.parametrize(("batches", "now", "calls", "breaths"), RUNS.values(), ids=RUNS)
def test_the_flow_waits_for_room_but_not_for_ever(
    monkeypatch: pytest.MonkeyPatch, batches: list[dict[str, int]], now: str | None, calls: int, breaths: int
) -> None:
    left, slept = list(batches), list[float]()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(flow, "deliver_batch", lambda limit, now: left.pop(0))
    monkeypatch.setattr(asyncio, "sleep", sleep)
    asyncio.run(flow.deliver_messages.fn(now))
    assert len(batches) - len(left) == calls
    assert len(slept) == breaths
