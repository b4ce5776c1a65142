"""The Official Account API: messages to people and groups, and a few readings."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dev.http_service import Request, Response, Routes, json_response
from dev.zalo_double.faults import Faults, strike
from dev.zalo_double.limits import MinuteLimit
from dev.zalo_double.rules import (
    Refusal,
    called_members,
    is_paid,
    recipient,
    refuse_group,
    refuse_person,
    refuse_text,
)
from dev.zalo_double.tokens import ENDED, GOOD
from dev.zalo_double.world import Received, World

# Stopped on 2026-03-01, and the whole v2 message API [M].
SHUT = r"/v3\.0/oa/message/(?:transaction|promotion)|/v2\.0/oa/message.*"
CONVERSATION_PAGE = 10

Handler = Callable[[Request], Response]


@dataclass(frozen=True)
class App:
    """The registered application and account."""

    app_id: str
    app_secret: str
    oa_id: str
    redirect: str = ""
    oa_secret: str = "double-oa-secret"
    bot_token: str = "3333333333:double-bot-secret"


class ApiSide:
    """The API of one account, with its limits and faults."""

    def __init__(self, world: World, faults: Faults, app: App) -> None:
        self._world = world
        self._faults = faults
        self._app = app
        self.app_limit = MinuteLimit()
        self.oa_limit = MinuteLimit()

    def add_to(self, routes: Routes) -> None:
        """Exact paths; anything else is 404."""
        calls: tuple[tuple[str, str, Handler], ...] = (
            ("POST", "/v3.0/oa/message/cs", self._consult),
            ("POST", "/v3.0/oa/group/message", self._tell_group),
            ("GET", "/v2.0/oa/getoa", self._account),
            ("POST", "/v3.0/oa/quota/message", self._quota),
            ("GET", "/v2.0/oa/conversation", self._conversation),
            ("GET", "/v3.0/oa/group/conversation", self._conversation),
        )
        for method, path, handler in calls:
            routes.add(method, path.replace(".", r"\."), self._guarded(handler))
        routes.add("POST", SHUT, self._guarded(lambda _: refused(Refusal(-240, "This API has been shut down"))))

    def _guarded(self, handler: Handler) -> Callable[[Request, str], Response]:
        """Fault, limits, token, then the call; one line in the ledger whatever happens."""

        def route(request: Request, part: str) -> Response:
            del part
            fault = self._faults.take(request)
            era, before = self._world.era, len(self._world.inbox)
            answer = strike(fault, lambda: self._admit(request, handler)) if fault else self._admit(request, handler)
            self._record(era, request, answer, fault.kind if fault else "", len(self._world.inbox) > before)
            return answer

        return route

    def _record(self, era: int, request: Request, answer: Response, fault: str, accepted: bool) -> None:
        token = request.headers.get("access_token", "")
        self._world.record(
            era,
            path=request.path,
            to=recipient(request.json(), "user_id") or recipient(request.json(), "group_id"),
            status=answer.status,
            error=_error_of(answer),
            fault=fault,
            accepted=accepted,
            token=hashlib.sha256(token.encode()).hexdigest()[:8] if token else "",
        )

    def _admit(self, request: Request, handler: Handler) -> Response:
        now = self._world.clock.now()
        switches = self._world.switches
        remain = self.app_limit.remain(switches.app_per_minute, now)
        # One code, two texts [M]; the texts themselves are ours [K].
        if remain < 0:
            return refused(Refusal(-32, "Application has reached the limit of requests per minute"))
        if self.oa_limit.remain(switches.oa_per_minute, now) < 0:
            return refused(Refusal(-32, "OA has reached the limit of requests per minute"))
        bad = self._refuse_token(request, now)
        if bad is not None:
            return refused(bad, 401 if switches.bad_token_as_401 and bad.code != -242 else 200)
        answer = handler(request)
        headers = {"X-RateLimit-Limit": str(switches.app_per_minute), "X-RateLimit-Remain": str(remain)}
        return Response(answer.status, answer.body, answer.kind, headers)

    def _refuse_token(self, request: Request, now: float) -> Refusal | None:
        """The bare header ``access_token``; ``Authorization: Bearer`` is not read [M, L]."""
        token = request.headers.get("access_token", "")
        state = self._world.tokens.judge(token, now)
        if state == ENDED:
            return Refusal(-220, "access_token is expired or removed")
        if state != GOOD:
            return Refusal(-216, "access_token is invalid")
        if self._world.switches.proof_required:
            # hex HMAC-SHA256, key app secret, message access token [S: PHP SDK].
            proof = hmac.new(self._app.app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
            if not hmac.compare_digest(proof, request.headers.get("appsecret_proof", "")):
                return Refusal(-242, "appsecret_proof is invalid")
        return None

    def _consult(self, request: Request) -> Response:
        body, now = request.json(), self._world.clock.now()
        user_id = recipient(body, "user_id")
        with self._world.lock:
            person = self._world.person(user_id)
            refusal = refuse_person(person, now) or refuse_text(body.get("message"))
            if refusal or person is None:
                return refused(refusal or Refusal(-201, "user_id is invalid"))
            if person.quota_left is not None:
                person.quota_left -= 1
            received = self._world.receive(user_id, body["message"]["text"], is_paid(person, now))
        self._world.announce({"event": "user_received_message", "user": user_id, "msg_id": received.message_id})
        return accepted({**_sent(received), "user_id": user_id, "quota": {"remain": person.quota_left}})

    def _tell_group(self, request: Request) -> Response:
        """Groups may be written to at any time [M]; the reply names the group."""
        body = request.json()
        group_id = recipient(body, "group_id")
        with self._world.lock:
            group = self._world.group(group_id)
            refusal = refuse_group(group) or refuse_text(body.get("message"))
            if refusal or group is None:
                return refused(refusal or Refusal(-201, "group_id is invalid"))
            text = body["message"]["text"]
            received = self._world.receive(f"group:{group_id}", text, called=called_members(group, text))
        return accepted({**_sent(received), "group_id": group_id})

    def _account(self, request: Request) -> Response:
        """``oa_type`` 4 is a government account [M]."""
        del request
        return accepted({"oaid": self._app.oa_id, "name": "UBND (mô phỏng)", "is_verified": True, "oa_type": 4})

    def _quota(self, request: Request) -> Response:
        person = self._world.person(str(request.json().get("user_id", "")))
        if person is None:
            return refused(Refusal(-201, "user_id is invalid"))
        last = "" if person.last_interaction is None else _millis(person.last_interaction)
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


def accepted(data: Any) -> Response:
    """Success [M]."""
    return json_response({"data": data, "error": 0, "message": "Success"})


def refused(refusal: Refusal, status: int = 200) -> Response:
    """An application error, inside HTTP 200 unless told otherwise [M, L]."""
    return json_response({"error": refusal.code, "message": refusal.message}, status)


def _sent(received: Received) -> dict[str, str]:
    return {"message_id": received.message_id, "sent_time": _millis(received.at)}


def _millis(at: float) -> str:
    """Times are strings of epoch milliseconds [M]."""
    return str(int(at * 1000))


def _error_of(answer: Response) -> int | str | None:
    try:
        parsed = json.loads(answer.body)
    except ValueError:
        return None
    return parsed.get("error") if isinstance(parsed, dict) else None
