"""The office's own gateway: a signed POST for each message, in the form of Standard Webhooks 1.0.0.

`webhook-id` is ``obx-<row>`` on every attempt, and a receiver that keeps to the standard takes an id once. So a lost
answer, which other channels must call unknown, is only `temporary` here: asking again makes no second copy. An office
whose gateway does not look at the id must not use this channel (docs/operations.md).
"""

from __future__ import annotations

import base64
import binascii
import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

import requests
from standardwebhooks import Webhook

from notifications.channels.base import Delivery, DeliveryKind, Envelope, Receipt, require_aware
from notifications.channels.guard import BarredAddress, GuardSettings, guarded_request

MAX_BODY = 20_000
"""Bytes of a body: Standard Webhooks asks for less than 20 kB."""
MAX_TEXT = 4000
"""Longest text in characters: a Vietnamese letter takes up to three bytes."""
KEY_BYTES = (24, 64)
"""How long a signing key may be, in bytes (Standard Webhooks 1.0.0, symmetric signatures)."""
BUSY = (429, 502, 503, 504)
LONGEST_PAUSE = timedelta(hours=24)
SETTINGS = "Hãy sửa DONDOC_WEBHOOK_URL, DONDOC_WEBHOOK_SECRET rồi chạy dondoc doctor."

# What an answer means besides those below: 4xx is about this message, all else passes.
MEANINGS: dict[int, tuple[DeliveryKind, str]] = {
    401: ("auth", f"Cổng tin nhắn không nhận chữ ký của dondoc. {SETTINGS}"),
    403: ("auth", f"Cổng tin nhắn không nhận chữ ký của dondoc. {SETTINGS}"),
    404: ("config", f"Địa chỉ cổng tin nhắn không có. {SETTINGS}"),
    405: ("config", f"Địa chỉ cổng tin nhắn không nhận POST. {SETTINGS}"),
    408: ("temporary", "Cổng tin nhắn trả lời hết giờ; sẽ gửi lại."),
    410: ("config", f"Cổng tin nhắn báo đã ngừng nhận tin. {SETTINGS}"),
    425: ("temporary", "Cổng tin nhắn chưa nhận lúc này; sẽ gửi lại."),
    # The outbox knows this code as "too fast" and pauses the channel for every deliverer.
    429: ("temporary", "Cổng tin nhắn yêu cầu gửi chậm lại."),
}


class WebhookChannel:
    """Hands messages to the gateway of the office, which brings them to people by its own means."""

    name: Literal["webhook"] = "webhook"
    max_text = MAX_TEXT

    def __init__(self, url: str, secrets: str, settings: GuardSettings) -> None:
        """`secrets`: one key, or two with a space between while a key is being changed. Raises Delivery `config`."""
        self._url = url
        self._keys = [_key(secret) for secret in secrets.split()]
        self._settings = settings
        if not self._keys:
            words = "Chưa có khóa ký tin cho cổng tin nhắn. Hãy đặt DONDOC_WEBHOOK_SECRET."
            raise Delivery("config", "webhook-secret", words)

    def send(self, envelope: Envelope, now: datetime) -> Receipt:
        """One attempt."""
        from notifications.channels.plugin import NotifyWebhook

        require_aware(now)
        return NotifyWebhook(envelope.to_address).carry(envelope, now, self._deliver)

    def check(self, now: datetime) -> list[str]:
        """Whether the gateway answers at all; HEAD hands it no message."""
        require_aware(now)
        try:
            status, _ = self._answer("HEAD", b"", {})
        except Delivery as fault:
            return [fault.detail]
        return [MEANINGS[status][1]] if status in (404, 410) else []

    def _deliver(self, envelope: Envelope, now: datetime) -> Receipt:
        number = f"obx-{envelope.outbox_id}"
        body = body_of(envelope, number, now)
        status, retry_after = self._answer("POST", body, signed_headers(self._keys, number, body, now))
        if 200 <= status < 300:
            return Receipt(number, "Cổng tin nhắn của cơ quan đã nhận tin.")
        raise failure_of(status, retry_after, now)

    def _answer(self, method: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        """Status and Retry-After; the body of the answer is never read. Raises Delivery."""
        try:
            with closing(guarded_request(method, self._url, self._settings, data=body, headers=headers)) as response:
                return response.status_code, response.headers.get("Retry-After", "")
        except BarredAddress as error:
            raise Delivery("config", "address", f"Cổng tin nhắn: {error} {SETTINGS}") from error
        except (requests.RequestException, OSError) as error:
            words = "Không kết nối được cổng tin nhắn của cơ quan hoặc cổng không trả lời. Hãy kiểm tra mạng và cổng."
            raise Delivery("temporary", type(error).__name__, words) from error


def body_of(envelope: Envelope, number: str, now: datetime) -> bytes:
    """The JSON of a message. Raises Delivery for what the gateway cannot carry."""
    if envelope.attachments:
        raise Delivery("other_channel", "attachment", "Cổng tin nhắn chỉ nhận chữ. Hãy gửi tệp bằng thư điện tử.")
    data = {
        "id": number,
        "to": envelope.to_address,
        "name": envelope.to_name,
        "kind": envelope.kind,
        "subject": envelope.subject,
        "text": envelope.text,
        "facts": dict(envelope.facts),
    }
    event = {"type": "message.send", "timestamp": now.astimezone(UTC).isoformat(), "data": data}
    body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
    if len(body) >= MAX_BODY:
        words = f"Tin dài {len(body)} byte, quá giới hạn {MAX_BODY} byte của cổng tin nhắn."
        raise Delivery("permanent", "length", words)
    return body


def signed_headers(keys: list[Webhook], number: str, body: bytes, now: datetime) -> dict[str, str]:
    """The three headers of the standard, one signature a key."""
    # The library takes the clock's figures as they stand for UTC, so it must be given UTC.
    moment = now.astimezone(UTC)
    return {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": number,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(key.sign(number, moment, body.decode()) for key in keys),
    }


def failure_of(status: int, retry_after: str, now: datetime) -> Delivery:
    """What an answer other than 2xx means."""
    kind, words = MEANINGS.get(status, ("temporary", f"Cổng tin nhắn trả lời lỗi {status}; sẽ gửi lại."))
    if 300 <= status < 400:
        kind, words = "config", f"Cổng tin nhắn chuyển hướng ({status}), dondoc không đi theo. {SETTINGS}"
    elif 400 <= status < 500 and status not in MEANINGS:
        kind, words = "permanent", f"Cổng tin nhắn không nhận tin này (lỗi {status})."
    wait = pause_of(retry_after, now) if status in BUSY else None
    if status == 429:
        wait = wait or now + timedelta(minutes=1)
    return Delivery(kind, str(status), words, wait)


def pause_of(retry_after: str, now: datetime) -> datetime | None:
    """The instant that Retry-After names, by seconds or by a date (RFC 9110, 10.2.3), at most a day ahead."""
    if retry_after.strip().isascii() and retry_after.strip().isdigit():
        # A number of many digits would overflow a timedelta.
        named = now + timedelta(seconds=min(int(retry_after.strip()[:9]), 86_400))
    else:
        try:
            named = parsedate_to_datetime(retry_after)
        except ValueError:
            return None
        named = named if named.tzinfo else named.replace(tzinfo=UTC)
    return min(max(named, now), now + LONGEST_PAUSE)


def _key(secret: str) -> Webhook:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not KEY_BYTES[0] <= len(key) <= KEY_BYTES[1]:
        words = "DONDOC_WEBHOOK_SECRET phải là whsec_ và 24 đến 64 byte viết bằng base64, như cổng tin nhắn đã cấp."
        raise Delivery("config", "webhook-secret", words)
    return Webhook(key)
