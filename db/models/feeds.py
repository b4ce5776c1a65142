"""Calendars that a telephone subscribes to, and the count of changes that their readers go by."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, event
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.orm.attributes import get_history
from sqlalchemy.orm.base import PASSIVE_NO_INITIALIZE

from db.models.base import Base
from db.models.occurrences import Occurrence
from db.models.plans import Plan
from db.models.units import Person, Unit

# What a calendar shows of an occurrence: a change of any of these is a new revision of its event.
SHOWN = ("period_label", "nominal", "due_legal", "due_target", "extended_due", "state", "unit_id")


class CalendarFeed(Base):
    """lịch đăng ký: the calendar of one unit, person or plan behind a secret address; only its hash stands here."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN unit_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN plan_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="subject",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(120))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(String(120))

    unit: Mapped[Unit | None] = relationship()
    person: Mapped[Person | None] = relationship()
    plan: Mapped[Plan | None] = relationship()


@event.listens_for(Occurrence, "before_update")
def _count_revision(mapper: object, connection: object, occurrence: Any) -> None:
    """Every way of changing an occurrence through the models counts; a statement of its own must add one itself."""
    # By name: `inspect(...).attrs` looks at every column first, for each of the many thousand rows of an approval.
    if any(get_history(occurrence, name, PASSIVE_NO_INITIALIZE).has_changes() for name in SHOWN):
        occurrence.revision = (occurrence.revision or 0) + 1
