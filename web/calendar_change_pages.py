"""What stands beside the month: approving a new order of days off, cut-offs of figures, dates of each level."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from config.faults import Refusal
from db.models import Obligation
from db.office_rules import calendar_to_date_by
from db.queries import plan_queries
from deadlines import say_regime
from deadlines.levels import LevelError, back_plan, read_levels
from plans.replanning import apply, preview
from plans.replanning_view import said_step
from plans.windows import set_regime, window_faults
from web.edge import edge_of
from web.rendering import render, see_other
from web.security import Anyone, Officer

router = APIRouter()
Typed = Annotated[str, Form()]
# A page lists so many moves; `dondoc calendar preview` lists them all.
SHOWN = 300
EXAMPLE = "UBND xã: 2\nSở Nội vụ: 3\nUBND tỉnh: 2"


@router.get("/lich/thay-doi")
def show_changes(request: Request, user: Officer) -> Response:
    """What approving the files would change: days, occurrences, reminders, and who hears of it."""
    edge = edge_of(request)
    edge.forget_rules()
    with edge.reading() as session:
        seen = preview(session, edge.settings, edge.now())
    return render(
        request, "calendar_changes.html", seen=seen, shown=SHOWN, said_step=said_step, folder=edge.settings.yaml_dir
    )


@router.post("/lich/thay-doi")
def post_changes(request: Request, user: Officer, fingerprint: Typed = "") -> Response:
    """Approve what was looked at."""
    edge = edge_of(request)
    with edge.transaction() as session:
        done = apply(session, edge.settings, edge.now(), user.name, fingerprint)
    edge.forget_rules()
    return see_other("/lich", f"Đã duyệt: đổi ngày {len(done.moves)} kỳ hạn, báo cho {done.people} người.")


@router.get("/lich/tinh-han")
def show_levels(request: Request, user: Anyone, han: str = "", cap: str = "", chot: str = "") -> Response:
    """Dates of each level, back from the superior's day (`han`); `cap`: levels, `chot`: the cut-off."""
    edge = edge_of(request)
    context: dict[str, Any] = {"due": han, "levels": cap or EXAMPLE, "cut_off": chot, "plan": None, "fault": ""}
    if han:
        try:
            due, cut_off = _day(han, "hạn của cấp trên"), _day(chot, "ngày chốt số liệu") if chot else None
            context["plan"] = back_plan(due, read_levels(cap), edge.calendar(), cut_off)
        except (LevelError, Refusal) as fault:
            context["fault"] = str(fault)
    return render(request, "calendar_levels.html", **context)


def _day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(f"Không hiểu {name} «{text}». Hãy chọn ngày trên lịch.") from None


@router.get("/lich/so-lieu")
def show_windows(request: Request, user: Anyone) -> Response:
    """Reports that leave no working day between cut-off and sending, and the cut-off of every duty."""
    return _windows_page(request)


@router.post("/lich/so-lieu/{obligation_id}")
def post_regime(request: Request, user: Officer, obligation_id: int, regime: Typed = "") -> Response:
    """Cut a duty's figures off another way."""
    edge = edge_of(request)
    try:
        with edge.transaction() as session:
            duty = session.get(Obligation, obligation_id)
            if duty is None:
                raise Refusal("Không còn nhiệm vụ này. Hãy mở lại trang.")
            calendar = calendar_to_date_by(session, edge.settings)
            changed = set_regime(session, duty, regime, calendar, edge.now(), user.name)
    except Refusal as refusal:
        return _windows_page(request, str(refusal), obligation_id, regime)
    return see_other("/lich/so-lieu", f"Đã đổi cách chốt số liệu; {changed} kỳ hạn còn mở có khoảng số liệu mới.")


def _windows_page(request: Request, fault: str = "", obligation_id: int = 0, typed: str = "") -> Response:
    edge = edge_of(request)
    with edge.reading() as session:
        plans = plan_queries.confirmed_plans(session)
        found = [each for plan in plans for each in window_faults(session, plan, edge.calendar())]
        duties = [(plan, _with_figures(plan_queries.obligations_of(session, plan.id))) for plan in plans]
        context: dict[str, Any] = {
            "found": found,
            "plans": [(plan, listed) for plan, listed in duties if listed],
            "say_regime": say_regime,
            "fault": fault,
            "at_fault": obligation_id,
            "typed": typed,
        }
        return render(request, "calendar_windows.html", status_code=422 if fault else 200, **context)


def _with_figures(duties: Sequence[Obligation]) -> list[Obligation]:
    """The duties whose reports cover a window: those that recur."""
    return [duty for duty in duties if any(rule["kind"] == "recurring" for rule in duty.rules)]
