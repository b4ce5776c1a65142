"""What the office approved to count by: its working calendar and its ladders."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Json


class ApprovedRules(Base):
    """One approval; the newest is in use. A changed file counts only once somebody has approved it."""

    __tablename__ = "approved_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    approved_at: Mapped[datetime]
    approved_by: Mapped[str] = mapped_column(String(120))
    fingerprint: Mapped[str] = mapped_column(String(64))
    # `WorkCalendar.to_json()`, and by name `Ladder.to_json()`.
    calendar: Mapped[Json]
    ladders: Mapped[Json]
    # How many occurrences the approval moved, and how many people it told.
    summary: Mapped[Json] = mapped_column(default=dict)
