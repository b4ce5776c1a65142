"""The pages that a unit opens from its message, on a telephone, without a password: /t/<token>.

The token is the right to see one occurrence. Every form carries a one-time mark signed for that link and that form, so
a page of another site cannot post, and a double tap or a reloaded confirmation writes nothing twice. Opening a page
writes nothing: the preview robots of mail and chat services open every link, and a reader never waits for a writer.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from itsdangerous import BadSignature, Signer
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from config.faults import Refusal
from config.settings import Settings
from db.models import JournalEntry, Occurrence, Person
from db.queries import submission_queries as queries
from notifications.links import LinkRefused, open_link, other_links
from submissions.checks import MAX_TEXT, Answer, AnswerRefused, FieldFault
from submissions.directing import direct
from submissions.files import ACCEPT_ATTRIBUTE, ACCEPTED_WORDS, MAX_FILES, MEGABYTE, Upload
from submissions.forms import form_for
from submissions.receiving import acknowledge, ask_extension, submit
from web.answer_view import WORDS, AnswerView, Form, belongs, build_view, signature
from web.edge import Edge, edge_of
from web.rendering import download, render
from web.security import ForgedPost
from web.superior_view import is_superior, superior_context

router = APIRouter()

NIL_FORM, REPORT_FORM, TIME_FORM, RECEIVED_FORM = "khong-phat-sinh", "nop", "gia-han", "nhan"
DIRECT_FORM = "y-kien"
MARK_FIELD = "dau"
# Every field is bounded besides the body as a whole (web.headers.BodyLimit).
MAX_FIELDS = 300


@dataclass(frozen=True)
class Opened:
    """A link that was opened in a session: what it is for and whom."""

    link_id: int
    occurrence: Occurrence
    person: Person
    others: Sequence[tuple[Occurrence, str]] = ()


@router.get("/t/{token}")
def show_page(request: Request, token: str) -> Response:
    """What is owed, and the forms to answer it."""
    edge = edge_of(request)
    with _reading(edge) as session:
        opened = _open(session, token, edge)
        view = build_view(session, opened.occurrence, opened.person, edge.now(), edge.calendar())
        return _page(request, token, opened, view, Form(), session=session)


@router.get("/t/{token}/bieu-mau")
def get_form(request: Request, token: str) -> Response:
    """The form of the occurrence as an .xlsx, to be filled in offline and sent back."""
    edge = edge_of(request)
    with _reading(edge) as session:
        opened = _open(session, token, edge)
        return download(*form_for(session, opened.occurrence, edge.settings))


@router.get("/t/{token}/xong/{once}")
def show_recorded(request: Request, token: str, once: str) -> Response:
    """Exactly what a form recorded and when, read back from the journal."""
    edge = edge_of(request)
    with _reading(edge) as session:
        opened = _open(session, token, edge)
        entry = queries.entry_of_form(session, opened.occurrence.id, once)
        if entry is None:
            return RedirectResponse(f"/t/{token}", status_code=303)
        return _recorded_page(request, token, opened, entry)


async def read_form(request: Request, token: str) -> FormData:
    """The posted form, with few enough parts. For a link that never was one nothing of the body is read."""
    if await run_in_threadpool(_never_was, edge_of(request), token):
        return FormData()
    return await request.form(max_files=MAX_FILES + 5, max_fields=MAX_FIELDS, max_part_size=4 * MAX_TEXT)


def _never_was(edge: Edge, token: str) -> bool:
    with edge.reading() as session:
        try:
            open_link(session, token, edge.now(), edge.settings)
        except LinkRefused as refusal:
            return not refusal.gone
    return False


Posted = Annotated[FormData, Depends(read_form)]


@router.post("/t/{token}/nhan")
def post_received(request: Request, token: str, form: Posted) -> Response:
    """Đã nhận: the duty has reached the unit."""

    def act(session: Session, opened: Opened, now: datetime, once: str) -> None:
        acknowledge(session, opened.occurrence.id, signature(opened.person), now, once)

    return _act(request, token, form, Form(RECEIVED_FORM), act)


@router.post("/t/{token}/nop")
async def post_report(request: Request, token: str, form: Posted) -> Response:
    """Nộp báo cáo: files, figures, text."""
    settings = edge_of(request).settings
    uploads, faults = await _read_uploads(form, settings)
    typed = Form(
        REPORT_FORM,
        text=_text(form, "text"),
        figures=_figures(form),
        keep=[int(value) for value in form.getlist("keep") if isinstance(value, str) and value.isdecimal()],
        faults=faults,
    )
    answer = Answer("report", typed.text, typed.figures, uploads, typed.keep or ())
    return await run_in_threadpool(_send, request, token, form, typed, answer)


@router.post("/t/{token}/khong-phat-sinh")
def post_nil(request: Request, token: str, form: Posted) -> Response:
    """Không phát sinh: nothing to report in this period."""
    typed = Form(NIL_FORM, text=_text(form, "text"))
    return _send(request, token, form, typed, Answer("nil", typed.text))


@router.post("/t/{token}/gia-han")
def post_extension(request: Request, token: str, form: Posted) -> Response:
    """Xin gia hạn: a reason and a date."""
    typed = Form(TIME_FORM, reason=_text(form, "reason"), wanted_due=_text(form, "wanted_due"))
    calendar = edge_of(request).calendar()

    def act(session: Session, opened: Opened, now: datetime, once: str) -> None:
        wanted = _date(typed.wanted_due)
        by = signature(opened.person)
        ask_extension(session, opened.occurrence.id, wanted, typed.reason, by, now, calendar, once)

    return _act(request, token, form, typed, act, typed.wanted_due, typed.reason)


@router.post("/t/{token}/y-kien")
def post_direction(request: Request, token: str, form: Posted) -> Response:
    """Ý kiến chỉ đạo: what a superior says of the duty; the officer is told once."""
    typed = Form(DIRECT_FORM, text=_text(form, "text"))
    settings = edge_of(request).settings

    def act(session: Session, opened: Opened, now: datetime, once: str) -> None:
        direct(session, opened.occurrence.id, typed.text, signature(opened.person), now, settings, once)

    return _act(request, token, form, typed, act, typed.text)


def _send(request: Request, token: str, form: FormData, typed: Form, answer: Answer) -> Response:
    settings = edge_of(request).settings

    def act(session: Session, opened: Opened, now: datetime, once: str) -> None:
        submit(session, opened.occurrence.id, answer, signature(opened.person), "web", now, settings, once)

    digests = [hashlib.sha256(file.data).hexdigest() for file in answer.files]
    content = (typed.text, sorted(typed.figures.items()), sorted(answer.keep), digests)
    return _act(request, token, form, typed, act, content)


Act = Callable[[Session, Opened, datetime, str], None]


def _act(request: Request, token: str, form: FormData, typed: Form, act: Act, *content: object) -> Response:
    """Do one thing once: write and go to its confirmation, or show the page again with what was wrong."""
    edge = edge_of(request)
    if request.headers.get("sec-fetch-site") == "cross-site":
        raise ForgedPost
    try:
        with edge.transaction() as session:
            opened = _open(session, token, edge)
            once = read_mark(edge.settings, opened.link_id, typed.name, _text(form, MARK_FIELD), *content)
            _refuse_outsider(opened, typed.name)
            if typed.faults:
                raise AnswerRefused(*typed.faults)
            act(session, opened, edge.now(), once)
    except LinkRefused:
        raise
    except Refusal as refusal:
        return _page_again(request, token, typed, refusal)
    return RedirectResponse(f"/t/{token}/xong/{once}", status_code=303)


def _page_again(request: Request, token: str, typed: Form, refusal: Refusal) -> Response:
    faults = refusal.faults if isinstance(refusal, AnswerRefused) else (FieldFault("", str(refusal)),)
    again = Form(typed.name, typed.text, typed.reason, typed.wanted_due, typed.figures, typed.keep, faults)
    edge = edge_of(request)
    with _reading(edge) as session:
        opened = _open(session, token, edge)
        view = build_view(session, opened.occurrence, opened.person, edge.now(), edge.calendar())
        return _page(
            request, token, opened, view, again, 422 if isinstance(refusal, AnswerRefused) else 409, session=session
        )


def _refuse_outsider(opened: Opened, form: str) -> None:
    """A unit's people answer, a superior only says what he thinks; nobody does the other's part."""
    if form == DIRECT_FORM and is_superior(opened.person) and opened.person.active:
        return
    if form == DIRECT_FORM or not belongs(opened.person, opened.occurrence):
        raise Refusal("Liên kết này chỉ để xem. Việc trả lời do người của đơn vị được giao thực hiện.")


@contextmanager
def _reading(edge: Edge) -> Iterator[Session]:
    """A session that only reads; what opening a link notes on it is never written, so no lock is asked for."""
    with edge.reading() as session, session.no_autoflush:
        yield session


def _open(session: Session, token: str, edge: Edge) -> Opened:
    """The occurrence and the person of a link. Raises LinkRefused."""
    link = open_link(session, token, edge.now(), edge.settings)
    occurrence = queries.occurrence_for_page(session, link.occurrence_id)
    person = queries.person_of_link(session, link.person_id)
    if occurrence is None or person is None:
        raise LinkRefused("Việc của liên kết này không còn trong hệ thống.")
    return Opened(link.id, occurrence, person, other_links(session, link, edge.now(), edge.settings))


def make_mark(settings: Settings, link_id: int, form: str, seed: str) -> str:
    """The hidden value of a form: a random seed, signed for one link and one form."""
    return _signer(settings, link_id, form).sign(seed).decode()


def read_mark(settings: Settings, link_id: int, form: str, mark: str, *content: object) -> str:
    """The one-time name of what a form does: the same form with the same content is the same deed.

    The content is part of it, so that a corrected answer sent from an old page is a new version and never lost.
    Raises ForgedPost when the mark was not made here for this link and this form.
    """
    try:
        seed = _signer(settings, link_id, form).unsign(mark).decode()
    except (BadSignature, UnicodeError):
        raise ForgedPost from None
    digest = hashlib.sha256(repr(content).encode()).hexdigest()[:12]
    return f"{form}-{seed}-{digest}"


def _signer(settings: Settings, link_id: int, form: str) -> Signer:
    key = settings.secret_key.get_secret_value()
    return Signer(key, salt=f"dondoc.answer.{link_id}.{form}", digest_method=hashlib.sha256)


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = "Chưa chọn ngày xin gia hạn. Hãy chọn một ngày làm việc sau thời hạn hiện nay."
        raise AnswerRefused(FieldFault("wanted_due", message)) from None


def _figures(form: FormData) -> dict[int, str]:
    typed: dict[int, str] = {}
    for name, value in form.multi_items():
        number = name.removeprefix("figure-")
        if number != name and number.isascii() and number.isdecimal() and isinstance(value, str):
            typed[int(number)] = value[:200]
    return typed


async def _read_uploads(form: FormData, settings: Settings) -> tuple[list[Upload], list[FieldFault]]:
    """The files that were chosen; one over the limit is named and not read into memory."""
    uploads: list[Upload] = []
    faults: list[FieldFault] = []
    for part in form.getlist("files"):
        if not isinstance(part, UploadFile) or not (part.filename or part.size):
            continue
        # One byte over the limit is enough for the service to refuse it by name.
        uploads.append(Upload(part.filename or "", await part.read(settings.upload_mb * MEGABYTE + 1)))
    return uploads, faults


def refused_page(request: Request, refusal: Exception) -> Response:
    """A kind page for a link that opens nothing; it says what to do and nothing of what was behind it."""
    gone = isinstance(refusal, LinkRefused) and refusal.gone
    return render(request, "answer/refused.html", status_code=410 if gone else 404, reason=str(refusal))


def _page(
    request: Request,
    token: str,
    opened: Opened,
    view: AnswerView,
    form: Form,
    status_code: int = 200,
    *,
    session: Session,
) -> Response:
    settings = edge_of(request).settings
    seed = secrets.token_urlsafe(12)
    if is_superior(opened.person):
        page = superior_context(session, opened.occurrence, opened.person, opened.others, edge_of(request).today())
        page |= {"token": token, "view": view, "form": form, "mark_field": MARK_FIELD}
        page["mark"] = make_mark(settings, opened.link_id, DIRECT_FORM, seed)
        return render(request, "answer/superior.html", status_code=status_code, **page, **WORDS)
    names = (RECEIVED_FORM, REPORT_FORM, NIL_FORM, TIME_FORM)
    return render(
        request,
        "answer/page.html",
        status_code=status_code,
        token=token,
        view=view,
        form=form,
        others=opened.others,
        marks={name: make_mark(settings, opened.link_id, name, seed) for name in names},
        mark_field=MARK_FIELD,
        accept=ACCEPT_ATTRIBUTE,
        accepted_words=ACCEPTED_WORDS,
        max_files=MAX_FILES,
        upload_mb=settings.upload_mb,
        **WORDS,
    )


def _recorded_page(request: Request, token: str, opened: Opened, entry: JournalEntry) -> Response:
    numbers = entry.data
    submission = next((one for one in opened.occurrence.submissions if one.id == numbers.get("submission")), None)
    extension = next((one for one in opened.occurrence.extensions if one.id == numbers.get("extension")), None)
    return render(
        request,
        "answer/recorded.html",
        token=token,
        entry=entry,
        occurrence=opened.occurrence,
        submission=submission,
        extension=extension,
        **WORDS,
    )
