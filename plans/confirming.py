"""Confirming a draft: nothing is dated before a person has decided what the document leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from config.faults import Refusal
from db import journal
from db.models import Obligation, Plan, Question
from db.queries import plan_queries
from deadlines import WorkCalendar
from plans.asking import blocks, call
from plans.expanding import expand_plan
from plans.occurrences import Expansion, responsible_units, waiting_rules
from plans.questions import answer

SHOWN = 12
ASKS = {
    "on_event": "Khi sự kiện xảy ra, hãy nhập ngày xảy ra (hoặc ngày đến hạn).",
    "by_reference": "Khi có văn bản ấn định thời hạn, hãy nhập ngày đến hạn.",
    "on_demand": "Khi có yêu cầu, hãy nhập ngày đến hạn.",
}


@dataclass(frozen=True)
class Confirmation:
    """A confirmed plan: what was expanded, and the duties that wait for an event, a document or a demand."""

    plan: Plan
    expansion: Expansion
    waiting: tuple[Question, ...]


def confirm(
    session: Session,
    plan_id: int,
    calendar: WorkCalendar,
    now: datetime,
    actor: str,
    issued_on: date | None = None,
) -> Confirmation:
    """Confirm a draft and expand it into occurrences. `issued_on` answers the question of the plan's own date.

    Raises Refusal, listing what is open, while a deadline, a lead, a leading unit or the plan's date is undecided.
    """
    plan = plan_queries.locked_plan(session, plan_id)
    if plan is None:
        raise Refusal("Không có kế hoạch này. Hãy xem: dondoc plan list")
    if plan.state != "draft":
        raise Refusal(f"Kế hoạch {plan.code} đã được xác nhận trước đây. Không cần làm gì thêm.")
    if issued_on is not None:
        _give_date(session, plan, issued_on, now, actor)
    _refuse_open(plan, plan_queries.open_questions(session, plan_id))
    obligations = plan_queries.obligations_of(session, plan_id)
    _refuse_unled(plan, obligations)
    plan.state, plan.confirmed_at, plan.confirmed_by = "confirmed", now, actor
    session.flush()
    expansion = expand_plan(session, plan_id, calendar, now)
    waiting = list_waiting(session, plan, obligations)
    data = {"code": plan.code, "opened": expansion.opened, "recorded": expansion.recorded, "waiting": len(waiting)}
    journal.record(
        session, at=now, actor=actor, action="plan.confirm", subject_kind="plan", subject_id=plan.id, data=data
    )
    return Confirmation(plan, expansion, waiting)


def _give_date(session: Session, plan: Plan, issued_on: date, now: datetime, actor: str) -> None:
    asked = [each for each in plan_queries.open_questions(session, plan.id) if each.kind == "date"]
    if plan.issued_on is not None and plan.issued_on != issued_on:
        raise Refusal(
            f"Văn bản ghi ngày ban hành {plan.issued_on:%d/%m/%Y}, khác ngày {issued_on:%d/%m/%Y}. "
            "Hãy bỏ --issued-on hoặc sửa văn bản rồi nhập lại."
        )
    for question in asked:
        answer(session, question.id, {"event": issued_on.isoformat()}, now, actor)


def _refuse_open(plan: Plan, questions: Sequence[Question]) -> None:
    open_ones = [question for question in questions if blocks(question)]
    if not open_ones:
        return
    lines = [f"  {question.id}. {question.text}" for question in open_ones[:SHOWN]]
    more = [f"  … và {len(open_ones) - SHOWN} câu nữa"] if len(open_ones) > SHOWN else []
    head = (
        f"Kế hoạch {plan.code} còn {len(open_ones)} câu hỏi phải trả lời trước khi xác nhận "
        f"(dondoc plan questions {plan.code}):"
    )
    raise Refusal("\n".join([head, *lines, *more]))


def _refuse_unled(plan: Plan, obligations: Sequence[Obligation]) -> None:
    """A duty whose leading units have all left the register since would wait unseen."""
    unled = [call(obligation) for obligation in obligations if not responsible_units(obligation)]
    if unled:
        head = f"Kế hoạch {plan.code} có {len(unled)} nhiệm vụ mà đơn vị chủ trì không còn hoạt động hoặc nhóm trống:"
        cure = "Hãy sửa danh bạ rồi nạp lại: dondoc units load units.yaml"
        raise Refusal("\n".join([head, *(f"  {each}" for each in unled[:SHOWN]), cure]))


def list_waiting(session: Session, plan: Plan, obligations: Sequence[Obligation]) -> tuple[Question, ...]:
    """Put every rule that no calendar dates on the waiting list, once."""
    known = {(each.obligation_id, each.rule_no) for each in plan_queries.waiting_questions(session, plan.id)}
    made = [
        Question(
            plan_id=plan.id,
            obligation_id=obligation.id,
            kind="date",
            rule_no=number,
            subject=said,
            text=f"{call(obligation)}: {said}. {ASKS[rule['kind']]}",
            candidates={"rule": rule},
        )
        for obligation in obligations
        for number, rule, said in waiting_rules(obligation)
        if (obligation.id, number) not in known
    ]
    session.add_all(made)
    session.flush()
    return tuple(made)
