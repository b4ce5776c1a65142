"""The one question of a trial message: who is meant."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from db.models import Person


def people_called(session: Session, words: str) -> list[Person]:
    """Active people of this code or exactly this name, with their units."""
    query = select(Person).where(Person.active, or_(Person.code == words, Person.name == words))
    return list(session.scalars(query.options(joinedload(Person.unit)).order_by(Person.code)))
