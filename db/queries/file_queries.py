"""What the database says of the bytes in the file store."""

from __future__ import annotations

from sqlalchemy import literal, or_, select
from sqlalchemy.orm import Session

from db.models import Plan, PlanFile, ReportFile, SubmissionFile


def is_used(session: Session, digest: str) -> bool:
    """Whether a plan, an answer of a unit or a report has the bytes of this SHA-256."""
    holders = (
        select(Plan.id).where(Plan.file_sha256 == digest),
        select(PlanFile.id).where(PlanFile.sha256 == digest),
        select(SubmissionFile.id).where(SubmissionFile.sha256 == digest),
        select(ReportFile.id).where((ReportFile.docx_sha256 == digest) | (ReportFile.xlsx_sha256 == digest)),
    )
    return bool(session.scalar(select(or_(*(each.exists() for each in holders), literal(False)))))
