"""Named queries about the mailbox that answers come to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from db.models import InboundMessage, MailBookmark


def bookmark_of(session: Session, mailbox: str) -> tuple[int, int] | None:
    """(UIDVALIDITY, last UID) up to which a mailbox was read; None when it was never."""
    found = session.get(MailBookmark, mailbox, populate_existing=True)
    return (found.uid_validity, found.last_uid) if found else None


def move_bookmark(session: Session, mailbox: str, validity: int, uid: int, now: datetime) -> None:
    """Everything up to `uid` was handled; under the same UIDVALIDITY it never goes back."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    first = {"mailbox": mailbox, "uid_validity": validity, "last_uid": uid, "updated_at": now}
    # Two collectors may meet an empty table at once.
    session.execute(insert(MailBookmark).values(first).on_conflict_do_nothing())
    found = session.scalars(select(MailBookmark).where(MailBookmark.mailbox == mailbox).with_for_update()).one()
    if found.uid_validity != validity or uid > found.last_uid:
        found.uid_validity, found.last_uid, found.updated_at = validity, uid, now


def kept_mail(session: Session, values: Mapping[str, Any]) -> InboundMessage:
    """The row of a mail by its `dedupe_key`, made when there is none, locked until the transaction ends."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(InboundMessage).values(dict(values)).on_conflict_do_nothing(index_elements=["dedupe_key"]))
    same = select(InboundMessage).where(InboundMessage.dedupe_key == values["dedupe_key"]).with_for_update()
    return session.scalars(same.execution_options(populate_existing=True)).one()


def content_under(session: Session, dedupe_key: str) -> str | None:
    """What the mail that is kept under a key contained (see submissions.mailbox.parsing); None when none is kept."""
    row = session.scalars(select(InboundMessage).where(InboundMessage.dedupe_key == dedupe_key)).one_or_none()
    return None if row is None else str(row.data.get("content") or "")
