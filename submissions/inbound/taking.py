"""Taking in what came: kept first, acted on second, so that neither a crash nor a redelivery loses or doubles a word.

`keep` writes the bytes and one row by its `dedupe_key`; `handle` claims a row that is still `received` and acts on it
under the row's lock. Whoever finds a row that a stopped process left behind takes it up (`handle_waiting`); two that
find the same row at once act once.
"""

from __future__ import annotations

import hashlib
import logging
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from config.settings import Settings
from db.file_store import store_bytes
from db.models import InboundMessage, Json
from db.queries import inbound_queries as queries
from deadlines.workdays import WorkCalendar
from submissions.checks import clean_text
from submissions.files import clean_name
from submissions.inbound.acting import EVENTS, act
from submissions.inbound.attachments import fetch_missing, is_missing
from submissions.inbound.incoming import Incoming

log = logging.getLogger("dondoc.inbound")
OpenTransaction = Callable[[], AbstractContextManager[Session]]
# What stops the program each time it is looked at must not do so for ever.
MOST_TRIES = 3
# A report of Zalo may overtake the call that it speaks of; it costs nothing to look again.
MOST_LOOKS = 100
# How long after a message came its second and third tries begin.
PAUSES = (timedelta(), timedelta(seconds=30), timedelta(seconds=120))
# A process that was stopped while it acted holds the row no longer than this.
HELD_FOR = timedelta(minutes=2)
MOST_TEXT = 20_000
FAILED = "Chương trình gặp lỗi khi xử lý tin này {tries} lần. Hãy đọc tin rồi gán hoặc bỏ qua."


def take_in(
    transaction: OpenTransaction, incoming: Incoming, now: datetime, calendar: WorkCalendar, settings: Settings
) -> InboundMessage:
    """Keep what came in and act on it, each in a transaction of its own; the same `dedupe_key` again changes nothing.

    Never raises for what a person wrote: whatever cannot be done is answered or waits for a person. Must be called
    with no transaction open.
    """
    held = {"attempts": 1, "handled_at": now + HELD_FOR}
    row_id, is_new = _insert(transaction, incoming, settings, held)
    if is_new:
        return _act(transaction, row_id, now, calendar, settings)
    return handle(transaction, row_id, now, calendar, settings)


def keep(transaction: OpenTransaction, incoming: Incoming, settings: Settings) -> int:
    """Keep the bytes and a row, and nothing else; gives the row's id, also of one that was there before."""
    return _insert(transaction, incoming, settings, {})[0]


def _insert(
    transaction: OpenTransaction, incoming: Incoming, settings: Settings, held: dict[str, Any]
) -> tuple[int, bool]:
    digest = store_bytes(settings.home, incoming.raw) if incoming.raw else None
    data = incoming.data | {
        "files": [_kept_file(settings, upload.name, upload.data) for upload in incoming.uploads],
        "token": incoming.token,
        "answers": list(incoming.answers),
        "automatic": incoming.automatic,
    }
    values = _columns(incoming) | held | {"raw_sha256": digest, "data": data}
    with transaction() as session:
        return queries.insert_once(session, values)


def _kept_file(settings: Settings, name: str, data: bytes) -> Json:
    return {"name": clean_name(name), "sha256": store_bytes(settings.home, data), "size": len(data)}


def _columns(incoming: Incoming) -> dict[str, Any]:
    subject = " ".join(clean_text(incoming.subject).split())
    return {
        "channel": incoming.channel,
        "dedupe_key": _short_key(incoming.dedupe_key),
        "kind": str(incoming.data.get("kind", "reply")),
        "received_at": incoming.received_at,
        "sender": clean_text(incoming.sender)[:254],
        "subject": subject[:255],
        "text": clean_text(incoming.text)[:MOST_TEXT],
    }


def _short_key(key: str) -> str:
    """A key that fits its column; a Message-ID may be longer than any sense."""
    kept = clean_text(key)
    if len(kept) <= 255 and kept == key:
        return kept
    return f"{kept[:180]}#{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()}"


def handle(
    transaction: OpenTransaction, row_id: int, now: datetime, calendar: WorkCalendar, settings: Settings
) -> InboundMessage:
    """Act on a kept row unless that is done already; gives the row as it then is.

    A fault of the program leaves it `received` for the next run, and `failed` after MOST_TRIES.
    """
    with transaction() as session:
        mine = queries.claim(session, row_id, now, now + HELD_FOR)
        row = queries.locked_row(session, row_id)
        if mine:
            _refuse_endless(row, now)
    if not mine or row.state != "received":
        return row
    return _act(transaction, row_id, now, calendar, settings)


def _act(
    transaction: OpenTransaction, row_id: int, now: datetime, calendar: WorkCalendar, settings: Settings
) -> InboundMessage:
    """Act on a row that this process holds."""
    try:
        with transaction() as session:
            row = queries.locked_row(session, row_id)
            if not is_missing(row):
                return _act_on(session, row, now, calendar, settings)
        fetch_missing(transaction, row, settings, last=row.attempts >= MOST_TRIES)
        with transaction() as session:
            return _act_on(session, queries.locked_row(session, row_id), now, calendar, settings)
    except Exception as error:
        # The words of an error may hold what a person wrote; the places in our code do not.
        places = " < ".join(
            f"{one.filename}:{one.lineno}" for one in reversed(traceback.extract_tb(error.__traceback__))
        )
        log.error("inbound message %s: %s at %s", row_id, type(error).__name__, places)  # noqa: TRY400
        return _let_go(transaction, row_id)


def _act_on(
    session: Session, row: InboundMessage, now: datetime, calendar: WorkCalendar, settings: Settings
) -> InboundMessage:
    if row.state == "received":
        row.handled_at = None
        act(session, row, now, calendar, settings)
    return row


def _refuse_endless(row: InboundMessage, now: datetime) -> None:
    """Give up on a row whose tries are used up; they are counted before they begin, since one may end the program."""
    most, end = (MOST_LOOKS, "ignored") if row.kind in EVENTS else (MOST_TRIES, "failed")
    if row.attempts > most:
        row.state, row.outcome, row.handled_at = end, FAILED.format(tries=most), now
        row.attempts = most


def _let_go(transaction: OpenTransaction, row_id: int) -> InboundMessage:
    """Let the next run take a row that could not be done. When even that fails, its time ends by itself."""
    with transaction() as session:
        row = queries.locked_row(session, row_id)
        row.handled_at = None if row.state == "received" else row.handled_at
        return row


def handle_waiting(transaction: OpenTransaction, now: datetime, calendar: WorkCalendar, settings: Settings) -> int:
    """Act on every row that was kept and not acted on (its process was stopped); gives how many were settled."""
    with transaction() as session:
        left = queries.left_behind(session)
    ids = [one.id for one in left if not one.attempts or now - one.received_at >= PAUSES[min(one.attempts, 2)]]
    rows = [handle(transaction, row_id, now, calendar, settings) for row_id in ids]
    return sum(row.state != "received" for row in rows)
