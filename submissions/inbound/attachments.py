"""Files that a provider keeps for us: fetched at once, because their addresses end, through the guard of
`notifications.channels.fetching` (never from inside the office's network, no redirect, bounded in bytes and time).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from config.settings import Settings
from db.file_store import store_bytes
from db.models import InboundMessage, Json
from db.queries import inbound_queries as queries
from notifications.channels.fetching import NotFetched, fetch
from submissions.files import MAX_FILES, MEGABYTE, clean_name

OpenTransaction = Callable[[], AbstractContextManager[Session]]


def is_missing(row: InboundMessage) -> bool:
    """Whether a row names attachments that were not fetched yet."""
    return bool(row.data.get("attachments")) and not row.data.get("fetched")


def fetch_missing(transaction: OpenTransaction, row: InboundMessage, settings: Settings, last: bool) -> None:
    """Fetch the attachments that a row names and note them on it.

    What cannot be fetched is noted with the reason; a fault that may pass raises NotFetched unless this try is the
    `last`. Must be called with no transaction open.
    """
    waiting: list[Json] = row.data["attachments"]
    files: list[Json] = list(row.data.get("files", []))
    missing: list[Json] = []
    for one in waiting[:MAX_FILES]:
        found = _fetch_one(one, settings, last)
        (missing if "why" in found else files).append(found)
    with transaction() as session:
        locked = queries.locked_row(session, row.id)
        # The addresses are of no more use, and some hold keys.
        locked.data = locked.data | {"files": files, "missing": missing, "attachments": [], "fetched": True}


def _fetch_one(one: Json, settings: Settings, last: bool) -> Json:
    url = str(one.get("url", ""))
    name = clean_name(str(one.get("name") or urlsplit(url).path.rpartition("/")[2]))
    try:
        data = fetch(url, settings.upload_mb * MEGABYTE, settings)
    except NotFetched as fault:
        if fault.temporary and not last:
            raise
        return {"name": name, "why": str(fault)}
    return {"name": name, "sha256": store_bytes(settings.home, data), "size": len(data)}
