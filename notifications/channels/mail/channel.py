"""The e-mail channel."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from notifications.channels.base import Delivery, Envelope, Receipt, require_aware
from notifications.channels.mail.composing import compose_mail
from notifications.channels.mail.connections import Connections
from notifications.channels.mail.marks import Marker, Marks
from notifications.channels.mail.server import MailServer
from notifications.channels.mail.smtp import Posting, connect, leave


class MailChannel:
    """Sends one mail to one address; connections are kept for the next mail."""

    name: Literal["email"] = "email"
    max_text = 100_000

    def __init__(self, server: MailServer, marker: Marker | None = None) -> None:
        self._server = server
        self._marker = marker
        self._connections = Connections(server)

    def send(self, envelope: Envelope, now: datetime) -> Receipt:
        """One attempt; see :class:`notifications.channels.base.Channel`."""
        # Apprise costs a quarter of a second to import; `dondoc --help` must not pay it.
        from notifications.channels.plugin import NotifyGovMail

        require_aware(now)
        return NotifyGovMail(envelope.to_address).carry(envelope, now, self._deliver)

    def check(self, now: datetime) -> list[str]:
        """Connect, encrypt and log in, and send nothing."""
        require_aware(now)
        try:
            leave(connect(self._server), politely=True)
        except Delivery as fault:
            return [f"{fault.detail} (Máy chủ {self._server.host}:{self._server.port}, theo DONDOC_SMTP_URL.)"]
        return []

    def _deliver(self, envelope: Envelope, now: datetime) -> Receipt:
        marks = self._marker.marks(envelope.outbox_id) if self._marker else Marks()
        mail = compose_mail(envelope, self._server, now, marks)
        recipient = mail["To"].addresses[0].addr_spec
        content = self._marker.signed(mail.as_bytes()) if self._marker else mail.as_bytes()
        sender = marks.return_path or self._server.sender
        return self._connections.deliver(Posting(sender, recipient, content, marks.envid), now)
