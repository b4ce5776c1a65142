"""What a careful receiver of Standard Webhooks does: checks, takes an id once, answers.

Written from the text of the standard (1.0.0): the signature is over ``id.timestamp.body``, ``v1`` is HMAC-SHA256, the
header may hold several signatures, a timestamp more than five minutes off is refused, an id seen before is answered
with success and changes nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from dataclasses import dataclass
from typing import Any

from dev.http_service import Request, Response, json_response

TOLERANCE_SECONDS = 300
LARGEST_BODY = 20_000
FIELDS = {"id", "to", "name", "kind", "subject", "text", "facts"}


@dataclass(frozen=True)
class Taken:
    """One message that the gateway has accepted, as it would go out."""

    id: str
    to: str
    name: str
    kind: str
    subject: str
    text: str
    facts: dict[str, str]
    at: float


@dataclass
class Fault:
    """One armed fault: the status to give, its headers, seconds to wait, and whether the message is taken first."""

    status: int = 500
    headers: dict[str, str] | None = None
    seconds: float = 0.0
    taken: bool = False
    reset: bool = False
    times: int = 1


class Gateway:
    """The state of the double; safe to be called from several threads."""

    def __init__(self, secrets: list[str], any_time: bool) -> None:
        self._keys = [base64.b64decode(secret.removeprefix("whsec_")) for secret in secrets]
        self._any_time = any_time
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self.inbox: list[Taken] = []
        self.ledger: list[dict[str, Any]] = []

    def arm(self, wanted: dict[str, Any]) -> None:
        """Push one fault."""
        with self._lock:
            self._faults.append(Fault(**wanted))

    def reset(self) -> None:
        """Forget messages, calls and faults."""
        with self._lock:
            self.inbox, self.ledger, self._faults = [], [], []

    def take(self, request: Request) -> Response:
        """One POST, struck by the first armed fault."""
        fault = self._next_fault()
        if fault is None:
            return self._accept(request)
        if fault.taken:
            self._accept(request)
        else:
            self._note(request, fault.status, "fault")
        time.sleep(fault.seconds)
        return Response(fault.status, b"{}", "application/json", fault.headers or {}, fault.reset)

    def _next_fault(self) -> Fault | None:
        with self._lock:
            for fault in self._faults:
                if fault.times:
                    fault.times -= 1
                    return fault
        return None

    def _accept(self, request: Request) -> Response:
        reason = self._reason_against(request)
        if reason:
            self._note(request, 400, reason)
            return json_response({"error": reason}, 400)
        event = json.loads(request.body)
        with self._lock:
            new = all(one.id != request.headers["webhook-id"] for one in self.inbox)
            if new:
                self.inbox.append(Taken(**event["data"], at=time.time()))
        self._note(request, 200, "taken" if new else "seen before")
        return json_response({"ok": True})

    def _reason_against(self, request: Request) -> str:
        """Why the request is refused; empty when it is good."""
        number, stamp = request.headers.get("webhook-id", ""), request.headers.get("webhook-timestamp", "")
        if not (number and stamp.isdigit()):
            return "headers"
        if not self._any_time and abs(time.time() - int(stamp)) > TOLERANCE_SECONDS:
            return "timestamp"
        if not self._signed(number, stamp, request):
            return "signature"
        if len(request.body) >= LARGEST_BODY:
            return "size"
        return "" if self._well_formed(number, request.json()) else "body"

    def _signed(self, number: str, stamp: str, request: Request) -> bool:
        signed = f"{number}.{stamp}.".encode() + request.body
        good = {b"v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()) for key in self._keys}
        given = request.headers.get("webhook-signature", "").encode().split(b" ")
        return any(hmac.compare_digest(one, other) for one in given for other in good)

    def _well_formed(self, number: str, event: dict[str, Any]) -> bool:
        data = event.get("data")
        named = event.get("type") == "message.send" and isinstance(event.get("timestamp"), str)
        return named and isinstance(data, dict) and set(data) == FIELDS and data["id"] == number

    def _note(self, request: Request, status: int, outcome: str) -> None:
        with self._lock:
            kept = {name: value for name, value in request.headers.items() if name.startswith("webhook-")}
            self.ledger.append({"status": status, "outcome": outcome, "bytes": len(request.body), **kept})
