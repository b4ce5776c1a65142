"""Who may speak to the webhooks: signatures and secrets, compared in constant time over the exact bytes.

Zalo signs by plain SHA-256 over application id, raw body, timestamp and the secret of the Official Account; no captured
event was ever published, and sources differ in the first term and in where the timestamp stands (facts of 2026: most
say application id and body). Each form needs the secret, so all are taken, and which one it was is noted.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from standardwebhooks import Webhook

from db.models import Json

SIGNATURE, TIMESTAMP = "x-zevent-signature", "x-zevent-timestamp"
BOT_HEADER = "x-bot-api-secret-token"
# Standard Webhooks 1.0.0: an attempt older or younger than this is a replay or a wrong clock.
WINDOW = timedelta(minutes=5)
# Standard Webhooks asks for keys of 24 to 64 bytes.
SHORTEST_KEY = 24


def zalo_variant(raw: bytes, headers: Mapping[str, str], app_id: str, secret: str) -> str | None:
    """Which form of the signature holds, such as "app_id + body"; None when none does.

    `headers` have names in small letters.
    """
    given = headers.get(SIGNATURE, "").strip().removeprefix("mac=").strip().lower()
    body = read_object(raw)
    if not secret or not given or body is None:
        return None
    for name, first, stamp in _forms(body, headers, app_id):
        # JSON may hold half of a letter, which no encoding has; what is signed never does.
        signed = first.encode("utf-8", "replace") + raw + stamp.encode("utf-8", "replace") + secret.encode()
        expected = hashlib.sha256(signed).hexdigest()
        if hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
            return name
    return None


def read_object(raw: bytes) -> Json | None:
    """The JSON object of a body; None for anything else."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _forms(body: Json, headers: Mapping[str, str], app_id: str) -> Iterator[tuple[str, str, str]]:
    account = str(body.get("oa_id") or "")
    accounts = [account] if account else [_id(body.get("recipient")), _id(body.get("sender"))]
    firsts = [("app_id", app_id), *(("oa_id", one) for one in accounts if one)]
    stamps = (("body", str(body.get("timestamp", ""))), ("header", headers.get(TIMESTAMP, "")))
    for first_name, first in firsts:
        for stamp_name, stamp in stamps:
            if first and stamp:
                yield f"{first_name} + {stamp_name}", first, stamp


def _id(party: object) -> str:
    return str(party.get("id", "")) if isinstance(party, dict) else ""


def bot_is_known(headers: Mapping[str, str], secret: str) -> bool:
    """Whether the Bot Platform's secret stands in the header (8 to 256 characters; the body is not signed)."""
    given = headers.get(BOT_HEADER, "")
    return len(secret) >= 8 and hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode())


def unsigned_fault(headers: Mapping[str, str], now: datetime) -> str | None:
    """What is wrong with the heads of a post before its body is read, in Vietnamese; None when it may be signed."""
    stamp = headers.get("webhook-timestamp", "")
    if not headers.get("webhook-id") or not stamp.isascii() or not stamp.isdecimal() or len(stamp) > 12:
        return "Thiếu webhook-id hoặc webhook-timestamp."
    # By seconds: twelve digits name years that no datetime has.
    if abs(now.timestamp() - int(stamp)) > WINDOW.total_seconds():
        return "Thời điểm ký lệch quá 5 phút so với máy chủ này."
    return None if headers.get("webhook-signature") else "Thiếu webhook-signature."


def posted_fault(raw: bytes, headers: Mapping[str, str], secret: str, now: datetime) -> str | None:
    """What is wrong with the Standard Webhooks signature of a post, in Vietnamese; None when it holds."""
    if fault := unsigned_fault(headers, now):
        return fault
    number, stamp = headers["webhook-id"], headers["webhook-timestamp"]
    try:
        # The library's own check reads the clock, and its signature is wrong for a time that is not UTC.
        expected = Webhook(secret).sign(number, datetime.fromtimestamp(int(stamp), UTC), raw.decode())
    except (ValueError, binascii.Error):
        return "Nội dung không phải UTF-8."
    given = [one for one in headers.get("webhook-signature", "").split() if one.startswith("v1,")]
    holds = [hmac.compare_digest(expected.encode(), one.encode("utf-8", "replace")) for one in given]
    return None if any(holds) else "Chữ ký không đúng."


def key_fault(secret: str) -> str | None:
    """What is wrong with the key of the generic webhook, in Vietnamese; None when it can be used."""
    try:
        size = len(base64.b64decode(secret.removeprefix("whsec_"), validate=True))
    except binascii.Error:
        size = 0
    if not secret.startswith("whsec_") or size < SHORTEST_KEY:
        return "Khóa phải có dạng whsec_ và theo sau là ít nhất 24 byte viết bằng base64."
    return None
