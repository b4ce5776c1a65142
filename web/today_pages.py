"""The first page: what is overdue, due and coming, and what happens next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from db.queries import person_queries
from db.queries import view_queries as queries
from notifications.message_figures import kept_figures
from web.asked import KIND_CHOICES, PAGE_SIZE, STATE_CHOICES, Asked, AskedFor
from web.duty_lines import Desk, DutyLine, desk_of, make_lines
from web.edge import edge_of
from web.rendering import render
from web.security import Anyone

router = APIRouter()

# Tab in the address -> (its words, days ahead; None is without end).
TABS: dict[str, tuple[str, int | None]] = {
    "hom-nay": ("Hôm nay", 0),
    "7-ngay": ("7 ngày", 7),
    "30-ngay": ("30 ngày", 30),
    "tat-ca": ("Tất cả", None),
}
SECTIONS = {
    queries.OVERDUE: ("Quá hạn", "red"),
    queries.TODAY: ("Đến hạn hôm nay", "orange"),
    queries.PROGRESS: ("Chưa báo tiến độ", "orange"),
    queries.WEEK: ("Trong tuần này", "yellow"),
    queries.LATER: ("Sắp tới", "green"),
}


@dataclass(frozen=True)
class Section:
    """A heading of the list with the lines of this page; `total` counts those of all pages."""

    title: str
    colour: str
    total: int
    lines: list[DutyLine]


@router.get("/")
def today(request: Request, user: Anyone, asked: AskedFor, xem: str = "") -> Response:
    """The first page. A leader without a tab in the address goes to the leaders' own page."""
    if user.role == "leader" and not xem:
        return RedirectResponse("/chu-tich", status_code=303)
    edge = edge_of(request)
    desk = desk_of(edge)
    tab = xem if xem in TABS else "7-ngay"
    with edge.reading() as session:
        context = _list(session, asked, desk, tab)
        context["rules_notice"] = edge.rules_notice()
        context["counters"] = queries.counters(
            session, desk.today, desk.today + timedelta(days=7), desk.now - timedelta(days=7)
        )
        context["figures"] = edge.keep("message figures", lambda: kept_figures(session))
        context["muted"] = person_queries.muted_units(session, desk.today)
        context |= choices(session)
        return render(request, "today.html", **context)


def choices(session: Session) -> dict[str, Any]:
    """What the filter form offers."""
    return {
        "plans": queries.plan_choices(session),
        "units": queries.unit_choices(session),
        "kinds": KIND_CHOICES,
        "states": {key: words for key, (words, _) in STATE_CHOICES.items()},
    }


def _list(session: Session, asked: Asked, desk: Desk, tab: str) -> dict[str, Any]:
    days = TABS[tab][1]
    until = None if days is None else desk.today + timedelta(days=days)
    week_end = desk.today + timedelta(days=6 - desk.today.weekday())
    counts = queries.count_sections(session, asked.filter, desk.today, week_end, until)
    total = sum(counts.values())
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(asked.page, pages)
    rows = queries.list_duties(session, asked.filter, desk.today, week_end, until, page, PAGE_SIZE)
    lines = make_lines(session, [row[1] for row in rows], desk)
    keyed = [(row[0], line) for row, line in zip(rows, lines, strict=True)]
    return {
        "tab": tab,
        "tabs": {key: words for key, (words, _) in TABS.items()},
        "asked": asked,
        "total": total,
        "page": page,
        "pages": pages,
        "sections": _sections(keyed, counts, asked),
        "until": until,
    }


def _sections(keyed: list[tuple[int, DutyLine]], counts: dict[int, int], asked: Asked) -> list[Section]:
    if asked.state:
        # What is no longer awaited is neither overdue nor coming: it stands under one heading.
        words = STATE_CHOICES[asked.state][0]
        return [Section(words, "secondary", sum(counts.values()), [line for _, line in keyed])] if keyed else []
    grouped = groupby(keyed, key=lambda pair: pair[0])
    return [Section(*SECTIONS[key], counts[key], [line for _, line in pairs]) for key, pairs in grouped]
