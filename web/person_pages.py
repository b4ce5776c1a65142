"""One person who gets messages: by which channels, in which order, what is dead, and what was sent."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from db.queries import office_queries, person_queries
from web.edge import edge_of
from web.people_view import ways_to
from web.rendering import render
from web.security import Anyone

router = APIRouter()
SHOWN = 30


@router.get("/nguoi/{code}")
def show_person(request: Request, user: Anyone, code: str) -> Response:
    """What the office knows of a recipient, and the newest messages to him."""
    edge = edge_of(request)
    with edge.reading() as session:
        person = person_queries.person_by_code(session, code)
        if person is None:
            raise HTTPException(404)
        return render(
            request,
            "person.html",
            person=person,
            ways=ways_to(session, [person], edge.settings)[person.id],
            last=person_queries.last_messages_to(session, [person.id]).get(person.id),
            messages=person_queries.messages_to(session, person.id, SHOWN),
            journal=office_queries.journal_of(session, [("person", person.id)], 30),
        )
