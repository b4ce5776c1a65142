"""What the operations view asks of the office's other papers: plans, the outbox, units, reports, the jobs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager, defer, load_only, selectinload

from db.models import (
    OPEN_STATES,
    ChannelToken,
    JobRun,
    JournalEntry,
    Message,
    Obligation,
    ObligationUnit,
    Occurrence,
    Person,
    Plan,
    Question,
    ReportFile,
    Target,
    TargetUnit,
    Unit,
    UnitCharge,
)
from db.queries.view_queries import PLAN_COLUMNS, due, overdue_on, target


@dataclass(frozen=True)
class PlanRow:
    """A plan in the list, with what it holds and what is open."""

    plan: Plan
    obligations: int
    questions: int
    waiting: int
    overdue: int
    accepted: int
    occurrences: int


@dataclass(frozen=True)
class Progress:
    """How far the occurrences of one duty or unit have come."""

    total: int
    accepted: int
    waiting: int
    overdue: int
    next_due: date | None


@dataclass(frozen=True)
class Queue:
    """How the outbox stands: what is due to be sent, since when, and what was sent in the last day."""

    due: int
    oldest: datetime | None
    stuck: int
    sent_today: int


def plan_rows(session: Session, today: date) -> list[PlanRow]:
    """Every plan, drafts first, then the newest."""
    duties = dict(_pairs(session, select(Obligation.plan_id, func.count()).group_by(Obligation.plan_id)))
    asks = or_(Question.kind != "date", Question.obligation_id.is_(None))
    open_questions = select(Question.plan_id, func.count()).where(Question.answered_at.is_(None), asks)
    questions = dict(_pairs(session, open_questions.group_by(Question.plan_id)))
    progress = _progress_by(session, Obligation.plan_id, today)
    query = select(Plan).order_by(case((Plan.state == "draft", 0), else_=1), Plan.year.desc(), Plan.id.desc())
    none = Progress(0, 0, 0, 0, None)
    rows = []
    for plan in session.scalars(query.options(load_only(*PLAN_COLUMNS, Plan.imported_at, Plan.file_name))):
        done = progress.get(plan.id, none)
        counts = (duties.get(plan.id, 0), questions.get(plan.id, 0))
        rows.append(PlanRow(plan, *counts, done.waiting, done.overdue, done.accepted, done.total))
    return rows


def _pairs(session: Session, query: Select[Any]) -> list[tuple[int, int]]:
    return [(row[0], row[1]) for row in session.execute(query)]


def _progress_by(
    session: Session, key: InstrumentedAttribute[int], today: date, *conditions: ColumnElement[bool]
) -> dict[int, Progress]:
    chased = Plan.state == "confirmed"
    waits = Occurrence.state.in_(OPEN_STATES) & chased
    query = (
        select(
            key,
            func.count(case((Occurrence.state.not_in(("recorded", "cancelled", "waived")), 1))),
            func.count(case((Occurrence.state == "accepted", 1))),
            func.count(case((waits, 1))),
            func.count(case((chased & overdue_on(today), 1))),
            func.min(case((waits & (due >= today), target))),
        )
        .select_from(Occurrence)
        .join(Occurrence.obligation)
        .join(Obligation.plan)
        .where(*conditions)
        .group_by(key)
    )
    rows: list[Any] = [tuple(row) for row in session.execute(query)]
    return {row[0]: Progress(row[1], row[2], row[3], row[4], _as_date(row[5])) for row in rows}


def _as_date(value: date | str | None) -> date | None:
    # SQLite forgets the type of a date that has gone through min().
    return date.fromisoformat(value) if isinstance(value, str) else value


def progress_of_duties(session: Session, plan_id: int, today: date) -> dict[int, Progress]:
    """How far each duty of a plan has come."""
    return _progress_by(session, Occurrence.obligation_id, today, Obligation.plan_id == plan_id)


def progress_of_units(session: Session, today: date) -> dict[int, Progress]:
    """How far each unit has come, over every plan."""
    return _progress_by(session, Occurrence.unit_id, today)


def whole_plan(session: Session, code: str) -> Plan | None:
    """A plan with its duties, targets, findings and questions, without the stored reading."""
    query = select(Plan).where(Plan.code == code)
    query = query.options(
        defer(Plan.reading),
        selectinload(Plan.obligations).selectinload(Obligation.units).joinedload(ObligationUnit.unit),
        selectinload(Plan.targets).selectinload(Target.responsible).joinedload(TargetUnit.unit),
        selectinload(Plan.findings),
        selectinload(Plan.questions).joinedload(Question.obligation),
    )
    return session.scalars(query).one_or_none()


def plan_of_code(session: Session, code: str) -> Plan | None:
    """The plan of a code, without the stored reading."""
    return session.scalars(select(Plan).where(Plan.code == code).options(load_only(*PLAN_COLUMNS))).one_or_none()


def waiting_questions(session: Session) -> list[Question]:
    """The waiting list: what has no date yet first, then what may happen again; with duty and plan."""
    query = select(Question).join(Question.plan).join(Question.obligation)
    query = query.where(Question.kind == "date", Plan.state == "confirmed", Obligation.active)
    query = query.order_by(Question.answered_at.is_not(None), Plan.id, Obligation.position, Question.id)
    plan = contains_eager(Question.plan).load_only(*PLAN_COLUMNS)
    duty = contains_eager(Question.obligation).selectinload(Obligation.units).joinedload(ObligationUnit.unit)
    return list(session.scalars(query.options(plan, duty)))


def units_with_people(session: Session) -> list[Unit]:
    """The register: units by name with aliases, people, members and the vice-chair in charge."""
    query = select(Unit).order_by(Unit.is_group, Unit.name)
    return list(
        session.scalars(
            query.options(
                selectinload(Unit.aliases),
                selectinload(Unit.people),
                selectinload(Unit.members),
                selectinload(Unit.charge).joinedload(UnitCharge.person),
            )
        )
    )


def people_of_the_office(session: Session) -> list[Person]:
    """People who belong to no unit: the chairman, the vice-chairs, the officer."""
    return list(session.scalars(select(Person).where(Person.unit_id.is_(None)).order_by(Person.role, Person.name)))


def last_runs(session: Session) -> list[JobRun]:
    """The newest run of each job, by name of the job."""
    newest = select(func.max(JobRun.id)).group_by(JobRun.job)
    return list(session.scalars(select(JobRun).where(JobRun.id.in_(newest)).order_by(JobRun.job)))


def queue_state(session: Session, now: datetime, day_start: datetime) -> Queue:
    """How the outbox stands at an instant."""
    ready = (Message.state == "queued") & (Message.not_before <= now)
    stuck = (Message.state == "sending") & (Message.claim_deadline < now)
    row = session.execute(
        select(func.count(case((ready, 1))), func.count(case((stuck, 1)))).where(
            Message.state.in_(("queued", "sending"))
        )
    ).one()
    oldest = session.scalars(select(Message.not_before).where(ready).order_by(Message.not_before).limit(1)).first()
    sent = session.scalar(select(func.count()).where(Message.state == "sent", Message.sent_at >= day_start))
    return Queue(row[0], oldest, row[1], sent or 0)


def channel_tokens(session: Session) -> Sequence[ChannelToken]:
    """The tokens of channels; the secrets stay encrypted."""
    return session.scalars(select(ChannelToken).order_by(ChannelToken.channel)).all()


def channel_states(session: Session, since: datetime) -> dict[tuple[str, str], int]:
    """How many messages of each channel ended in each state since an instant."""
    query = select(Message.channel, Message.state, func.count()).where(Message.created_at >= since)
    return {(row[0], row[1]): row[2] for row in session.execute(query.group_by(Message.channel, Message.state))}


def report_files(session: Session) -> list[tuple[ReportFile, Plan]]:
    """Every report that was built, newest first, with its plan."""
    query = select(ReportFile, Plan).join(Plan, Plan.id == ReportFile.plan_id).order_by(ReportFile.id.desc())
    return [(row[0], row[1]) for row in session.execute(query.options(load_only(*PLAN_COLUMNS)).limit(200))]


def journal_of(session: Session, subjects: Sequence[tuple[str, int]], limit: int = 100) -> list[JournalEntry]:
    """What the journal says of some things, newest first."""
    wanted = [(JournalEntry.subject_kind == kind) & (JournalEntry.subject_id == number) for kind, number in subjects]
    if not wanted:
        return []
    return list(
        session.scalars(select(JournalEntry).where(or_(*wanted)).order_by(JournalEntry.seq.desc()).limit(limit))
    )
