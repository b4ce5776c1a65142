"""The Official Account API: messages to people and groups, files, and a few readings."""

from __future__ import annotations

import json
from typing import Any

from dev.http_service import Request, Response, Routes
from dev.zalo_double.guard import App, Guard, accepted, millis, refused
from dev.zalo_double.rules import (
    Refusal,
    called_members,
    is_paid,
    recipient,
    refuse_group,
    refuse_message,
    refuse_person,
    words_of,
)
from dev.zalo_double.uploads import refuse_upload, uploaded_file
from dev.zalo_double.world import Received, World

# Stopped on 2026-03-01, and the whole v2 message API [M].
SHUT = r"/v3\.0/oa/message/(?:transaction|promotion)|/v2\.0/oa/message.*"
CONVERSATION_PAGE = 10
CONSULTATION_PRICE = 55
"""Dong for a consultation message outside 48 hours [R]."""


class ApiSide:
    """The API of one account."""

    def __init__(self, world: World, app: App) -> None:
        self._world = world
        self._app = app

    def add_to(self, routes: Routes, guard: Guard) -> None:
        """Exact paths; anything else is 404."""
        calls = (
            ("POST", "/v3.0/oa/message/cs", self._consult),
            ("POST", "/v3.0/oa/group/message", self._tell_group),
            ("POST", "/v2.0/oa/upload/file", self._upload),
            ("POST", "/v2.0/oa/upload/image", self._upload),
            ("GET", "/v2.0/oa/getoa", self._account),
            ("POST", "/v3.0/oa/quota/message", self._quota),
            ("GET", "/v2.0/oa/conversation", self._conversation),
            ("GET", "/v3.0/oa/group/conversation", self._conversation),
        )
        for method, path, handler in calls:
            routes.add(method, path.replace(".", r"\."), guard.wrap(handler))
        routes.add("POST", SHUT, guard.wrap(lambda _: refused(Refusal(-240, "This API has been shut down"))))

    def _consult(self, request: Request) -> Response:
        body, now = request.json(), self._world.clock.now()
        user_id = recipient(body, "user_id")
        with self._world.lock:
            person, message = self._world.person(user_id), body.get("message")
            refusal = refuse_person(person, now) or refuse_message(message, self._world.uploads, now)
            if refusal or person is None:
                return refused(refusal or Refusal(-201, "user_id is invalid"))
            paid = is_paid(person, now)
            if paid and not self._world.pay("consultation_paid", CONSULTATION_PRICE):
                return refused(Refusal(-321, "ZBS account does not have enough money"))
            if not paid:
                self._world.pay("consultation_free", 0)
            if person.quota_left is not None:
                person.quota_left -= 1
            received = self._world.receive(user_id, words_of(message), paid)
        self._world.announce({"event": "user_received_message", "user": user_id, "msg_id": received.message_id})
        return accepted({**_sent(received), "user_id": user_id, "quota": {"remain": person.quota_left}})

    def _tell_group(self, request: Request) -> Response:
        """Groups may be written to at any time [M]; the reply names the group."""
        body, now = request.json(), self._world.clock.now()
        group_id = recipient(body, "group_id")
        with self._world.lock:
            group, message = self._world.group(group_id), body.get("message")
            refusal = refuse_group(group) or refuse_message(message, self._world.uploads, now)
            if refusal or group is None:
                return refused(refusal or Refusal(-201, "group_id is invalid"))
            text = words_of(message)
            received = self._world.receive(f"group:{group_id}", text, called=called_members(group, text))
        return accepted({**_sent(received), "group_id": group_id})

    def _upload(self, request: Request) -> Response:
        """A token for a file or an image, good for seven days [M]."""
        image = request.path.endswith("/image")
        name, data = uploaded_file(request)
        if refusal := refuse_upload(name, len(data), image):
            return refused(refusal)
        token = self._world.keep_upload()
        return accepted({"attachment_id" if image else "token": token})

    def _account(self, request: Request) -> Response:
        """``oa_type`` 4 is a government account [M]."""
        del request
        account = {"oaid": self._app.oa_id, "oa_id": self._app.oa_id, "name": "UBND (mô phỏng)"}
        return accepted({**account, "is_verified": True, "oa_type": 4, "package_name": "Toàn diện"})

    def _quota(self, request: Request) -> Response:
        person = self._world.person(str(request.json().get("user_id", "")))
        if person is None:
            return refused(Refusal(-201, "user_id is invalid"))
        last = "" if person.last_interaction is None else millis(person.last_interaction)
        return accepted({"last_interaction": last, "cs_reply": {"remain": person.quota_left, "total": 8}})

    def _conversation(self, request: Request) -> Response:
        """The last messages, ten a page, newest first [M]; one query parameter ``data`` holds JSON [M]."""
        try:
            asked = json.loads(request.query.get("data", "{}"))
        except ValueError:
            return refused(Refusal(-201, "data is invalid"))
        to = str(asked.get("user_id") or f"group:{asked.get('group_id', '')}")
        offset = int(asked.get("offset", 0))
        found = [one for one in reversed(self._world.inbox) if one.to == to]
        page = found[offset : offset + CONVERSATION_PAGE]
        return accepted([{**_sent(one), "type": "text", "message": one.text, "to_id": to} for one in page])


def _sent(received: Received) -> dict[str, Any]:
    return {"message_id": received.message_id, "sent_time": millis(received.at)}
