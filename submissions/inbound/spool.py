"""What the webhooks were told, on disk from before they answer until it stands in the database.

Zalo waits 2 seconds for an answer, and a database may be locked for longer, so the bytes are written aside first. A
folder under HOME is the queue: whoever finds a file there takes it in, twice if two find it at once, and the key of the
row makes one of both.
"""

from __future__ import annotations

import base64
import json
import logging
import secrets
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from config.faults import Refusal
from config.settings import Settings
from db.file_store import write_whole
from db.models import Json
from deadlines.workdays import WorkCalendar
from submissions.inbound.incoming import Incoming
from submissions.inbound.payloads import bot_incoming, posted_incoming, zalo_incoming
from submissions.inbound.taking import handle_waiting, keep

log = logging.getLogger("dondoc.inbound")
OpenTransaction = Callable[[], AbstractContextManager[Session]]
ZALO, BOT, POSTED = "zalo", "zalo-bot", "nop"
KEPT_HEADERS = ("x-zevent-server", "webhook-id", "num_retry")


def room(home: Path) -> Path:
    """Where it waits."""
    return home / "inbox" / "hooks"


def put(home: Path, hook: str, raw: bytes, headers: Mapping[str, str], now: datetime) -> Path:
    """Write a verified post aside, whole and on the disk, before it is answered."""
    folder = room(home)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now.timestamp():.6f}-{secrets.token_hex(6)}.json"
    kept = {name: headers[name] for name in KEPT_HEADERS if name in headers}
    content = {"hook": hook, "at": now.isoformat(), "headers": kept, "body": base64.b64encode(raw).decode()}
    write_whole(path, json.dumps(content).encode())
    return path


def drain(transaction: OpenTransaction, now: datetime, calendar: WorkCalendar, settings: Settings) -> int:
    """Take in everything that waits, then act on every row that was kept and not acted on; how many were settled.

    Must be called with no transaction open.
    """
    for path in waiting(settings.home):
        _take(path, transaction, settings)
    return handle_waiting(transaction, now, calendar, settings)


def waiting(home: Path) -> list[Path]:
    """What waits, the oldest first."""
    return sorted(room(home).glob("[!.]*.json"))


def _take(path: Path, transaction: OpenTransaction, settings: Settings) -> None:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return
    try:
        incoming = _incoming(json.loads(raw), settings)
        if incoming is not None:
            keep(transaction, incoming, settings)
    except (Refusal, ValueError, TypeError, KeyError, OverflowError, DataError) as fault:
        # It was verified and looked at before it was put here, so nobody but a programmer can mend it; and what the
        # database will never take must not hold up those behind it.
        log.error("the post %s was set aside: %s", path.name, type(fault).__name__)  # noqa: TRY400
        path.replace(path.with_suffix(".bad"))
        return
    path.unlink(missing_ok=True)


def _incoming(spooled: Json, settings: Settings) -> Incoming | None:
    raw, at = base64.b64decode(spooled["body"]), datetime.fromisoformat(spooled["at"])
    if spooled["hook"] == ZALO:
        return zalo_incoming(raw, spooled["headers"], at)
    if spooled["hook"] == BOT:
        return bot_incoming(raw, at)
    return posted_incoming(raw, spooled["headers"], at, settings)
