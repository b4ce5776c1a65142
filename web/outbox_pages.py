"""The outbox: what needs a person first, then everything that was sent or waits; each message whole; dead addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from config.clock import ZONE
from config.faults import Refusal
from db.models import MESSAGE_STATES
from db.queries import office_queries, sending_queries
from db.queries import outbox_page_queries as queries
from notifications.decisions import mark_sent, resend
from notifications.suppressions import lift
from web.asked import PAGE_SIZE
from web.edge import edge_of
from web.labels import CHANNELS
from web.rendering import render, see_other
from web.security import Officer

router = APIRouter()

MOST_BARS = 500


@dataclass(frozen=True)
class Asked:
    """The filters of the address. Unknown values count as none, so that an old link still opens."""

    state: str
    channel: str
    person: str
    day: str
    page: int

    @property
    def filter(self) -> queries.OutboxFilter:
        """The same for the queries."""
        return queries.OutboxFilter(self.state, self.channel, self.person, _midnight(self.day))


def read_asked(
    state: Annotated[str, Query(alias="trang-thai", max_length=16)] = "",
    channel: Annotated[str, Query(alias="kenh", max_length=16)] = "",
    person: Annotated[str, Query(alias="nguoi", max_length=80)] = "",
    day: Annotated[str, Query(alias="ngay", max_length=10)] = "",
    page: Annotated[int, Query(alias="trang", ge=1, le=100_000)] = 1,
) -> Asked:
    """What the address asks for."""
    known_state = state if state in MESSAGE_STATES else ""
    known_day = day if _midnight(day) else ""
    return Asked(known_state, channel if channel in CHANNELS else "", person.strip(), known_day, page)


def _midnight(day: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(day), time(), ZONE)
    except ValueError:
        return None


@router.get("/hop-gui")
def show_outbox(request: Request, user: Officer, asked: Annotated[Asked, Depends(read_asked)]) -> Response:
    """One page of the outbox."""
    with edge_of(request).reading() as session:
        counts = queries.outbox_counts(session, asked.filter)
        total = counts.get(asked.state, 0) if asked.state else sum(counts.values())
        pages = max(1, -(-total // PAGE_SIZE))
        page = min(asked.page, pages)
        context: dict[str, Any] = {
            "messages": queries.outbox_page(session, asked.filter, page, PAGE_SIZE),
            "counts": counts,
            "states": queries.OUTBOX_ORDER,
            "asked": asked,
            "total": total,
            "bars": sending_queries.count_bars(session),
            "page": page,
            "pages": pages,
        }
        return render(request, "outbox.html", **context)


@router.get("/hop-gui/dia-chi-chet")
def show_dead_addresses(request: Request, user: Officer) -> Response:
    """The addresses that take nothing, newest first."""
    with edge_of(request).reading() as session:
        bars = sending_queries.newest_bars(session, MOST_BARS)
        return render(request, "dead_addresses.html", bars=bars, owners=queries.owners_of(session, bars))


@router.post("/hop-gui/dia-chi-chet/{bar_id}/mo-lai")
def do_lift(request: Request, user: Officer, bar_id: int) -> Response:
    """Let an address be written to again, because a person has looked into it."""
    edge = edge_of(request)
    with edge.transaction() as session:
        bar = lift(session, bar_id, user.name, edge.now())
    return see_other("/hop-gui/dia-chi-chet", f"Đã mở lại địa chỉ {bar.address}; tin sau lại được gửi tới đó.")


@router.get("/hop-gui/{message_id}")
def show_message(request: Request, user: Officer, message_id: int) -> Response:
    """One message whole: its words, its duties and why, what was tried, what the journal says."""
    with edge_of(request).reading() as session:
        message = queries.message_by_id(session, message_id)
        if message is None:
            raise Refusal(f"Không có tin số {message_id}. Hãy mở lại trang Hộp gửi đi.")
        context: dict[str, Any] = {
            "it": message,
            "followers": queries.followers(session, message_id),
            "history": office_queries.journal_of(session, [("message", message_id)]),
        }
        return render(request, "message.html", **context)


@router.post("/hop-gui/{message_id}/gui-lai")
def do_resend(request: Request, user: Officer, message_id: int) -> Response:
    """Send an unknown or failed message once more, because a person decided so."""
    edge = edge_of(request)
    with edge.transaction() as session:
        follower = resend(session, message_id, edge.now(), user.name)
    return see_other("/hop-gui", f"Đã xếp tin số {message_id} để gửi lại bằng tin số {follower.id}.")


@router.post("/hop-gui/{message_id}/da-gui")
def do_mark_sent(request: Request, user: Officer, message_id: int) -> Response:
    """Take an unknown message for sent, because a person knows that it arrived."""
    edge = edge_of(request)
    with edge.transaction() as session:
        mark_sent(session, message_id, edge.now(), user.name)
    return see_other("/hop-gui", f"Đã ghi nhận tin số {message_id} là đã gửi.")
