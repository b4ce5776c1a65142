"""Correcting the head of a draft, and setting findings aside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from config.faults import Refusal
from config.phrases import read_phrase
from db import journal
from db.models import Finding, Json, Obligation, Plan, Question
from plans import asking
from plans.editing_questions import ask_what_is_open, forget, read_deadline
from plans.editing_rows import draft_of, head_state, naming, needed, note, one_line, prose, refuse_changed
from plans.importing import FIRST_YEAR, LAST_YEAR
from plans.questions import day_of

LENGTHS = {"kind": 64, "number": 64, "issuer": 255, "locality": 255}
CALLED = {
    "kind": "Loại văn bản",
    "number": "Số, ký hiệu",
    "issuer": "Cơ quan ban hành",
    "locality": "Địa bàn",
}


@dataclass(frozen=True)
class HeadChanges:
    """What to write in the head of a plan. None leaves a field as it is; an empty text empties it."""

    kind: str | None = None
    number: str | None = None
    title: str | None = None
    issuer: str | None = None
    locality: str | None = None
    year: int | None = None
    issued_on: date | str | None = None


def edit_head(
    session: Session, plan_id: int, changes: HeadChanges, now: datetime, actor: str, *, version: int | None = None
) -> Plan:
    """Write new words into the head of a draft. A new year reads every deadline again.

    What a person answered stays when it names its own days or can be read in the new year; the rest is asked again.
    Raises Refusal for a year or a date that cannot be.
    """
    plan = draft_of(session, plan_id)
    refuse_changed(plan, version, f"Phần đầu của kế hoạch {plan.code}")
    before = head_state(plan)
    for name, most in LENGTHS.items():
        if (typed := getattr(changes, name)) is not None:
            setattr(plan, name, one_line(typed, CALLED[name], most) or None)
    if changes.title is not None:
        plan.title = needed(prose(changes.title, "Tên kế hoạch"), "Tên kế hoạch")
    if changes.year is not None and changes.year != plan.year:
        _new_year(session, plan, changes.year)
    if changes.issued_on is not None:
        _issue(plan, changes.issued_on, now, actor)
    _refuse_far(plan)
    session.flush()
    if (after := head_state(plan)) != before:
        note(session, plan, "plan.edit_head", plan, before, after, now, actor)
    return plan


def _refuse_far(plan: Plan) -> None:
    if plan.issued_on is not None and abs(plan.issued_on.year - plan.year) > 1:
        raise Refusal(
            f"Ngày ban hành {plan.issued_on:%d/%m/%Y} quá xa năm {plan.year} của kế hoạch. "
            "Hãy kiểm tra lại năm và ngày ban hành."
        )


def _issue(plan: Plan, typed: date | str, now: datetime, actor: str) -> None:
    """The plan's own date; given, it answers the question of it, taken away, it is asked."""
    day = typed if isinstance(typed, date) else (day_of(typed) if typed.strip() else None)
    asked = [each for each in plan.questions if each.kind == "date" and each.obligation_id is None]
    plan.issued_on = day
    if day is None:
        plan.questions = [each for each in plan.questions if each not in asked]
        plan.questions.extend(asking.ask_issued_on(plan))
    for question in asked if day else ():
        question.answer, question.answered_by, question.answered_at = (
            {"event": day.isoformat() if day else ""},
            actor,
            now,
        )


def _new_year(session: Session, plan: Plan, year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(f"Năm {year} không hợp lệ. Hãy ghi năm của kế hoạch từ {FIRST_YEAR} đến {LAST_YEAR}.")
    plan.year = year
    book = naming(session, plan)
    for duty in plan.obligations:
        answered = _answer_of(plan, duty)
        if answered is None or not _read_answer(answered, duty, year):
            read_deadline(plan, duty)
        if duty.active:
            ask_what_is_open(plan, duty, book)
        else:
            forget(plan, duty, "deadline")


def _answer_of(plan: Plan, duty: Obligation) -> Question | None:
    kept = [each for each in plan.questions if each.obligation is duty and each.kind == "deadline"]
    return next((each for each in kept if each.answered_at is not None), None)


def _read_answer(question: Question, duty: Obligation, year: int) -> bool:
    """Take an answer over to the new year; False when it must be asked again."""
    answer: Json = question.answer or {}
    if "due" in answer:
        return True
    said = read_phrase(str(answer.get("phrase") or ""), year)
    if said.status != "read":
        return False
    duty.rules = [rule.to_json() for rule in said.rules]
    question.answer = {**answer, "rules": duty.rules}
    return True


def dismiss_finding(session: Session, finding_id: int, reason: str, now: datetime, actor: str) -> Finding:
    """Set a finding aside, for a reason; it stays on record. Raises Refusal when it is gone or set aside already."""
    plan, finding = _finding(session, finding_id)
    if finding.dismissed_at is not None:
        raise Refusal(f"Phát hiện số {finding_id} đã được {finding.dismissed_by} bỏ qua trước đây.")
    why = needed(one_line(reason, "Lý do bỏ qua phát hiện", 2000), "Lý do bỏ qua phát hiện")
    finding.dismissed_at, finding.dismissed_by, finding.dismissed_reason = now, actor, why
    session.flush()
    _note_finding(session, plan, finding, "finding.dismiss", now, actor, why)
    return finding


def reopen_finding(session: Session, finding_id: int, now: datetime, actor: str) -> Finding:
    """Show a finding again that was set aside. Raises Refusal when it is not."""
    plan, finding = _finding(session, finding_id)
    if finding.dismissed_at is None:
        raise Refusal(f"Phát hiện số {finding_id} đang được nêu, không cần mở lại.")
    why = finding.dismissed_reason or ""
    finding.dismissed_at = finding.dismissed_by = finding.dismissed_reason = None
    session.flush()
    _note_finding(session, plan, finding, "finding.reopen", now, actor, why)
    return finding


def _finding(session: Session, finding_id: int) -> tuple[Plan, Finding]:
    finding = session.get(Finding, finding_id, with_for_update=True, populate_existing=True)
    plan = session.get(Plan, finding.plan_id) if finding else None
    if finding is None or plan is None:
        raise Refusal(f"Không có phát hiện số {finding_id}. Hãy mở lại trang kế hoạch.")
    return plan, finding


def _note_finding(
    session: Session, plan: Plan, finding: Finding, action: str, now: datetime, actor: str, reason: str
) -> None:
    data = {
        "plan": plan.code,
        "code": finding.code,
        "place": finding.place,
        "message": finding.message,
        "reason": reason,
    }
    journal.record(
        session, at=now, actor=actor, action=action, subject_kind="finding", subject_id=finding.id, data=data
    )
