"""`make crash`: kill -9 of a deliverer at random moments, many times over; nothing lost, nothing twice.

A trial: an outbox of reminders by mail and by Zalo, the doubles as processes of their own, two deliverers as processes
of their own. One of them is killed at a random moment, the other goes on, then a third is started, as an operator
would; at last the clock passes the end of the claims. Then every message has arrived, none twice, except those that are
listed as `unknown`, which may have arrived once or not at all. The seed is printed, so that a failure can be had again.

`python -m scripts.crash --trials 200 --database sqlite --database postgresql --seed 7`
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import select

from config.settings import Settings
from db import journal
from db.migrate import upgrade
from db.models import Message
from db.session import engine_for, reading, transaction
from notifications.channels import plugin
from notifications.channels.registry import build_channels
from notifications.delivery import CLAIM_FOR, DeliverySummary, deliver_due
from notifications.hands import HAND
from scripts.delivery_stage import (
    CALENDAR,
    MORNING,
    Doubles,
    connect,
    doubles,
    fill,
    postgres_database,
    settings_for,
    user_id,
)
from tests.postgres_server import postgres_server

CHANNELS = ["email", "zalo"]
# Loaded here, so that the children find it and die while they work, not while they load.
WARM = (plugin,)


@dataclass
class Trial:
    """What one trial showed."""

    messages: int = 0
    killed: int = 0
    sent: int = 0
    unknown: int = 0
    unknown_arrived: int = 0
    hit: int = 0
    doubles: int = 0
    lost: int = 0
    faults: list[str] = field(default_factory=list)


def deliver(url: str, settings: Settings, clock: datetime) -> DeliverySummary:
    """One run of the deliverer by the real channels."""
    channels = dict(build_channels(settings))
    return deliver_due(partial(transaction, url), channels, lambda: clock, settings, 10_000, calendar=CALENDAR)


def in_child(url: str, settings: Settings) -> int:
    """A deliverer as a process of its own; its process id."""
    # No connection may be shared with a child: each opens its own.
    engine_for(url).dispose()
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        deliver(url, settings, MORNING)
        status = 0
    finally:
        os._exit(status)


def trial(url: str, home: Path, stand_ins: Doubles, messages: int, dice: random.Random) -> Trial:
    """Fill, kill one of two at a random moment, go on, start again, count."""
    stand_ins.reset()
    stand_ins.welcome(messages)
    # A provider takes its time: a death in the middle of a send is what we are after.
    stand_ins.slow(dice.choice([0.0, 0.005, 0.02]))
    fill(url, messages, CHANNELS)
    settings = settings_for(home, url, stand_ins)
    connect(settings, stand_ins)
    first, second = in_child(url, settings), in_child(url, settings)
    time.sleep(dice.uniform(0.0, 0.45))
    os.kill(first, signal.SIGKILL)
    _, how = os.waitpid(first, 0)
    _, other = os.waitpid(second, 0)
    done = Trial(messages=messages, killed=int(os.WIFSIGNALED(how)))
    if other:
        done.faults.append(f"the other deliverer ended with {other}")
    deliver(url, settings, MORNING)
    deliver(url, settings, MORNING + CLAIM_FOR + timedelta(minutes=1))
    judge(url, stand_ins, done)
    done.hit = int(done.unknown > 0)
    return done


def judge(url: str, stand_ins: Doubles, done: Trial) -> None:
    """Compare what the outbox says with what arrived."""
    arrived = Counter(stand_ins.arrived())
    with reading(url) as session:
        rows = session.execute(select(Message.id, Message.channel, Message.state)).tuples().all()
        done.faults += journal.verify(session)
    for number, channel, state in rows:
        copies = arrived.pop(f"n{number}@xa.test" if channel == "email" else user_id(number), 0)
        done.sent += state == "sent"
        done.unknown += state == "unknown"
        done.unknown_arrived += state == "unknown" and copies == 1
        done.doubles += copies > 1
        done.lost += copies == 0 and state != "unknown"
        if state not in ("sent", "unknown"):
            done.faults.append(f"message {number} ended as {state}")
    if arrived:
        done.faults.append(f"messages to nobody: {dict(arrived)}")
    if len(rows) != done.messages or done.unknown > HAND:
        done.faults.append(f"{len(rows)} rows, {done.unknown} unknown")


def trials(url: str, home: Path, number: int, messages: int, seed: int) -> Iterator[Trial]:
    """Many trials on one database with the newest schema, one after the other."""
    with tempfile.TemporaryDirectory() as folder, doubles(Path(folder)) as stand_ins:
        dice = random.Random(seed)  # noqa: S311 - a fixed seed is the point
        for _ in range(number):
            yield trial(url, home, stand_ins, messages, dice)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str | None]:
    """A fresh database of a kind; None without a server."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'crash.db'}"
        return
    with postgres_server() as server:
        if server is None:
            yield None
            return
        with postgres_database(server, f"dondoc_crash_{os.getpid()}") as url:
            yield url
            engine_for(url).dispose()


def run(kind: str, number: int, messages: int, seed: int) -> bool:
    """Run the trials on one kind of database and tell; whether all went well."""
    with tempfile.TemporaryDirectory() as folder, database(kind, Path(folder)) as url:
        if url is None:
            print(f"{kind}: no server on this machine, nothing was tried")
            return False
        upgrade(url)
        start, total, faults = time.monotonic(), Counter[str](), []
        for n, one in enumerate(trials(url, Path(folder), number, messages, seed), 1):
            counts = {name: value for name, value in vars(one).items() if isinstance(value, int)}
            total.update(counts)
            faults += [f"trial {n}: {fault}" for fault in one.faults]
            if sys.stdout.isatty():
                print(f"\r{kind}: {n} of {number}, {total['unknown']} unknown", end="", flush=True)
    seconds = time.monotonic() - start
    print(
        f"\r{kind}: {number} trials (seed {seed}) in {seconds:.0f} s, each with one of two deliverers killed;", end=""
    )
    print(
        f" {total['hit']} had messages in their hands. {total['messages']} messages: {total['sent']} sent,"
        f" {total['unknown']} unknown and listed ({total['unknown_arrived']} of them arrived),"
        f" doubles={total['doubles']}, lost={total['lost']}"
    )
    print("\n".join(faults) or "no other fault")
    return not (faults or total["doubles"] or total["lost"])


def main() -> int:
    """The whole test, or what the command line says."""
    parser = argparse.ArgumentParser(prog="scripts.crash")
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--messages", type=int, default=120)
    parser.add_argument("--seed", type=int, default=20_260_318)
    parser.add_argument("--database", action="append", choices=["sqlite", "postgresql"])
    asked = parser.parse_args()
    kinds = asked.database or ["sqlite", "postgresql"]
    good = [run(kind, asked.trials, asked.messages, asked.seed) for kind in kinds]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
