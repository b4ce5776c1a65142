"""The leaders' page: only what was escalated, or falls due within three working days."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from db.queries import person_queries
from db.queries import view_queries as queries
from notifications.history import histories
from web.duty_lines import desk_of, make_lines
from web.edge import edge_of
from web.rendering import render
from web.security import Anyone

router = APIRouter()
NEAR_WORKING_DAYS = 3
# A leader reads no longer list than this; the rest stands on the first page.
MOST = 150


@router.get("/chu-tich")
def show_leaders_page(request: Request, user: Anyone) -> Response:
    """Red first: what a superior was told of and is still unanswered; then what comes in the next working days."""
    edge = edge_of(request)
    desk = desk_of(edge)
    until = desk.calendar.add_working_days(desk.today, NEAR_WORKING_DAYS)
    with edge.reading() as session:
        escalated = queries.escalated_ids(session)
        occurrences = queries.duties_for_leaders(session, escalated, desk.today, until, MOST)
        lines = make_lines(session, occurrences, desk)
        red = [line for line in lines if line.occurrence.id in escalated]
        told = histories(session, [line.occurrence for line in red])
        late = sum(line.overdue for line in red)
        context: dict[str, Any] = {
            "red": sorted(red, key=lambda line: (not line.overdue, line.due)),
            "coming": [line for line in lines if line.occurrence.id not in escalated],
            "history": {number: " ".join(words) for number, words in told.items()},
            # What is overdue but not yet escalated is still the officer's to chase: it is counted, not listed.
            "officer_chases": queries.count_overdue(session, desk.today) - late,
            "muted": person_queries.muted_units(session, desk.today),
            "until": until,
            "full": len(lines) == MOST,
        }
        return render(request, "leader.html", **context)
