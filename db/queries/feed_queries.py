"""Named queries of the calendars that a telephone subscribes to. They only read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, joinedload

from db.models import (
    CalendarFeed,
    GroupMember,
    JournalEntry,
    JournalHead,
    Obligation,
    Occurrence,
    Person,
    Plan,
    Unit,
    UnitCharge,
)

IN_UNIT = ("contact", "deputy", "leader")
SEE_ALL = ("officer", "chair")


class FeedRow(NamedTuple):
    """What a calendar shows of one occurrence."""

    id: int
    obligation_id: int
    unit_id: int
    period_key: str
    period_label: str
    kind: str
    state: str
    nominal: date
    due_legal: date
    due_target: date
    extended_due: date | None
    revision: int
    content: str
    deliverable: str | None
    plan_id: int
    plan_state: str
    plan_number: str | None
    plan_title: str
    imported_at: datetime
    unit_name: str
    unit_short: str | None


def feed_of_token(session: Session, token_hash: str) -> CalendarFeed | None:
    """The feed behind an address, revoked or not, with its subject."""
    statement = select(CalendarFeed).where(CalendarFeed.token_hash == token_hash)
    return session.scalars(_with_subject(statement)).one_or_none()


def feeds(
    session: Session, *, unit_id: int | None = None, person_id: int | None = None, plan_id: int | None = None
) -> Sequence[CalendarFeed]:
    """Every feed, or those of one unit, person or plan; the newest first."""
    statement = select(CalendarFeed).order_by(CalendarFeed.id.desc())
    asked = ((CalendarFeed.unit_id, unit_id), (CalendarFeed.person_id, person_id), (CalendarFeed.plan_id, plan_id))
    for column, number in asked:
        if number is not None:
            statement = statement.where(column == number)
    return session.scalars(_with_subject(statement)).all()


def _with_subject(statement: Select[tuple[CalendarFeed]]) -> Select[tuple[CalendarFeed]]:
    parts = (CalendarFeed.unit, CalendarFeed.person, CalendarFeed.plan)
    return statement.options(*(joinedload(part) for part in parts))


def person_by_code(session: Session, code: str) -> Person | None:
    """The person of a code, active or not."""
    return session.scalars(select(Person).where(Person.code == code)).one_or_none()


def feed_rows(session: Session, feed: CalendarFeed, since: date) -> list[FeedRow]:
    """What a feed shows from a day on, in date order: no drafts, and of what is only recorded what was once open.

    A telephone that has shown it must be told that it is not to be done; one that leaves the feed without a word may
    stay on the telephone for ever.
    """
    due = func.coalesce(Occurrence.extended_due, Occurrence.due_target)
    shown = or_(Occurrence.state != "recorded", Occurrence.revision > 0)
    statement = (
        select(*_columns())
        .select_from(Occurrence)
        .join(Obligation, Obligation.id == Occurrence.obligation_id)
        .join(Plan, Plan.id == Obligation.plan_id)
        .join(Unit, Unit.id == Occurrence.unit_id)
        .where(Plan.state != "draft", shown, due >= since)
        .order_by(due, Occurrence.id)
    )
    scope = _scope(session, feed)
    if scope is not None:
        statement = statement.where(scope)
    return [FeedRow(*row) for row in session.execute(statement)]


def _columns() -> list[ColumnElement[object]]:
    own = [getattr(Occurrence, name) for name in FeedRow._fields[:12]]
    duty = [Obligation.content, Obligation.deliverable, Obligation.plan_id]
    plan = [Plan.state, Plan.number, Plan.title, Plan.imported_at]
    return [*own, *duty, *plan, Unit.name, Unit.short_name]


def _scope(session: Session, feed: CalendarFeed) -> ColumnElement[bool] | None:
    """Whose occurrences a feed shows; None for everything, as the chairman and the officer see it."""
    if feed.plan_id is not None:
        return Obligation.plan_id == feed.plan_id
    if feed.unit_id is not None:
        members = select(GroupMember.member_id).where(GroupMember.group_id == feed.unit_id)
        return or_(Occurrence.unit_id == feed.unit_id, Occurrence.unit_id.in_(members))
    person = feed.person
    if person is None:
        return false()
    if person.role == "vice_chair":
        return _in_charge(session, person)
    if person.role in SEE_ALL:
        return None
    # Whoever has lost his unit sees nothing; he must not see every unit's work.
    return Occurrence.unit_id == person.unit_id if person.unit_id is not None else false()


def _in_charge(session: Session, person: Person) -> ColumnElement[bool] | None:
    """The units of a vice-chair; a lone one, to whom no unit was given, hears of all."""
    charged = select(UnitCharge.unit_id).where(UnitCharge.person_id == person.id)
    others = select(Person.id).where(Person.role == "vice_chair", Person.active, Person.id != person.id)
    if session.execute(charged).first() is None and session.execute(others).first() is None:
        return None
    return Occurrence.unit_id.in_(charged)


def changed_at(session: Session, rows: Sequence[FeedRow]) -> dict[int, datetime]:
    """When each occurrence last changed, as the journal says of it or of its plan; absent where it says nothing."""
    plans = _last_entries(session, "plan", sorted({row.plan_id for row in rows}))
    own = _last_entries(session, "occurrence", sorted(row.id for row in rows))
    known = {row.id: max(filter(None, (plans.get(row.plan_id), own.get(row.id))), default=None) for row in rows}
    return {number: moment for number, moment in known.items() if moment is not None}


def _last_entries(session: Session, kind: str, ids: Sequence[int]) -> dict[int, datetime]:
    found: dict[int, datetime] = {}
    for start in range(0, len(ids), 500):
        chosen = and_(JournalEntry.subject_kind == kind, JournalEntry.subject_id.in_(ids[start : start + 500]))
        statement = select(JournalEntry.subject_id, func.max(JournalEntry.at))
        found |= dict(session.execute(statement.where(chosen).group_by(JournalEntry.subject_id)).tuples().all())
    return found


def last_act(session: Session) -> datetime | None:
    """When anything was last done in this office: nothing that is shown changes without an entry of the journal."""
    newest = select(JournalHead.seq).scalar_subquery()
    return session.scalars(select(JournalEntry.at).where(JournalEntry.seq == newest)).one_or_none()
