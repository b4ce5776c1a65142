"""Messages a second from the outbox to the provider, ledger and all, against a plain loop over Apprise's own plugins.

One process, real SMTP and HTTP to the doubles (processes of their own on the same machine), without latency and with
100 ms a message. Apprise ships no plugin for an Official Account, so its `json://` stands in for it: the same server,
but the loop takes the server's refusal for success and keeps no ledger. `DONDOC_BENCH_MESSAGES` makes it longer;
`python -m scripts.bench_delivery` runs it alone.
"""

from __future__ import annotations

import os
import tempfile
import time
import uuid
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import apprise

from db.migrate import upgrade
from db.session import engine_for, transaction
from notifications.delivery import deliver_due
from scripts.delivery_stage import (
    CALENDAR,
    MORNING,
    WORDS,
    Doubles,
    connect,
    doubles,
    fill,
    postgres_database,
    settings_for,
)
from tests.postgres_server import postgres_server

LATENCY = 0.1
NAMES = {"email": "mail", "zalo": "Zalo"}


def messages() -> int:
    """How many messages each measurement sends."""
    return int(os.environ.get("DONDOC_BENCH_MESSAGES", "1000"))


def bench_delivery() -> None:
    """Mail and Zalo, without latency and with 100 ms, on SQLite and PostgreSQL, each beside its peer."""
    with ExitStack() as open_things, tempfile.TemporaryDirectory() as folder:
        stand_ins = open_things.enter_context(doubles(Path(folder)))
        server = open_things.enter_context(postgres_server())
        for latency in (0.0, LATENCY):
            for channel in NAMES:
                peer = _peer_rate(stand_ins, channel, latency)
                _tell("SQLite", channel, latency, _on_sqlite(stand_ins, channel, latency, Path(folder)), peer)
                if server is not None:
                    _tell("PostgreSQL", channel, latency, _on_postgres(stand_ins, channel, latency, server), peer)


def _tell(database: str, channel: str, latency: float, ours: float, peer: float) -> None:
    what = f"{NAMES[channel]} delivered, {database}" + (f", {latency * 1000:.0f} ms" if latency else "")
    print(f"{what:<44} {ours:>12,.0f} /s   Apprise in a loop {peer:>6,.0f}   ratio {ours / peer:.2f}")


def _on_sqlite(stand_ins: Doubles, channel: str, latency: float, folder: Path) -> float:
    path = folder / f"{uuid.uuid4().hex}.db"
    return _our_rate(stand_ins, channel, latency, f"sqlite:///{path}", folder)


def _on_postgres(stand_ins: Doubles, channel: str, latency: float, server: str) -> float:
    with postgres_database(server, "dondoc_bench_delivery") as url, tempfile.TemporaryDirectory() as folder:
        return _our_rate(stand_ins, channel, latency, url, Path(folder))


def _our_rate(stand_ins: Doubles, channel: str, latency: float, url: str, home: Path) -> float:
    """Messages a second from the first claim to the last settlement."""
    stand_ins.reset()
    stand_ins.welcome(messages())
    if latency:
        stand_ins.slow(latency)
    upgrade(url)
    fill(url, messages(), [channel])
    settings = settings_for(home, url, stand_ins)
    channels = {channel: connect(settings, stand_ins)[channel]}
    start = time.perf_counter()
    clock = partial(_clock, start)
    done = deliver_due(partial(transaction, url), channels, clock, settings, messages(), calendar=CALENDAR)
    seconds = time.perf_counter() - start
    engine_for(url).dispose()
    if done.sent != messages() or len(stand_ins.arrived()) != messages():
        raise RuntimeError(f"not every message arrived once: {done}, {len(stand_ins.arrived())}")
    return messages() / seconds


def _clock(start: float) -> datetime:
    return MORNING + timedelta(seconds=time.perf_counter() - start)


def _peer_rate(stand_ins: Doubles, channel: str, latency: float) -> float:
    """Messages a second by Apprise's own plugin, one after the other, its pause between sends taken away."""
    stand_ins.reset()
    if latency:
        stand_ins.slow(latency)
    number = 20 if latency else 200
    start = time.perf_counter()
    for n in range(number):
        plugin = apprise.Apprise.instantiate(_address(stand_ins, channel, n), suppress_exceptions=False)
        if plugin is None:
            raise RuntimeError("Apprise does not know the address")
        plugin.request_rate_per_sec = 0
        if not plugin.notify(body=WORDS, title="Nhắc việc"):
            raise RuntimeError("Apprise did not deliver")
    return number / (time.perf_counter() - start)


def _address(stand_ins: Doubles, channel: str, number: int) -> str:
    if channel == "email":
        host = stand_ins.smtp.removeprefix("smtp://")
        return f"mailto://{host}?from=dondoc@xa.test&to=n{number}@xa.test&mode=insecure"
    host = stand_ins.zalo.removeprefix("http://")
    return f"json://{host}/v3.0/oa/message/cs?+access_token=t"


if __name__ == "__main__":
    bench_delivery()
