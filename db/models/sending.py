"""What bounds sending: addresses that take nothing, and how much a channel has sent in its window."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class Suppression(Base):
    """địa chỉ chết: an address on a channel that nothing is sent to until somebody lifts the bar."""

    __tablename__ = "suppressions"
    __table_args__ = (
        # One bar in force an address; lifted ones stay as history.
        Index(
            "uq_suppressions_in_force",
            "channel",
            "address",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    address: Mapped[str] = mapped_column(String(254))
    # bounce, refused, left (unsubscribed or unfollowed), person (an officer barred it)
    source: Mapped[str] = mapped_column(String(16))
    code: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"))
    made_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None] = mapped_column(String(120))


class ChannelWindow(Base):
    """How many messages all deliverers together have reserved on a channel in the last minute.

    `taken` at `began_at` (the newest reservation) stands in `slots`: how many in which five seconds, so that no minute
    ever holds more than its limit, wherever the provider begins to count.
    """

    __tablename__ = "channel_windows"

    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    began_at: Mapped[datetime]
    taken: Mapped[int]
    slots: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, server_default="{}")
    # The provider told us to pause until then (rate limit, quota), whoever heard it.
    paused_until: Mapped[datetime | None]
    pause_reason: Mapped[str | None] = mapped_column(Text)
