"""A plan out to an .xlsx that a person corrects in Excel or LibreOffice, and back without loss."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from config.faults import Refusal
from db.models import Json, Plan, Question
from db.queries import plan_queries
from plans.asking import blocks
from plans.current import content_of
from plans.workbook_reading import SheetReading, is_plan_workbook, read_workbook
from plans.workbook_rows import WorkbookFault
from plans.workbook_writing import AskedRow, said_of, write_plan

__all__ = [
    "SheetReading",
    "WorkbookFault",
    "export_plan",
    "fingerprint_of",
    "is_plan_workbook",
    "read_workbook",
]

KINDS = {"deadline": "Thời hạn", "unit": "Đơn vị", "lead": "Đơn vị chủ trì", "date": "Ngày"}


def export_plan(session: Session, plan_id: int, now: datetime) -> bytes:
    """The workbook of a plan, draft or confirmed, as it stands now. Raises Refusal when it cannot be shown whole."""
    plan = plan_queries.whole_plan(session, plan_id)
    if plan is None:
        raise Refusal("Không có kế hoạch này. Hãy xem: dondoc plan list")
    content = content_of(plan)
    labels = plan_queries.unit_labels(session)
    return write_plan(content, list(_asked(plan, labels)), plan.code, fingerprint_of(content), now)


def fingerprint_of(content: Json) -> str:
    """A mark of a plan's content: another one says that the plan was changed after a workbook was made of it."""
    duties = [*content["obligations"], *content["standing"]]
    kept = {**content, "obligations": [row | {"question": None} for row in duties], "standing": []}
    text = json.dumps(kept, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _asked(plan: Plan, labels: dict[str, str]) -> Iterator[AskedRow]:
    for question in plan.questions:
        key = question.obligation.key if question.obligation else ""
        kind = KINDS[question.kind] + (" (phải trả lời)" if blocks(question) else "")
        answer = _answer_words(question, labels) if question.answered_at else ""
        yield AskedRow(question.id, key, kind, question.text, _choices(question, labels), answer)


def _choices(question: Question, labels: dict[str, str]) -> str:
    if question.kind == "deadline":
        return "\n".join(said_of(rules) for rules in question.candidates.get("rules", []))
    return "\n".join(labels.get(code, code) for code in question.candidates.get("units", []))


def _answer_words(question: Question, labels: dict[str, str]) -> str:
    answer = question.answer or {}
    if answer.get("ignore"):
        return "Bỏ qua"
    if code := answer.get("unit"):
        return labels.get(code, str(code))
    return said_of(answer["rules"]) if answer.get("rules") else str(answer.get("event") or answer.get("due") or "")
