"""The officer's pages for what units sent: answers that wait for review, requests for more time, waive/hold/resume."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from config.faults import Refusal
from db.file_store import stored_path
from db.models import Extension, Occurrence, Submission, SubmissionFigure
from db.queries import submission_queries as queries
from submissions.figures import format_figure
from submissions.review import accept, decide_extension, hold, resume, return_for, waive
from submissions.terms import answered_on_time, due_in_force, latest_due, term_end
from web.answer_view import WORDS, say_figure, say_target
from web.edge import edge_of
from web.labels import Chip
from web.login_pages import local_path
from web.rendering import render, see_other
from web.said import said
from web.security import Anyone, Officer, SignedIn

router = APIRouter()
Typed = Annotated[str, Form()]
MOVES: Mapping[str, tuple[Callable[..., Occurrence], str]] = {
    "mien": (waive, "Đã miễn kỳ hạn này."),
    "tam-dung": (hold, "Đã tạm dừng nhắc việc này."),
    "tiep-tuc": (resume, "Đã tiếp tục theo dõi kỳ hạn này."),
}


@dataclass(frozen=True)
class FigureLine:
    """A figure beside what its target asks and what the unit gave the last time."""

    name: str
    given: str
    goal: str
    before: str
    verdict: Chip | None
    cell: str = ""


@router.get("/nop")
def show_waiting(request: Request, user: Anyone) -> Response:
    """What waits for review, the longest waiting first."""
    with edge_of(request).reading() as session:
        waiting = queries.waiting_submissions(session)
        lines = [(submission, was_late(submission)) for submission in waiting]
        return render(request, "review/waiting.html", lines=lines, **WORDS)


@router.get("/nop/{submission_id}")
def show_submission(request: Request, user: Anyone, submission_id: int) -> Response:
    """One answer, with its files, and its figures beside the targets."""
    return _submission_page(request, submission_id)


def _submission_page(request: Request, submission_id: int, fault: str = "", reason: str = "") -> Response:
    with edge_of(request).reading() as session:
        submission = queries.submission_for_review(session, submission_id)
        if submission is None:
            raise HTTPException(404)
        occurrence = submission.occurrence
        return render(
            request,
            "review/submission.html",
            status_code=422 if fault else 200,
            submission=submission,
            occurrence=occurrence,
            due=due_in_force(occurrence),
            on_time=answered_on_time(occurrence),
            newest=occurrence.submissions[-1],
            figures=_figure_lines(session, submission),
            fault=fault,
            reason=reason,
            **WORDS,
        )


def _figure_lines(session: Session, submission: Submission) -> list[FigureLine]:
    ids = [figure.target_id for figure in submission.figures]
    occurrence = submission.occurrence
    before = queries.figures_before(session, occurrence.unit_id, ids, occurrence.id)
    cells = queries.cells_of(session, submission)
    return [
        _figure_line(figure, before.get(figure.target_id), cells.get(figure.target_id, ""))
        for figure in submission.figures
    ]


def _figure_line(figure: SubmissionFigure, before: SubmissionFigure | None, cell: str) -> FigureLine:
    last = format_figure(before.value) if before else ""
    return FigureLine(figure.target.name, say_figure(figure), say_target(figure.target), last, judge(figure), cell)


def judge(figure: SubmissionFigure) -> Chip | None:
    """The figure held against its yearly target; None when the target is no single number."""
    target = figure.target
    if target.value is None:
        return None
    ceiling = target.comparator in ("<=", "<")
    gap = figure.value - target.value if ceiling else target.value - figure.value
    if gap <= 0 and not (gap == 0 and target.comparator in ("<", ">")):
        return Chip("Đạt", "green")
    # The distance between two percentages is told in points, not in per cent.
    measure = "điểm %" if target.unit == "%" else target.unit or ""
    rest = f"{format_figure(round(gap, 6))} {measure}".strip()
    return Chip(f"{'Vượt' if ceiling else 'Còn thiếu'} {rest}", "orange")


def was_late(submission: Submission) -> bool:
    """Whether the first answer of its occurrence came after the term."""
    occurrence = submission.occurrence
    return (occurrence.answered_at or submission.received_at) >= term_end(due_in_force(occurrence))


@router.post("/nop/{submission_id}/chap-nhan")
def post_accept(request: Request, user: Officer, submission_id: int) -> Response:
    """Accept and lock."""
    edge = edge_of(request)
    with edge.transaction() as session:
        accept(session, submission_id, user.name, edge.now(), edge.settings)
    return see_other("/nop", "Đã chấp nhận báo cáo.")


@router.post("/nop/{submission_id}/tra-lai")
def post_return(request: Request, user: Officer, submission_id: int, reason: Typed = "") -> Response:
    """Give back with a reason."""
    if not reason.strip():
        return _submission_page(request, submission_id, "Hãy ghi lý do trả lại để đơn vị biết cần sửa gì.")
    edge = edge_of(request)
    with edge.transaction() as session:
        return_for(session, submission_id, reason, user.name, edge.now(), edge.settings)
    return see_other("/nop", "Đã trả lại báo cáo và báo cho đơn vị.")


@router.get("/nop/{submission_id}/tep/{file_id}")
def download_file(request: Request, user: Officer, submission_id: int, file_id: int) -> Response:
    """A file that a unit sent, always as a download: nothing of it is ever shown inside our own pages."""
    edge = edge_of(request)
    with edge.reading() as session:
        file = queries.file_of_submission(session, submission_id, file_id)
        if file is None:
            raise HTTPException(404)
        path = stored_path(edge.settings.home, file.sha256)
        if not path.exists():
            raise Refusal(f"Tệp «{file.name}» không còn trong kho. Hãy phục hồi thư mục dữ liệu từ bản sao lưu.")
        return FileResponse(path, media_type=file.mime, filename=file.name)


@router.get("/gia-han")
def show_requests(request: Request, user: Anyone) -> Response:
    """Requests for more time that wait for a decision."""
    return _requests_page(request)


def _requests_page(request: Request, fault: str = "", faulty: int = 0, note: str = "") -> Response:
    with edge_of(request).reading() as session:
        asked = queries.asked_extensions(session)
        calendar = edge_of(request).calendar()
        lines = [(each, number_of(each), latest_due(each.occurrence, calendar)) for each in asked]
        return render(
            request,
            "review/extensions.html",
            status_code=422 if fault else 200,
            lines=lines,
            fault=fault,
            faulty=faulty,
            note=note,
            **WORDS,
        )


def number_of(extension: Extension) -> int:
    """Which request of its occurrence this is: 1 for the first."""
    return 1 + sum(other.id < extension.id for other in extension.occurrence.extensions)


@router.post("/gia-han/{extension_id}/dong-y")
def post_grant(
    request: Request, user: Anyone, extension_id: int, granted_due: Typed = "", note: Typed = ""
) -> Response:
    """Grant, until the date given."""
    return _decide(request, user, extension_id, granted=True, due=granted_due, note=note)


@router.post("/gia-han/{extension_id}/tu-choi")
def post_refuse(request: Request, user: Anyone, extension_id: int, note: Typed = "") -> Response:
    """Refuse with a note. A leader may decide as well as the officer (design 7)."""
    return _decide(request, user, extension_id, granted=False, due="", note=note)


def _decide(request: Request, user: SignedIn, extension_id: int, *, granted: bool, due: str, note: str) -> Response:
    edge = edge_of(request)
    try:
        new_due = _date(due)
        with edge.transaction() as session:
            now, calendar = edge.now(), edge.calendar()
            decide_extension(session, extension_id, granted, new_due, note, user.name, now, calendar, edge.settings)
    except Refusal as refusal:
        return _requests_page(request, said(refusal), extension_id, note)
    return see_other("/gia-han", "Đã đồng ý gia hạn." if granted else "Đã từ chối gia hạn và báo cho đơn vị.")


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refusal(f"Không hiểu ngày «{text[:40]}». Hãy chọn lại ngày gia hạn.") from None


@router.post("/ky-han/{occurrence_id}/{move}")
def post_move(
    request: Request, user: Officer, occurrence_id: int, move: str, reason: Typed = "", tiep: Typed = "/"
) -> Response:
    """Miễn, tạm dừng, tiếp tục: the buttons of an occurrence, with a reason. `tiep` is the page to return to."""
    if move not in MOVES:
        raise HTTPException(404)
    service, said = MOVES[move]
    edge = edge_of(request)
    with edge.transaction() as session:
        service(session, occurrence_id, reason, user.name, edge.now())
    return see_other(local_path(tiep), said)
