"""One person who gets messages: by which channels, in which order, what is dead, and what was sent."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import Response

from db.queries import office_queries, person_queries
from submissions.inbound.linking import COLUMNS, LIVES, make_code, unlink
from web.edge import edge_of
from web.people_view import ways_to
from web.rendering import render, see_other
from web.security import Anyone, Officer

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


@router.post("/nguoi/{code}/ma-lien-ket")
def make_link_code(request: Request, user: Officer, code: str) -> Response:
    """A new one-time code that ties the person's Zalo account; shown once, so the answer is the page itself."""
    edge = edge_of(request)
    with edge.transaction() as session:
        person = person_queries.person_by_code(session, code)
        if person is None:
            raise HTTPException(404)
        made = make_code(session, person, user.name, edge.now())
        return render(request, "link_code.html", person=person, made=made, days=LIVES.days)


@router.post("/nguoi/{code}/bo-lien-ket")
def drop_link(
    request: Request, user: Officer, code: str, channel: Annotated[str, Form(alias="kenh", max_length=16)] = "zalo"
) -> Response:
    """Untie the person's account of Zalo or of the bot."""
    if channel not in COLUMNS:
        raise HTTPException(404)
    edge = edge_of(request)
    with edge.transaction() as session:
        person = person_queries.person_by_code(session, code)
        if person is None:
            raise HTTPException(404)
        unlink(session, person, channel, user.name, edge.now())
    return see_other(f"/nguoi/{code}", "Đã bỏ liên kết.")
