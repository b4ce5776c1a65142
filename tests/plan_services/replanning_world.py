"""A commune that has approved the shipped calendar, the office's own file, and the approval of what it says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from db.models import ObligationUnit, Occurrence
from db.office_rules import adopt_rules
from db.session import reading
from plans.replanning import apply, preview
from plans.replanning_view import Preview
from tests.notifications.chase_world import World, add_duty, at, new_world, on

NOW = at(on("02/3"))
STORM = """local:
  - {from: 2026-03-17, to: 2026-03-18, working: false, reason: Nghỉ tránh bão, order: 12/CĐ-UBND}
"""


def approved_world(home: Path, url: str) -> World:
    """The commune on a database."""
    made = new_world(home, url)
    with made.transaction() as session:
        adopt_rules(session, made.settings, NOW)
    return made


def order(world: World, text: str = STORM, name: str = "days_off.yaml") -> None:
    """Write the office's own file."""
    world.settings.yaml_dir.mkdir(parents=True, exist_ok=True)
    (world.settings.yaml_dir / name).write_text(text, encoding="utf-8")


def looked_at(world: World) -> Preview:
    """The preview, from a session that only reads."""
    with reading(world.url) as session:
        return preview(session, world.settings, NOW)


def applied(world: World, expected: str | None = None) -> Preview:
    """The approval."""
    with world.transaction() as session:
        return apply(session, world.settings, NOW, "Chuyên viên Vy", expected)


def days_of(world: World, number: int) -> tuple[date, date, date]:
    """Nominal, legal and target day of an occurrence."""
    one = world.occurrence(number)
    return one.nominal, one.due_legal, one.due_target


@contextmanager
def opened(world: World, number: int) -> Iterator[tuple[Session, Occurrence]]:
    with world.transaction() as session:
        yield session, session.get_one(Occurrence, number)


def daily(world: World, day: date, **changes: Any) -> int:
    """One day of a duty that is asked every day."""
    number = add_duty(world, day, period_key=day.isoformat(), period_start=day, period_end=day, **changes)
    with opened(world, number) as (_, one):
        one.obligation.rules = [{"kind": "recurring", "freq": "daily"}]
        one.obligation.units.append(ObligationUnit(role="lead", printed_name=one.unit.name, unit=one.unit))
    return number
