"""What one run of the chase works with, and what it did."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from chasing import CaseView, Recipient, local
from config.settings import Settings
from db.models import Extension, Occurrence
from deadlines import WorkCalendar
from notifications.composing import Part
from notifications.recipients import Directory


@dataclass
class ChaseSummary:
    """What a run did: cases looked at, steps told, messages queued, cases put off, and what an officer must mend."""

    cases: int = 0
    steps: int = 0
    messages: int = 0
    put_off: int = 0
    replaced: int = 0
    findings: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Plain values for the record of the run."""
        return dict(self.__dict__)

    def note(self, finding: str) -> None:
        """Tell something that an officer must mend, once."""
        if finding not in self.findings:
            self.findings.append(finding)


@dataclass
class Run:
    """One run: its instant, the cases it looked at, and who may hear.

    `parts` says in what part a person hears of a case, where he does not answer for it. `served`: who has today's
    digest already. `requests`: what waits for an officer's decision.
    """

    session: Session
    now: datetime
    calendar: WorkCalendar
    settings: Settings
    summary: ChaseSummary
    cases: dict[int, CaseView]
    occurrences: dict[int, Occurrence]
    directory: Directory
    requests: list[Extension] = field(default_factory=list)
    parts: dict[tuple[int, int], Part] = field(default_factory=dict)
    served: set[Recipient] = field(default_factory=set)

    @property
    def today(self) -> date:
        """The day on the office's clock."""
        return local(self.now).date()

    def part(self, case_id: int, recipient: Recipient) -> Part:
        """In what part a recipient hears of a case."""
        return self.parts.get((case_id, recipient.person_id), "lead")


def day_key(day: date, recipient: Recipient) -> str:
    """The key that allows one digest a person a channel a day."""
    return f"{day_prefix(day)}{recipient.person_id}:{recipient.channel}"


def day_prefix(day: date) -> str:
    """How every key of a day's digests begins, those that took over for another channel included."""
    return f"day:{day.isoformat()}:"


def hour_key(now: datetime, recipient: Recipient, case_id: int) -> str:
    """The key of what must be said within the hour: it neither waits for the digest of the day nor takes its place.

    `case_id`: its first case; a clock that was set back comes to the same minute twice.
    """
    return f"hour:{local(now):%Y-%m-%dT%H:%M}:{recipient.person_id}:{recipient.channel}:{case_id}"
