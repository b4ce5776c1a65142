"""What stands before every call of the account's API: fault, limits, token, and one line in the ledger."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dev.http_service import Request, Response, json_response
from dev.zalo_double.faults import Faults, strike
from dev.zalo_double.limits import MinuteLimit
from dev.zalo_double.rules import Refusal, recipient
from dev.zalo_double.tokens import ENDED, GOOD, WITHDRAWN
from dev.zalo_double.world import World

Handler = Callable[[Request], Response]


@dataclass(frozen=True)
class App:
    """The registered application, account and bot."""

    app_id: str
    app_secret: str
    oa_id: str
    redirect: str = ""
    oa_secret: str = "double-oa-secret"
    bot_token: str = "3333333333:double-bot-secret"


class Guard:
    """Lets a call through to its handler, or answers itself."""

    def __init__(self, world: World, faults: Faults, app: App) -> None:
        self._world = world
        self._faults = faults
        self._app = app
        self.app_limit = MinuteLimit()
        self.oa_limit = MinuteLimit()

    def wrap(self, handler: Handler, *, template: bool = False, business: bool = False) -> Callable[..., Response]:
        """A route. Template sends do not count against the account's minute [R]; ``business``: the other host."""

        def route(request: Request, part: str) -> Response:
            del part

            def carry_out() -> Response:
                return self._admit(request, handler, template, business)

            fault = self._faults.take(request)
            era, before = self._world.era, len(self._world.inbox)
            answer = strike(fault, carry_out) if fault else carry_out()
            self.record(era, request, answer, fault.kind if fault else "", len(self._world.inbox) > before)
            return answer

        return route

    def record(self, era: int, request: Request, answer: Response, fault: str, accepted: bool) -> None:
        """One line of the ledger; of a token only its fingerprint."""
        token, body = request.headers.get("access_token", ""), request.json()
        to = recipient(body, "user_id") or recipient(body, "group_id")
        flat = body.get("user_id") or body.get("phone") or body.get("chat_id")
        self._world.record(
            era,
            path=self._world.hidden(request.path),
            to=to or str(flat or ""),
            status=answer.status,
            error=_error_of(answer),
            fault=fault,
            accepted=accepted,
            token=hashlib.sha256(token.encode()).hexdigest()[:8] if token else "",
            tracking=str(body.get("tracking_id", "")),
        )

    def _admit(self, request: Request, handler: Handler, template: bool, business: bool) -> Response:
        now, switches = self._world.clock.now(), self._world.switches
        remain = self.app_limit.remain(switches.app_per_minute, now)
        # One code, two texts [M]; the texts themselves are ours [K].
        if remain < 0:
            return refused(Refusal(-32, "Application has reached the limit of requests per minute"))
        if not template and self.oa_limit.remain(switches.oa_per_minute, now) < 0:
            return refused(Refusal(-32, "OA has reached the limit of requests per minute"))
        bad = self._refuse_token(request, now, business)
        if bad is not None:
            about_token = bad.code in (-124, -216, -220)
            return refused(bad, 401 if switches.bad_token_as_401 and about_token else 200)
        answer = handler(request)
        headers = {"X-RateLimit-Limit": str(switches.app_per_minute), "X-RateLimit-Remain": str(remain)}
        return Response(answer.status, answer.body, answer.kind, headers)

    def _refuse_token(self, request: Request, now: float, business: bool) -> Refusal | None:
        """The bare header ``access_token``; ``Authorization: Bearer`` is not read [M, L].

        The business host has a code of its own for bad tokens [M]; one client in the wild expects -220 there [R], so
        a switch decides [K].
        """
        token = request.headers.get("access_token", "")
        state = self._world.tokens.judge(token, now)
        if state == WITHDRAWN and not business:
            return Refusal(-223, "OA has not authorised this application")
        if state != GOOD and business:
            return Refusal(self._world.switches.business_token_code, "Access token invalid")
        if state == ENDED:
            return Refusal(-220, "access_token is expired or removed")
        if state != GOOD:
            return Refusal(-216, "access_token is invalid")
        return self._refuse_proof(request, token, -1241 if business else -242)

    def _refuse_proof(self, request: Request, token: str, code: int) -> Refusal | None:
        """hex HMAC-SHA256, key app secret, message access token [S: PHP SDK]."""
        if not self._world.switches.proof_required:
            return None
        proof = hmac.new(self._app.app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        right = hmac.compare_digest(proof, request.headers.get("appsecret_proof", ""))
        return None if right else Refusal(code, "appsecret_proof is invalid")

    def clear(self) -> None:
        """Forget the last minute."""
        self.app_limit.clear()
        self.oa_limit.clear()


def accepted(data: Any) -> Response:
    """Success [M]."""
    return json_response({"data": data, "error": 0, "message": "Success"})


def refused(refusal: Refusal, status: int = 200) -> Response:
    """An application error, inside HTTP 200 unless told otherwise [M, L]."""
    return json_response({"error": refusal.code, "message": refusal.message}, status)


def millis(at: float) -> str:
    """Times are strings of epoch milliseconds [M]."""
    return str(int(at * 1000))


def _error_of(answer: Response) -> int | str | None:
    try:
        parsed = json.loads(answer.body)
    except ValueError:
        return None
    if not isinstance(parsed, dict):
        return None
    found: int | str | None = parsed.get("error", parsed.get("error_code"))
    return 0 if found is None and parsed.get("ok") else found
