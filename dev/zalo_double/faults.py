"""Faults of the Zalo double, armed through the control address.

``before`` kinds do nothing with the request; ``after`` kinds carry it out and then lose or spoil the answer:

    latency        wait, then answer rightly
    reset_before   reset_after     the connection is reset
    hang_before    hang_after      no answer for ``seconds``, then reset
    status_before  status_after    HTTP ``status`` with an HTML body
    html_after  empty_after  truncated_after      HTTP 200 with a spoilt body
    error_text     the right answer, its error as a string, with fields nobody knows
    code           application error ``code`` with ``message``, nothing accepted
    unauthorized   HTTP 401
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from dev.http_service import Request, Response, json_response

HTML = b"<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"


@dataclass
class Fault:
    """One armed fault; ``path`` and ``to`` empty fit everything, ``times`` below zero is for ever."""

    kind: str
    path: str = ""
    to: str = ""
    times: int = 1
    seconds: float = 1.0
    status: int = 502
    code: int = -200
    message: str = "injected"


class Faults:
    """The faults that are armed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: list[Fault] = []

    def arm(self, wanted: dict[str, Any]) -> None:
        """Add one. Raises TypeError or ValueError for what is no fault."""
        fault = Fault(**wanted)
        if fault.kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        with self._lock:
            self._armed.append(fault)

    def clear(self) -> None:
        """Disarm all."""
        with self._lock:
            self._armed.clear()

    def take(self, request: Request) -> Fault | None:
        """The fault that strikes this request; counts it down."""
        with self._lock:
            for fault in self._armed:
                if fault.times != 0 and fault.path in ("", request.path) and fault.to.encode() in request.body:
                    fault.times -= 1
                    return fault
        return None


def strike(fault: Fault, carry_out: Callable[[], Response]) -> Response:
    """The spoilt answer."""
    return KINDS[fault.kind](fault, carry_out)


def _latency(fault: Fault, carry_out: Callable[[], Response]) -> Response:
    time.sleep(fault.seconds)
    return carry_out()


def _reset(fault: Fault, carry_out: Callable[[], Response]) -> Response:
    if fault.kind.startswith("hang"):
        # Carried out first, so that the message is there while the client still waits.
        answer = carry_out() if fault.kind == "hang_after" else Response()
        time.sleep(fault.seconds)
        return replace(answer, reset=True)
    if fault.kind.endswith("after"):
        carry_out()
    return Response(reset=True)


def _status(fault: Fault, carry_out: Callable[[], Response]) -> Response:
    if fault.kind.endswith("after"):
        carry_out()
    return Response(fault.status, HTML)


def _spoilt(fault: Fault, carry_out: Callable[[], Response]) -> Response:
    answer = carry_out()
    bodies = {"html_after": HTML, "empty_after": b"", "truncated_after": answer.body[: len(answer.body) // 2]}
    return replace(answer, body=bodies[fault.kind])


def _error_text(fault: Fault, carry_out: Callable[[], Response]) -> Response:
    del fault
    answer = carry_out()
    body = json.loads(answer.body)
    return json_response({**body, "error": str(body.get("error", 0)), "trace": "x1", "extra": [1]}, answer.status)


def _code(fault: Fault, carry_out: Callable[[], Response]) -> Response:
    del carry_out
    return json_response({"error": fault.code, "message": fault.message})


def _unauthorized(fault: Fault, carry_out: Callable[[], Response]) -> Response:
    del fault, carry_out
    return Response(401, b"", "text/plain")


KINDS: dict[str, Callable[[Fault, Callable[[], Response]], Response]] = {
    "latency": _latency,
    "reset_before": _reset,
    "reset_after": _reset,
    "hang_before": _reset,
    "hang_after": _reset,
    "status_before": _status,
    "status_after": _status,
    "html_after": _spoilt,
    "empty_after": _spoilt,
    "truncated_after": _spoilt,
    "error_text": _error_text,
    "code": _code,
    "unauthorized": _unauthorized,
}
