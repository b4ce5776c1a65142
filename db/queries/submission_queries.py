"""Named queries of the submissions room. They only read (and lock)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from db.models import (
    Extension,
    GroupMember,
    JournalEntry,
    Obligation,
    Occurrence,
    Person,
    Submission,
    SubmissionFigure,
    SubmissionFile,
    Target,
    TargetUnit,
)

CLOSED_TO_EXTENSION = ("accepted", "waived", "cancelled")


def lock_occurrence(session: Session, occurrence_id: int) -> Occurrence | None:
    """The occurrence as it is now, its row locked until the transaction ends; whoever comes second waits.

    On SQLite the lock is that of BEGIN IMMEDIATE.
    """
    return session.get(Occurrence, occurrence_id, with_for_update=True, populate_existing=True)


def occurrence_for_page(session: Session, occurrence_id: int) -> Occurrence | None:
    """An occurrence with all that its answer page shows, in a fixed number of statements."""
    statement = (
        select(Occurrence)
        .where(Occurrence.id == occurrence_id)
        .options(
            joinedload(Occurrence.unit),
            joinedload(Occurrence.obligation).joinedload(Obligation.plan),
            selectinload(Occurrence.extensions),
            selectinload(Occurrence.submissions).selectinload(Submission.files),
            selectinload(Occurrence.submissions).selectinload(Submission.figures).joinedload(SubmissionFigure.target),
        )
    )
    return session.scalars(statement).one_or_none()


def targets_of_unit(session: Session, plan_id: int, unit_id: int) -> Sequence[Target]:
    """The targets of a plan that a unit answers for: named itself, or as a member of a group that is named."""
    groups = select(GroupMember.group_id).where(GroupMember.member_id == unit_id)
    answers = select(TargetUnit.target_id).where(
        TargetUnit.role == "lead", or_(TargetUnit.unit_id == unit_id, TargetUnit.unit_id.in_(groups))
    )
    statement = select(Target).where(Target.plan_id == plan_id, Target.id.in_(answers))
    return session.scalars(statement.order_by(Target.position, Target.id)).all()


def newest_submission(session: Session, occurrence_id: int) -> Submission | None:
    """The newest version kept for an occurrence; None when nothing was sent."""
    statement = select(Submission).where(Submission.occurrence_id == occurrence_id)
    return session.scalars(statement.order_by(Submission.version.desc()).limit(1)).one_or_none()


def submission_for_review(session: Session, submission_id: int) -> Submission | None:
    """A submission with its occurrence, duty, plan, unit, files, figures and the other versions."""
    occurrence = joinedload(Submission.occurrence)
    statement = (
        select(Submission)
        .where(Submission.id == submission_id)
        .options(
            selectinload(Submission.files),
            selectinload(Submission.figures).joinedload(SubmissionFigure.target),
            occurrence.joinedload(Occurrence.unit),
            occurrence.joinedload(Occurrence.obligation).joinedload(Obligation.plan),
            occurrence.selectinload(Occurrence.submissions),
        )
    )
    return session.scalars(statement).one_or_none()


def waiting_submissions(session: Session, limit: int = 500) -> Sequence[Submission]:
    """The newest version of every occurrence whose answer waits for review, the longest waiting first."""
    newer = aliased(Submission)
    replaced = select(newer.id).where(
        newer.occurrence_id == Submission.occurrence_id, newer.version > Submission.version
    )
    occurrence = joinedload(Submission.occurrence)
    statement = (
        select(Submission)
        .join(Submission.occurrence)
        .where(Occurrence.state == "submitted", Submission.state == "received", ~replaced.exists())
        .order_by(Submission.received_at, Submission.id)
        .limit(limit)
        .options(
            selectinload(Submission.files),
            selectinload(Submission.figures),
            occurrence.joinedload(Occurrence.unit),
            occurrence.joinedload(Occurrence.obligation).joinedload(Obligation.plan),
        )
    )
    return session.scalars(statement).all()


def open_extension(session: Session, occurrence_id: int) -> Extension | None:
    """The request of an occurrence that is not decided yet, if there is one."""
    statement = select(Extension).where(Extension.occurrence_id == occurrence_id, Extension.state == "asked")
    return session.scalars(statement.order_by(Extension.id)).first()


def count_extensions(session: Session, occurrence_id: int) -> int:
    """How many times more time was asked for an occurrence, whatever was decided."""
    statement = select(func.count()).select_from(Extension).where(Extension.occurrence_id == occurrence_id)
    return session.scalar(statement) or 0


def asked_extensions(session: Session, limit: int = 500) -> Sequence[Extension]:
    """Every request that waits for a decision, the nearest old date first."""
    occurrence = joinedload(Extension.occurrence)
    statement = (
        select(Extension)
        .join(Extension.occurrence)
        .where(Extension.state == "asked", Occurrence.state.not_in(CLOSED_TO_EXTENSION))
        .order_by(Extension.old_due, Extension.id)
        .limit(limit)
        .options(
            occurrence.joinedload(Occurrence.unit),
            occurrence.joinedload(Occurrence.obligation).joinedload(Obligation.plan),
            occurrence.selectinload(Occurrence.extensions),
        )
    )
    return session.scalars(statement).all()


def file_of_submission(session: Session, submission_id: int, file_id: int) -> SubmissionFile | None:
    """A file, only when it belongs to that submission."""
    statement = select(SubmissionFile).where(
        SubmissionFile.id == file_id, SubmissionFile.submission_id == submission_id
    )
    return session.scalars(statement).one_or_none()


def entry_of_form(session: Session, occurrence_id: int, once: str) -> JournalEntry | None:
    """What a form with this one-time mark already did to an occurrence; None while it did nothing."""
    statement = select(JournalEntry).where(
        JournalEntry.subject_kind == "occurrence", JournalEntry.subject_id == occurrence_id
    )
    entries = session.scalars(statement.order_by(JournalEntry.seq.desc()))
    return next((entry for entry in entries if entry.data.get("once") == once), None)


def cells_of(session: Session, submission: Submission) -> dict[int, str]:
    """The file, sheet and cell of each figure of a submission that was read from a form, by target id."""
    statement = select(JournalEntry).where(
        JournalEntry.subject_kind == "occurrence",
        JournalEntry.subject_id == submission.occurrence_id,
        JournalEntry.action == "submission.receive",
    )
    found = (entry.data for entry in session.scalars(statement) if entry.data.get("submission") == submission.id)
    return {int(number): str(place) for data in found for number, place in data.get("cells", {}).items()}


def figures_before(
    session: Session, unit_id: int, target_ids: Sequence[int], occurrence_id: int
) -> dict[int, SubmissionFigure]:
    """The last accepted figure of each target that a unit gave for another occurrence, by target id."""
    statement = (
        select(SubmissionFigure)
        .join(Submission, Submission.id == SubmissionFigure.submission_id)
        .join(Submission.occurrence)
        .where(
            Occurrence.unit_id == unit_id,
            Occurrence.id != occurrence_id,
            Submission.state == "accepted",
            SubmissionFigure.target_id.in_(target_ids),
        )
        .order_by(Submission.received_at, Submission.id)
    )
    return {figure.target_id: figure for figure in session.scalars(statement)}


def person_of_link(session: Session, person_id: int) -> Person | None:
    """The person that a link was made for, with the unit."""
    statement = select(Person).where(Person.id == person_id).options(joinedload(Person.unit))
    return session.scalars(statement).one_or_none()
