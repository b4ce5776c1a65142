"""How much may leave: a channel's minute over all deliverers together, a pause a provider asked for, a person's hour.

Zalo counts requests by the minute: 100 or 2,000 an Official Account by its package, which templates do not use up, and
4,000 an application (facts: "Zalo Platform API", package table of oa.zalo.me). Nobody says where its minute begins, so
no sixty seconds of ours may hold more. Room is reserved in the claim's own transaction, before the send; what finds no
room is not claimed, so it costs no attempt. Whoever hears "too fast" writes the pause down, and all keep to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from config.settings import Settings
from db.queries import sending_queries as queries
from notifications.channels import Delivery

APP = "zalo_app"
"""The bucket of everything that calls Zalo's API in the name of the application."""
APP_PER_MINUTE = 4_000
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SLOT = 5
"""Seconds: a minute is kept in parts, and a part that is not wholly over a minute old still counts."""
COUNTED = 60 // SLOT
# RFC 5321, 3.8 (421), RFC 6585, 4 (429); -32 speaks of the account or of the application.
TOO_FAST = ("-32", "HTTP 429", "429", "421")
# The day's allowance of the account, of templates by telephone: nothing more leaves before the provider's morning.
USED_UP = ("-211", "-144")
SPEAKS_OF_APP = re.compile(r"\bapp", re.IGNORECASE)
LONGEST_PAUSE = timedelta(hours=24)


@dataclass(frozen=True)
class Pause:
    """Until when nothing leaves through a bucket, and why (Vietnamese)."""

    bucket: str
    until: datetime
    reason: str


def buckets_of(channel: str, settings: Settings) -> dict[str, int]:
    """The buckets that one message through a channel draws from, with their limits a minute (0: none)."""
    buckets = {
        "email": {"email": settings.mail_per_minute},
        "zalo": {"zalo": settings.zalo_per_minute, APP: APP_PER_MINUTE},
        "zalo_template": {"zalo_template": 0, APP: APP_PER_MINUTE},
        "zbs": {"zbs": 0, APP: APP_PER_MINUTE},
    }
    return buckets.get(channel, {channel: 0})


def is_too_fast(outcome: Delivery) -> bool:
    """Whether a provider refused a message only because too many came: no fault of the message."""
    return outcome.kind == "temporary" and outcome.code in TOO_FAST


def pause_of(channel: str, outcome: Delivery, now: datetime) -> Pause | None:
    """The pause that an outcome asks of everybody; None when it concerns one message alone. Pure."""
    used_up = outcome.kind == "wait_until" and outcome.code in USED_UP
    if not (used_up or is_too_fast(outcome)):
        return None
    until = min(max(outcome.retry_at or now + MINUTE, now), now + LONGEST_PAUSE)
    # Templates have no minute of their own: whoever stops them is the application.
    app = outcome.code == "-32" and (channel in ("zalo_template", "zbs") or SPEAKS_OF_APP.search(outcome.detail))
    return Pause(APP if app else channel, until, outcome.detail)


def slot_of(now: datetime) -> int:
    """The number of the five seconds in which an instant lies."""
    return int(now.timestamp()) // SLOT


def taken_lately(slots: Mapping[str, int], now: datetime) -> dict[str, int]:
    """The slots that still count. A slot of the future is dropped: the clock was set back."""
    slot = slot_of(now)
    return {number: taken for number, taken in slots.items() if slot - COUNTED <= int(number) <= slot}


def free_at(times: Iterable[datetime], limit: int, now: datetime) -> datetime | None:
    """When a person may be written to again after these messages of his last hour; None: at once. Pure."""
    recent = sorted(times)
    return None if not limit or len(recent) < limit else max(recent[-limit] + HOUR, now + MINUTE)


class Rooms:
    """How many messages each channel may still take now; holds the lock that orders the deliverers."""

    def __init__(self, session: Session, channels: Iterable[str], settings: Settings, now: datetime) -> None:
        self._session = session
        self._now = now
        self._buckets = {channel: buckets_of(channel, settings) for channel in channels}
        limits = {name: limit for buckets in self._buckets.values() for name, limit in buckets.items()}
        self._windows = queries.locked_windows(session, limits, now)
        self._left = {name: self._room(name, limit) for name, limit in limits.items()}
        self._reserved = dict.fromkeys(limits, 0)

    def _room(self, name: str, limit: int) -> float:
        window = self._windows[name]
        if window.paused_until is not None and window.paused_until > self._now:
            return 0
        return max(0, limit - sum(taken_lately(window.slots, self._now).values())) if limit else float("inf")

    def of(self, channel: str) -> float:
        """How many more messages may leave through a channel; infinity without a limit."""
        return min(self._left[name] for name in self._buckets[channel])

    def take(self, channel: str, number: int) -> None:
        """Reserve; never more than `of` the channel."""
        for name in self._buckets[channel]:
            self._left[name] -= number
            self._reserved[name] += number

    def write(self) -> None:
        """Keep what was reserved, in the transaction that claims."""
        slot = str(slot_of(self._now))
        for name, number in self._reserved.items():
            if number and self._left[name] != float("inf"):
                slots = taken_lately(self._windows[name].slots, self._now)
                slots[slot] = slots.get(slot, 0) + number
                if not queries.write_window(self._session, self._windows[name], slots, self._now):
                    raise RuntimeError(f"the window of {name} was written by somebody else under our lock")


def write_pauses(session: Session, pauses: Iterable[Pause], now: datetime) -> None:
    """Keep the pauses that were heard; of two for one bucket the longer holds."""
    longest = {pause.bucket: pause for pause in sorted(pauses, key=lambda pause: pause.until)}
    windows = queries.locked_windows(session, longest, now) if longest else {}
    for name, window in windows.items():
        if window.paused_until is None or window.paused_until < longest[name].until:
            window.paused_until, window.pause_reason = longest[name].until, longest[name].reason
