"""The chase of one plan: from which day it runs, its end and its return, shown before anything is done."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from config.faults import Refusal
from db.models import Plan
from db.queries import office_queries
from plans.chase_start import ChaseStart, chase_start_ahead, set_chase_start
from plans.closing import LONGEST_REASON, Remaining, close_plan, remaining, reopen_plan
from web.duty_lines import desk_of, plain_lines
from web.edge import Edge, edge_of
from web.rendering import render, see_other
from web.said import said
from web.security import Anyone, Officer

router = APIRouter()
Typed = Annotated[str, Form()]
# A page lists so many of what remains; the list of duties shows all.
SHOWN = 60


@router.get("/ke-hoach/{code}/don-doc")
def show_chase(request: Request, user: Anyone, code: str, tu: str = "") -> Response:
    """How a plan is chased. `tu`: a day to begin from, whose effect is shown and not done."""
    return _page(request, code, tu)


def _page(request: Request, code: str, day: str = "", fault: str = "", reason: str = "") -> Response:
    edge = edge_of(request)
    with edge.reading() as session:
        plan = plan_or_404(session, code)
        fault, ahead = _ahead(session, plan, day, fault)
        left = remaining(session, plan.id, edge.today())
        context: dict[str, Any] = {
            "plan": plan,
            "left": left,
            "lines": plain_lines(left.unanswered[:SHOWN], desk_of(edge)),
            "day": day or edge.today().isoformat(),
            "ahead": ahead,
            "fault": fault,
            "reason": reason,
            "most": LONGEST_REASON,
            "journal": office_queries.journal_of(session, [("plan", plan.id)], 30),
        }
        return render(request, "plan_chase.html", status_code=409 if fault else 200, **context)


def plan_or_404(session: Session, code: str) -> Plan:
    """A plan that is or was followed; a draft is not chased."""
    plan = office_queries.plan_of_code(session, code)
    if plan is None or plan.state == "draft":
        raise HTTPException(404)
    return plan


def _ahead(session: Session, plan: Plan, day: str, fault: str) -> tuple[str, ChaseStart | None]:
    if not day or fault or plan.state != "confirmed":
        return fault, None
    try:
        return "", chase_start_ahead(session, plan, read_day(day, "bắt đầu đôn đốc"))
    except Refusal as error:
        return str(error), None


def read_day(text: str, words: str) -> date:
    """A day that was chosen on a form. Raises Refusal with `words` saying which."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(f"Không hiểu ngày {words} «{text[:40]}». Hãy chọn ngày trên lịch.") from None


@router.post("/ke-hoach/{code}/bat-dau")
def post_start(request: Request, user: Officer, code: str, tu: Typed = "") -> Response:
    """Chase a plan from a day on; what fell due before it and was not answered is only recorded."""
    edge = edge_of(request)
    try:
        with edge.transaction() as session:
            day = read_day(tu, "bắt đầu đôn đốc")
            moved = set_chase_start(session, plan_or_404(session, code).id, day, edge.now(), user.name)
    except Refusal as error:
        return _page(request, code, tu, said(error))
    words = f"{moved.recorded} kỳ hạn chuyển sang chỉ ghi nhận, {moved.opened} kỳ hạn mở lại"
    return see_other(f"/ke-hoach/{code}", f"Đôn đốc từ {day:%d/%m/%Y}: {words}.")


@router.post("/ke-hoach/{code}/ket-thuc")
def post_close(request: Request, user: Officer, code: str, reason: Typed = "") -> Response:
    """Close a plan: its chase stops, everything it holds stays."""
    edge = edge_of(request)
    try:
        with edge.transaction() as session:
            left = close_plan(session, plan_or_404(session, code).id, reason, edge.now(), user.name)
    except Refusal as error:
        return _page(request, code, fault=said(error), reason=reason)
    words = f"; {len(left.unanswered)} kỳ hạn chưa nộp được giữ nguyên trên hồ sơ" if left.unanswered else ""
    return see_other(f"/ke-hoach/{code}", f"Đã kết thúc kế hoạch, thôi nhắc việc{words}.")


@router.post("/ke-hoach/{code}/mo-lai")
def post_reopen(
    request: Request,
    user: Officer,
    code: str,
    reason: Typed = "",
    from_today: Annotated[str, Form(alias="tu-nay")] = "",
) -> Response:
    """Follow a closed plan again."""
    edge = edge_of(request)
    try:
        with edge.transaction() as session:
            left = _reopen(session, code, reason, edge, user.name, bool(from_today))
    except Refusal as error:
        return _page(request, code, fault=said(error), reason=reason)
    words = f"{len(left.unanswered)} kỳ hạn được nhắc tiếp, {left.overdue} đang quá hạn"
    return see_other(
        f"/ke-hoach/{code}", f"Đã mở lại kế hoạch: {words}. Hãy xem lại trang Duyệt lịch nghỉ nếu lịch đã đổi."
    )


def _reopen(session: Session, code: str, reason: str, edge: Edge, actor: str, from_today: bool) -> Remaining:
    start = edge.today() if from_today else None
    return reopen_plan(session, plan_or_404(session, code).id, reason, edge.now(), actor, start)
