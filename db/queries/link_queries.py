"""Named queries of the links that lead from a message to the page of answers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from db.models import OPEN_STATES, Link, Occurrence


def live_links(session: Session, person_ids: Collection[int], occurrence_ids: Collection[int]) -> Sequence[Link]:
    """Links of these people to these occurrences that nobody has revoked."""
    return [
        link
        for start in range(0, len(occurrence_ids), 500)
        for link in session.scalars(
            select(Link).where(
                Link.revoked_at.is_(None),
                Link.person_id.in_(sorted(person_ids)),
                Link.occurrence_id.in_(sorted(occurrence_ids)[start : start + 500]),
            )
        )
    ]


@dataclass(frozen=True)
class OpenLink:
    """A link that still opens, and the occurrence that still waits behind it."""

    link: Link
    occurrence: Occurrence


def open_links(session: Session, link: Link, now: datetime) -> list[OpenLink]:
    """The other links of the same person that still open, each to a duty that still waits; one a duty."""
    statement = (
        select(Link, Occurrence)
        .join(Occurrence, Occurrence.id == Link.occurrence_id)
        .where(
            Link.person_id == link.person_id,
            Link.occurrence_id != link.occurrence_id,
            Link.revoked_at.is_(None),
            Link.expires_at > now,
            Occurrence.state.in_(OPEN_STATES),
        )
        .options(joinedload(Occurrence.obligation), joinedload(Occurrence.unit))
        .order_by(Occurrence.due_legal, Occurrence.id, Link.id)
    )
    newest = {occurrence.id: OpenLink(one, occurrence) for one, occurrence in session.execute(statement).tuples()}
    return list(newest.values())
