"""What the operations view asks of the duties that are due: lists, counts, the month, the history of one.

A page costs a fixed number of queries, whatever the number of its lines. Plans are loaded without their `reading`,
which holds a whole document.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Load, Session, aliased, contains_eager, load_only, selectinload

from db.models import (
    OPEN_STATES,
    Extension,
    Message,
    MessageItem,
    Obligation,
    Occurrence,
    Plan,
    Question,
    Submission,
    Unit,
)
from db.queries.inbound_queries import waiting_ids
from deadlines.words import bare_key

PLAN_COLUMNS = (
    Plan.id,
    Plan.code,
    Plan.kind,
    Plan.number,
    Plan.title,
    Plan.issuer,
    Plan.year,
    Plan.issued_on,
    Plan.state,
    Plan.ladder,
)
# Sections of the list, in the order in which they are shown.
OVERDUE, TODAY, PROGRESS, WEEK, LATER = range(5)

due = func.coalesce(Occurrence.extended_due, Occurrence.due_legal)
target = func.coalesce(Occurrence.extended_due, Occurrence.due_target)


@dataclass(frozen=True)
class DutyFilter:
    """What the person asked to see. `states` empty means what the office still waits for."""

    plan: str = ""
    unit: str = ""
    kind: str = ""
    text: str = ""
    states: tuple[str, ...] = OPEN_STATES


@dataclass(frozen=True)
class Counters:
    """The figures on top of the first page."""

    overdue: int
    soon: int
    waiting: int
    extensions: int
    undelivered: int
    undated: int
    inbound: int


@dataclass(frozen=True)
class LastMessage:
    """The newest message that speaks of an occurrence."""

    occurrence_id: int
    id: int
    channel: str
    state: str
    at: datetime
    step: str


@dataclass(frozen=True)
class ChaseFacts:
    """What the chase knows of an occurrence beside its own row."""

    restarted_at: Mapping[int, datetime] = field(default_factory=dict)
    returned_at: Mapping[int, datetime] = field(default_factory=dict)
    asked_at: Mapping[int, datetime] = field(default_factory=dict)


def followed() -> ColumnElement[bool]:
    """The occurrence's plan is followed; what a closed plan left unanswered is awaited no more."""
    duty = exists().where(Obligation.id == Occurrence.obligation_id, Plan.id == Obligation.plan_id)
    return duty.where(Plan.state == "confirmed").correlate_except(Obligation, Plan)


def overdue_on(today: date) -> ColumnElement[bool]:
    """An answer is missing and its legal day has ended. A progress check is never overdue (docs/glossary.md)."""
    return and_(Occurrence.state.in_(OPEN_STATES), Occurrence.kind != "progress_check", due < today)


def section_on(today: date, week_end: date) -> ColumnElement[int]:
    """The section of the list to which an occurrence belongs on a day."""
    return case(
        (overdue_on(today), OVERDUE),
        (and_(Occurrence.kind == "progress_check", target < today), PROGRESS),
        (target <= today, TODAY),
        (target <= week_end, WEEK),
        else_=LATER,
    )


def counters(session: Session, today: date, soon: date, since: datetime) -> Counters:
    """The figures on top; `soon` is the last day that counts as near, `since` how old a failed message may be."""
    near = and_(Occurrence.state.in_(OPEN_STATES), due >= today, target <= soon)
    chased = Plan.state == "confirmed"
    overdue, approaching, waiting = session.execute(
        select(
            func.count(case((and_(chased, overdue_on(today)), 1))),
            func.count(case((and_(chased, near), 1))),
            func.count(case((Occurrence.state == "submitted", 1))),
        )
        .join(Occurrence.obligation)
        .join(Obligation.plan)
        .where(Occurrence.state.in_((*OPEN_STATES, "submitted")))
    ).one()
    others = (
        select(Extension.id).where(Extension.state == "asked"),
        select(Message.id).where(undelivered_since(since)),
        undated_questions().with_only_columns(Question.id),
        waiting_ids(),
    )
    # One statement for the four.
    counted = session.execute(select(*(_counted(query).scalar_subquery() for query in others))).one()
    return Counters(overdue, approaching, waiting, *counted)


def undelivered_since(since: datetime) -> ColumnElement[bool]:
    """A message that needs a person: its outcome is unknown, or it failed lately and no other took its place."""
    follower = aliased(Message)
    replaced = exists().where(follower.replaces_id == Message.id)
    return or_(Message.state == "unknown", and_(Message.state == "failed", Message.created_at >= since, ~replaced))


def _counted(query: Select[Any]) -> Select[tuple[int]]:
    return select(func.count()).select_from(query.order_by(None).subquery())


def undated_questions() -> Select[tuple[Question]]:
    """Rules of confirmed plans that wait for an event, a document or a demand, and have no date yet."""
    waits = and_(Question.kind == "date", Question.obligation_id.is_not(None), Question.answered_at.is_(None))
    return select(Question).join(Plan).where(waits, Plan.state == "confirmed")


def find_obligations(session: Session, text: str) -> list[int]:
    """Obligations whose words, ordinal or section hold the text, accents and case aside.

    Obligations are few (thousands where occurrences are tens of thousands), and no two databases fold accents alike.
    """
    wanted = bare_key(text).split()
    rows = session.execute(select(Obligation.id, Obligation.ordinal, Obligation.content, Obligation.deliverable))
    return [row.id for row in rows if _holds(wanted, f"{row.ordinal} {row.content} {row.deliverable or ''}")]


def _holds(wanted: Sequence[str], text: str) -> bool:
    folded = bare_key(text)
    return all(word in folded for word in wanted)


def _matching(session: Session, asked: DutyFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Occurrence.state.in_(asked.states)] if asked.states else []
    if asked.states == OPEN_STATES:
        conditions.append(Plan.state == "confirmed")
    if asked.plan:
        conditions.append(Plan.code == asked.plan)
    if asked.unit:
        conditions.append(Unit.code == asked.unit)
    if asked.kind:
        conditions.append(Occurrence.kind == asked.kind)
    if asked.text.strip():
        conditions.append(Occurrence.obligation_id.in_(find_obligations(session, asked.text)))
    return conditions


def _joined(query: Select[Any]) -> Select[Any]:
    return query.join(Occurrence.unit).join(Occurrence.obligation).join(Obligation.plan).where(Plan.state != "draft")


def loaded() -> tuple[Load, ...]:
    """How an occurrence of a list is loaded: its unit, duty and plan with it, in the same query."""
    duty = contains_eager(Occurrence.obligation)
    return (contains_eager(Occurrence.unit), duty.contains_eager(Obligation.plan).load_only(*PLAN_COLUMNS))  # type: ignore[return-value]


def count_sections(
    session: Session, asked: DutyFilter, today: date, week_end: date, until: date | None
) -> dict[int, int]:
    """How many lines each section has, for the headings and the paging."""
    section = section_on(today, week_end).label("section")
    query = _joined(select(section, func.count(Occurrence.id)).select_from(Occurrence))
    query = query.where(*_matching(session, asked), *_until(until)).group_by(section)
    return {row[0]: row[1] for row in session.execute(query)}


def list_duties(
    session: Session, asked: DutyFilter, today: date, week_end: date, until: date | None, page: int, size: int
) -> list[tuple[int, Occurrence]]:
    """One page of the list: section and occurrence, overdue first, then by date."""
    section = section_on(today, week_end)
    query = _joined(select(section, Occurrence)).where(*_matching(session, asked), *_until(until))
    query = query.order_by(section, target, Obligation.position, Occurrence.id)
    rows = session.execute(query.options(*loaded()).limit(size).offset((page - 1) * size))
    return [(row[0], row[1]) for row in rows]


def _until(until: date | None) -> list[ColumnElement[bool]]:
    return [target <= until] if until else []


def duties_between(session: Session, asked: DutyFilter, first: date, last: date) -> list[Occurrence]:
    """Occurrences that reminders aim at in a span of days, by day."""
    query = _joined(select(Occurrence)).where(*_matching(session, asked), target.between(first, last))
    return list(session.scalars(query.order_by(target, Obligation.position, Occurrence.id).options(*loaded())))


def last_messages(session: Session, ids: Iterable[int]) -> dict[int, LastMessage]:
    """The newest message of each occurrence."""
    newest = (
        select(MessageItem.occurrence_id, func.max(MessageItem.message_id).label("message_id"))
        .where(MessageItem.occurrence_id.in_(list(ids)))
        .group_by(MessageItem.occurrence_id)
        .subquery()
    )
    query = (
        select(
            newest.c.occurrence_id,
            Message.id,
            Message.channel,
            Message.state,
            Message.sent_at,
            Message.created_at,
            MessageItem.step,
        )
        .join(Message, Message.id == newest.c.message_id)
        .join(
            MessageItem,
            and_(MessageItem.message_id == Message.id, MessageItem.occurrence_id == newest.c.occurrence_id),
        )
    )
    return {
        row[0]: LastMessage(row[0], row[1], row[2], row[3], row[4] or row[5], row[6]) for row in session.execute(query)
    }


def chase_facts(session: Session, ids: Iterable[int]) -> ChaseFacts:
    """When extensions restarted the chase, when answers were last returned, and when time was asked for in vain yet."""
    wanted = list(ids)
    granted = select(Extension.occurrence_id, func.max(Extension.decided_at)).where(
        Extension.occurrence_id.in_(wanted), Extension.state == "granted"
    )
    returned = select(Submission.occurrence_id, func.max(Submission.reviewed_at)).where(
        Submission.occurrence_id.in_(wanted), Submission.state == "returned"
    )
    asked = select(Extension.occurrence_id, func.max(Extension.asked_at)).where(
        Extension.occurrence_id.in_(wanted), Extension.state == "asked"
    )
    return ChaseFacts(
        _moments(session, granted.group_by(Extension.occurrence_id)),
        _moments(session, returned.group_by(Submission.occurrence_id)),
        _moments(session, asked.group_by(Extension.occurrence_id)),
    )


def _moments(session: Session, query: Select[Any]) -> dict[int, datetime]:
    return {row[0]: row[1] for row in session.execute(query) if row[1] is not None}


def escalated_ids(session: Session) -> set[int]:
    """Occurrences still unanswered of which a superior has been told."""
    told = exists().where(
        MessageItem.occurrence_id == Occurrence.id, Message.id == MessageItem.message_id, Message.kind == "escalation"
    )
    return set(session.scalars(select(Occurrence.id).where(Occurrence.state.in_(OPEN_STATES), told, followed())))


def duties_for_leaders(
    session: Session, escalated: Collection[int], today: date, until: date, most: int
) -> list[Occurrence]:
    """What a leader looks at, at most so many: what was escalated, then what is still in time and due up to a day."""
    near = and_(Occurrence.state.in_(OPEN_STATES), due >= today, target <= until)
    query = _joined(select(Occurrence)).where(or_(Occurrence.id.in_(escalated), near), Plan.state == "confirmed")
    ordered = query.order_by(due, Obligation.position, Occurrence.id).options(*loaded()).limit(most)
    return list(session.scalars(ordered))


def count_overdue(session: Session, today: date) -> int:
    """How many answers are late."""
    query = select(func.count(Occurrence.id)).where(overdue_on(today), Occurrence.state.in_(OPEN_STATES), followed())
    return session.scalar(query) or 0


def message_lines(session: Session, ids: Iterable[int]) -> dict[int, list[MessageItem]]:
    """Every message that speaks of the occurrences, newest first, with the person written to."""
    query = select(MessageItem).where(MessageItem.occurrence_id.in_(list(ids))).order_by(MessageItem.message_id.desc())
    query = query.options(selectinload(MessageItem.message).selectinload(Message.person))
    lines: dict[int, list[MessageItem]] = defaultdict(list)
    for item in session.scalars(query):
        lines[item.occurrence_id].append(item)
    return lines


def occurrences_of(session: Session, obligation_id: int) -> list[Occurrence]:
    """Every occurrence of a duty, by date and unit, with its answers and extensions."""
    query = select(Occurrence).where(Occurrence.obligation_id == obligation_id)
    query = query.order_by(Occurrence.nominal, Occurrence.unit_id).options(
        selectinload(Occurrence.unit), selectinload(Occurrence.submissions), selectinload(Occurrence.extensions)
    )
    return list(session.scalars(query))


def one_occurrence(session: Session, occurrence_id: int) -> Occurrence | None:
    """One occurrence with its duty, plan and unit."""
    query = _joined(select(Occurrence)).where(Occurrence.id == occurrence_id)
    return session.scalars(query.options(*loaded())).one_or_none()


def one_obligation(session: Session, obligation_id: int) -> Obligation | None:
    """One duty with its plan and units."""
    query = select(Obligation).join(Obligation.plan).where(Obligation.id == obligation_id)
    options = contains_eager(Obligation.plan).load_only(*PLAN_COLUMNS)
    return session.scalars(query.options(options, selectinload(Obligation.units))).one_or_none()


def plan_choices(session: Session) -> list[Plan]:
    """Plans that are followed, newest first, for the lists to choose from."""
    query = select(Plan).where(Plan.state != "draft").order_by(Plan.year.desc(), Plan.id.desc())
    return list(session.scalars(query.options(load_only(*PLAN_COLUMNS))))


def unit_choices(session: Session) -> list[Unit]:
    """Units by name, for the lists to choose from."""
    return list(session.scalars(select(Unit).where(Unit.active).order_by(Unit.name)))
