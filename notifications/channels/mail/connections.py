"""Connections to the mail server, kept for the next mail.

A greeting with encryption and login takes longer than a mail, and servers dislike a connection a mail. A kept
connection may have been closed by the server meanwhile: that shows before the content is written, so a fresh one is
then opened and nothing can be sent twice.
"""

from __future__ import annotations

import smtplib
import threading
import weakref
from dataclasses import dataclass
from datetime import datetime, timedelta

from notifications.channels.base import Delivery, Receipt
from notifications.channels.mail.server import MailServer
from notifications.channels.mail.smtp import Posting, connect, deliver, leave, was_answered

# Below the limits that common servers set: Postfix waits 300 s, Exchange 10 minutes but fewer connections.
IDLE = timedelta(seconds=20)
MAILS_A_CONNECTION = 100
KEPT = 48


@dataclass
class Kept:
    """One open connection: when it was last used, and for how many mails."""

    smtp: smtplib.SMTP
    used_at: datetime
    mails: int = 0


class Connections:
    """Open connections of one server. Each is in one thread's hands at a time."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._lock = threading.Lock()
        self._idle: list[Kept] = []
        # A delivery run makes its channels and drops them; sockets must not wait for the garbage collector's mood.
        weakref.finalize(self, _close_all, self._idle)

    def deliver(self, posting: Posting, now: datetime) -> Receipt:
        """Hand over one mail. Raises Delivery."""
        kept = self._take(now)
        if kept is not None:
            try:
                return self._deliver_on(kept, posting, now)
            except Delivery as failure:
                if not _was_dead(failure):
                    raise
        return self._deliver_on(Kept(connect(self._server), now), posting, now)

    def _deliver_on(self, kept: Kept, posting: Posting, now: datetime) -> Receipt:
        try:
            receipt = deliver(kept.smtp, posting)
        except Delivery as failure:
            leave(kept.smtp, politely=was_answered(failure))
            raise
        self._give_back(kept, now)
        return receipt

    def _take(self, now: datetime) -> Kept | None:
        """The connection used last, if it is young enough; older ones are closed on the way."""
        while True:
            with self._lock:
                kept = self._idle.pop() if self._idle else None
            if kept is None or abs(now - kept.used_at) <= IDLE:
                return kept
            leave(kept.smtp, politely=False)

    def _give_back(self, kept: Kept, now: datetime) -> None:
        kept.used_at = now
        kept.mails += 1
        with self._lock:
            keep = kept.mails < MAILS_A_CONNECTION and len(self._idle) < KEPT
            if keep:
                self._idle.append(kept)
        if not keep:
            leave(kept.smtp, politely=True)


def _was_dead(failure: Delivery) -> bool:
    """Whether a kept connection had ended: closed without a word, or with 421 (RFC 5321, 3.8) for its idleness.

    Either way the mail was not taken, and nothing is learnt about the server.
    """
    return failure.kind == "temporary" and (not was_answered(failure) or failure.code == "421")


def _close_all(idle: list[Kept]) -> None:
    """Close without QUIT: at the end of a process no silent server may hold it up."""
    while idle:
        leave(idle.pop().smtp, politely=False)
