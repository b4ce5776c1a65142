"""Clients that are wrong on purpose, each in one way that somebody has really published, and one that is right.

They speak plain HTTP and know nothing of our code. What a client says of itself is its claims; what the double's inbox
and ledger say of it is the truth.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.channels.doubles import APP_ID, APP_SECRET, ZaloDouble

CS, GROUP, PHONE = "/v3.0/oa/message/cs", "/v3.0/oa/group/message", "/business/message/template"
TOKENS = "/v4/oa/access_token"
NUMBER, TEMPLATE = "84987654321", "300001"
OA_SECRET = "double-oa-secret"


@dataclass
class Claims:
    """What a client believes: how many messages arrived, and the provider's ids of them."""

    arrived: int = 0
    ids: list[str] = field(default_factory=list)


def post(zalo: ZaloDouble, token: str, path: str, body: Mapping[str, Any], **headers: str) -> httpx.Response | None:
    """One call; None when the connection broke."""
    try:
        return zalo.call("POST", path, headers={"access_token": token, **headers}, json=body)
    except httpx.TransportError:
        return None


def words(to: str, text: str = "chào") -> dict[str, Any]:
    """A consultation message."""
    return {"recipient": {"user_id": to}, "message": {"text": text}}


def template() -> dict[str, Any]:
    """A template by telephone number."""
    return {"phone": NUMBER, "template_id": TEMPLATE, "template_data": {}, "tracking_id": "obx-1"}


def read(answer: httpx.Response | None, id_field: str = "message_id") -> Claims:
    """The right reading of an answer: only ``error == 0`` has arrived."""
    body = answer.json() if answer is not None and "json" in answer.headers.get("content-type", "") else {}
    if body.get("error") != 0:
        return Claims()
    return Claims(1, [body["data"].get(id_field)])


class Right:
    """Does what the documentation says."""

    def tell(self, zalo: ZaloDouble, token: str, to: str, text: str = "chào") -> Claims:
        """One consultation message."""
        return read(post(zalo, token, CS, words(to, text)))

    def tell_group(self, zalo: ZaloDouble, token: str, text: str) -> Claims:
        """One message to the group, no mention in it."""
        safe = text.replace("[@", "").replace("]", "")
        return read(post(zalo, token, GROUP, {"recipient": {"group_id": "9001"}, "message": {"text": safe}}))

    def tell_phone(self, zalo: ZaloDouble, token: str) -> Claims:
        """One template by telephone number."""
        return read(post(zalo, token, PHONE, template()), "msg_id")

    def renew(self, zalo: ZaloDouble, refresh: str) -> list[str]:
        """Ten threads want a new token; the tokens that they hold afterwards."""
        lock, kept = threading.Lock(), [""]

        def one(_: int) -> str:
            with lock:
                kept[0] = kept[0] or exchange(zalo, refresh)
            return kept[0]

        with ThreadPoolExecutor(10) as pool:
            return list(pool.map(one, range(10)))

    def verifies(self, body: bytes, headers: Mapping[str, str], at: str) -> bool:
        """Whether an event is Zalo's."""
        mac = hashlib.sha256(APP_ID.encode() + body + at.encode() + OA_SECRET.encode()).hexdigest()
        return hmac.compare_digest(headers.get("x-zevent-signature", ""), f"mac={mac}")


def exchange(zalo: ZaloDouble, refresh: str) -> str:
    """One call of the token address; the access token, or nothing."""
    form = {"refresh_token": refresh, "app_id": APP_ID, "grant_type": "refresh_token"}
    return str(zalo.call("POST", TOKENS, headers={"secret_key": APP_SECRET}, data=form).json().get("access_token", ""))


class HttpStatusIsSuccess(Right):
    """Takes HTTP 200 for arrived."""

    def tell(self, zalo: ZaloDouble, token: str, to: str, text: str = "chào") -> Claims:
        answer = post(zalo, token, CS, words(to, text))
        return Claims(1) if answer is not None and answer.status_code == 200 else Claims()


class RetriesTheUnknown(Right):
    """Sends again when it got no answer."""

    def tell(self, zalo: ZaloDouble, token: str, to: str, text: str = "chào") -> Claims:
        answer = post(zalo, token, CS, words(to, text)) or post(zalo, token, CS, words(to, text))
        return read(answer)


class TrustsTheTrackingId(Right):
    """Sends again under the same tracking id, in the belief that Zalo would notice."""

    def tell_phone(self, zalo: ZaloDouble, token: str) -> Claims:
        answer = post(zalo, token, PHONE, template()) or post(zalo, token, PHONE, template())
        return read(answer, "msg_id")


class OneNameForTheId(Right):
    """Reads ``message_id`` on both hosts."""

    def tell_phone(self, zalo: ZaloDouble, token: str) -> Claims:
        return read(post(zalo, token, PHONE, template()), "message_id")


class Bearer(Right):
    """Sends the token as everybody else does."""

    def tell(self, zalo: ZaloDouble, token: str, to: str, text: str = "chào") -> Claims:
        return read(post(zalo, "", CS, words(to, text), Authorization=f"Bearer {token}"))


class KeepsMentions(Right):
    """Hands on what a user wrote, brackets and all."""

    def tell_group(self, zalo: ZaloDouble, token: str, text: str) -> Claims:
        return read(post(zalo, token, GROUP, {"recipient": {"group_id": "9001"}, "message": {"text": text}}))


class NoLock(Right):
    """Every thread renews for itself."""

    def renew(self, zalo: ZaloDouble, refresh: str) -> list[str]:
        with ThreadPoolExecutor(10) as pool:
            return list(pool.map(lambda _: exchange(zalo, refresh), range(10)))


class HmacSignature(Right):
    """Verifies events by HMAC, as two public projects do."""

    def verifies(self, body: bytes, headers: Mapping[str, str], at: str) -> bool:
        text = APP_ID.encode() + body + at.encode()
        mac = hmac.new(OA_SECRET.encode(), text, hashlib.sha256).hexdigest()
        return hmac.compare_digest(headers.get("x-zevent-signature", ""), f"mac={mac}")


class ParsesBeforeVerifying(Right):
    """Verifies the JSON that it wrote itself, not the bytes that came."""

    def verifies(self, body: bytes, headers: Mapping[str, str], at: str) -> bool:
        import json

        return super().verifies(json.dumps(json.loads(body)).encode(), headers, at)


class BelievesEverything(Right):
    """Takes an event without looking."""

    def verifies(self, body: bytes, headers: Mapping[str, str], at: str) -> bool:
        del body, headers, at
        return True
