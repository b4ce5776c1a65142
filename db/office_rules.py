"""The working calendar and the ladders in use: what was last approved, not what the files happen to say.

Before the first approval the files count; `dondoc init` approves them as they are then.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from chasing import Ladder
from config.days_off import load_calendar
from config.ladders import load_ladders
from config.settings import Settings
from db.models import ApprovedRules, Json
from deadlines import WorkCalendar

RULES_LOCK = 7126205  # beside the lock of the chase; any number does that no other lock has


@dataclass(frozen=True)
class OfficeRules:
    """What dates are counted by: the working calendar, and the ladders by name."""

    calendar: WorkCalendar
    ladders: dict[str, Ladder]

    @property
    def fingerprint(self) -> str:
        """SHA-256 over both: equal exactly when nothing has changed."""
        text = json.dumps([self.calendar.to_json(), ladders_json(self.ladders)], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def ladders_json(ladders: Mapping[str, Ladder]) -> Json:
    """The ladders as plain values."""
    return {name: ladder.to_json() for name, ladder in ladders.items()}


def rules_of_files(settings: Settings) -> OfficeRules:
    """What the files say now. Raises ConfigFault."""
    return OfficeRules(load_calendar(settings), load_ladders(settings))


def rules_in_use(session: Session, settings: Settings) -> OfficeRules:
    """What was last approved; the files before any approval. Raises ConfigFault for files that cannot be used."""
    approved = newest_approval(session)
    if approved is None:
        return rules_of_files(settings)
    ladders = {name: Ladder.from_json(data) for name, data in approved.ladders.items()}
    return OfficeRules(WorkCalendar.from_json(approved.calendar), ladders)


def calendar_in_use(session: Session, settings: Settings) -> WorkCalendar:
    """The working calendar of `rules_in_use`."""
    return rules_in_use(session, settings).calendar


def hold_rules(session: Session, *, alone: bool = False) -> None:
    """Let nobody approve other rules before this transaction ends; `alone` for who approves: nobody dates meanwhile.

    Asked for before anything is written, so that two who wait for each other cannot be. On SQLite the writing
    transaction itself is that lock.
    """
    if session.get_bind().dialect.name == "postgresql":
        lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        session.execute(text(f"SELECT {lock}(:key)"), {"key": RULES_LOCK})


def calendar_to_date_by(session: Session, settings: Settings) -> WorkCalendar:
    """The calendar in use, for who writes dates by it: it stays in use until they are written (`hold_rules`)."""
    hold_rules(session)
    return calendar_in_use(session, settings)


def newest_approval(session: Session) -> ApprovedRules | None:
    """The approval in use, or None before the first."""
    return session.scalars(select(ApprovedRules).order_by(ApprovedRules.id.desc()).limit(1)).first()


def approve_rules(session: Session, rules: OfficeRules, now: datetime, actor: str) -> ApprovedRules:
    """Put rules into use."""
    made = ApprovedRules(
        approved_at=now,
        approved_by=actor,
        fingerprint=rules.fingerprint,
        calendar=rules.calendar.to_json(),
        ladders=ladders_json(rules.ladders),
        summary={},
    )
    session.add(made)
    session.flush()
    return made


def adopt_rules(session: Session, settings: Settings, now: datetime) -> bool:
    """Approve the files as they are, when nothing was approved yet; gives whether it did. Raises ConfigFault."""
    if newest_approval(session) is not None:
        return False
    approve_rules(session, rules_of_files(settings), now, "dondoc")
    return True


def is_waiting(session: Session, settings: Settings) -> bool:
    """Whether the files say something else than what was approved. Raises ConfigFault."""
    approved = newest_approval(session)
    return approved is not None and approved.fingerprint != rules_of_files(settings).fingerprint
