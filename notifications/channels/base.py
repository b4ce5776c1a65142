"""What a channel takes, gives back and raises; imports nothing heavy.

Delivery (exception, one typed failure of one send)
  temporary      nothing was accepted; the outbox may try again by its formula
  wait_until     nothing was accepted; try again at ``retry_at``, not before
  permanent      this message to this address will never be accepted
  other_channel  this person cannot be reached here now; use the next channel
  auth           our right to send is gone or refused: a person must act
  config         our own setting is wrong: a person must act, nobody's address is at fault
  unknown        bytes may have arrived; the program never repeats it by itself
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Literal, Protocol

ChannelName = Literal["email", "zalo", "zalo_template", "zbs", "zalo_bot", "webhook"]
"""zalo: free words by the Official Account; zalo_template, zbs: an approved template by user id, by telephone number;
zalo_bot: the Bot Platform; webhook: the office's own gateway."""
DeliveryKind = Literal["temporary", "permanent", "wait_until", "other_channel", "auth", "config", "unknown"]

KIND_LABELS: Mapping[DeliveryKind, str] = MappingProxyType(
    {
        "temporary": "lỗi tạm thời, sẽ gửi lại",
        "permanent": "địa chỉ hoặc nội dung không thể gửi được",
        "wait_until": "chưa được gửi lúc này, sẽ gửi sau",
        "other_channel": "không liên lạc được qua kênh này",
        "auth": "kênh mất quyền gửi, cần người xử lý",
        "config": "cấu hình kênh sai, cần người xử lý",
        "unknown": "không rõ đã tới hay chưa, cần người quyết định",
    }
)
"""One short Vietnamese label a kind, for pages and command output."""


@dataclass(frozen=True)
class Attachment:
    """One file of a message: the name as the reader sees it, its MIME type, its bytes."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True)
class Envelope:
    """One message to one person: everything a channel needs for one provider call.

    ``to_address`` is a mail address, a Zalo user id, or ``group:<id>``. ``message_id`` is stable:
    the same on each attempt of the same outbox row. ``text`` is plain UTF-8; ``html`` is used by
    mail only. ``thread_root`` is the Message-ID of the first mail of the duty. ``kind`` is that of
    the outbox row; ``facts`` are its plain words for templates that a provider has approved.
    """

    outbox_id: int
    to_address: str
    to_name: str
    subject: str
    text: str
    message_id: str
    html: str | None = None
    thread_root: str | None = None
    references: tuple[str, ...] = ()
    reply_to: str | None = None
    attachments: tuple[Attachment, ...] = ()
    kind: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Receipt:
    """The provider took the message: its id for it, when it gives one, and its words."""

    provider_id: str | None
    detail: str


class Delivery(Exception):
    """One send did not end in a receipt.

    ``detail`` is Vietnamese and meant for the officer: what happened and what to do. ``code`` is
    the provider's own code. ``retry_at`` (aware) is set for ``wait_until``, and for ``temporary``
    when the provider named a time. ``narrow``: a ``config`` fault of this message's template or group
    alone, so that the channel is well for all others.
    """

    def __init__(
        self,
        kind: DeliveryKind,
        code: str | None,
        detail: str,
        retry_at: datetime | None = None,
        *,
        narrow: bool = False,
    ) -> None:
        super().__init__(kind, code, detail, retry_at)
        self.kind: DeliveryKind = kind
        self.code = code
        self.detail = detail
        self.retry_at = retry_at
        self.narrow = narrow

    def __str__(self) -> str:
        code = f" [{self.code}]" if self.code else ""
        return f"{self.kind}{code}: {self.detail}"


class Channel(Protocol):
    """One way to reach a person. ``send`` may be called from several threads at once."""

    @property
    def name(self) -> ChannelName:
        """The word stored in the outbox."""

    @property
    def max_text(self) -> int:
        """Longest ``Envelope.text`` that the channel takes, in characters (NFC)."""

    def send(self, envelope: Envelope, now: datetime) -> Receipt:
        """Make exactly one delivery attempt; raise :class:`Delivery` unless it was accepted."""

    def check(self, now: datetime) -> list[str]:
        """Faults in Vietnamese with their cure for ``dondoc doctor``; empty when all is well.

        Sends no message to anybody.
        """


def require_aware(now: datetime) -> datetime:
    """Return ``now``; raise ValueError when it carries no time zone."""
    if now.tzinfo is None or now.utcoffset() is None:
        raise ValueError("now must be an aware datetime")
    return now


def one_line(text: str) -> str:
    """Fold all white space and control characters, so nothing can open a new header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
