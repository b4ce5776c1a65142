"""A plan, its obligations and targets, and what a person still has to decide about them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Float, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.models.base import Base, Json
from db.models.units import Unit

PLAN_STATES = ("draft", "confirmed", "closed")
QUESTION_KINDS = ("deadline", "unit", "lead", "date")


class Plan(Base):
    """kế hoạch: one issued document with its file, number, year and issuer."""

    __tablename__ = "plans"
    __table_args__ = (CheckConstraint(f"state in {PLAN_STATES}", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str | None] = mapped_column(String(64))
    number: Mapped[str | None] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(Text)
    issuer: Mapped[str | None] = mapped_column(String(255))
    locality: Mapped[str | None] = mapped_column(String(255))
    year: Mapped[int]
    issued_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(16), default="draft")
    # The ladder of every duty that names none of its own.
    ladder: Mapped[str] = mapped_column(String(64), default="default", server_default="default")
    file_name: Mapped[str] = mapped_column(String(255))
    file_sha256: Mapped[str] = mapped_column(String(64))
    # The whole Reading as read (design 4), so a re-import can show its difference.
    reading: Mapped[Json]
    imported_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None] = mapped_column(String(120))

    obligations: Mapped[list[Obligation]] = relationship(
        back_populates="plan", order_by="Obligation.position", cascade="all, delete-orphan"
    )
    targets: Mapped[list[Target]] = relationship(
        back_populates="plan", order_by="Target.position", cascade="all, delete-orphan"
    )
    findings: Mapped[list[Finding]] = relationship(order_by="Finding.id", cascade="all, delete-orphan")
    questions: Mapped[list[Question]] = relationship(
        back_populates="plan", order_by="Question.id", cascade="all, delete-orphan"
    )
    files: Mapped[list[PlanFile]] = relationship(order_by="PlanFile.id", cascade="all, delete-orphan")


class PlanFile(Base):
    """One file a plan was read from: the first, a corrected one, a workbook. The same bytes belong to one plan only."""

    __tablename__ = "plan_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(120))


class Obligation(Base):
    """nhiệm vụ: one duty of a plan, from its table or (standing) from its prose."""

    __tablename__ = "obligations"
    __table_args__ = (UniqueConstraint("plan_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(64))
    ordinal: Mapped[str | None] = mapped_column(String(32))
    section: Mapped[list[str]] = mapped_column(default=list)
    content: Mapped[str] = mapped_column(Text)
    deliverable: Mapped[str | None] = mapped_column(Text)
    standing: Mapped[bool] = mapped_column(default=False)
    quote: Mapped[str | None] = mapped_column(Text)
    source: Mapped[Json] = mapped_column(default=dict)
    deadline_text: Mapped[str] = mapped_column(Text, default="")
    # hạn cấp trên: the words of the date by which the office itself owes the thing to its superior.
    superior_text: Mapped[str] = mapped_column(Text, default="", server_default="")
    # Rules as `deadlines.Rule.to_json()`; what a person answered replaces what was read.
    rules: Mapped[list[Json]] = mapped_column(default=list)
    # How figures are cut off, as `deadlines.regimes` writes it: "nd09", "calendar", "day:15", "ranges:1001-0930".
    regime: Mapped[str] = mapped_column(String(120), default="nd09")
    # Cycle of the progress checks of a continuous duty.
    cycle: Mapped[str] = mapped_column(String(16), default="quarterly")
    # "default" means the plan's ladder.
    ladder: Mapped[str] = mapped_column(String(64), default="default")
    active: Mapped[bool] = mapped_column(default=True)
    # Keys of the rows of `Plan.reading` that this duty is made of: several when a person joined rows, one shared by
    # several duties when a person split one, none when it was added by hand.
    origin: Mapped[list[str]] = mapped_column(default=list)
    # Why a person dropped a duty of a draft; such a duty can be brought back.
    drop_reason: Mapped[str | None] = mapped_column(Text)

    plan: Mapped[Plan] = relationship(back_populates="obligations")
    units: Mapped[list[ObligationUnit]] = relationship(
        back_populates="obligation", order_by="ObligationUnit.id", cascade="all, delete-orphan"
    )

    @property
    def ladder_in_use(self) -> str:
        """The name of the ladder that this duty is chased by: its own, else its plan's."""
        return self.plan.ladder if self.ladder == "default" else self.ladder


class ObligationUnit(Base):
    """chủ trì / phối hợp: a unit named in an obligation; `unit_id` is empty until the name is resolved."""

    __tablename__ = "obligation_units"
    __table_args__ = (CheckConstraint("role in ('lead', 'coordinator')", name="role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligations.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(16))
    printed_name: Mapped[str] = mapped_column(String(500))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)

    obligation: Mapped[Obligation] = relationship(back_populates="units")
    unit: Mapped[Unit | None] = relationship()


class Target(Base):
    """chỉ tiêu: a yearly figure to reach."""

    __tablename__ = "targets"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    ordinal: Mapped[str | None] = mapped_column(String(32))
    group: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    unit: Mapped[str | None] = mapped_column(String(64))
    comparator: Mapped[str] = mapped_column(String(2), default="=")
    value: Mapped[float | None] = mapped_column(Float)
    # As printed, for values that are no single number ("30% TTHC; ít nhất 30% chi phí").
    value_text: Mapped[str | None] = mapped_column(Text)

    plan: Mapped[Plan] = relationship(back_populates="targets")
    responsible: Mapped[list[TargetUnit]] = relationship(cascade="all, delete-orphan", order_by="TargetUnit.id")


class TargetUnit(Base):
    """A unit that answers for a target, as printed and (once resolved) as registered."""

    __tablename__ = "target_units"

    id: Mapped[int] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("targets.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(16), default="lead")
    printed_name: Mapped[str] = mapped_column(String(500))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)

    unit: Mapped[Unit | None] = relationship()


class Finding(Base):
    """A flaw of the document itself, or something the reader could not place."""

    __tablename__ = "findings"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(64))
    severity: Mapped[str] = mapped_column(String(16))
    place: Mapped[str] = mapped_column(String(255))
    message: Mapped[str] = mapped_column(Text)
    suggestion: Mapped[str] = mapped_column(Text, default="")
    # Set aside by a person, with a reason; it stays on record and can be reopened.
    dismissed_at: Mapped[datetime | None]
    dismissed_by: Mapped[str | None] = mapped_column(String(120))
    dismissed_reason: Mapped[str | None] = mapped_column(Text)


class Question(Base):
    """What a person must decide before (deadline, unit, lead) or after (date) a plan is confirmed.

    `candidates` and `answer` by kind:
    deadline  candidates {"rules": [[Rule..]..]}      answer {"rules": [Rule..]}
    unit      candidates {"units": [code..]}          answer {"unit": code} or {"ignore": true}
    lead      candidates {"units": [code..]}          answer {"unit": code}
    date      candidates {}                           answer {"event": ISO date} or {"due": ISO date}; a `date`
              question belongs to one rule that waits (on_event, by_reference, on_demand) and may be answered
              again for each new event: each answer makes an occurrence.
    """

    __tablename__ = "questions"
    __table_args__ = (CheckConstraint(f"kind in {QUESTION_KINDS}", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    obligation_id: Mapped[int | None] = mapped_column(ForeignKey("obligations.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    rule_no: Mapped[int | None]
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    candidates: Mapped[Json] = mapped_column(default=dict)
    answer: Mapped[Json | None]
    answered_by: Mapped[str | None] = mapped_column(String(120))
    answered_at: Mapped[datetime | None]

    plan: Mapped[Plan] = relationship(back_populates="questions")
    obligation: Mapped[Obligation | None] = relationship()
