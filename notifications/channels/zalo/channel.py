"""The Zalo Official Account channel: consultation messages to a person, messages to a group.

Paths and fields from the transcribed documentation (`/v3.0/oa/message/cs`, `/v3.0/oa/group/message`); the header is
the bare ``access_token``. Transaction messages by user id ended on 2026-03-01 and are not used. No message takes an
idempotency key, so an unknown outcome is final for the program.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import httpx

from notifications.channels.base import Delivery, Envelope, Receipt, require_aware
from notifications.channels.tokens import TokenStore
from notifications.channels.zalo.account import Call, ZaloAccount
from notifications.channels.zalo.oauth import ZaloOAuth
from notifications.channels.zalo.text import MAX_TEXT, prepare_text

PERSON_PATH = "/v3.0/oa/message/cs"
GROUP_PATH = "/v3.0/oa/group/message"
GROUP_PREFIX = "group:"


class ZaloChannel:
    """Sends one text to one person or group through one Official Account."""

    name: Literal["zalo"] = "zalo"
    max_text = MAX_TEXT

    def __init__(
        self,
        api_url: str,
        oauth: ZaloOAuth,
        tokens: TokenStore,
        client: httpx.Client | None = None,
        proof_secret: str = "",
    ) -> None:
        self._api = api_url.rstrip("/")
        self.account = ZaloAccount(api_url, oauth, tokens, client, proof_secret)
        """The account behind this channel; the channels of approved templates speak through the same one."""

    def send(self, envelope: Envelope, now: datetime) -> Receipt:
        """One attempt; a token that has ended is renewed and the refused call made once more."""
        from notifications.channels.plugin import NotifyZaloOA

        require_aware(now)
        return NotifyZaloOA(envelope.to_address).carry(envelope, now, self._deliver)

    def check(self, now: datetime) -> list[str]:
        """Ask Zalo who we are; renews the token when it has ended, sends no message."""
        require_aware(now)
        try:
            if lost := self.account.lost(now):
                return [lost]
            self.account.who(now)
        except Delivery as fault:
            return [fault.detail]
        return []

    def _deliver(self, envelope: Envelope, now: datetime) -> Receipt:
        path, body = _address_and_body(envelope)
        reply = self.account.make(Call("POST", self._api + path, body), now)
        message_id = reply.data.get("message_id")
        return Receipt(str(message_id) if message_id else None, "Zalo đã nhận tin.")


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
