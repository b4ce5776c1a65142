"""Webhooks of the double: what is told, how it is signed, and how often it is told again.

- answered within 2 s or taken as not delivered [M]; told again after 30 s, 5, 15, 30 minutes and 1 hour with the
  header ``num_retry``, then the webhook is disabled [M]; no order is promised [M]
- only failed connections are surely told again; whether a 500 or a slow 200 is, no source knows [K: ``retry_on``]
- signature ``sha256(appId + raw body + timestamp + OA secret)``, plain SHA-256 [M]; the first term, the prefix ``mac=``
  and the place of the timestamp differ among sources [K: ``first_term``, ``mac_prefix``, ``timestamp_in``]
- a bot's webhook is not signed: its secret stands in ``X-Bot-Api-Secret-Token`` [M]
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import threading
import time
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

LADDER = (30.0, 300.0, 900.0, 1800.0, 3600.0)


@dataclass
class Hook:
    """One webhook as it was set up; ``secret`` is the OA secret key, or the bot's secret token."""

    url: str = ""
    secret: str = ""
    first_term: str = "app_id"
    mac_prefix: bool = True
    timestamp_in: str = "body"
    seconds: float = 2.0
    retry_on: str = "any"
    disabled: bool = False


@dataclass(frozen=True)
class Callback:
    """One event on its way: the exact bytes, and how often they were told already."""

    number: int
    hook: str
    body: bytes
    headers: dict[str, str]
    retry: int = 0
    due: float = 0.0


@dataclass
class Hooks:
    """The webhooks, what waits to be told again, and every attempt that was made."""

    oa: Hook = field(default_factory=Hook)
    bot: Hook = field(default_factory=Hook)
    attempts: list[dict[str, Any]] = field(default_factory=list)
    waiting: list[Callback] = field(default_factory=list)
    told: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.RLock()

    def named(self, name: str) -> Hook:
        """The hook of the account (``oa``) or of the bot (``bot``)."""
        return self.bot if name == "bot" else self.oa

    def tell(self, hook: str, body: bytes, headers: dict[str, str], now: float) -> dict[str, Any]:
        """A first attempt at once; the line of the attempt."""
        with self._lock:
            self.told += 1
            number = self.told
        return self._attempt(Callback(number, hook, body, headers, due=now))

    def pump(self, now: float) -> int:
        """Make every further attempt that is due by ``now``, in order of time; how many were made."""
        made = 0
        while (callback := self._next_due(now)) is not None:
            self._attempt(callback)
            made += 1
        return made

    def _next_due(self, now: float) -> Callback | None:
        with self._lock:
            due = min((one for one in self.waiting if one.due <= now), key=lambda one: one.due, default=None)
            if due is not None:
                self.waiting.remove(due)
            return due

    def _attempt(self, callback: Callback) -> dict[str, Any]:
        hook = self.named(callback.hook)
        if hook.disabled or not hook.url:
            return self._note(callback, "disabled" if hook.disabled else "no url", 0.0)
        retry = {"num_retry": str(callback.retry)} if callback.retry else {}
        began = time.monotonic()
        outcome = post(hook.url, callback.body, {**callback.headers, **retry}, hook.seconds)
        line = self._note(callback, outcome, time.monotonic() - began)
        if not settled(outcome, hook.retry_on):
            self._put_off(callback, hook)
        return line

    def _put_off(self, callback: Callback, hook: Hook) -> None:
        with self._lock:
            if callback.retry >= len(LADDER):
                hook.disabled = True
                self.waiting = [one for one in self.waiting if one.hook != callback.hook]
                return
            later = callback.due + LADDER[callback.retry]
            self.waiting.append(replace(callback, retry=callback.retry + 1, due=later))

    def _note(self, callback: Callback, outcome: int | str, seconds: float) -> dict[str, Any]:
        line = {
            "event": callback.number,
            "hook": callback.hook,
            "retry": callback.retry,
            "outcome": outcome,
            "seconds": round(seconds, 3),
            "body": callback.body.decode("utf-8", "replace"),
        }
        with self._lock:
            self.attempts.append(line)
        return line

    def clear(self) -> None:
        """Back to no webhook and no event."""
        with self._lock:
            self.oa, self.bot, self.attempts, self.waiting, self.told = Hook(), Hook(), [], [], 0


def settled(outcome: int | str, retry_on: str) -> bool:
    """Whether an attempt needs no other: 200, or any answer at all where only lost connections count."""
    return outcome == 200 or (retry_on == "connection" and isinstance(outcome, int))


def post(url: str, body: bytes, headers: dict[str, str], seconds: float) -> int | str:
    """The HTTP status of one POST, or the name of what went wrong; a redirect is not followed."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=seconds)
    try:
        path = parts.path or "/"
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return "timeout" if isinstance(error, TimeoutError) else type(error).__name__
    finally:
        connection.close()


def oa_headers(hook: Hook, ids: dict[str, str], body: bytes, at: str, spoil: str = "") -> dict[str, str]:
    """The headers of one event of the account, signed over the exact bytes; ``spoil`` names what is wrong with it.

    ``ids`` holds ``app_id`` and ``oa_id``. Spoilt: ``wrong_secret``, ``hmac`` (as two public projects do it, which
    Zalo never does), ``unsigned``, ``empty_mac``. An altered byte is the sender's affair, after signing.
    """
    headers = {"Content-Type": "application/json"}
    # A time of its own, so that nobody passes by reading the wrong one.
    stamp = str(int(at) + 7) if hook.timestamp_in == "header" else at
    if hook.timestamp_in == "header":
        headers["X-ZEvent-Timestamp"] = stamp
    if spoil == "unsigned":
        return headers
    secret = "another-secret" if spoil == "wrong_secret" else hook.secret
    text = ids[hook.first_term].encode() + body + stamp.encode()
    mac = hashlib.sha256(text + secret.encode()).hexdigest()
    if spoil == "hmac":
        mac = hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
    mac = "" if spoil == "empty_mac" else mac
    return {**headers, "X-ZEvent-Signature": f"mac={mac}" if hook.mac_prefix else mac}


def bot_headers(hook: Hook, spoil: str = "") -> dict[str, str]:
    """The headers of one event of the bot: its secret in the clear, no signature of the body [M]."""
    headers = {"Content-Type": "application/json"}
    if spoil == "unsigned":
        return headers
    return {**headers, "X-Bot-Api-Secret-Token": "another-secret" if spoil == "wrong_secret" else hook.secret}
