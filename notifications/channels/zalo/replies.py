"""Reading one HTTP reply of Zalo: accepted, a code, or an outcome that nobody knows.

A failure usually comes with HTTP 200, so only ``error == 0`` in a JSON object is success.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from notifications.channels.base import Delivery

# The server says that it did not take the request on: safe to repeat.
REFUSED_FOR_NOW = (429, 503)
MAX_RETRY_AFTER = timedelta(hours=6)


@dataclass(frozen=True)
class Reply:
    """A JSON reply that names an error code; 0 is success."""

    code: int
    message: str
    data: Mapping[str, Any]
    body: Mapping[str, Any]


def read_reply(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> Reply:
    """The reply of a request that was written whole.

    Raises Delivery: `temporary` for 429/503, `config` for a refused address, `unknown` for every other reply that does
    not tell whether the message was taken (5xx, HTML, nothing, half a JSON).
    """
    if status in REFUSED_FOR_NOW:
        raise Delivery("temporary", f"HTTP {status}", "Máy chủ Zalo đang quá tải.", retry_after(headers, now))
    parsed = _json_object(body)
    code = None if parsed is None else _code(parsed)
    if status == 401 and not code:
        return Reply(-216, "HTTP 401", {}, {})
    if status >= 500 or (status < 300 and (parsed is None or code is None)):
        raise Delivery("unknown", f"HTTP {status}", "Zalo trả lời không đọc được; chưa rõ tin đã tới hay chưa.")
    if parsed is None or (not code and status >= 300):
        cure = "Hãy kiểm tra địa chỉ API Zalo trong cấu hình."
        raise Delivery("config", f"HTTP {status}", f"Zalo từ chối yêu cầu (HTTP {status}). {cure}")
    data = parsed.get("data")
    said = str(parsed.get("message") or parsed.get("error_name") or "")
    return Reply(code or 0, said, data if isinstance(data, dict) else {}, parsed)


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) else None


def _code(parsed: Mapping[str, Any]) -> int | None:
    """The error code, also when it came as a string; None when there is none to read."""
    try:
        return int(str(parsed["error"]))
    except (KeyError, ValueError):
        return None


def retry_after(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """When the server wants to be asked again (RFC 9110, 10.2.3, in seconds), at most six hours on."""
    seconds = headers.get("retry-after", "")
    if not seconds.isascii() or not seconds.isdigit():
        return None
    return now + min(timedelta(seconds=int(seconds[:9])), MAX_RETRY_AFTER)
