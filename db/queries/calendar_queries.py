"""Named queries of the approval of a calendar: what still moves, and what waits to be said of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, defer, joinedload, load_only

from db.models import (
    OPEN_STATES,
    Extension,
    JournalEntry,
    Json,
    Message,
    MessageItem,
    Obligation,
    ObligationUnit,
    Occurrence,
    Plan,
    Unit,
)
from db.queries.chase_queries import chunks
from db.queries.outbox_queries import CHASE_KINDS

# What is on hold is not done: it follows the calendar and stays on hold.
ALIVE = (*OPEN_STATES, "on_hold")
EVENT = "event-"


def _followed(*states: str) -> Select[tuple[Occurrence]]:
    # A plan carries its whole reading, a duty its words in the file: neither moves a date.
    plan = load_only(Plan.code, Plan.number, Plan.year, Plan.state)
    duty = joinedload(Occurrence.obligation).defer(Obligation.source).joinedload(Obligation.plan).options(plan)
    joined = select(Occurrence).join(Occurrence.obligation).join(Obligation.plan)
    chosen = joined.where(Occurrence.state.in_(states), Plan.state == "confirmed", Obligation.active)
    # Whoever answers for a duty stands in the explanation of each of its dates.
    leads = joinedload(Occurrence.obligation).selectinload(Obligation.units).joinedload(ObligationUnit.unit)
    loaded = (duty, leads.selectinload(Unit.members), joinedload(Occurrence.unit))
    return chosen.options(*loaded).order_by(Occurrence.due_legal, Occurrence.id)


def open_dates(session: Session) -> Sequence[tuple[date, date, date]]:
    """Every nominal, legal and target day that an open occurrence has; few, however many occurrences there are."""
    columns = select(Occurrence.nominal, Occurrence.due_legal, Occurrence.due_target)
    return session.execute(columns.where(Occurrence.state.in_(ALIVE)).distinct()).tuples().all()


def open_on(session: Session, nominals: Collection[date]) -> list[Occurrence]:
    """The open occurrences of followed plans with these nominal days, but those of events."""
    ordered = sorted(nominals)
    plain = _followed(*ALIVE).where(Occurrence.period_key.not_like(f"{EVENT}%"))
    # A moved date is explained anew; the old words of many thousands would only fill the memory.
    plain = plain.options(defer(Occurrence.explanation))
    return [
        one
        for start in range(0, len(ordered), 500)
        for one in session.scalars(plain.where(Occurrence.nominal.in_(ordered[start : start + 500])))
    ]


def open_extended(session: Session) -> Sequence[Occurrence]:
    """The open occurrences with an extension, but those of events."""
    plain = _followed(*ALIVE).where(Occurrence.period_key.not_like(f"{EVENT}%"))
    return session.scalars(plain.where(Occurrence.extended_due.is_not(None))).all()


def open_once_extended(session: Session) -> Sequence[Occurrence]:
    """The open occurrences that were given more time once and have none now."""
    granted = exists().where(Extension.occurrence_id == Occurrence.id, Extension.state == "granted")
    return session.scalars(_followed(*ALIVE).where(Occurrence.extended_due.is_(None), granted)).all()


def open_events(session: Session) -> Sequence[Occurrence]:
    """The open occurrences that an event dated."""
    return session.scalars(_followed(*ALIVE).where(Occurrence.period_key.like(f"{EVENT}%"))).all()


def cancelled_with(session: Session, note: str) -> Sequence[Occurrence]:
    """The cancelled occurrences of followed plans whose note begins so."""
    return session.scalars(_followed("cancelled").where(Occurrence.note.like(f"{note}%"))).all()


def before_cancelling(session: Session, ids: Collection[int]) -> dict[int, Json]:
    """What the journal wrote of each occurrence when a calendar last moved it, by id."""
    moves = select(JournalEntry.subject_id, JournalEntry.data).order_by(JournalEntry.seq)
    moves = moves.where(JournalEntry.action == "calendar.move", JournalEntry.subject_kind == "occurrence")
    found: dict[int, Json] = {}
    for some in chunks(ids):
        found |= dict(session.execute(moves.where(JournalEntry.subject_id.in_(some))).tuples().all())
    return found


def hold_still(session: Session, found: Collection[Occurrence]) -> bool:
    """Lock these rows until the transaction ends; gives whether all are still as they were read.

    On SQLite the writing transaction itself is that lock.
    """
    if session.get_bind().dialect.name != "postgresql":
        return True
    seen = {one.id: (one.state, one.nominal, one.due_legal, one.due_target, one.extended_due) for one in found}
    columns = (Occurrence.state, Occurrence.nominal, Occurrence.due_legal, Occurrence.due_target)
    rows = select(Occurrence.id, *columns, Occurrence.extended_due).order_by(Occurrence.id).with_for_update()
    now = {
        row[0]: tuple(row[1:]) for some in chunks(seen) for row in session.execute(rows.where(Occurrence.id.in_(some)))
    }
    return now == seen


def waiting_to_be_told(session: Session, ids: Collection[int]) -> set[int]:
    """Which of these occurrences a queued reminder speaks of."""
    return {
        number
        for some in chunks(ids)
        for number in session.scalars(
            select(MessageItem.occurrence_id)
            .join(MessageItem.message)
            .where(MessageItem.occurrence_id.in_(some), Message.state == "queued", Message.kind.in_(CHASE_KINDS))
        )
    }
