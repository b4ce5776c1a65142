"""nhật ký: the append-only record of everything that was done, each entry's hash covering the one before."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from db.bulk import insert_rows, instant_value
from db.models import JournalEntry, JournalHead, Json

GENESIS = "0" * 64
COLUMNS = ("seq", "at", "actor", "action", "subject_kind", "subject_id", "data", "previous_hash", "hash")


def record(
    session: Session,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject_kind: str,
    subject_id: int,
    data: Json | None = None,
) -> JournalEntry:
    """Append one entry. `action` is a dotted verb ("submission.accept"); `data` must be JSON."""
    head = _locked_head(session)
    entry = JournalEntry(
        seq=head.seq + 1,
        at=at,
        actor=actor,
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        data=data or {},
        previous_hash=head.hash,
        hash="",
    )
    entry.hash = entry_hash(entry)
    head.seq, head.hash = entry.seq, entry.hash
    session.add(entry)
    session.flush()
    return entry


class Deed(NamedTuple):
    """One thing that was done, as `record_all` takes it."""

    action: str
    subject_kind: str
    subject_id: int
    data: Json


def record_all(session: Session, at: datetime, actor: str, deeds: Iterable[Deed]) -> None:
    """Append many entries by one actor at one instant, in order; the chain is the same as by `record`."""
    head = _locked_head(session)
    moment, rows = instant_value(session, at), []
    for deed in deeds:
        entry = JournalEntry(seq=head.seq + 1, at=at, actor=actor, previous_hash=head.hash, hash="", **deed._asdict())
        entry.hash = entry_hash(entry)
        head.seq, head.hash = entry.seq, entry.hash
        data = json.dumps(deed.data, ensure_ascii=False)
        rows.append((entry.seq, moment, actor, *deed[:3], data, entry.previous_hash, entry.hash))
    insert_rows(session, "journal", COLUMNS, rows)


def _locked_head(session: Session) -> JournalHead:
    # The row lock orders writers on PostgreSQL; on SQLite BEGIN IMMEDIATE already has.
    query = select(JournalHead).with_for_update()
    head = session.scalars(query).one_or_none()
    if head is None:
        # Two may write the first entry at once: the second waits here for the first.
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        first = dialect.insert(JournalHead).values(id=1, seq=0, hash=GENESIS)
        session.execute(first.on_conflict_do_nothing())
        head = session.scalars(query).one()
    return head


def entry_hash(entry: JournalEntry) -> str:
    """SHA-256 over the entry's fields and the hash before it."""
    fields = [
        entry.seq,
        entry.at.astimezone(UTC).isoformat(),
        entry.actor,
        entry.action,
        entry.subject_kind,
        entry.subject_id,
        entry.data,
        entry.previous_hash,
    ]
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verify(session: Session, anchor: Anchor | None = None) -> Iterator[str]:
    """Say, in Vietnamese, each place where the chain is broken, the first one first; nothing when it is whole.

    The chain shows what was changed, taken out or put elsewhere, and its head shows a tail that was cut off. Whoever
    writes the whole end anew, the head with it, is shown only by an `anchor` that was kept outside this machine.
    """
    expected, seq = GENESIS, 0
    for entry in session.scalars(select(JournalEntry).order_by(JournalEntry.seq)).yield_per(500):
        seq += 1
        if entry.seq != seq:
            yield f"Nhật ký thiếu mục số {seq} (gặp số {entry.seq})."
            seq = entry.seq
        if entry.previous_hash != expected or entry.hash != entry_hash(entry):
            yield _changed(entry)
        expected = entry.hash
        if anchor and anchor.seq == entry.seq and not entry.hash.startswith(anchor.start):
            yield f"Mục nhật ký số {entry.seq} không khớp mã đã ghi lại trước đây ({anchor.start})."
    if anchor and anchor.seq > seq:
        yield f"Nhật ký chỉ còn {seq} mục, trong khi đã có mã ghi lại của mục số {anchor.seq}."
    yield from _lost_end(session, seq, expected)


def verify_tail(session: Session, most: int) -> list[str]:
    """The same for the newest entries only: cheap enough to be asked each time somebody looks."""
    newest = session.scalars(select(JournalEntry).order_by(JournalEntry.seq.desc()).limit(most)).all()
    broken = []
    for entry, before in pairwise([*newest, None]):
        if entry is None:
            break
        if before is not None and entry.seq != before.seq + 1:
            broken.append(f"Nhật ký thiếu mục số {before.seq + 1} (gặp số {entry.seq}).")
        torn = before is not None and entry.previous_hash != before.hash
        if torn or entry.hash != entry_hash(entry):
            broken.append(_changed(entry))
    last = newest[0] if newest else None
    return [*reversed(broken), *_lost_end(session, last.seq if last else 0, last.hash if last else GENESIS)]


def _changed(entry: JournalEntry) -> str:
    return f"Mục nhật ký số {entry.seq} ({entry.action}) đã bị sửa."


def _lost_end(session: Session, seq: int, newest_hash: str) -> Iterator[str]:
    head = session.get(JournalHead, 1)
    if head is None and seq:
        yield f"Đầu mối của nhật ký bị mất; mục cuối cùng là số {seq}."
    if head is not None and (head.seq, head.hash) != (seq, newest_hash):
        yield f"Phần cuối nhật ký bị mất: đầu mối ghi số {head.seq}, mục cuối cùng là số {seq}."


class Anchor(NamedTuple):
    """The newest entry at some moment, as it was written down elsewhere: its number and how its hash begins."""

    seq: int
    start: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.start}"


ANCHOR = re.compile(r"(\d{1,12}):([0-9a-f]{8,64})")


def read_anchor(text: str) -> Anchor | None:
    """The anchor of "1234:9f86d081884c7d65"; None when the words are none."""
    found = ANCHOR.fullmatch(text.strip().lower())
    return Anchor(int(found[1]), found[2]) if found else None


def newest_anchor(session: Session) -> Anchor:
    """The newest entry now, to be written down outside this machine."""
    head = session.get(JournalHead, 1)
    return Anchor(head.seq, head.hash[:16]) if head else Anchor(0, GENESIS[:16])
