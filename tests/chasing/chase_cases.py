"""Builders for the tests of the pure chase."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from chasing import ZONE, CaseView, Ladder, Step
from config.ladders import PACKAGED, read_ladders
from deadlines import DayMark, WorkCalendar

DEFAULT: Ladder = read_ladders(Path(PACKAGED))["default"]
TET = [date(2026, 2, day) for day in range(16, 21)]
CALENDAR = WorkCalendar(
    {day: DayMark(False, "Tết Nguyên đán") for day in TET} | {date(2026, 3, 14): DayMark(True, "Làm bù")}, [2026]
)


def at(day: str, clock: str = "08:00") -> datetime:
    """An instant of 2026 on the office's clock, from "16/3" and "08:00"."""
    number, month = day.split("/")
    return datetime.combine(date(2026, int(month), int(number)), time.fromisoformat(clock), ZONE)


def on(day: str) -> date:
    """A day of 2026 from "16/3"."""
    return at(day).date()


def case(due: str = "20/3", **changes: Any) -> CaseView:
    """An open report due on a working day of 2026."""
    facts: dict[str, Any] = {
        "id": 1,
        "kind": "report",
        "state": "open",
        "due_target": on(due),
        "due_legal": on(due),
        "ladder": DEFAULT,
    }
    return CaseView(**(facts | changes))


def step(key: str, when: Any = "before", days: int = 1, **changes: Any) -> Step:
    """A step that tells the contact, unless said otherwise."""
    return Step(key, when, days, changes.pop("roles", ("contact",)), **changes)
