"""A person's answers to the questions of a plan; what was answered once is not asked again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from config.faults import Refusal
from config.phrases import read_phrase
from config.unit_keys import fold_name
from db import journal
from db.models import Json, ObligationUnit, Question, Unit, UnitAlias
from db.queries import plan_queries
from deadlines import RuleError, rule_from_json
from plans.asking import blocks
from plans.drafting import free_code, slug
from plans.unit_names import NameBook
from plans.units import BORN_OF_PLAN

__all__ = ["answer", "blocks", "settle_known_names"]


def answer(session: Session, question_id: int, answer: Json, now: datetime, actor: str) -> Question:
    """Write down an answer and do what it says. Answering again, while the plan is a draft, replaces the answer.

    deadline: {"rules": [Rule..]}, {"candidate": n from 0}, {"phrase": words} or {"due": ISO date};
    unit: {"unit": code}, {"new_unit": name}, and for coordinators {"ignore": true}; lead: the first two;
    date (of the plan itself): {"event": ISO date}. Raises Refusal when the answer cannot be used.
    """
    question = plan_queries.locked_question(session, question_id)
    if question is None:
        raise Refusal(f"Không có câu hỏi số {question_id}. Hãy xem danh sách: dondoc plan questions MÃ")
    _refuse_late(question)
    if question.plan.state != "draft":  # the answer dates its duty at once
        plan_queries.hold_occurrences(session, question.plan_id)
    kept = _HANDLERS[question.kind](session, question, answer)
    _close(session, question, kept, now, actor)
    return question


def _close(session: Session, question: Question, kept: Json, now: datetime, actor: str) -> None:
    question.answer, question.answered_by, question.answered_at = kept, actor, now
    session.flush()
    data = {"plan": question.plan.code, "kind": question.kind, "subject": question.subject[:200], "answer": kept}
    journal.record(
        session,
        at=now,
        actor=actor,
        action="question.answer",
        subject_kind="question",
        subject_id=question.id,
        data=data,
    )


def _refuse_late(question: Question) -> None:
    if question.kind == "date" and question.obligation_id is not None:
        raise Refusal(
            f"Câu hỏi số {question.id} chờ một sự kiện. Hãy nhập ngày: dondoc plan answer {question.id} --event NGÀY"
        )
    coordinator = question.kind == "unit" and question.candidates.get("role") != "lead"
    if question.plan.state != "draft" and not coordinator and not blocks(question):
        raise Refusal(f"Kế hoạch {question.plan.code} đã xác nhận nên không đổi được câu trả lời số {question.id}.")


def _answer_deadline(session: Session, question: Question, answer: Json) -> Json:
    if question.obligation is None:
        raise Refusal(f"Câu hỏi số {question.id} không thuộc nhiệm vụ nào. Hãy nhập lại kế hoạch.")
    rules = _chosen_rules(question, answer)
    question.obligation.rules = rules
    return {"rules": rules} | {name: answer[name] for name in ("phrase", "due", "candidate") if name in answer}


def _chosen_rules(question: Question, answer: Json) -> list[Json]:
    if "phrase" in answer:
        return _rules_of_phrase(str(answer["phrase"]), question.plan.year)
    if "due" in answer:
        return [{"kind": "once", "start": None, "due": day_of(answer["due"]).isoformat()}]
    if "candidate" in answer:
        return _candidate(question, answer["candidate"])
    try:
        rules = [rule_from_json(rule).to_json() for rule in answer.get("rules") or ()]
    except RuleError as error:
        raise Refusal(str(error)) from error
    if not rules:
        raise Refusal(
            f"Câu hỏi số {question.id} hỏi về thời hạn: "
            "hãy chọn một cách hiểu, viết lại thời hạn hoặc ghi ngày đến hạn."
        )
    return rules


def _rules_of_phrase(phrase: str, year: int) -> list[Json]:
    read = read_phrase(phrase, year)
    if read.status != "read":
        raise Refusal(
            f"Chưa hiểu thời hạn «{phrase}»: {read.question} "
            f"Hãy viết cách khác, ví dụ «Quý III», «Trước ngày 20/6/{year}»."
        )
    return [rule.to_json() for rule in read.rules]


def _candidate(question: Question, number: object) -> list[Json]:
    offered: list[list[Json]] = question.candidates.get("rules", [])
    if not isinstance(number, int) or not 0 <= number < len(offered):
        raise Refusal(f"Câu hỏi số {question.id} chỉ có {len(offered)} cách hiểu để chọn.")
    return offered[number]


def _answer_unit(session: Session, question: Question, answer: Json) -> Json:
    leads = question.candidates.get("role") == "lead"
    if answer.get("ignore"):
        if leads:
            raise Refusal(
                f"«{question.subject}» là đơn vị chủ trì nên không bỏ qua được. Hãy chọn đơn vị hoặc đăng ký mới."
            )
        return {"ignore": True}
    names: list[str] = question.candidates.get("names") or [question.subject]
    unit, kept = _unit_of(session, question, answer)
    for row in plan_queries.rows_of_plan_units(session, question.plan_id):
        if row.printed_name in names:
            row.unit = unit
    for name in names:
        _remember(session, unit, name)
    return kept


def _answer_lead(session: Session, question: Question, answer: Json) -> Json:
    obligation = question.obligation
    if obligation is None:
        raise Refusal(f"Câu hỏi số {question.id} không thuộc nhiệm vụ nào. Hãy nhập lại kế hoạch.")
    unit, kept = _unit_of(session, question, answer)
    lead = next((row for row in obligation.units if row.role == "lead"), None)
    if lead is None:
        lead = ObligationUnit(role="lead", printed_name="")
        obligation.units.append(lead)
    lead.unit, lead.printed_name = unit, unit.name
    return kept


def _unit_of(session: Session, question: Question, answer: Json) -> tuple[Unit, Json]:
    """The unit an answer names, registered now when it is new, and the answer as it is kept."""
    if answer.get("new_unit"):
        unit = _register(session, " ".join(str(answer["new_unit"]).split()))
        return unit, {"unit": unit.code, "new": unit.name}
    code = str(answer.get("unit") or "").strip()
    known = plan_queries.unit_by_code(session, code)
    if known is None or not known.active:
        raise Refusal(
            f"Danh bạ không có đơn vị mã «{code}». Hãy xem: dondoc units list, hoặc đăng ký đơn vị mới."
            if code
            else f"Câu hỏi số {question.id} hỏi về đơn vị: hãy ghi mã đơn vị, hoặc đăng ký đơn vị mới."
        )
    return known, {"unit": known.code}


def _register(session: Session, name: str) -> Unit:
    key = fold_name(name)
    if not key:
        raise Refusal("Tên đơn vị mới không được để trống.")
    taken = plan_queries.alias_by_key(session, key)
    if taken is not None and taken.unit.active:
        raise Refusal(f"Danh bạ đã có đơn vị tên «{name}», mã {taken.unit.code}. Hãy chọn mã ấy.")
    base = BORN_OF_PLAN + slug(name)[:50].strip("-")
    unit = Unit(code=free_code(base, plan_queries.unit_codes_like(session, base)), name=name[:255])
    session.add(unit)
    session.flush()
    _remember(session, unit, name)
    return unit


def _remember(session: Session, unit: Unit, name: str) -> None:
    """Keep a printed name as another name of a unit, so that the next plan does not ask."""
    key = fold_name(name)[:255]
    alias = plan_queries.alias_by_key(session, key)
    if alias is None:
        session.add(UnitAlias(unit_id=unit.id, alias=name[:255], key=key))
    elif alias.unit_id != unit.id:
        alias.unit = unit
    session.flush()


def _answer_date(session: Session, question: Question, answer: Json) -> Json:
    day = day_of(answer.get("event") or answer.get("due"))
    if abs(day.year - question.plan.year) > 1:
        raise Refusal(
            f"Ngày {day:%d/%m/%Y} quá xa năm {question.plan.year} của kế hoạch. Hãy kiểm tra lại ngày ban hành."
        )
    question.plan.issued_on = day
    return {"event": day.isoformat()}


def day_of(text: object) -> date:
    """A date that a person typed, as ISO or day/month/year. Raises Refusal when it is none."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        pass
    try:
        day, month, year = (int(part) for part in str(text).split("/"))
        return date(year, month, day)
    except ValueError:
        raise Refusal(f"«{text}» không phải là ngày. Hãy viết như 2026-03-16 hoặc 16/3/2026.") from None


_HANDLERS: dict[str, Callable[[Session, Question, Json], Json]] = {
    "deadline": _answer_deadline,
    "unit": _answer_unit,
    "lead": _answer_lead,
    "date": _answer_date,
}


def settle_known_names(session: Session, book: NameBook, now: datetime, actor: str) -> Sequence[Question]:
    """Answer the open unit questions of drafts whose names the register has come to know; gives those answered."""
    settled: list[Question] = []
    for plan in plan_queries.draft_plans(session):
        for question in plan_queries.open_questions(session, plan.id):
            code = book.resolve(question.subject) if question.kind == "unit" else None
            if code is not None:
                settled.append(answer(session, question.id, {"unit": code}, now, actor))
    return settled
