"""The bodies of the events that Zalo tells a webhook, built from a few plain fields.

Field names as transcribed from Zalo's documentation [M]; ids and times are strings [M]. A body is a plain dictionary:
whoever sends it makes the bytes once and signs those.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Stage:
    """What every event needs: the application, the account, the message's id and the instant in milliseconds."""

    app_id: str
    oa_id: str
    msg_id: str
    at: str
    files: str
    """Where the double serves files, without a slash at the end."""


def make_event(asked: Json, stage: Stage) -> Json:
    """The body of one event. Raises KeyError for an event that does not exist.

    ``asked["fields"]`` is laid over the body, so that a test may add what nobody knows or take a field away (null).
    """
    body = EVENTS[asked["event"]](asked, stage)
    laid = {**body, "timestamp": stage.at, **asked.get("fields", {})}
    return {name: value for name, value in laid.items() if value is not None}


def _from_user(asked: Json, stage: Stage, message: Json) -> Json:
    user = str(asked.get("user", ""))
    return {
        "app_id": stage.app_id,
        "sender": {"id": user},
        "recipient": {"id": str(asked.get("group") or stage.oa_id)},
        "user_id_by_app": f"app-{user}",
        "event_name": asked["event"],
        "message": message,
    }


def _to_user(asked: Json, stage: Stage, message: Json) -> Json:
    """Sender and recipient change places when the account speaks [M]."""
    body = _from_user(asked, stage, message)
    return {**body, "sender": {"id": stage.oa_id}, "recipient": {"id": str(asked.get("group") or asked["user"])}}


def _text(asked: Json, stage: Stage) -> Json:
    return _from_user(asked, stage, {"text": asked.get("text", ""), "msg_id": stage.msg_id})


def _file(asked: Json, stage: Stage) -> Json:
    """``message.attachments[]{type, payload{url, name, size, type}}`` [M]; ``files`` says which."""
    kind = str(asked["event"]).rpartition("_")[2]
    payloads = [_payload(one, stage) for one in asked.get("files", [{"name": "bao-cao.docx"}])]
    attached = [{"type": kind, "payload": payload} for payload in payloads]
    return _from_user(asked, stage, {"text": asked.get("text", ""), "msg_id": stage.msg_id, "attachments": attached})


def _payload(one: Json, stage: Stage) -> Json:
    """``url`` in full points wherever a test wants (inside the network, say); else the double's own address."""
    url = one.get("url") or f"{stage.files}/{one.get('mode', 'good')}/{one.get('key', 'bao-cao.docx')}"
    return {
        "url": url,
        "name": one.get("name", "bao-cao.docx"),
        "size": str(one.get("size", 1024)),
        "type": one.get("type", "docx"),
    }


def _follow(asked: Json, stage: Stage) -> Json:
    """No sender and no recipient here: ``follower.id`` [M]."""
    user = str(asked.get("user", ""))
    return {
        "app_id": stage.app_id,
        "oa_id": stage.oa_id,
        "follower": {"id": user},
        "user_id_by_app": f"app-{user}",
        "event_name": asked["event"],
        "source": asked.get("source", "oa_profile"),
    }


def _received(asked: Json, stage: Stage) -> Json:
    return _to_user(asked, stage, {"msg_id": asked.get("msg_id", stage.msg_id)})


def _seen(asked: Json, stage: Stage) -> Json:
    """A list, where every other event has one ``msg_id`` [M]."""
    return _to_user(asked, stage, {"msg_ids": list(asked.get("msg_ids", []))})


def _echo(asked: Json, stage: Stage) -> Json:
    return _to_user(asked, stage, {"text": asked.get("text", ""), "msg_id": asked.get("msg_id", stage.msg_id)})


def _phone_shared(asked: Json, stage: Stage) -> Json:
    """The user let the account know his telephone number [M]."""
    body = _from_user(asked, stage, {})
    del body["message"]
    return {**body, "info": {"name": asked.get("name", ""), "phone": asked.get("phone", "")}}


def _button(asked: Json, stage: Stage) -> Json:
    """The quick reply of a template by telephone number [M]."""
    message = {"data": asked.get("data", ""), "msg_id": asked.get("msg_id", stage.msg_id)}
    body = _from_user(asked, stage, message)
    return {**body, "tracking_id": asked.get("tracking_id", "")}


def _delivered_nested(asked: Json, stage: Stage) -> Json:
    """A template reached its telephone, the shape of one source [M]; goes with ``X-ZEvent-Server: ZNS``."""
    report = {"delivery_time": stage.at, "msg_id": asked.get("msg_id", stage.msg_id), "tracking_id": _tracking(asked)}
    return {
        "app_id": stage.app_id,
        "sender": {"id": stage.oa_id},
        "recipient": {"id": str(asked.get("phone", ""))},
        "event_name": "user_received_message",
        "message": report,
    }


def _delivered_flat(asked: Json, stage: Stage) -> Json:
    """The same, the shape of another source [M]: strings where the first has objects."""
    return {
        "app_id": stage.app_id,
        "sender": stage.oa_id,
        "recipient": str(asked.get("phone", "")),
        "event_name": "user_received_message",
        "delivery_time": stage.at,
        "msg_id": asked.get("msg_id", stage.msg_id),
        "tracking_id": _tracking(asked),
    }


def _tracking(asked: Json) -> str:
    return str(asked.get("tracking_id", ""))


def _template_state(asked: Json, stage: Stage) -> Json:
    return {
        "app_id": stage.app_id,
        "oa_id": stage.oa_id,
        "event_name": asked["event"],
        "template_id": str(asked.get("template_id", "")),
        "status": {"prev_status": asked.get("before", "ENABLE"), "new_status": asked.get("after", "REJECT")},
        "reason": asked.get("reason", ""),
    }


def _quota_changed(asked: Json, stage: Stage) -> Json:
    return {
        "app_id": stage.app_id,
        "oa_id": stage.oa_id,
        "event_name": asked["event"],
        "quota": {"prev_quota": asked.get("before", 500), "new_quota": asked.get("after", 1000)},
    }


EVENTS: dict[str, Callable[[Json, Stage], Json]] = {
    "user_send_text": _text,
    "user_send_link": _text,
    "user_send_image": _file,
    "user_send_file": _file,
    "user_send_group_text": _text,
    "user_send_group_file": _file,
    "follow": _follow,
    "unfollow": _follow,
    "user_received_message": _received,
    "user_seen_message": _seen,
    "oa_send_text": _echo,
    "oa_send_group_text": _echo,
    "user_submit_info": _phone_shared,
    "user_click_response_button": _button,
    "zns_nested": _delivered_nested,
    "zns_flat": _delivered_flat,
    "change_template_status": _template_state,
    "change_oa_daily_quota": _quota_changed,
}


def make_bot_event(asked: Json, stage: Stage) -> Json:
    """What the Bot Platform tells: ``event`` such as ``message.text.received`` or ``message.unsupported.received`` [M].

    A photograph, a sticker and a voice come the same way; of a protected user Zalo hides the words (`unsupported`).
    """
    chat = str(asked.get("chat", ""))
    message: Json = {
        "from": {"id": chat, "display_name": asked.get("name", "Trần Văn Bình"), "is_bot": False},
        "chat": {"id": chat, "chat_type": asked.get("chat_type", "PRIVATE")},
        "message_id": stage.msg_id,
        "date": int(stage.at),
    }
    if "text" in asked:
        message["text"] = asked["text"]
    return {"ok": True, "result": {"event_name": asked["event"], "message": {**message, **asked.get("fields", {})}}}
