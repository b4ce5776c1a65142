"""The outbox, the tokens of channels, the journal, and the signs of life of the daily jobs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.models.base import Base, Json
from db.models.occurrences import Occurrence
from db.models.units import Person

MESSAGE_STATES = ("queued", "sending", "sent", "failed", "unknown", "cancelled", "suppressed")


class Message(Base):
    """One row of the outbox: one message to one person through one channel.

    `dedupe_key` is unique: planning the same day twice adds nothing. `claimed_by` and `claim_deadline` belong to a
    deliverer; a `sending` row whose deadline has passed becomes `unknown` and waits for a person.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_state_not_before", "state", "not_before"),
        # What may leave by a channel, in the order in which it leaves.
        Index("ix_outbox_due", "state", "channel", "priority", "not_before"),
        CheckConstraint(f"state in {MESSAGE_STATES}", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(String(160), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    channel: Mapped[str] = mapped_column(String(16))
    address: Mapped[str] = mapped_column(String(254))
    # digest (reminders of a unit), escalation (to a superior), notice (an answer to something), alert (of the system).
    kind: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(255))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    # Root and predecessors of the mail thread, oldest first.
    thread: Mapped[list[str]] = mapped_column(default=list)
    priority: Mapped[int] = mapped_column(default=5)
    state: Mapped[str] = mapped_column(String(16), default="queued")
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    claim_deadline: Mapped[datetime | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    provider_id: Mapped[str | None] = mapped_column(String(255), index=True)
    error_code: Mapped[str | None] = mapped_column(String(64))
    error: Mapped[str | None] = mapped_column(Text)
    # What a template of a provider may name, as plain words: to, count, overdue, first, due, url ...
    facts: Mapped[Json] = mapped_column(default=dict, server_default="{}")
    # When the provider said that it reached the telephone or the mailbox, and that it was read.
    delivered_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    # Set on a message that another channel took over, or that a person sent again.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"), index=True)

    person: Mapped[Person | None] = relationship()
    items: Mapped[list[MessageItem]] = relationship(back_populates="message", order_by="MessageItem.position")


class MessageItem(Base):
    """One occurrence spoken of in a message, and the step of the ladder that made it so."""

    __tablename__ = "message_items"

    message_id: Mapped[int] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id"), primary_key=True, index=True)
    step: Mapped[str] = mapped_column(String(32))
    position: Mapped[int]
    # lead: the person's unit owes it; coordinator: it only takes part.
    part: Mapped[str] = mapped_column(String(16), default="lead", server_default="lead")
    # One line that says why this message was sent; shown to whoever asks.
    reason: Mapped[str] = mapped_column(Text)

    message: Mapped[Message] = relationship(back_populates="items")
    occurrence: Mapped[Occurrence] = relationship()


class ChannelToken(Base):
    """The token pair of a channel, encrypted. One holder refreshes it under the lock of this row."""

    __tablename__ = "channel_tokens"

    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    access_token_enc: Mapped[str] = mapped_column(Text)
    refresh_token_enc: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    lost_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]


class JournalEntry(Base):
    """nhật ký: append-only; each entry's hash covers the one before it."""

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_subject", "subject_kind", "subject_id"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(64))
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int]
    data: Mapped[Json]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class JournalHead(Base):
    """The single row that names the newest entry; taking its lock orders the writers."""

    __tablename__ = "journal_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class JobRun(Base):
    """A sign of life: when a daily job last began, ended, and what it did."""

    __tablename__ = "job_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(32), index=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    summary: Mapped[Json] = mapped_column(default=dict)
    error: Mapped[str | None] = mapped_column(Text)


class ReportFile(Base):
    """báo cáo tổng hợp: a consolidated report that was built, with its two files."""

    __tablename__ = "reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    period_key: Mapped[str] = mapped_column(String(32))
    period_label: Mapped[str] = mapped_column(String(120))
    built_at: Mapped[datetime]
    built_by: Mapped[str] = mapped_column(String(120))
    docx_sha256: Mapped[str] = mapped_column(String(64))
    xlsx_sha256: Mapped[str] = mapped_column(String(64))
    summary: Mapped[Json] = mapped_column(default=dict)
