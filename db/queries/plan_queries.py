"""Named queries of the plans room. They only read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from config.unit_keys import fold_name
from db.models import (
    OPEN_STATES,
    Obligation,
    ObligationUnit,
    Occurrence,
    Person,
    Plan,
    PlanFile,
    Question,
    SubmissionFigure,
    Target,
    TargetUnit,
    Unit,
    UnitAlias,
)


@dataclass(frozen=True)
class PlanLine:
    """One plan in a list: its obligations, open questions, occurrences and when the next one is due."""

    plan: Plan
    obligations: int
    open_questions: int
    occurrences: int
    next_due: date | None


def plan_by_code(session: Session, code: str) -> Plan | None:
    """The plan of a code, or None."""
    return session.scalars(select(Plan).where(Plan.code == code)).one_or_none()


def whole_plan(session: Session, plan_id: int, *, lock: bool = False) -> Plan | None:
    """A plan with its duties, units, targets and questions in a fixed number of statements, as the database has them.

    With `lock` nobody else changes it before this transaction ends.
    """
    statement = select(Plan).where(Plan.id == plan_id).execution_options(populate_existing=True)
    statement = statement.options(
        selectinload(Plan.obligations).selectinload(Obligation.units).joinedload(ObligationUnit.unit),
        selectinload(Plan.targets).selectinload(Target.responsible).joinedload(TargetUnit.unit),
        selectinload(Plan.questions),
    )
    return session.scalars(statement.with_for_update(of=Plan) if lock else statement).one_or_none()


def locked_plan(session: Session, plan_id: int) -> Plan | None:
    """A plan as the database has it now; nobody else changes it before this transaction ends.

    What the session had seen of it before the lock may be old, so it is read again.
    """
    return session.get(Plan, plan_id, with_for_update=True, populate_existing=True)


def locked_question(session: Session, question_id: int) -> Question | None:
    """A question as the database has it now, its plan locked first: every change of a plan waits at that one door."""
    seen = session.get(Question, question_id)
    if seen is None or locked_plan(session, seen.plan_id) is None:
        return None
    return session.get(Question, question_id, populate_existing=True)


def plan_by_file(session: Session, sha256: str) -> Plan | None:
    """The plan that was read, or corrected, from exactly these bytes, or None."""
    return session.scalars(select(Plan).join(Plan.files).where(PlanFile.sha256 == sha256)).first()


def codes_like(session: Session, base: str) -> set[str]:
    """The codes that begin with a base."""
    return set(session.scalars(select(Plan.code).where(Plan.code.startswith(base, autoescape=True))))


def plan_lines(session: Session) -> list[PlanLine]:
    """Every plan, newest first, counted in four statements however many there are."""
    plans = session.scalars(select(Plan).order_by(Plan.year.desc(), Plan.id.desc())).all()
    duties = select(Obligation.plan_id, func.count()).where(Obligation.active).group_by(Obligation.plan_id)
    asked = select(Question.plan_id, func.count()).where(_unanswered(), ~_waiting()).group_by(Question.plan_id)
    duty_counts, asked_counts = _counts(session, duties), _counts(session, asked)
    due = {plan_id: (count, first) for plan_id, count, first in session.execute(_due_counts())}
    return [
        PlanLine(plan, duty_counts.get(plan.id, 0), asked_counts.get(plan.id, 0), *due.get(plan.id, (0, None)))
        for plan in plans
    ]


def _due_counts() -> Select[tuple[int, int, date | None]]:
    still_open = case((Occurrence.state.in_(OPEN_STATES), Occurrence.due_target))
    return (
        select(Obligation.plan_id, func.count(), func.min(still_open))
        .join(Occurrence.obligation)
        .where(Occurrence.state != "cancelled")
        .group_by(Obligation.plan_id)
    )


def _counts(session: Session, statement: Select[tuple[int, int]]) -> dict[int, int]:
    return dict(session.execute(statement).tuples().all())


def _unanswered() -> ColumnElement[bool]:
    # A JSON column may hold the JSON null, so the time of the answer says whether there is one.
    return Question.answered_at.is_(None)


def _waiting() -> ColumnElement[bool]:
    return (Question.kind == "date") & Question.obligation_id.is_not(None)


def open_questions(session: Session, plan_id: int) -> Sequence[Question]:
    """What a person has still to decide before the plan is confirmed, in the order of the plan."""
    statement = select(Question).where(Question.plan_id == plan_id, _unanswered(), ~_waiting())
    return session.scalars(statement.options(joinedload(Question.obligation)).order_by(Question.id)).all()


def waiting_questions(session: Session, plan_id: int | None = None) -> Sequence[Question]:
    """The duties that wait for an event, a document or a demand; of one plan, or of every confirmed plan."""
    statement = select(Question).join(Question.plan).join(Question.obligation)
    statement = statement.where(_waiting(), Plan.state == "confirmed", Obligation.active)
    if plan_id is not None:
        statement = statement.where(Question.plan_id == plan_id)
    return session.scalars(statement.order_by(Plan.id, Obligation.position, Question.rule_no)).all()


def waiting_of(session: Session, plan_id: int) -> dict[int | None, list[Question]]:
    """The rules of a plan that wait for an event, a document or a demand, by duty, active or not."""
    statement = select(Question).where(_waiting(), Question.plan_id == plan_id)
    found: dict[int | None, list[Question]] = {}
    for question in session.scalars(statement.order_by(Question.id)):
        found.setdefault(question.obligation_id, []).append(question)
    return found


def is_waiting(session: Session, question_id: int) -> bool:
    """Whether a question belongs to a rule that waits for an event."""
    statement = select(Question.id).where(Question.id == question_id, _waiting())
    return session.scalars(statement).first() is not None


def obligations_of(session: Session, plan_id: int) -> Sequence[Obligation]:
    """The active obligations of a plan with their units and the members of groups, in the order of the plan."""
    unit = selectinload(Obligation.units).joinedload(ObligationUnit.unit)
    statement = select(Obligation).where(Obligation.plan_id == plan_id, Obligation.active)
    return session.scalars(
        statement.options(unit.selectinload(Unit.members)).order_by(Obligation.position, Obligation.id)
    ).all()


def unanswered_occurrences(session: Session, plan_id: int) -> Sequence[Occurrence]:
    """Occurrences of a plan that are open or only recorded, and that no unit has answered."""
    statement = (
        select(Occurrence)
        .join(Obligation, Obligation.id == Occurrence.obligation_id)
        .where(Obligation.plan_id == plan_id, Occurrence.state.in_(("open", "recorded")))
        .where(Occurrence.answered_at.is_(None))
    )
    return session.scalars(statement.execution_options(populate_existing=True)).all()


def occurrences_of(session: Session, obligation_id: int) -> Sequence[Occurrence]:
    """Every occurrence of an obligation."""
    statement = select(Occurrence).where(Occurrence.obligation_id == obligation_id)
    return session.scalars(statement.order_by(Occurrence.id)).all()


def hold_occurrences(session: Session, plan_id: int) -> None:
    """Lock every occurrence of a plan until the transaction ends, in the order in which a new calendar locks them.

    Asked for before the journal is written, as those who answer do, and as fully, so that the chase waits before it
    queues what speaks of them: otherwise each could wait for the other. On SQLite the writing transaction itself is
    that lock.
    """
    if session.get_bind().dialect.name == "postgresql":
        own = select(Occurrence.id).join(Obligation, Obligation.id == Occurrence.obligation_id)
        chosen = own.where(Obligation.plan_id == plan_id).order_by(Occurrence.id)
        session.execute(chosen.with_for_update(of=Occurrence))


def occurrences_by_duty(session: Session, obligation_ids: Sequence[int]) -> dict[int, list[Occurrence]]:
    """Every occurrence of some obligations with its unit, by obligation, as the database has it now."""
    found: dict[int, list[Occurrence]] = {}
    for start in range(0, len(obligation_ids), 500):
        chosen = Occurrence.obligation_id.in_(obligation_ids[start : start + 500])
        statement = select(Occurrence).where(chosen).options(joinedload(Occurrence.unit)).order_by(Occurrence.id)
        for occurrence in session.scalars(statement.execution_options(populate_existing=True)):
            found.setdefault(occurrence.obligation_id, []).append(occurrence)
    return found


def rows_of_plan_units(session: Session, plan_id: int) -> list[ObligationUnit | TargetUnit]:
    """Every place of a plan that prints a unit's name: of its obligations, then of its targets."""
    duties = select(ObligationUnit).join(Obligation).where(Obligation.plan_id == plan_id).order_by(ObligationUnit.id)
    figures = select(TargetUnit).join(Target).where(Target.plan_id == plan_id).order_by(TargetUnit.id)
    return [*session.scalars(duties), *session.scalars(figures)]


def confirmed_plans(session: Session) -> Sequence[Plan]:
    """Plans whose calendar is kept, oldest first."""
    return session.scalars(select(Plan).where(Plan.state == "confirmed").order_by(Plan.id)).all()


def reported_targets(session: Session, plan_id: int) -> set[int]:
    """The targets of a plan on which a unit has reported a figure."""
    statement = select(SubmissionFigure.target_id).join(SubmissionFigure.target).where(Target.plan_id == plan_id)
    return set(session.scalars(statement))


def draft_plans(session: Session) -> Sequence[Plan]:
    """The plans that wait to be confirmed."""
    return session.scalars(select(Plan).where(Plan.state == "draft").order_by(Plan.id)).all()


def unit_by_code(session: Session, code: str) -> Unit | None:
    """The unit of a code, active or not."""
    return session.scalars(select(Unit).where(Unit.code == code)).one_or_none()


def unit_codes_like(session: Session, base: str) -> set[str]:
    """The codes of units that begin with a base."""
    return set(session.scalars(select(Unit.code).where(Unit.code.startswith(base, autoescape=True))))


def units_with_people(session: Session) -> Sequence[Unit]:
    """The whole register, groups last, with names, people and members."""
    loaded = (selectinload(Unit.aliases), selectinload(Unit.people), selectinload(Unit.members))
    return session.scalars(select(Unit).options(*loaded).order_by(Unit.is_group, Unit.id)).all()


def unit_keys(session: Session) -> dict[str, str]:
    """Folded name to unit code, over the active units; a name kept before an abbreviation was known is folded anew."""
    columns = select(UnitAlias.key, UnitAlias.alias, Unit.code)
    rows = session.execute(columns.join(UnitAlias.unit).where(Unit.active).order_by(UnitAlias.id)).tuples().all()
    return {fold_name(alias): code for _, alias, code in reversed(rows)} | {key: code for key, _, code in rows}


def unit_labels(session: Session) -> dict[str, str]:
    """Code to name, over all units."""
    return dict(session.execute(select(Unit.code, Unit.name)).tuples().all())


def alias_by_key(session: Session, key: str) -> UnitAlias | None:
    """The name of a folded key, or None."""
    return session.scalars(select(UnitAlias).where(UnitAlias.key == key)).one_or_none()


def aliases(session: Session) -> Sequence[UnitAlias]:
    """Every name of the register with its unit."""
    return session.scalars(select(UnitAlias).options(joinedload(UnitAlias.unit)).order_by(UnitAlias.id)).all()


def learned_names(session: Session) -> set[str]:
    """Folded printed names that officers have said the unit of, in answers to questions."""
    statement = select(Question).where(Question.kind == "unit", Question.answered_at.is_not(None))
    answered = [question for question in session.scalars(statement) if (question.answer or {}).get("unit")]
    return {fold_name(name) for question in answered for name in question.candidates.get("names", [])}


def people_by_code(session: Session) -> dict[str, Person]:
    """Everybody of the register by code."""
    return {person.code: person for person in session.scalars(select(Person))}
