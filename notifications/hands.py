"""The messages in a deliverer's hands: claimed, given to threads that send them, come back with an outcome.

Threads and no barrier: a message that waits for a slow server holds up no other. Each channel has threads of its own,
so that a channel in trouble cannot take them all. What is in the hands when a machine dies becomes `unknown`, so the
hands are small.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config.settings import Settings
from notifications.channels import Channel, Delivery, Envelope, Receipt
from notifications.limits import Pause, buckets_of, pause_of
from notifications.outcomes import Outcome, Unsent

log = logging.getLogger(__name__)

WORKERS = 48
"""So many threads send at once through one channel: one that answers in 0.1 s is then asked 400 times a second. Mail
servers bear 50 connections of one client (Postfix, smtpd_client_connection_count_limit)."""
HAND = 64
"""At most so many messages are claimed and not yet settled: the most that one death leaves `unknown`."""
# What a deliverer takes that knows nothing of its providers yet, and how much more for each second of their answering:
# a provider that answers at once is kept busy by a few, one that takes 0.1 s by many.
FIRST_HAND, MORE_A_SECOND = 32, 320
SETTLE_AFTER = 1.0
"""Seconds: an outcome waits no longer for others before it is written."""
# A row whose turn comes this close to the end of its claim goes back unsent.
TOO_LATE = timedelta(minutes=5)
TROUBLES_TO_STOP = 3
CRASHED = "Lỗi bất ngờ khi gửi ({error}), không rõ tin đã tới hay chưa. Hãy chọn gửi lại hoặc coi như đã gửi."


@dataclass(frozen=True)
class Ready:
    """A claimed message as its channel gets it; `deadline` ends the claim."""

    envelope: Envelope
    channel: str
    deadline: datetime


Result = tuple[Ready, Outcome]


@dataclass
class Hands:
    """Threads that send, and what is in their hands. `give` and `gather` are for one thread alone."""

    channels: Mapping[str, Channel]
    clock: Callable[[], datetime]
    settings: Settings
    workers: int = WORKERS
    held: Counter[str] = field(default_factory=Counter)
    pauses: dict[str, Pause] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    """Channels that a person must mend before they send again, and what they said (Vietnamese)."""
    _pools: dict[str, ThreadPoolExecutor] = field(default_factory=dict)
    _back: queue.SimpleQueue[tuple[Ready, Outcome | BaseException]] = field(default_factory=queue.SimpleQueue)
    _troubles: Counter[str] = field(default_factory=Counter)
    _paces: deque[float] = field(default_factory=lambda: deque(maxlen=32))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stopped: bool = False

    def __len__(self) -> int:
        """How many messages are claimed and not yet gathered."""
        return self.held.total()

    def usable(self) -> list[str]:
        """Channels that have not shown themselves broken in this run."""
        return [name for name in self.channels if self._troubles[name] < TROUBLES_TO_STOP]

    @property
    def size(self) -> int:
        """How many messages the hands hold: few, unless even the quickest of the last answers took its time.

        The quickest, because the others also waited for this machine.
        """
        quickest = min(list(self._paces), default=0.0)
        return min(HAND, 2 * self.workers, FIRST_HAND + int(MORE_A_SECOND * quickest))

    def free(self) -> int:
        """How many more messages may be taken into the hands."""
        return self.size - len(self)

    def hungry(self) -> bool:
        """Whether so much is free that a claim is worth its transaction."""
        return len(self) * 8 <= self.size * 5

    def room_for(self, channel: str) -> int:
        """How many more messages of a channel may be taken; it leaves an eighth of the hands to the others."""
        whole = self.size - (self.size // 8 if len(self.channels) > 1 else 0)
        return min(self.free(), whole - self.held[channel])

    def give(self, ready: Ready) -> None:
        """Have a message sent by a thread of its channel."""
        self.held[ready.channel] += 1
        if ready.channel not in self._pools:
            self._pools[ready.channel] = ThreadPoolExecutor(self.workers, f"deliver-{ready.channel}")
        self._pools[ready.channel].submit(self._carry, ready)

    def gather(self) -> list[Result]:
        """Outcomes to be settled: many at once, but none later than a second; waits for the first.

        What broke a thread (no fault of a channel) is raised; `stop` then still gives what is known.
        """
        results: list[Result] = []
        until: float | None = None
        while len(self) and len(results) < self.size // 2:
            try:
                ready, outcome = self._back.get(timeout=until and max(0.0, until - time.monotonic()))
            except queue.Empty:
                break
            until = until or time.monotonic() + SETTLE_AFTER
            self.held[ready.channel] -= 1
            if not isinstance(outcome, Receipt | Delivery | Unsent):
                for known in results:
                    self._back.put(known)
                raise outcome
            results.append((ready, outcome))
        return results

    def stop(self) -> list[Result]:
        """Let nothing more leave, wait for what is leaving, and give every outcome that is known."""
        self._stopped = True
        for pool in self._pools.values():
            pool.shutdown(wait=True)
        known: list[Result] = []
        while True:
            try:
                ready, outcome = self._back.get_nowait()
            except queue.Empty:
                self.held.clear()
                return known
            if isinstance(outcome, Receipt | Delivery | Unsent):
                known.append((ready, outcome))

    def _carry(self, ready: Ready) -> None:
        try:
            outcome: Outcome | BaseException = self._send(ready)
        except BaseException as error:
            outcome = error
        self._back.put((ready, outcome))

    def _send(self, ready: Ready) -> Outcome:
        now = self.clock()
        if reason := self._why_not_now(ready, now):
            return Unsent(reason)
        began = time.monotonic()
        try:
            outcome: Outcome = self.channels[ready.channel].send(ready.envelope, now)
        except Delivery as failure:
            outcome = failure
        except Exception as error:
            # Whatever broke, bytes may have left: only a person can say whether to send again.
            log.exception("channel %s broke on message %s", ready.channel, ready.envelope.outbox_id)
            outcome = Delivery("unknown", "exception", CRASHED.format(error=type(error).__name__))
        self._paces.append(time.monotonic() - began)
        self._learn(ready.channel, outcome, now)
        return outcome

    def _why_not_now(self, ready: Ready, now: datetime) -> str | None:
        if self._stopped:
            return "Lượt gửi dừng trước khi tới tin này; sẽ gửi lượt sau."
        if now > ready.deadline - TOO_LATE:
            return "Chưa tới lượt trước khi hết giờ giữ chỗ; sẽ gửi lượt sau."
        if self._troubles[ready.channel] >= TROUBLES_TO_STOP:
            return "Kênh đang có sự cố; sẽ gửi lượt sau."
        names = buckets_of(ready.channel, self.settings)
        pause = next((self.pauses[name] for name in names if name in self.pauses), None)
        return pause.reason if pause and pause.until > now else None

    def _learn(self, channel: str, outcome: Outcome, now: datetime) -> None:
        """What an outcome says about its channel: broken, in trouble, in a hurry, well."""
        with self._lock:
            if not isinstance(outcome, Delivery):
                self._troubles[channel] = 0
            elif pause := pause_of(channel, outcome, now):
                self.pauses[pause.bucket] = pause
            elif outcome.kind in ("auth", "config") and not outcome.narrow:
                self._troubles[channel] = TROUBLES_TO_STOP
                if outcome.retry_at is None:
                    self.broken[channel] = outcome.detail
            elif outcome.kind == "temporary":
                self._troubles[channel] += 1
