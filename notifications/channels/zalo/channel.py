"""The Zalo Official Account channel: consultation messages to a person, messages to a group.

Paths and fields from the transcribed documentation (`/v3.0/oa/message/cs`, `/v3.0/oa/group/message`); the header is
the bare ``access_token``. Transaction messages by user id ended on 2026-03-01 and are not used. No message takes an
idempotency key, so an unknown outcome is final for the program.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

import httpx

from notifications.channels.base import Delivery, Envelope, Receipt, require_aware
from notifications.channels.tokens import TokenPair, TokenStore
from notifications.channels.zalo.codes import failure_for, refreshes
from notifications.channels.zalo.oauth import ZaloOAuth
from notifications.channels.zalo.replies import Reply, read_reply
from notifications.channels.zalo.text import MAX_TEXT, prepare_text
from notifications.channels.zalo.wire import lower_headers, open_client, request

PERSON_PATH = "/v3.0/oa/message/cs"
GROUP_PATH = "/v3.0/oa/group/message"
ACCOUNT_PATH = "/v2.0/oa/getoa"
GROUP_PREFIX = "group:"
# Renew a little early, so that a message is not spent on learning that the token has just ended.
EARLY = timedelta(minutes=2)
NO_CONSENT = "Chưa cấp quyền cho Official Account. Hãy chạy: dondoc zalo connect."
LOST = "Quyền gửi tin Zalo đã mất từ {since:%H:%M ngày %d/%m/%Y}. Hãy cấp quyền lại: dondoc zalo connect."


class ZaloChannel:
    """Sends one text to one person or group through one Official Account."""

    name: Literal["zalo"] = "zalo"
    max_text = MAX_TEXT

    def __init__(self, api_url: str, oauth: ZaloOAuth, tokens: TokenStore, client: httpx.Client | None = None) -> None:
        self._api = api_url.rstrip("/")
        self._oauth = oauth
        self._tokens = tokens
        self._client = client or open_client()

    def send(self, envelope: Envelope, now: datetime) -> Receipt:
        """One attempt; a token that has ended is renewed and the refused call made once more."""
        from notifications.channels.plugin import NotifyZaloOA

        require_aware(now)
        return NotifyZaloOA(envelope.to_address).carry(envelope, now, self._deliver)

    def check(self, now: datetime) -> list[str]:
        """Ask Zalo who we are; renews the token when it has ended, sends no message."""
        require_aware(now)
        try:
            if since := self._tokens.lost_since():
                return [LOST.format(since=since.astimezone(now.tzinfo))]
            self._authorised("GET", ACCOUNT_PATH, None, now)
        except Delivery as fault:
            return [fault.detail]
        return []

    def _deliver(self, envelope: Envelope, now: datetime) -> Receipt:
        path, body = _address_and_body(envelope)
        reply = self._authorised("POST", path, body, now)
        message_id = reply.data.get("message_id")
        return Receipt(str(message_id) if message_id else None, "Zalo đã nhận tin.")

    def _authorised(self, method: str, path: str, body: Mapping[str, Any] | None, now: datetime) -> Reply:
        """A successful reply. Raises Delivery."""
        pair = self._usable_pair(now)
        reply = self._call(method, path, body, pair.access, now)
        if refreshes(reply.code):
            # A refused token means a refused call: repeating it cannot make a second copy.
            pair = self._renew(pair, now)
            reply = self._call(method, path, body, pair.access, now)
        if reply.code != 0:
            raise failure_for(reply.code, reply.message, now)
        return reply

    def _usable_pair(self, now: datetime) -> TokenPair:
        pair = self._tokens.load()
        if pair is None:
            raise Delivery("auth", "no-consent", NO_CONSENT)
        return pair if pair.expires_at - EARLY > now else self._renew(pair, now)

    def _renew(self, stale: TokenPair, now: datetime) -> TokenPair:
        return self._tokens.refresh(stale.access, lambda spent: self._oauth.pair_from_refresh(spent, now), now)

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None, access: str, now: datetime) -> Reply:
        headers = {"access_token": access}
        response = request(self._client, method, self._api + path, headers=headers, json=body)
        return read_reply(response.status_code, lower_headers(response), response.content, now)


def _address_and_body(envelope: Envelope) -> tuple[str, dict[str, Any]]:
    """The path and JSON of an envelope. Raises Delivery for what Zalo cannot carry."""
    if envelope.attachments:
        words = "Tin có tệp kèm theo; tin tư vấn Zalo ở đây chỉ gửi chữ. Hãy gửi bằng thư điện tử."
        raise Delivery("other_channel", "attachment", words)
    text = prepare_text(envelope.text)
    if not text or len(text) > MAX_TEXT:
        raise Delivery("permanent", "length", f"Tin Zalo phải có từ 1 đến {MAX_TEXT} ký tự, tin này có {len(text)}.")
    message = {"text": text}
    address = envelope.to_address.strip()
    group = address.removeprefix(GROUP_PREFIX)
    if not group or not group.isascii() or not group.isalnum():
        raise Delivery("permanent", "address", f"Mã người nhận Zalo {address!r} không hợp lệ. Hãy sửa trong danh bạ.")
    if address.startswith(GROUP_PREFIX):
        return GROUP_PATH, {"recipient": {"group_id": group}, "message": message}
    return PERSON_PATH, {"recipient": {"user_id": group}, "message": message}
