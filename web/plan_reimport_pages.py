"""A corrected file over a plan: sent once, shown as a difference, then applied or dropped."""

from __future__ import annotations

import hashlib
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, File, Form, HTTPException, Request, UploadFile
from sqlalchemy.orm import Session
from starlette.responses import Response

from config.faults import Refusal
from db.file_store import HASH, read_stored, store_bytes, stored_path
from db.models import Plan
from db.queries import file_queries, plan_queries
from plans.reimporting import Preview, apply_difference, preview_difference
from web.edge import Edge, edge_of
from web.plan_files import PlanText, read_once, uploaded
from web.plan_reimport_view import FATES, duty_changes, stamp_of
from web.rendering import render, see_other
from web.security import Officer

router = APIRouter()
Typed = Annotated[str, Form(max_length=300)]
CHANGED = "Kế hoạch đã thay đổi sau khi so sánh. Dưới đây là kết quả so lại; hãy xem rồi bấm thực hiện lần nữa."
NAME_MOST = 200
GONE = "Tệp đã gửi không còn trên máy này. Hãy gửi lại tệp."


def _plan(session: Session, code: str) -> Plan:
    plan = plan_queries.plan_by_code(session, code)
    if plan is None:
        raise HTTPException(404)
    return plan


@router.get("/ke-hoach/{code}/nhap-lai")
def show_upload(request: Request, user: Officer, code: str) -> Response:
    """The form to send a corrected file."""
    return _upload_page(request, code)


def _upload_page(request: Request, code: str, fault: str = "", year: str = "") -> Response:
    edge = edge_of(request)
    with edge.reading() as session:
        plan = _plan(session, code)
        context = {"plan": plan, "fault": fault, "year": year, "most": edge.settings.upload_mb}
        return render(request, "plan_reimport/upload.html", status_code=409 if fault else 200, **context)


@router.post("/ke-hoach/{code}/nhap-lai")
def send(request: Request, user: Officer, code: str, file: Annotated[UploadFile, File()], year: Typed = "") -> Response:
    """Keep a corrected file that can be read, and go on to what it changes."""
    edge = edge_of(request)
    try:
        name, data = uploaded(edge, file)
        read = read_once(edge, name[:NAME_MOST], data, year)
        with edge.transaction() as session:
            # What cannot be applied is refused here, before anything is kept.
            _previewed(session, _plan(session, code), read, name, data, edge, user.name)
    except Refusal as error:
        return _upload_page(request, code, str(error), year)
    store_bytes(edge.settings.home, data)
    query = urlencode({"ten": name[:NAME_MOST], "nam": year.strip()})
    return see_other(f"/ke-hoach/{code}/nhap-lai/{hashlib.sha256(data).hexdigest()}?{query}")


@router.get("/ke-hoach/{code}/nhap-lai/{digest}")
def show_difference(request: Request, user: Officer, code: str, digest: str, ten: str = "", nam: str = "") -> Response:
    """What the file changes. Nothing is written."""
    return _difference_page(request, code, digest, ten, nam, user.name)


def _difference_page(
    request: Request, code: str, digest: str, name: str, year: str, actor: str, fault: str = ""
) -> Response:
    edge = edge_of(request)
    try:
        read, data = _kept(edge, digest, name, year)
        with edge.transaction() as session:
            plan = _plan(session, code)
            found = _previewed(session, plan, read, name, data, edge, actor)
            context = {"plan": plan, "found": found, "changes": duty_changes(found), "stamp": stamp_of(found)}
            context |= {"digest": digest, "file_name": name, "year": year, "FATES": FATES, "fault": fault}
            status = 409 if fault else 200
            return render(request, "plan_reimport/difference.html", status_code=status, **context)
    except Refusal as error:
        return _upload_page(request, code, str(error), year)


def _kept(edge: Edge, digest: str, name: str, year: str) -> tuple[PlanText, bytes]:
    """What a file that was sent before says, with its bytes. Raises Refusal."""
    if not HASH.fullmatch(digest):
        raise HTTPException(404)
    try:
        data = read_stored(edge.settings.home, digest)
    except FileNotFoundError:
        raise Refusal(GONE) from None
    return read_once(edge, name, data, year), data


def _previewed(session: Session, plan: Plan, read: PlanText, name: str, data: bytes, edge: Edge, actor: str) -> Preview:
    given = (read.reading, name, data, edge.calendar(), edge.now(), actor, edge.settings)
    return preview_difference(session, plan.id, *given)


@router.post("/ke-hoach/{code}/nhap-lai/{digest}/thuc-hien")
def apply(
    request: Request, user: Officer, code: str, digest: str, name: Typed = "", year: Typed = "", stamp: Typed = ""
) -> Response:
    """Take the file over, when it still does what was shown."""
    edge = edge_of(request)
    try:
        read, data = _kept(edge, digest, name, year)
        with edge.transaction() as session:
            plan = _plan(session, code)
            same = stamp_of(_previewed(session, plan, read, name, data, edge, user.name)) == stamp
            if same:
                effect = apply_difference(
                    session, plan.id, read.reading, name, data, edge.calendar(), edge.now(), user.name, edge.settings
                )
    except Refusal as error:
        return _upload_page(request, code, str(error), year)
    if not same:
        return _difference_page(request, code, digest, name, year, user.name, CHANGED)
    read.keep(edge.settings.home, data)
    return see_other(f"/ke-hoach/{code}", " ".join(effect.lines()))


@router.post("/ke-hoach/{code}/nhap-lai/{digest}/bo")
def drop(request: Request, user: Officer, code: str, digest: str) -> Response:
    """Leave the plan as it is, and keep nothing of the file unless something else has the same bytes."""
    edge = edge_of(request)
    with edge.reading() as session:
        _plan(session, code)
        used = not HASH.fullmatch(digest) or file_queries.is_used(session, digest)
    if not used:
        stored_path(edge.settings.home, digest).unlink(missing_ok=True)
    return see_other(f"/ke-hoach/{code}", "Đã bỏ tệp vừa gửi; kế hoạch không thay đổi.")
