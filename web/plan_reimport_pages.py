"""A corrected file over a plan: sent once, shown as a difference, then applied or dropped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, File, Form, HTTPException, Request, UploadFile
from sqlalchemy.orm import Session
from starlette.responses import Response

from config.faults import Refusal
from config.settings import Settings
from db.file_store import HASH
from db.models import Json, Plan
from db.office_rules import calendar_to_date_by
from db.queries import plan_queries
from deadlines import WorkCalendar
from plans import uploads
from plans.importing import refuse_twice
from plans.reading.model import Told
from plans.reimporting import Preview, apply_difference, preview_difference
from plans.source_view import adopt_view
from plans.uploads import Upload
from web.edge import Edge, edge_of
from web.plan_files import read_sent, uploaded
from web.plan_reimport_view import FATES, duty_changes, stamp_of
from web.rendering import render, see_other
from web.said import said
from web.security import Officer
from web.upload_pages import page_of, sent_on

router = APIRouter()
Typed = Annotated[str, Form(max_length=300)]
CHANGED = "Kế hoạch đã thay đổi sau khi so sánh. Dưới đây là kết quả so lại; hãy xem rồi bấm thực hiện lần nữa."
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
        with edge.reading() as session:
            refuse_twice(session, data, name, _plan(session, code))
        upload = read_sent(request, name, data, year, user.name, code)
        if upload.state == "read":
            _refuse_unfit(edge, code, upload, user.name)
    except Refusal as error:
        return _upload_page(request, code, said(error), year)
    return sent_on(upload)


def _refuse_unfit(edge: Edge, code: str, upload: Upload, actor: str) -> None:
    """Raises Refusal, keeping nothing, for a file that cannot be laid over the plan."""
    try:
        with edge.transaction() as session:
            _previewed(session, _plan(session, code), upload, edge, actor)
    except Refusal:
        uploads.drop(edge.settings.home, upload.id)
        raise


@router.get("/ke-hoach/{code}/nhap-lai/{number}")
def show_difference(request: Request, user: Officer, code: str, number: str) -> Response:
    """What the file changes. Nothing is written."""
    return _difference_page(request, code, number, user.name)


def _difference_page(request: Request, code: str, number: str, actor: str, fault: str = "") -> Response:
    edge = edge_of(request)
    try:
        upload = _kept(edge, code, number)
        if upload.state != "read":
            return see_other(page_of(upload))
        with edge.transaction() as session:
            plan = _plan(session, code)
            found = _previewed(session, plan, upload, edge, actor)
            context = {"plan": plan, "found": found, "changes": duty_changes(found), "stamp": stamp_of(found)}
            context |= {"upload": upload, "FATES": FATES, "fault": fault}
            status = 409 if fault else 200
            return render(request, "plan_reimport/difference.html", status_code=status, **context)
    except Refusal as error:
        return _upload_page(request, code, said(error))


def _kept(edge: Edge, code: str, number: str) -> Upload:
    """A file that was sent for this plan. Raises Refusal when it is gone."""
    if not HASH.fullmatch(number):
        raise HTTPException(404)
    upload = uploads.find(edge.settings.home, number)
    if upload is None or upload.corrects != code:
        raise Refusal(GONE)
    return upload


@dataclass(frozen=True)
class _KeptReading:
    content: Json

    def to_json(self) -> Json:
        """What was read of the file when it was sent."""
        return self.content


def _given(
    session: Session, upload: Upload, edge: Edge, actor: str
) -> tuple[Told, str, bytes, WorkCalendar, datetime, str, Settings]:
    """What the services are told of an upload. Raises Refusal when it was dropped meanwhile."""
    try:
        content, data = upload.reading(), upload.data()
    except FileNotFoundError:
        raise Refusal(GONE) from None
    if content is None:
        raise Refusal(GONE)
    calendar = calendar_to_date_by(session, edge.settings)
    return _KeptReading(content), upload.name, data, calendar, edge.now(), actor, edge.settings


def _previewed(session: Session, plan: Plan, upload: Upload, edge: Edge, actor: str) -> Preview:
    return preview_difference(session, plan.id, *_given(session, upload, edge, actor))


@router.post("/ke-hoach/{code}/nhap-lai/{number}/thuc-hien")
def apply(request: Request, user: Officer, code: str, number: str, stamp: Typed = "") -> Response:
    """Take the file over, when it still does what was shown."""
    edge = edge_of(request)
    home = edge.settings.home
    try:
        upload = _kept(edge, code, number)
        with edge.transaction() as session:
            plan = _plan(session, code)
            same = stamp_of(_previewed(session, plan, upload, edge, user.name)) == stamp
            if same:
                effect = apply_difference(session, plan.id, *_given(session, upload, edge, user.name))
    except Refusal as error:
        return _upload_page(request, code, said(error))
    if not same:
        return _difference_page(request, code, number, user.name, CHANGED)
    adopt_view(home, upload.folder, upload.sha256)
    uploads.drop(home, upload.id)
    return see_other(f"/ke-hoach/{code}", said(" ".join(effect.lines())))


@router.post("/ke-hoach/{code}/nhap-lai/{number}/bo")
def drop(request: Request, user: Officer, code: str, number: str) -> Response:
    """Leave the plan as it is, and keep nothing of the file."""
    edge = edge_of(request)
    with edge.reading() as session:
        _plan(session, code)
    upload = uploads.find(edge.settings.home, number)
    if upload is not None and upload.corrects == code:
        uploads.drop(edge.settings.home, number)
    return see_other(f"/ke-hoach/{code}", "Đã bỏ tệp vừa gửi; kế hoạch không thay đổi.")
