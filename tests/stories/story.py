"""Telling a story: push the clock day by day through the real services and say exactly who may hear what.

A story fails on any message that it did not name, so silence is asserted on every other day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from db.models import Occurrence
from notifications.channels import Envelope
from tests.notifications.chase_world import World, at, days, on

Deed = Callable[[Session, datetime], object]


@dataclass
class Story:
    """A world, the deeds of people on certain days, and what is heard."""

    world: World
    deeds: dict[date, list[Deed]] = field(default_factory=dict)
    outage: set[date] = field(default_factory=set)
    number: int = 0

    def does(self, day: str, deed: Deed) -> None:
        """Let somebody do something at 10:00 of a day."""
        self.deeds.setdefault(on(day), []).append(deed)

    def is_down(self, first: str, last: str) -> None:
        """Let the machine be off, these days included."""
        self.outage |= set(days(first, last))

    def forward(self, first: str, last: str) -> dict[str, list[str]]:
        """Live through the days; what was heard, by day and hour, as "who: step of occurrence" lines."""
        heard: dict[str, list[str]] = {}
        for day in days(first, last):
            self._chase(at(day, "08:00"), heard)
            for deed in self.deeds.get(day, []):
                with self.world.transaction() as session:
                    deed(session, at(day, "10:00"))
            if day in self.deeds:
                self._chase(at(day, "14:00"), heard)
            self._deliver(at(day, "19:00"), heard)
        return {day: sorted(lines) for day, lines in heard.items()}

    def _chase(self, now: datetime, heard: dict[str, list[str]]) -> None:
        if now.date() not in self.outage:
            self.world.chase(now)
            self._deliver(now + timedelta(minutes=10), heard)

    def _deliver(self, now: datetime, heard: dict[str, list[str]]) -> None:
        if now.date() in self.outage:
            return
        before = len(self.world.zalo.sent) + len(self.world.email.sent)
        self.world.deliver(now, workers=1)
        if len(self.world.zalo.sent) + len(self.world.email.sent) == before:
            return
        fresh = [
            (c.name, envelope) for c in (self.world.zalo, self.world.email) for when, envelope in c.sent if when == now
        ]
        heard.setdefault(f"{now.day:02d}/{now.month}", []).extend(self._say(name, envelope) for name, envelope in fresh)

    def _say(self, channel: str, envelope: Envelope) -> str:
        (message,) = [one for one in self.world.messages() if one.id == envelope.outbox_id]
        told = ", ".join(f"{item.step}#{item.occurrence_id}" for item in message.items)
        by = "" if channel == "zalo" else " (thư)"
        return f"{envelope.to_name}: {told}{by}"


def occurrence(session: Session, number: int) -> Occurrence:
    """The occurrence of a number."""
    return session.get_one(Occurrence, number)
