"""From the bytes of a verified post to an `Incoming`: Zalo's events, the Bot Platform's, and our own generic shape.

Zalo's ids and times are strings; times are epoch milliseconds. What is of no use here (stickers, echoes of our own
messages, talk in groups) gives None and is kept nowhere.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from config.faults import Refusal
from config.settings import Settings
from db.models import Json
from notifications.codes import read_code
from submissions.checks import MAX_TEXT
from submissions.files import MAX_FILES, MEGABYTE, Upload, too_large
from submissions.inbound.incoming import Incoming
from submissions.inbound.signatures import read_object

# Zalo tells an event again for up to an hour; a time further back is a wrong clock.
OLDEST = timedelta(hours=6)
NO_WORDS = frozenset({"user_send_sticker", "user_send_gif", "user_asking_product"})
TEXTS = frozenset({"user_send_text", "user_send_link"})
GROUP = "user_send_group_"


def moment_of(value: object, now: datetime) -> datetime:
    """An instant in epoch milliseconds (or seconds), when it is believable; else `now`."""
    text = str(value)
    if not text.isascii() or not text.isdecimal() or len(text) > 14:
        return now
    number = int(text)
    at = datetime.fromtimestamp(number / 1000 if number > 10**11 else number, UTC)
    return at if now - OLDEST <= at <= now else now


def zalo_incoming(raw: bytes, headers: Mapping[str, str], now: datetime) -> Incoming | None:
    """A verified event of the Official Account; None for one that says nothing to us."""
    body = read_object(raw) or {}
    event = str(body.get("event_name", ""))
    at = moment_of(body.get("timestamp"), now)
    if event in ("follow", "unfollow"):
        return _event(body, event, at, _text(body, "follower", "id"))
    if event in ("user_received_message", "user_seen_message"):
        return _report(body, headers, event, at)
    if event == "user_click_response_button":
        return _button(body, raw, at)
    if event.startswith("user_send_"):
        return _words(body, raw, event, at)
    if event.startswith("change_"):
        return _event(body, "event", at, event, event)
    return None


def _text(body: Json, *path: str) -> str:
    """A value at some depth as text; empty where the shape is another."""
    found: Any = body
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return str(found) if isinstance(found, str | int) else ""


def _event(body: Json, kind: str, at: datetime, subject: str, event: str = "") -> Incoming | None:
    key = f"zalo:{event or kind}:{body.get('timestamp', '')}:{subject}"
    # Nothing of a person but his id; the bytes are not worth keeping.
    sender = subject if kind in ("follow", "unfollow") else ""
    return Incoming("zalo", key, at, sender, "", b"", data={"kind": kind, "event": event}) if subject else None


def _report(body: Json, headers: Mapping[str, str], event: str, at: datetime) -> Incoming | None:
    """Delivered or seen; a template's report has one of two shapes and the header X-ZEvent-Server."""
    template = headers.get("x-zevent-server", "").upper() == "ZNS" or bool(
        _text(body, "tracking_id") or _text(body, "message", "tracking_id")
    )
    ids: list[object] = [_text(body, *path, name) for path in ((), ("message",)) for name in ("tracking_id", "msg_id")]
    message = body.get("message")
    listed = message.get("msg_ids") if isinstance(message, dict) else None
    ids += listed if isinstance(listed, list) else []
    references = [str(one) for one in ids if isinstance(one, str | int) and str(one)]
    if not references:
        return None
    kind = "seen" if event == "user_seen_message" else "delivered"
    told = _text(body, "message", "delivery_time") or _text(body, "delivery_time")
    key = f"zalo:{kind}:{body.get('timestamp', '')}:{','.join(references)}"
    data: Json = {"kind": kind, "references": references}
    return Incoming("zbs" if template else "zalo", key, moment_of(told, at) if told else at, "", "", b"", data=data)


def _words(body: Json, raw: bytes, event: str, at: datetime) -> Incoming | None:
    text, number = _text(body, "message", "text"), _text(body, "message", "msg_id")
    in_group = event.startswith(GROUP)
    # A group talks about many things; only a message that names a duty by its code is for us.
    if event in NO_WORDS or not number or (in_group and "DD" not in text.upper()):
        return None
    sender = _text(body, "sender", "id")
    quoted = _text(body, "message", "quote_msg_id")
    data: Json = {"event": event, "attachments": [] if event in TEXTS else _attachments(body)}
    return Incoming("zalo", f"zalo:{number}", at, sender, text, raw, answers=(quoted,) if quoted else (), data=data)


def _attachments(body: Json) -> list[Json]:
    message = body.get("message")
    listed = message.get("attachments") if isinstance(message, dict) else None
    found: list[Json] = []
    for one in listed if isinstance(listed, list) else []:
        url = _text(one, "payload", "url") if isinstance(one, dict) else ""
        if url:
            found.append({"url": url, "name": _text(one, "payload", "name"), "size": _text(one, "payload", "size")})
    return found[:MAX_FILES]


def _button(body: Json, raw: bytes, at: datetime) -> Incoming | None:
    """The quick reply of a template that went out by telephone number: its words, answering that message."""
    number = _text(body, "message", "msg_id")
    tracking = _text(body, "tracking_id") or _text(body, "message", "tracking_id")
    words = _text(body, "message", "data")
    key = f"zalo:button:{number or tracking}:{body.get('timestamp', '')}"
    answers = tuple(one for one in (number, tracking) if one)
    return Incoming("zalo", key, at, _text(body, "sender", "id"), words, raw, answers=answers) if answers else None


def bot_incoming(raw: bytes, now: datetime) -> Incoming | None:
    """A verified event of the Bot Platform; None for stickers and for groups."""
    body = read_object(raw) or {}
    result = body.get("result")
    event = _text(body, "result", "event_name")
    message = result.get("message") if isinstance(result, dict) else None
    if not isinstance(message, dict) or not event.startswith("message.") or "sticker" in event:
        return None
    number, chat = _text(message, "message_id"), _text(message, "chat", "id")
    if not number or not chat or _text(message, "chat", "chat_type").upper() == "GROUP":
        return None
    photo = _text(message, "photo")
    attachments = [{"url": photo, "name": "anh.jpg"}] if photo.startswith("https://") else []
    text, at = _text(message, "text") or _text(message, "caption"), moment_of(message.get("date"), now)
    data: Json = {"event": event, "attachments": attachments}
    return Incoming("zalo_bot", f"zalo_bot:{number}", at, chat, text, raw, data=data)


def posted_incoming(raw: bytes, headers: Mapping[str, str], now: datetime, settings: Settings) -> Incoming:
    """A verified generic post: `{"type": "submission", "data": {code, kind, text, figures, files, sender}}`.

    Raises Refusal with what is wrong with its shape.
    """
    body = read_object(raw)
    data = body.get("data") if body else None
    if body is None or body.get("type") != "submission" or not isinstance(data, dict):
        raise Refusal('Nội dung phải là JSON dạng {"type": "submission", "data": {...}}.')
    code = _text(data, "code")
    if read_code(code, settings.secret_key.get_secret_value()) is None:
        raise Refusal("data.code không phải mã kỳ hạn đúng (dạng DD-128-7KQ3, ghi trong tin nhắc việc).")
    text = _text(data, "text")
    if len(text) > MAX_TEXT:
        raise Refusal(f"data.text dài quá {MAX_TEXT} ký tự.")
    kept: Json = {"figures": _figures(data), "nil": data.get("kind") == "nil"}
    key = f"webhook:{headers.get('webhook-id', '')}"
    sender = _text(data, "sender")[:100]
    return Incoming("webhook", key, now, sender, text, raw, subject=code, uploads=_uploads(data, settings), data=kept)


def _figures(data: Json) -> dict[str, str]:
    given = data.get("figures", {})
    if not isinstance(given, dict) or not all(isinstance(one, str | int | float) for one in given.values()):
        raise Refusal('data.figures phải có dạng {"tên chỉ tiêu": số}.')
    return {str(name): str(value) for name, value in given.items()}


def _uploads(data: Json, settings: Settings) -> tuple[Upload, ...]:
    given = data.get("files", [])
    if not isinstance(given, list) or len(given) > MAX_FILES:
        raise Refusal(f"data.files phải là danh sách không quá {MAX_FILES} tệp.")
    return tuple(_upload(one, settings) for one in given)


def _upload(one: object, settings: Settings) -> Upload:
    name = _text(one, "name") if isinstance(one, dict) else ""
    try:
        content = base64.b64decode(_text(one, "content_base64") if isinstance(one, dict) else "", validate=True)
    except (binascii.Error, ValueError):
        raise Refusal(f"Tệp «{name}»: content_base64 không phải base64.") from None
    if not name or not content:
        raise Refusal("Mỗi tệp trong data.files cần có name và content_base64.")
    if len(content) > settings.upload_mb * MEGABYTE:
        raise Refusal(str(too_large(name, settings.upload_mb)))
    return Upload(name, content)
