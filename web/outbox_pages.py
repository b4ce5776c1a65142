"""The outbox: what needs a person first, then everything that was sent or waits."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from db.models import MESSAGE_STATES
from db.queries import office_queries
from notifications.decisions import mark_sent, resend
from web.asked import PAGE_SIZE
from web.edge import edge_of
from web.labels import CHANNELS
from web.rendering import render, see_other
from web.security import Officer

router = APIRouter()


@router.get("/hop-gui")
def show_outbox(
    request: Request,
    user: Officer,
    state: Annotated[str, Query(alias="trang-thai", max_length=16)] = "",
    channel: Annotated[str, Query(alias="kenh", max_length=16)] = "",
    page: Annotated[int, Query(alias="trang", ge=1, le=100_000)] = 1,
) -> Response:
    """One page of the outbox."""
    state = state if state in MESSAGE_STATES else ""
    channel = channel if channel in CHANNELS else ""
    with edge_of(request).reading() as session:
        counts = office_queries.outbox_counts(session, channel)
        total = counts.get(state, 0) if state else sum(counts.values())
        pages = max(1, -(-total // PAGE_SIZE))
        page = min(page, pages)
        context: dict[str, Any] = {
            "messages": office_queries.outbox_page(session, state, channel, page, PAGE_SIZE),
            "counts": counts,
            "states": office_queries.OUTBOX_ORDER,
            "state": state,
            "channel": channel,
            "page": page,
            "pages": pages,
        }
        return render(request, "outbox.html", **context)


@router.post("/hop-gui/{message_id}/gui-lai")
def do_resend(request: Request, user: Officer, message_id: int) -> Response:
    """Send an unknown or failed message once more, because a person decided so."""
    edge = edge_of(request)
    with edge.transaction() as session:
        resend(session, message_id, edge.now(), user.name)
    return see_other("/hop-gui", f"Đã xếp tin số {message_id} để gửi lại.")


@router.post("/hop-gui/{message_id}/da-gui")
def do_mark_sent(request: Request, user: Officer, message_id: int) -> Response:
    """Take an unknown message for sent, because a person knows that it arrived."""
    edge = edge_of(request)
    with edge.transaction() as session:
        mark_sent(session, message_id, edge.now(), user.name)
    return see_other("/hop-gui", f"Đã ghi nhận tin số {message_id} là đã gửi.")
