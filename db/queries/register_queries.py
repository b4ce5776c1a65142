"""Questions about the register of units, people and accounts as a whole."""

from __future__ import annotations

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from db.models import Person, Unit, User


def register_counts(session: Session) -> tuple[int, int]:
    """How many active units (groups not counted), and how many chairs, there are."""
    units = select(func.count()).select_from(Unit).where(Unit.active, ~Unit.is_group)
    chairs = select(func.count()).select_from(Person).where(Person.active, Person.role == "chair")
    return session.scalars(units).one(), session.scalars(chairs).one()


def units_without_contact(session: Session) -> list[str]:
    """Names of active units (no groups) in which nobody has an address."""
    reachable = exists().where(
        and_(Person.unit_id == Unit.id, Person.active, or_(Person.email.is_not(None), Person.zalo_user_id.is_not(None)))
    )
    query = select(Unit.name).where(Unit.active, ~Unit.is_group, ~reachable).order_by(Unit.name)
    return list(session.scalars(query))


def active_administrators(session: Session) -> int:
    """How many accounts can administer."""
    return session.scalars(select(func.count()).select_from(User).where(User.active, User.role == "admin")).one()
