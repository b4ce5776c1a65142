"""Calendars for telephones: the feed itself behind its secret address, and the officer's page that makes and revokes.

A feed is read without signing in, by programs that ask every hour: it writes nothing, sets no cookie, and answers 304
while nothing has changed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.datastructures import Headers
from starlette.responses import Response

from config.faults import Refusal
from db.models import Plan
from db.queries import feed_queries
from plans.feeds import (
    FeedContent,
    SubjectKind,
    feed_content,
    make_feed,
    open_feed,
    revoke_feed,
    subject_of,
    write_content,
)
from web.edge import edge_of
from web.rendering import render, see_other
from web.security import Officer

router = APIRouter()
SECOND = timedelta(seconds=1)
KINDS: dict[str, SubjectKind] = {"don-vi": "unit", "nguoi": "person", "ke-hoach": "plan"}
NO_SUCH = "Lịch này không có, hoặc đã bị thu hồi. Hãy xin địa chỉ mới ở chuyên viên tổng hợp.\n"


@router.api_route("/lich/{token}.ics", methods=["GET", "HEAD"])
def read_feed(request: Request, token: str) -> Response:
    """The calendar of an address; 404 for one that never was or was revoked."""
    edge = edge_of(request)
    calendar = edge.calendar()
    with edge.reading() as session:
        feed = open_feed(session, token)
        if feed is None:
            return Response(NO_SUCH, 404, media_type="text/plain; charset=utf-8")
        now = edge.now()
        content = feed_content(session, feed, calendar, now)
        headers = _headers(content, now)
        if _is_known(request.headers, content):
            return Response(status_code=304, headers=headers)
        body = write_content(content, feed, calendar)
    return Response(body, headers=headers, media_type="text/calendar; charset=utf-8")


def _headers(content: FeedContent, now: datetime) -> dict[str, str]:
    changed = content.modified_at.replace(microsecond=0)
    # Within its second more may change, which a date alone could not tell (RFC 9110, 8.8.2.2).
    dated = {"Last-Modified": format_datetime(changed.astimezone(UTC), usegmt=True)} if now - changed >= SECOND else {}
    return dated | {
        "ETag": f'"{content.etag}"',
        # Kept by the reader alone, and asked about again each time.
        "Cache-Control": "private, no-cache",
        "Content-Disposition": 'inline; filename="don-doc.ics"',
        "X-Robots-Tag": "noindex",
    }


def _is_known(asked: Headers, content: FeedContent) -> bool:
    """Whether the reader has this version: by its tag, or by its date where no tag is given (RFC 9110, 13.1.3)."""
    if "if-none-match" in asked:
        return _has_tag(asked["if-none-match"], content.etag)
    try:
        since = parsedate_to_datetime(asked.get("if-modified-since", ""))
    except ValueError:
        return False
    # An HTTP date is always in GMT; one without its zone is none.
    return since.tzinfo is not None and content.modified_at.replace(microsecond=0) <= since


def _has_tag(given: str, etag: str) -> bool:
    """Whether If-None-Match names this version; a proxy that packs the body marks the tag as weak."""
    tags = {tag.strip().removeprefix("W/") for tag in given.split(",")}
    return "*" in tags or f'"{etag}"' in tags


@router.get("/dang-ky-lich/{kind}/{code}")
def show_feeds(request: Request, user: Officer, kind: str, code: str) -> Response:
    """The calendars of one unit, person or plan, and the button that makes another."""
    return _page(request, _kind(kind), code)


@router.post("/dang-ky-lich/{kind}/{code}")
def do_make(request: Request, user: Officer, kind: str, code: str) -> Response:
    """Make a secret address. It stands on the page that answers, and nowhere afterwards."""
    edge = edge_of(request)
    with edge.transaction() as session:
        made = make_feed(session, _kind(kind), code, edge.now(), user.name, edge.settings)
    return _page(request, _kind(kind), code, made.address)


@router.post("/dang-ky-lich/thu-hoi")
def do_revoke(
    request: Request, user: Officer, number: Annotated[int, Form()], back: Annotated[str, Form()]
) -> Response:
    """Close an address for good."""
    edge = edge_of(request)
    with edge.transaction() as session:
        revoke_feed(session, number, edge.now(), user.name)
    kind, _, code = back.partition("/")
    _kind(kind)
    return see_other(f"/dang-ky-lich/{kind}/{code}", "Đã thu hồi: địa chỉ đó không mở được nữa.")


def _kind(words: str) -> SubjectKind:
    if words not in KINDS:
        raise HTTPException(404)
    return KINDS[words]


def _page(request: Request, kind: SubjectKind, code: str, address: str = "") -> Response:
    with edge_of(request).reading() as session:
        try:
            subject = subject_of(session, kind, code)
        except Refusal as refusal:
            raise HTTPException(404) from refusal
        name = (subject.number or subject.title) if isinstance(subject, Plan) else subject.name
        context: dict[str, Any] = {
            "feeds": feed_queries.feeds(session, **{f"{kind}_id": subject.id}),
            "subject": name,
            "place": f"{next(word for word, each in KINDS.items() if each == kind)}/{code}",
            "address": address,
            "webcal": f"webcal://{address.partition('://')[2]}" if address else "",
            "home": "/ke-hoach/" + code if kind == "plan" else "/don-vi",
        }
        return render(request, "feeds.html", **context)
