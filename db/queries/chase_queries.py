"""Named queries of the chase. Each reads a fixed number of times, however many cases there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from operator import itemgetter

from sqlalchemy import ColumnElement, Row, Select, Text, and_, case, cast, func, or_, select, text
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from db.models import (
    OPEN_STATES,
    Extension,
    Finding,
    Message,
    MessageItem,
    Obligation,
    ObligationUnit,
    Occurrence,
    Person,
    Plan,
    Submission,
    Unit,
    UnitCharge,
)

CHASE_LOCK = 7126204
# Databases limit the parameters of a statement; SQLite's older limit is 999.
CHUNK = 500


def chunks(ids: Iterable[int]) -> Iterable[Sequence[int]]:
    """The ids in pieces that one statement can take."""
    ordered = sorted(set(ids))
    return (ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK))


def lock_chase(session: Session) -> None:
    """Let one chase run at a time; the second waits, then sees what the first one wrote.

    On SQLite the writing transaction itself is that lock.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHASE_LOCK})


def cases_due(session: Session, horizon: date) -> Sequence[Row[tuple[object, ...]]]:
    """The facts of every open occurrence of a confirmed plan whose target date is not after `horizon`.

    An extension only moves a date forward, so `due_target` bounds it too.
    """
    # The index alone says which; asked of the join as a whole, SQLite walks every occurrence of every duty instead.
    near = aliased(Occurrence)
    waiting = select(near.id).where(near.state.in_(OPEN_STATES), near.due_target <= horizon)
    # Plain rows: nothing of them is an entity that the session would have to know.
    return _in_order(session.connection().execute(_facts().where(Occurrence.id.in_(waiting))).all())


def cases_named(session: Session, ids: Collection[int]) -> Sequence[Row[tuple[object, ...]]]:
    """The same facts for some occurrences."""
    return _in_order(row for some in chunks(ids) for row in session.execute(_facts().where(Occurrence.id.in_(some))))


def _in_order(rows: Iterable[Row[tuple[object, ...]]]) -> list[Row[tuple[object, ...]]]:
    return sorted(rows, key=itemgetter(0))


def cases_on_ladder(session: Session, plan_id: int, obligation_id: int | None = None) -> list[Mapping[str, object]]:
    """The same facts for the open occurrences of one duty, or of all duties that follow their plan's ladder."""
    one_duty = Obligation.id == obligation_id if obligation_id is not None else Obligation.ladder == "default"
    return [dict(row._mapping) for row in _in_order(session.execute(_facts().where(Plan.id == plan_id, one_duty)))]


def unsaid_of_unit(session: Session, unit_id: int) -> Sequence[Occurrence]:
    """The occurrences of a unit that a queued reminder speaks of."""
    waiting = (
        select(MessageItem.occurrence_id)
        .join(MessageItem.message)
        .where(Message.state == "queued", Message.kind.in_(("digest", "escalation")))
    )
    chosen = select(Occurrence).where(Occurrence.unit_id == unit_id, Occurrence.id.in_(waiting))
    return session.scalars(chosen.order_by(Occurrence.id)).all()


def _ladder_name() -> ColumnElement[str]:
    """The ladder that a duty is chased by; the same as `Obligation.ladder_in_use`."""
    return case((Obligation.ladder == "default", Plan.ladder), else_=Obligation.ladder)


def coordinating_units(session: Session, obligation_ids: Collection[int]) -> dict[int, list[Unit]]:
    """By duty, the units that take part in it, groups as their members; who answers for it too is left out."""
    named: dict[tuple[int, str], dict[int, Unit]] = defaultdict(dict)
    for some in chunks(obligation_ids):
        rows = session.execute(
            select(ObligationUnit.obligation_id, ObligationUnit.role, Unit)
            .join(ObligationUnit.unit)
            .where(ObligationUnit.obligation_id.in_(some))
            .options(selectinload(Unit.members))
            .order_by(ObligationUnit.id)
        )
        for duty, role, unit in rows.tuples():
            named[duty, role].update({one.id: one for one in (unit.members if unit.is_group else [unit])})
    return {
        duty: [unit for number, unit in units.items() if unit.active and number not in named[duty, "lead"]]
        for (duty, role), units in list(named.items())
        if role == "coordinator"
    }


def open_requests(session: Session) -> Sequence[Extension]:
    """The requests for more time that nobody has decided, of what is still chased, the oldest first."""
    # Mostly there are none; then nothing is joined.
    ids = session.scalars(select(Extension.id).where(Extension.state == "asked")).all()
    if not ids:
        return []
    asked = select(Extension).join(Extension.occurrence).join(Occurrence.obligation).join(Obligation.plan)
    chosen = asked.where(Occurrence.state.in_(OPEN_STATES), Plan.state == "confirmed")
    one = joinedload(Extension.occurrence)
    loaded = (
        one.joinedload(Occurrence.obligation).joinedload(Obligation.plan),
        one.joinedload(Occurrence.unit),
        one.selectinload(Occurrence.extensions),
    )
    found = [
        one for some in chunks(ids) for one in session.scalars(chosen.where(Extension.id.in_(some)).options(*loaded))
    ]
    return sorted(found, key=lambda one: (one.asked_at, one.id))


def _facts() -> Select[tuple[object, ...]]:
    granted = select(func.max(Extension.decided_at)).where(
        Extension.occurrence_id == Occurrence.id, Extension.state == "granted"
    )
    returned = select(func.max(Submission.reviewed_at)).where(
        Submission.occurrence_id == Occurrence.id, Submission.state == "returned"
    )
    asked = select(func.max(Extension.asked_at)).where(
        Extension.occurrence_id == Occurrence.id, Extension.state == "asked"
    )
    columns = [
        *(Occurrence.id, Occurrence.kind, Occurrence.state, Occurrence.due_target, Occurrence.due_legal),
        *(Occurrence.extended_due, Occurrence.last_step, Occurrence.last_step_at, Occurrence.acknowledged_at),
        # As text: thousands of rows share a few snapshots, each of which is read once.
        func.nullif(cast(Occurrence.ladder, Text), "null").label("ladder"),
        *(Occurrence.quiet_until, _ladder_name().label("ladder_name"), Unit.muted_until),
        # Few rows have been extended or returned; the others must not pay for looking.
        case((Occurrence.extended_due.is_not(None), granted.scalar_subquery())).label("restarted_at"),
        case((Occurrence.state == "returned", returned.scalar_subquery())).label("returned_at"),
        asked.scalar_subquery().label("asked_at"),
    ]
    joined = select(*columns).join(Occurrence.obligation).join(Obligation.plan).join(Occurrence.unit)
    return joined.where(Occurrence.state.in_(OPEN_STATES), Plan.state == "confirmed", Obligation.active, Unit.active)


def occurrences_with_duty(session: Session, ids: Collection[int]) -> dict[int, Occurrence]:
    """Occurrences with their duty, plan and unit, by id."""
    loaded = select(Occurrence).options(
        joinedload(Occurrence.obligation).joinedload(Obligation.plan), joinedload(Occurrence.unit)
    )
    found: dict[int, Occurrence] = {}
    for some in chunks(ids):
        found.update((one.id, one) for one in session.scalars(loaded.where(Occurrence.id.in_(some))))
    return found


def people_for(session: Session, unit_ids: Collection[int]) -> Sequence[Person]:
    """The active people of these units, and everybody who stands above units."""
    above = Person.role.in_(("officer", "vice_chair", "chair"))
    chosen = or_(above, Person.unit_id.in_(sorted(unit_ids)))
    return session.scalars(select(Person).where(Person.active, chosen).order_by(Person.id)).all()


def charges_of(session: Session, unit_ids: Collection[int]) -> dict[int, int]:
    """The vice-chair in charge, by unit."""
    rows = session.execute(
        select(UnitCharge.unit_id, UnitCharge.person_id).where(UnitCharge.unit_id.in_(sorted(unit_ids)))
    )
    return dict(rows.tuples().all())


def has_finding(session: Session, plan_id: int, code: str, place: str) -> bool:
    """Whether a plan already has this finding at this place."""
    known = select(Finding.id).where(Finding.plan_id == plan_id, Finding.code == code, Finding.place == place)
    return session.scalars(known.limit(1)).first() is not None


def told_about(session: Session, ids: Collection[int]) -> dict[int, list[tuple[datetime, str, str, str]]]:
    """By occurrence, oldest first: when a message left, to whom (name, role), through which channel."""
    history: dict[int, list[tuple[datetime, str, str, str]]] = defaultdict(list)
    left = and_(Message.state.in_(("sent", "unknown")), Message.kind.in_(("digest", "escalation")))
    for some in chunks(ids):
        rows = session.execute(
            select(
                MessageItem.occurrence_id,
                func.coalesce(Message.sent_at, Message.created_at, type_=Message.created_at.type).label("at"),
                Person.name,
                Person.role,
                Message.channel,
            )
            .join(MessageItem.message)
            .join(Message.person)
            .where(MessageItem.occurrence_id.in_(some), MessageItem.part == "lead", left)
            .order_by("at")
        )
        for occurrence_id, at, name, role, channel in rows:
            history[occurrence_id].append((at, name, role, channel))
    return history


def extensions_of(session: Session, ids: Collection[int]) -> Sequence[Extension]:
    """Every request for more time about these occurrences, oldest first."""
    return [
        one
        for some in chunks(ids)
        for one in session.scalars(
            select(Extension).where(Extension.occurrence_id.in_(some)).order_by(Extension.asked_at)
        )
    ]


def submissions_of(session: Session, ids: Collection[int]) -> Sequence[Submission]:
    """Every answer to these occurrences, oldest first."""
    return [
        one
        for some in chunks(ids)
        for one in session.scalars(
            select(Submission).where(Submission.occurrence_id.in_(some)).order_by(Submission.received_at)
        )
    ]
