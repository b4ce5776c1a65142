"""What is due: occurrences, extensions, what units sent."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.models.base import Base, Json
from db.models.plans import Obligation, Target
from db.models.units import Unit

OCCURRENCE_KINDS = ("report", "duty", "progress_check")
# recorded: fell due before the plan was issued, never chased.  done = accepted.
OCCURRENCE_STATES = ("recorded", "open", "submitted", "returned", "accepted", "waived", "on_hold", "cancelled")
OPEN_STATES = ("open", "returned")
EXTENSION_STATES = ("asked", "granted", "refused")
SUBMISSION_STATES = ("received", "accepted", "returned")


class Occurrence(Base):
    """kỳ hạn: obligation x responsible unit x period. Identity is that triple, never the date, which may move."""

    __tablename__ = "occurrences"
    __table_args__ = (
        UniqueConstraint("obligation_id", "unit_id", "period_key"),
        Index("ix_occurrences_state_due_target", "state", "due_target"),
        CheckConstraint(f"state in {OCCURRENCE_STATES}", name="state"),
        CheckConstraint(f"kind in {OCCURRENCE_KINDS}", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligations.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    period_key: Mapped[str] = mapped_column(String(32))
    period_label: Mapped[str] = mapped_column(String(120))
    period_start: Mapped[date]
    period_end: Mapped[date]
    kind: Mapped[str] = mapped_column(String(16))
    rule_no: Mapped[int] = mapped_column(default=0)
    data_from: Mapped[date | None]
    data_to: Mapped[date | None]
    nominal: Mapped[date]
    due_legal: Mapped[date]
    due_target: Mapped[date]
    # Why each date, step by step in Vietnamese.
    explanation: Mapped[list[str]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(String(16), default="open")
    # The ladder as it was when this chase started (chasing.Ladder.to_json()); editing the YAML changes no running case.
    ladder: Mapped[Json | None]
    # Key of the last step told, so that no step is told twice and none goes backwards.
    last_step: Mapped[str | None] = mapped_column(String(32))
    last_step_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None] = mapped_column(String(120))
    quiet_until: Mapped[date | None]
    # Set by a granted extension; due_legal and due_target keep the old date.
    extended_due: Mapped[date | None]
    # When the first answer came (its timeliness is judged on this), and when it was accepted.
    answered_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(Text)
    # Counts the changes that a calendar shows (db.models.feeds); SEQUENCE of its event in iCalendar.
    revision: Mapped[int] = mapped_column(default=0, server_default="0")

    obligation: Mapped[Obligation] = relationship()
    unit: Mapped[Unit] = relationship()
    extensions: Mapped[list[Extension]] = relationship(back_populates="occurrence", order_by="Extension.id")
    submissions: Mapped[list[Submission]] = relationship(back_populates="occurrence", order_by="Submission.version")


class Extension(Base):
    """gia hạn: a request for more time and its decision; the old date is kept."""

    __tablename__ = "extensions"
    __table_args__ = (CheckConstraint(f"state in {EXTENSION_STATES}", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id"), index=True)
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(Text)
    wanted_due: Mapped[date]
    old_due: Mapped[date]
    state: Mapped[str] = mapped_column(String(16), default="asked")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(120))
    granted_due: Mapped[date | None]
    decision_note: Mapped[str | None] = mapped_column(Text)

    occurrence: Mapped[Occurrence] = relationship(back_populates="extensions")


class Submission(Base):
    """báo cáo nộp: what a unit sent for an occurrence; versions are kept."""

    __tablename__ = "submissions"
    __table_args__ = (
        UniqueConstraint("occurrence_id", "version"),
        CheckConstraint(f"state in {SUBMISSION_STATES}", name="state"),
        CheckConstraint("kind in ('report', 'nil')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id"), index=True)
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8), default="report")
    text: Mapped[str] = mapped_column(Text, default="")
    sent_by: Mapped[str] = mapped_column(String(120))
    via: Mapped[str] = mapped_column(String(16))
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), default="received")
    reviewed_by: Mapped[str | None] = mapped_column(String(120))
    reviewed_at: Mapped[datetime | None]
    return_reason: Mapped[str | None] = mapped_column(Text)

    occurrence: Mapped[Occurrence] = relationship(back_populates="submissions")
    files: Mapped[list[SubmissionFile]] = relationship(order_by="SubmissionFile.id", cascade="all, delete-orphan")
    figures: Mapped[list[SubmissionFigure]] = relationship(order_by="SubmissionFigure.id", cascade="all, delete-orphan")


class SubmissionFile(Base):
    """A file of a submission: its bytes lie under DONDOC_HOME by content hash, its name is only shown."""

    __tablename__ = "submission_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(255))
    mime: Mapped[str] = mapped_column(String(120))
    size: Mapped[int]


class SubmissionFigure(Base):
    """One figure of a target, as a unit gave it."""

    __tablename__ = "submission_figures"
    __table_args__ = (UniqueConstraint("submission_id", "target_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"), index=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("targets.id"))
    value: Mapped[float] = mapped_column(Float)

    target: Mapped[Target] = relationship()


class Link(Base):
    """A signed link to one occurrence for one person: it expires and can be revoked."""

    __tablename__ = "links"

    id: Mapped[int] = mapped_column(primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
