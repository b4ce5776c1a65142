"""Named queries of what bounds sending: barred addresses, and what each channel has sent in its current minute."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from db.models import Suppression

CHUNK = 500


def bar_in_force(session: Session, channel: str, address: str) -> Suppression | None:
    """The bar in force on an address (as `suppressions` keeps it); None when there is none."""
    return session.scalar(
        select(Suppression).where(
            Suppression.channel == channel, Suppression.address == address, Suppression.lifted_at.is_(None)
        )
    )


def bars_in_force(session: Session, addresses: Collection[str]) -> set[tuple[str, str]]:
    """(channel, address) of the bars in force on any of these addresses."""
    ordered = sorted(set(addresses))
    return {
        (channel, address)
        for start in range(0, len(ordered), CHUNK)
        for channel, address in session.execute(
            select(Suppression.channel, Suppression.address).where(
                Suppression.lifted_at.is_(None), Suppression.address.in_(ordered[start : start + CHUNK])
            )
        )
    }


def newest_bars(session: Session, limit: int) -> Sequence[Suppression]:
    """The bars in force, newest first."""
    query = select(Suppression).where(Suppression.lifted_at.is_(None)).order_by(Suppression.id.desc())
    return session.scalars(query.limit(limit)).all()


def end_bar(session: Session, suppression_id: int, by: str, now: datetime) -> bool:
    """Lift a bar; False when it is not in force any more."""
    statement = update(Suppression).where(Suppression.id == suppression_id, Suppression.lifted_at.is_(None))
    result = session.execute(statement.values(lifted_at=now, lifted_by=by))
    return isinstance(result, CursorResult) and result.rowcount == 1
