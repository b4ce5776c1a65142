"""Named queries about who is linked to an account of Zalo."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session, joinedload

from db.models import InboundMessage, LinkCode, Person

# Beside the locks of the chase and of the rules; any number does that no other lock has.
LINK_LOCK = 7126206


def lock_linking(session: Session) -> None:
    """Let one code be used at a time: two codes from one account at the same moment would each find it free.

    On SQLite the writing transaction itself is that lock.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LINK_LOCK})


def void_codes(session: Session, person_id: int, now: datetime) -> int:
    """End every code of a person that could still be used; how many those were."""
    living = (LinkCode.person_id == person_id, LinkCode.used_at.is_(None), LinkCode.expires_at > now)
    result: Any = session.execute(update(LinkCode).where(*living).values(expires_at=now))
    return int(result.rowcount)


def locked_code(session: Session, code_hash: str) -> LinkCode | None:
    """The code of a hash, its row locked until the transaction ends, so that it serves once."""
    statement = select(LinkCode).where(LinkCode.code_hash == code_hash).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def holders(session: Session, column: str, address: str) -> Sequence[Person]:
    """The active people who have an account."""
    return session.scalars(select(Person).where(Person.active, getattr(Person, column) == address)).all()


def count_wrong(session: Session, channel: str, sender: str, since: datetime) -> int:
    """How many wrong codes a sender tried since an instant."""
    statement = select(InboundMessage.data).where(
        InboundMessage.channel == channel,
        InboundMessage.sender == sender,
        InboundMessage.kind == "link",
        InboundMessage.received_at >= since,
    )
    return sum(bool(data.get("wrong")) for data in session.scalars(statement))


def linked_addresses(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    """The Zalo account that each of these people tied himself, by person; the newest tie counts."""
    statement = (
        select(LinkCode)
        .where(LinkCode.person_id.in_(person_ids), LinkCode.used_at.is_not(None), LinkCode.channel == "zalo")
        .order_by(LinkCode.used_at)
    )
    return {code.person_id: code.address or "" for code in session.scalars(statement)}


def person_by_code(session: Session, code: str) -> Person | None:
    """A person of the register with the unit."""
    statement = select(Person).where(Person.code == code).options(joinedload(Person.unit))
    return session.scalars(statement).one_or_none()
