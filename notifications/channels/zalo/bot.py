"""The Bot Platform: a chat of its own with whoever has written to the bot once.

`POST https://bot-api.zaloplatforms.com/bot<TOKEN>/sendMessage {chat_id, text}`, up to 2,000 characters (transcribed
documentation). No `parse_mode`: without one the words stay as they are. HTTP 200 proves nothing, `ok` does.

The token stands in the address, and httpx writes addresses into its log and its exceptions. So the client is given an
address without it, and only the transport below puts it in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

import httpx

from notifications.channels.base import Delivery, Envelope, Receipt, require_aware
from notifications.channels.zalo.codes import Meaning, elsewhere, retry_time, stop
from notifications.channels.zalo.replies import REFUSED_FOR_NOW, retry_after
from notifications.channels.zalo.text import MAX_TEXT, prepare_text
from notifications.channels.zalo.wire import LIMITS, TIMEOUT, lower_headers, request, trusted

PLACE = "bot-token"
"""Stands in every address that anybody may see, where the token stands on the wire."""

# As Apprise reads the documentation (its plugin for the Bot Platform, 2.2.0); no list of Zalo's own was found.
BOT_MEANINGS: Mapping[int, Meaning] = MappingProxyType(
    {
        400: elsewhere("Zalo Bot không nhận tin này cho cuộc trò chuyện này. Người nhận cần nhắn lại cho bot."),
        401: Meaning("auth", "Zalo không nhận mã của bot. Hãy lấy mã mới và đặt DONDOC_ZALO_BOT_TOKEN."),
        403: elsewhere("Người nhận đã chặn bot hoặc đã rời cuộc trò chuyện."),
        404: stop("Không có bot nào ứng với mã này. Hãy kiểm tra DONDOC_ZALO_BOT_TOKEN và DONDOC_ZALO_BOT_URL."),
        408: Meaning("unknown", "Zalo Bot báo hết giờ; chưa rõ tin đã tới hay chưa."),
        429: Meaning("temporary", "Zalo Bot báo gửi quá nhanh; phải chờ một phút.", "minute"),
    }
)


class TokenTransport(httpx.BaseTransport):
    """Puts the token into the path on the way out and keeps it out of everything that comes back."""

    def __init__(self, token: str, inner: httpx.BaseTransport) -> None:
        self._token = token
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Called by httpx with an address that anybody may see."""
        path = request.url.raw_path.replace(PLACE.encode(), self._token.encode(), 1)
        url = request.url.copy_with(raw_path=path)
        sent = httpx.Request(request.method, url, headers=request.headers, stream=request.stream)
        sent.extensions = request.extensions
        return self._inner.handle_request(sent)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


class ZaloBotChannel:
    """Sends one text to one chat."""

    name: Literal["zalo_bot"] = "zalo_bot"
    max_text = MAX_TEXT

    def __init__(self, api_url: str, token: str, timeout: httpx.Timeout = TIMEOUT) -> None:
        self._url = f"{api_url.rstrip('/')}/bot{PLACE}"
        self._token = token
        inner = httpx.HTTPTransport(verify=trusted(), limits=LIMITS)
        self._client = httpx.Client(transport=TokenTransport(token, inner), timeout=timeout, follow_redirects=False)

    def send(self, envelope: Envelope, now: datetime) -> Receipt:
        """Exactly one call."""
        from notifications.channels.plugin import NotifyZaloBot

        require_aware(now)
        return NotifyZaloBot(envelope.to_address).carry(envelope, now, self._deliver)

    def check(self, now: datetime) -> list[str]:
        """Ask the platform who the bot is; sends no message."""
        try:
            self._call("getMe", {}, require_aware(now))
        except Delivery as fault:
            return [fault.detail]
        return []

    def _deliver(self, envelope: Envelope, now: datetime) -> Receipt:
        if envelope.attachments:
            raise Delivery("other_channel", "attachment", "Zalo Bot không gửi được tệp. Hãy gửi bằng thư điện tử.")
        text, chat = prepare_text(envelope.text), envelope.to_address.strip()
        if not text or len(text) > MAX_TEXT:
            words = f"Tin Zalo Bot phải có từ 1 đến {MAX_TEXT} ký tự, tin này có {len(text)}."
            raise Delivery("permanent", "length", words)
        if not chat or not chat.isascii() or not chat.isprintable() or " " in chat:
            raise Delivery(
                "permanent", "address", f"Mã cuộc trò chuyện {chat!r} không hợp lệ. Hãy liên kết lại với bot."
            )
        result = self._call("sendMessage", {"chat_id": chat, "text": text}, now)
        message_id = result.get("message_id")
        return Receipt(str(message_id) if message_id else None, "Zalo Bot đã nhận tin.")

    def _call(self, method: str, body: Mapping[str, str], now: datetime) -> Mapping[str, Any]:
        """The ``result`` of a call. Raises Delivery."""
        response = request(self._client, "POST", f"{self._url}/{method}", json=body)
        return read_bot_reply(response.status_code, lower_headers(response), response.content, now, self._token)


def read_bot_reply(
    status: int, headers: Mapping[str, str], body: bytes, now: datetime, token: str
) -> Mapping[str, Any]:
    """The ``result`` of a reply that came whole; ``token`` is struck out of whatever the platform says.

    Raises Delivery: by the code in the body, else by the HTTP status; `unknown` for what tells nothing.
    """
    if status == 503:
        raise Delivery("temporary", "HTTP 503", "Máy chủ Zalo Bot đang quá tải.", retry_after(headers, now))
    parsed = _object(body)
    if parsed is not None and parsed.get("ok") is True and status < 300:
        result = parsed.get("result")
        return result if isinstance(result, dict) else {}
    code = _code(parsed, status)
    meaning = BOT_MEANINGS.get(code)
    said = str((parsed or {}).get("description") or "").replace(token, "…") if token else ""
    if meaning is None:
        raise Delivery("unknown", str(code), f"Zalo Bot trả lời không rõ ({code}); chưa rõ tin đã tới hay chưa. {said}")
    again = retry_after(headers, now) if code in REFUSED_FOR_NOW else None
    words = meaning.words + (f" (Zalo: {said})" if said else "")
    raise Delivery(meaning.kind, str(code), words, again or retry_time(meaning.wait, now))


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) else None


def _code(parsed: Mapping[str, Any] | None, status: int) -> int:
    """The code that the body names, also as a string; else the HTTP status."""
    text = str((parsed or {}).get("error_code", ""))
    return int(text) if text.lstrip("-").isdigit() else status
