"""The month: which days are worked and by which order, and what falls due on each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from fastapi import APIRouter, Request
from starlette.responses import Response

from db.models import OCCURRENCE_STATES
from db.queries import view_queries as queries
from deadlines import Period, month, years_to_order
from deadlines.workdays import DayStatus, WorkCalendar
from web.asked import STATE_CHOICES, AskedFor
from web.duty_lines import DutyLine, desk_of, plain_lines
from web.edge import edge_of
from web.rendering import render
from web.security import Anyone
from web.today_pages import choices

router = APIRouter()

MONTH = re.compile(r"(2\d{3})-(0[1-9]|1[0-2])")
# A day shows so many duties; the rest stand behind a link to the list.
SHOWN = 4
DayKind = Literal["work", "weekend", "off", "makeup"]


@dataclass(frozen=True)
class DayCell:
    """One day of the grid."""

    day: date
    inside: bool
    status: DayStatus
    kind: DayKind
    lines: list[DutyLine]

    @property
    def note(self) -> str:
        """Why the day is off or worked against the rule, with the order; nothing on plain days."""
        if self.kind in ("work", "weekend"):
            return ""
        return self.status.reason + (f" ({self.status.order})" if self.status.order else "")


@router.get("/lich")
def show_month(request: Request, user: Anyone, asked: AskedFor, thang: str = "") -> Response:
    """The grid of one month; `thang` is "2026-11", this month when it is missing or wrong."""
    edge = edge_of(request)
    desk = desk_of(edge)
    shown = month_asked(thang, desk.today)
    first, last = grid_bounds(shown)
    every = asked.filter if asked.state else asked.filter_of(OCCURRENCE_STATES)
    with edge.reading() as session:
        lines = plain_lines(queries.duties_between(session, every, first, last), desk)
        page = {
            "weeks": build_weeks(shown, lines, desk.calendar),
            "month": shown,
            "previous": neighbour(shown, -1),
            "next": neighbour(shown, 1),
            "estimated": shown.start.year not in desk.calendar.years_with_order,
            "unordered": years_to_order(desk.calendar, desk.today),
            "notice": edge.rules_notice(),
            "asked": asked,
            "shown": SHOWN,
            **choices(session),
        }
        page["states"] = {"": "Mọi trạng thái", **{k: words for k, (words, _) in list(STATE_CHOICES.items())[1:-1]}}
        return render(request, "calendar.html", **page)


def month_asked(text: str, today: date) -> Period:
    """The month of an address."""
    found = MONTH.fullmatch(text)
    return month(int(found[1]), int(found[2])) if found else month(today.year, today.month)


def neighbour(shown: Period, step: int) -> str:
    """The month before (-1) or after (1), as the address writes it."""
    day = shown.start - timedelta(days=1) if step < 0 else shown.end + timedelta(days=1)
    return f"{day:%Y-%m}"


def grid_bounds(shown: Period) -> tuple[date, date]:
    """The Monday and Sunday between which the grid stands."""
    return shown.start - timedelta(days=shown.start.weekday()), shown.end + timedelta(days=6 - shown.end.weekday())


def build_weeks(shown: Period, lines: Iterable[DutyLine], calendar: WorkCalendar) -> list[list[DayCell]]:
    """The weeks of the grid, overdue duties first in each day."""
    by_day: dict[date, list[DutyLine]] = defaultdict(list)
    for line in lines:
        by_day[line.occurrence.extended_due or line.occurrence.due_target].append(line)
    first, last = grid_bounds(shown)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    cells = [_cell(day, shown, by_day[day], calendar) for day in days]
    return [cells[n : n + 7] for n in range(0, len(cells), 7)]


def _cell(day: date, shown: Period, lines: list[DutyLine], calendar: WorkCalendar) -> DayCell:
    status = calendar.why(day)
    ordered = sorted(lines, key=lambda line: (not line.overdue, line.occurrence.state == "accepted"))
    return DayCell(day, shown.start <= day <= shown.end, status, _kind(status), ordered)


def _kind(status: DayStatus) -> DayKind:
    weekend = status.date.isoweekday() > 5
    if status.working:
        return "makeup" if weekend else "work"
    # An order may also free a Saturday within a holiday; the plain weekly rest carries no order.
    return "weekend" if weekend and not status.order else "off"
