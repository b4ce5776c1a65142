"""What `dondoc plan` prints: lists, one plan, its questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from db.models import Obligation, Plan, Question
from db.queries import plan_queries
from db.queries.plan_queries import PlanLine
from deadlines import rule_from_json, say
from plans.asking import blocks

STATES = {"draft": "bản nháp", "confirmed": "đã xác nhận", "closed": "đã đóng"}
SHOWN_FINDINGS = 20


def plan_list_lines(lines: Sequence[PlanLine]) -> Iterator[str]:
    """One line a plan: code, state, counts, the next date."""
    if not lines:
        yield "Chưa có kế hoạch nào. Hãy chạy: dondoc plan import TỆP"
    for line in lines:
        due = f", hạn gần nhất {line.next_due:%d/%m/%Y}" if line.next_due else ""
        asked = f", còn {line.open_questions} câu hỏi" if line.open_questions else ""
        yield (
            f"{line.plan.code:<24} {STATES[line.plan.state]:<12} {line.obligations} nhiệm vụ, "
            f"{line.occurrences} kỳ hạn{due}{asked}  {line.plan.title}"
        )


def plan_page_lines(session: Session, plan: Plan, *, whole: bool = False) -> Iterator[str]:
    """The head of a plan with its counts; with `whole`, each duty and finding too."""
    issued = f"{plan.issued_on:%d/%m/%Y}" if plan.issued_on else "(để trống)"
    yield f"{plan.title}"
    issuer = plan.issuer or "không rõ cơ quan ban hành"
    yield f"Số {plan.number or '(để trống)'}, ngày {issued}, {issuer}, năm {plan.year}"
    duties = plan_queries.obligations_of(session, plan.id)
    standing = sum(duty.standing for duty in duties)
    yield (
        f"{STATES[plan.state].capitalize()}: {len(duties) - standing} nhiệm vụ trong bảng, {standing} trong lời văn, "
        f"{len(plan.targets)} chỉ tiêu, {len(plan.findings)} phát hiện."
    )
    if whole:
        yield from (line for duty in duties for line in _duty_lines(duty))
        yield from _finding_lines(plan)
    yield from _next_step(session, plan)


def _duty_lines(duty: Obligation) -> Iterator[str]:
    yield f"{duty.key}. {duty.content}"
    yield f"    Chủ trì: {_units(duty, 'lead')}   Phối hợp: {_units(duty, 'coordinator')}"
    meaning = "; ".join(say(rule_from_json(rule)) for rule in duty.rules) or "phải hỏi"
    yield f"    Thời hạn: {duty.deadline_text or '(để trống)'} → {meaning}"


def _units(duty: Obligation, role: str) -> str:
    named = [row.unit.name if row.unit else f"{row.printed_name} (?)" for row in duty.units if row.role == role]
    return "; ".join(named) or "(không ghi)"


def _finding_lines(plan: Plan) -> Iterator[str]:
    for finding in plan.findings[:SHOWN_FINDINGS]:
        yield f"  Phát hiện [{finding.place}] {finding.message} {finding.suggestion}".rstrip()
    if len(plan.findings) > SHOWN_FINDINGS:
        yield f"  … và {len(plan.findings) - SHOWN_FINDINGS} phát hiện nữa (xem trên trang theo dõi)."


def _next_step(session: Session, plan: Plan) -> Iterator[str]:
    if plan.state != "draft":
        return
    asked = plan_queries.open_questions(session, plan.id)
    must = sum(blocks(question) for question in asked)
    if asked:
        yield f"Câu hỏi: {len(asked)}, trong đó {must} phải trả lời trước khi xác nhận."
        yield f"Xem và trả lời: dondoc plan questions {plan.code}"
    if not must:
        yield f"Có thể xác nhận: dondoc plan confirm {plan.code}"


def question_lines(session: Session, plan: Plan) -> Iterator[str]:
    """The open questions with what can be answered, then the waiting list."""
    asked = plan_queries.open_questions(session, plan.id)
    waiting = plan_queries.waiting_questions(session, plan.id)
    if not asked and not waiting:
        yield f"Kế hoạch {plan.code} không còn câu hỏi nào."
    names = plan_queries.unit_labels(session)
    for question in asked:
        mark = "phải trả lời" if blocks(question) else "không bắt buộc"
        yield f"{question.id}. [{mark}] {question.text}"
        yield from (f"      {line}" for line in _choices(question, names))
    if waiting:
        yield "Đang chờ sự kiện, văn bản hoặc yêu cầu:"
    for question in waiting:
        yield f"{question.id}. {question.text}"
        yield f"      dondoc plan answer {question.id} {_event_option(question)}"


def _event_option(question: Question) -> str:
    return "--event NGÀY (hoặc --due NGÀY)" if question.candidates["rule"]["kind"] == "on_event" else "--due NGÀY"


def _choices(question: Question, names: dict[str, str]) -> Iterator[str]:
    command = f"dondoc plan answer {question.id}"
    if question.kind == "deadline":
        for number, rules in enumerate(question.candidates.get("rules", []), 1):
            meaning = "; ".join(say(rule_from_json(rule)) for rule in rules)
            yield f"{command} --candidate {number}   ({meaning})"
        yield f'{command} --phrase "…"   hoặc   --due NGÀY'
    elif question.kind == "date":
        yield f"{command} --event NGÀY"
    else:
        for code in question.candidates.get("units", []):
            yield f"{command} --unit {code}   ({names.get(code, code)})"
        yield f'{command} --new-unit "{question.subject if question.kind == "unit" else "TÊN ĐƠN VỊ"}"'
        if question.candidates.get("role") == "coordinator":
            yield f"{command} --ignore"


def answered_lines(session: Session, question: Question) -> Iterator[str]:
    """What an answer did, and what is left to decide."""
    left = [each for each in plan_queries.open_questions(session, question.plan_id) if blocks(each)]
    yield f"Đã ghi câu trả lời số {question.id}."
    code = question.plan.code
    if question.plan.state == "draft":
        yield f"Còn {len(left)} câu phải trả lời." if left else f"Có thể xác nhận: dondoc plan confirm {code}"
