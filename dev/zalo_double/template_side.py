"""Approved templates: by user id on the account's host, by telephone number on the business host (here `/business`)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from dev.http_service import Request, Response, Routes
from dev.zalo_double.guard import Guard, accepted, millis, refused
from dev.zalo_double.rules import Refusal
from dev.zalo_double.template_rules import (
    HANOI,
    is_night,
    refuse_follower,
    refuse_holder,
    refuse_phone,
    refuse_template,
)
from dev.zalo_double.world import Person, Received, Template, World

BUSINESS = "/business"
# A sample of one source [M]; real prices differ by template.
PRICE_PHONE, PRICE_USER = 800, 560


class TemplateSide:
    """Both ways of sending a template, and the readings about templates."""

    def __init__(self, world: World) -> None:
        self._world = world

    def add_to(self, routes: Routes, guard: Guard) -> None:
        """Exact paths on both hosts."""
        routes.add("POST", r"/v3\.0/oa/message/template", guard.wrap(self._by_user, template=True))
        calls = (
            ("POST", "/message/template", self._by_phone),
            ("POST", "/message/template/hashphone", self._by_phone),
            ("GET", "/message/status", self._status),
            ("GET", "/message/quota", self._quota),
            ("GET", "/template/info/v2", self._info),
        )
        for method, path, handler in calls:
            routes.add(method, BUSINESS + path, guard.wrap(handler, template=True, business=True))

    def _by_user(self, request: Request) -> Response:
        """Answers with ``message_id`` and ``quota{quota_type, remain}`` [M]; at night accepted, but silent [M]."""
        body, now = request.json(), self._world.clock.now()
        with self._world.lock:
            template = self._world.templates.get(str(body.get("template_id", "")))
            user_id = body.get("user_id")
            person = self._world.person(user_id) if isinstance(user_id, str) else None
            refusal = refuse_template(template, body.get("template_data"))
            if refusal is None and template is not None:
                refusal = refuse_follower(person, template, is_night(now)) or self._spend(template, PRICE_USER, -321)
            if refusal or template is None or person is None:
                return refused(refusal or Refusal(-201, "user_id is invalid"))
            received = self._put(person, template, body, "template", silent=is_night(now))
        left = {"quota_type": "sub_quota", "remain": str(self._left(template))}
        sent = {"message_id": received.message_id, "user_id": person.user_id, "sent_time": millis(received.at)}
        return accepted({**sent, "quota": left})

    def _by_phone(self, request: Request) -> Response:
        """Answers with ``msg_id`` and the day's quota as strings [M]; a repeated tracking id is taken."""
        body, now = self._unhashed(request), self._world.clock.now()
        with self._world.lock:
            refusal = refuse_phone(body) or self._refuse_night(now)
            template = self._world.templates.get(str(body.get("template_id", "")))
            refusal = refusal or refuse_template(template, body.get("template_data"))
            person = self._world.by_phone(str(body.get("phone", "")))
            refusal = refusal or refuse_holder(person, "mode" in body)
            if refusal is None and template is not None:
                refusal = self._spend(template, PRICE_PHONE, -115)
            if refusal or template is None or person is None:
                return refused(refusal or Refusal(-109, "Template ID is invalid"))
            self._world.trackings[body["tracking_id"]] += 1
            received = self._put(person, template, body, "zbs", tracking=body["tracking_id"])
        self._world.announce(
            {
                "event": f"zns_{self._world.switches.zns_shape}",
                "phone": person.phone,
                "tracking_id": body["tracking_id"],
                "msg_id": received.message_id,
            }
        )
        quota = {"dailyQuota": str(self._world.switches.daily_quota), "remainingQuota": str(self._left())}
        sent = {"msg_id": received.message_id, "sent_time": millis(received.at), "sending_mode": "1"}
        return accepted({**sent, "quota": quota})

    def _unhashed(self, request: Request) -> dict[str, Any]:
        """The body with the number behind ``hash_phone`` (sha256 hex of ``84...``) on the path for it [M]."""
        body = request.json()
        if not request.path.endswith("/hashphone"):
            return body
        phones = (one.phone for one in self._world.people.values() if one.phone)
        wanted = body.get("hash_phone")
        found = next((one for one in phones if hashlib.sha256(one.encode()).hexdigest() == wanted), "84000000000")
        return {**body, "phone": found}

    def _refuse_night(self, now: float) -> Refusal | None:
        """-133 stands in one table and not in the newer one [M]: a switch decides [K]."""
        asleep = is_night(now) and self._world.switches.zbs_at_night == "refuse"
        return Refusal(-133, "Message cannot be sent from 22:00 to 06:00") if asleep else None

    def _spend(self, template: Template, price: int, broke: int) -> Refusal | None:
        """Quota of the day (of the account, of the template) and money."""
        day = self._day()
        if self._left() <= 0:
            return Refusal(-144, "OA has reached the daily quota")
        if (
            template.daily_quota is not None
            and self._world.used[f"{day}:{template.template_id}"] >= template.daily_quota
        ):
            return Refusal(-147, "Template has reached the daily quota")
        if not self._world.pay(f"template_{'phone' if price == PRICE_PHONE else 'user'}", price):
            return Refusal(broke, "ZBS account does not have enough money")
        self._world.used[day] += 1
        self._world.used[f"{day}:{template.template_id}"] += 1
        return None

    def _day(self) -> str:
        return datetime.fromtimestamp(self._world.clock.now(), UTC).astimezone(HANOI).date().isoformat()

    def _left(self, template: Template | None = None) -> int:
        del template
        return self._world.switches.daily_quota - self._world.used[self._day()]

    def _put(self, person: Person, template: Template, body: dict[str, Any], way: str, **more: Any) -> Received:
        filled = body.get("template_data", {})
        text = "\n".join([template.name or template.template_id, *(f"{key}: {filled[key]}" for key in filled)])
        return self._world.receive(person.user_id, text, True, way=way, **more)

    def _status(self, request: Request) -> Response:
        """-1 none, 0 pushed, 1 delivered [M]."""
        wanted = request.query.get("message_id", "")
        found = any(one.message_id == wanted for one in self._world.inbox)
        return accepted(
            {"status": 1 if found else -1, "message": "Message delivered" if found else "Message not found"}
        )

    def _quota(self, request: Request) -> Response:
        del request
        return accepted({"dailyQuota": str(self._world.switches.daily_quota), "remainingQuota": str(self._left())})

    def _info(self, request: Request) -> Response:
        """``listParams`` with name, require, type, maxLength; prices as strings [M]."""
        template = self._world.templates.get(request.query.get("template_id", ""))
        if template is None:
            return refused(Refusal(-109, "Template ID is invalid"))
        told = {"templateId": template.template_id, "templateName": template.name, "status": template.status}
        prices = {"price_sdt": str(PRICE_PHONE), "price_uid": str(PRICE_USER)}
        return accepted(
            {**told, **prices, "templateTag": template.tag, "listParams": template.params, "listButtons": []}
        )
