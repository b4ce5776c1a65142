"""Files that a provider keeps for us: fetched at once, because their addresses end, and never from inside the office.

The address comes from outside, so a private or loopback one is refused (requests-hardened), a redirect is not
followed, and no more than the limit of an upload is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol
from urllib.parse import urlsplit

from requests_hardened import Config, Manager
from sqlalchemy.orm import Session

from config.settings import Settings
from db.file_store import store_bytes
from db.models import InboundMessage, Json
from db.queries import inbound_queries as queries
from submissions.files import MAX_FILES, MEGABYTE, clean_name

OpenTransaction = Callable[[], AbstractContextManager[Session]]
# Seconds to connect, and to wait for the next bytes.
PATIENCE = (5, 20)
CHUNK = 1 << 16
TOO_LARGE = "lớn hơn {limit} MB"
NOT_THERE = "máy chủ không trả tệp"
NOT_ALLOWED = "địa chỉ không được phép tải"


class FetchLater(OSError):
    """A file could not be fetched this time; another try may do."""


class _Answer(Protocol):
    status_code: int

    def iter_content(self, chunk_size: int) -> Iterator[bytes]: ...
    def close(self) -> None: ...


def fetch_missing(transaction: OpenTransaction, row: InboundMessage, settings: Settings, last: bool) -> None:
    """Fetch the attachments that a row names and that were not fetched yet, and note them on it.

    What cannot be fetched is noted with the reason; a fault that may pass raises FetchLater unless this try is the
    `last`. Must be called with no transaction open.
    """
    waiting: list[Json] = row.data.get("attachments", [])
    if not waiting or row.data.get("fetched"):
        return
    files: list[Json] = list(row.data.get("files", []))
    missing: list[Json] = []
    for one in waiting[:MAX_FILES]:
        found = _fetch_one(one, settings, last)
        (missing if "why" in found else files).append(found)
    with transaction() as session:
        locked = queries.locked_row(session, row.id)
        locked.data = locked.data | {"files": files, "missing": missing, "fetched": True}


def _fetch_one(one: Json, settings: Settings, last: bool) -> Json:
    name = clean_name(str(one.get("name") or _name_in(str(one.get("url", "")))))
    try:
        data = fetch(str(one.get("url", "")), settings)
    except FetchLater:
        if not last:
            raise
        return {"name": name, "why": NOT_THERE}
    except ValueError as refusal:
        return {"name": name, "why": str(refusal)}
    return {"name": name, "sha256": store_bytes(settings.home, data), "size": len(data)}


def _name_in(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2] or "tep"


def fetch(url: str, settings: Settings) -> bytes:
    """The bytes behind an address. Raises FetchLater, or ValueError with the reason why they are never fetched."""
    scheme = urlsplit(url).scheme
    if scheme != "https" and not (settings.allow_private_hosts and scheme == "http"):
        raise ValueError(NOT_ALLOWED)
    answer: Any = None
    try:
        answer = _guard(settings).send_request("GET", url, stream=True, allow_redirects=False)
        return _read(answer, settings.upload_mb)
    except OSError as error:
        # requests' errors are OSErrors; that of the guard is told by its name, which its package does not promise.
        if type(error).__name__ == "InvalidIPAddress":
            raise ValueError(NOT_ALLOWED) from None
        raise FetchLater(type(error).__name__) from None
    finally:
        if answer is not None:
            answer.close()


def _guard(settings: Settings) -> Manager:
    return Manager(
        Config(
            ip_filter_enable=not settings.allow_private_hosts,
            ip_filter_allow_loopback_ips=False,
            never_redirect=True,
            default_timeout=PATIENCE,
        )
    )


def _read(answer: _Answer, limit_mb: int) -> bytes:
    if answer.status_code >= 500:
        raise FetchLater(str(answer.status_code))
    if answer.status_code != 200:
        raise ValueError(NOT_THERE)
    data = bytearray()
    for chunk in answer.iter_content(CHUNK):
        data += chunk
        if len(data) > limit_mb * MEGABYTE:
            raise ValueError(TOO_LARGE.format(limit=limit_mb))
    return bytes(data)
