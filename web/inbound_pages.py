"""Tin đến: what units wrote and the program did not understand, or could not trust; the officer decides."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, cast, get_args

from fastapi import APIRouter, Form, HTTPException, Query, Request
from starlette.responses import Response

from config.faults import Refusal
from db.file_store import read_stored
from db.queries import inbound_queries as queries
from notifications.codes import read_code
from submissions.inbound.calibration import words as hook_words
from submissions.inbound.desk import AS_WORDS, AssignedAs, Assignment, assign, candidates, ignore, likely_kind
from web.edge import edge_of
from web.rendering import download, render, see_other
from web.security import Officer

router = APIRouter()
SHOWN = 100


@router.get("/tin-den")
def show_inbound(
    request: Request, user: Officer, seen: Annotated[str, Query(alias="xem", max_length=16)] = ""
) -> Response:
    """What waits for a person; with `xem=tat-ca` what came in last."""
    edge = edge_of(request)
    with edge.reading() as session:
        rows = queries.newest_rows(session, SHOWN) if seen == "tat-ca" else queries.waiting_rows(session, SHOWN)
        waiting = [row for row in rows if row.state in queries.FOR_A_PERSON]
        context: dict[str, Any] = {
            "rows": rows,
            "everything": seen == "tat-ca",
            "count": queries.count_waiting(session),
            "candidates": {row.id: candidates(session, row, edge.settings) for row in waiting},
            "as_words": AS_WORDS,
            "likely": {row.id: likely_kind(row) for row in waiting},
            "hook": hook_words(edge.settings),
        }
        return render(request, "inbound.html", **context)


@router.post("/tin-den/{row_id}/gan")
def do_assign(
    request: Request,
    user: Officer,
    row_id: int,
    occurrence: Annotated[int, Form(alias="ky-han")] = 0,
    code: Annotated[str, Form(alias="ma", max_length=40)] = "",
    kind: Annotated[str, Form(alias="la", max_length=16)] = "",
    wanted: Annotated[str, Form(alias="den-ngay", max_length=10)] = "",
    reason: Annotated[str, Form(alias="ly-do", max_length=4000)] = "",
) -> Response:
    """Take a message for an answer to an occurrence."""
    if kind not in get_args(AssignedAs):
        raise Refusal("Chưa chọn tin này là gì. Hãy chọn Báo cáo nộp, Đã nhận, Không phát sinh hoặc Xin gia hạn.")
    edge = edge_of(request)
    if code.strip():
        named = read_code(code, edge.settings.secret_key.get_secret_value())
        if named is None:
            raise Refusal("Mã kỳ hạn không đúng. Hãy chép lại mã dạng DD-128-7KQ3 trong tin nhắc việc.")
        occurrence = named
    assignment = Assignment(occurrence, cast(AssignedAs, kind), _day(wanted), reason)
    calendar = edge.calendar()
    with edge.transaction() as session:
        row = assign(session, row_id, assignment, user.name, edge.now(), calendar, edge.settings)
    return see_other("/tin-den", row.outcome)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refusal("Không hiểu ngày xin gia hạn đến. Hãy chọn lại.") from None


@router.post("/tin-den/{row_id}/bo-qua")
def do_ignore(
    request: Request,
    user: Officer,
    row_id: int,
    reason: Annotated[str, Form(alias="ly-do", max_length=4000)] = "",
) -> Response:
    """Put a message aside with a reason."""
    edge = edge_of(request)
    with edge.transaction() as session:
        ignore(session, row_id, reason, user.name, edge.now())
    return see_other("/tin-den", f"Đã bỏ qua tin đến số {row_id}.")


@router.get("/tin-den/{row_id}/tep/{number}")
def show_file(request: Request, user: Officer, row_id: int, number: int) -> Response:
    """A file that came with a message, always as a download: nobody has looked at it."""
    edge = edge_of(request)
    with edge.reading() as session:
        row = queries.row_by_id(session, row_id)
        files = row.data.get("files", []) if row else []
    if not 0 <= number < len(files):
        raise HTTPException(404)
    data = read_stored(edge.settings.home, files[number]["sha256"])
    return download(files[number]["name"], data, "application/octet-stream")
