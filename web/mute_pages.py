"""Keeping silent about a unit until a day, for a reason; and speaking again. The unit's own card shows it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from config.faults import Refusal
from db.models import Unit
from db.queries import plan_queries
from notifications.mutes import mute_unit, unmute_unit
from web.closing_pages import read_day
from web.edge import edge_of
from web.rendering import say_date, see_other
from web.said import said
from web.security import Officer
from web.unit_pages import Muting, units_page

router = APIRouter()
Typed = Annotated[str, Form()]


@router.post("/don-vi/{code}/tam-dung")
def post_mute(request: Request, user: Officer, code: str, until: Typed = "", reason: Typed = "") -> Response:
    """Remind a unit of nothing up to and with a day."""
    edge = edge_of(request)
    try:
        with edge.transaction() as session:
            day = read_day(until, "cuối của thời gian tạm dừng nhắc")
            unit = mute_unit(session, unit_or_404(session, code), day, reason, user.name, edge.now())
            words = f"Không nhắc {unit.name} đến hết {say_date(day)}."
    except Refusal as error:
        return units_page(request, Muting(code, until, reason, said(error)))
    return see_other(f"/don-vi#{code}", words)


@router.post("/don-vi/{code}/nhac-lai")
def post_unmute(request: Request, user: Officer, code: str) -> Response:
    """Let the chase speak of the unit again."""
    edge = edge_of(request)
    try:
        with edge.transaction() as session:
            unit = unmute_unit(session, unit_or_404(session, code), user.name, edge.now())
            words = f"{unit.name} được nhắc trở lại từ lần nhắc tới."
    except Refusal as error:
        return units_page(request, Muting(code, fault=said(error)))
    return see_other(f"/don-vi#{code}", words)


def unit_or_404(session: Session, code: str) -> Unit:
    """The unit of a code."""
    unit = plan_queries.unit_by_code(session, code)
    if unit is None:
        raise HTTPException(404)
    return unit
