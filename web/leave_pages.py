"""The way out of our mail, without a password: /thu/thoi-nhan/<token>, named in List-Unsubscribe (RFC 2369).

Reminders are part of a person's duty, so the page says first how to be reminded otherwise. Opening it changes nothing,
since robots open every link; a POST does at once what it asks, also without the form (RFC 8058, one click).
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from db.models import Message
from notifications.channels.mail.marks import LEAVE_PATH
from notifications.reply_tokens import read_leave_token
from notifications.suppressions import barred
from submissions.mailbox.settling import leave
from web.edge import Edge, edge_of
from web.rendering import render

router = APIRouter()


@router.get(LEAVE_PATH + "/{token}")
def show_way_out(request: Request, token: str) -> Response:
    """What to do instead, and the button; writes nothing."""
    edge = edge_of(request)
    with edge.reading() as session:
        message = _message_of(session, token, edge)
        if message is None:
            return _unknown(request)
        left = bool(barred(session, [("email", message.address)]))
        return render(request, "answer/leave.html", address=message.address, left=left)


@router.post(LEAVE_PATH + "/{token}")
def take_leave(request: Request, token: str) -> Response:
    """Bar the address; the same again changes nothing."""
    edge = edge_of(request)
    with edge.transaction() as session:
        message = _message_of(session, token, edge)
        if message is None:
            return _unknown(request)
        leave(session, message, edge.now())
        address = message.address
    return render(request, "answer/leave.html", address=address, left=True)


def _message_of(session: Session, token: str, edge: Edge) -> Message | None:
    number = read_leave_token(token, edge.settings)
    message = session.get(Message, number) if number else None
    return message if message is not None and message.channel == "email" else None


def _unknown(request: Request) -> Response:
    return render(
        request, "answer/refused.html", status_code=404, reason="Liên kết thôi nhận thư không đúng hoặc bị thiếu."
    )
