"""What comes in by mail, Zalo and webhooks, how far a mailbox was read, and who is being linked to Zalo."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.models.base import Base, Json
from db.models.occurrences import Occurrence
from db.models.units import Person

INBOUND_STATES = ("received", "handled", "waiting", "ignored", "failed")


class InboundMessage(Base):
    """tin đến: one thing that came in, kept before it is acted on.

    `dedupe_key` (the channel and the sender's own id of the thing) is unique, so a redelivery changes nothing.
    `waiting`: the program does not know what is meant or of what it speaks, and a person decides.
    """

    __tablename__ = "inbound_messages"
    __table_args__ = (
        Index("ix_inbound_messages_state_received_at", "state", "received_at"),
        CheckConstraint(f"state in {INBOUND_STATES}", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # email, zalo, zbs, zalo_bot, webhook
    channel: Mapped[str] = mapped_column(String(16))
    dedupe_key: Mapped[str] = mapped_column(String(255), unique=True)
    # reply, bounce, delivered, seen, follow, unfollow, link, event
    kind: Mapped[str] = mapped_column(String(16))
    received_at: Mapped[datetime]
    sender: Mapped[str] = mapped_column(String(254), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    occurrence_id: Mapped[int | None] = mapped_column(ForeignKey("occurrences.id"), index=True)
    # The outbox row that it answers, when it names one.
    message_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"), index=True)
    subject: Mapped[str] = mapped_column(String(255), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    # The bytes as they came, under DONDOC_HOME by content hash.
    raw_sha256: Mapped[str | None] = mapped_column(String(64))
    data: Mapped[Json] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(16), default="received")
    # What was understood and done, or why a person must look; Vietnamese.
    outcome: Mapped[str] = mapped_column(Text, default="")
    attempts: Mapped[int] = mapped_column(default=0)
    # While it is `received`: until when a process holds it.
    handled_at: Mapped[datetime | None]
    handled_by: Mapped[str | None] = mapped_column(String(120))

    person: Mapped[Person | None] = relationship()
    occurrence: Mapped[Occurrence | None] = relationship()


class MailBookmark(Base):
    """How far a mailbox was read: the last UID under one UIDVALIDITY (RFC 9051, 2.3.1.1)."""

    __tablename__ = "mail_bookmarks"

    mailbox: Mapped[str] = mapped_column(String(255), primary_key=True)
    # Both are unsigned 32-bit numbers.
    uid_validity: Mapped[int] = mapped_column(BigInteger)
    last_uid: Mapped[int] = mapped_column(BigInteger)
    updated_at: Mapped[datetime]


class LinkCode(Base):
    """mã liên kết: a one-time code that a person sends from Zalo to say who he is; only its hash stands here."""

    __tablename__ = "link_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(120))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    # The channel it was used on and the id that it tied to the person.
    channel: Mapped[str | None] = mapped_column(String(16))
    address: Mapped[str | None] = mapped_column(String(64))

    person: Mapped[Person] = relationship()
