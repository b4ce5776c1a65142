"""Plans: import a file as a draft, answer its questions, confirm it; and the duties that wait for a date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, HTTPException, Request, UploadFile
from sqlalchemy.orm import Session
from starlette.responses import Response

from config.faults import Refusal
from db.models import Plan
from db.office_rules import calendar_to_date_by
from db.queries import office_queries, view_queries
from deadlines import WorkCalendar
from plans.asking import blocks
from plans.bulk import BulkOutcome, answer_group
from plans.chase_start import set_chase_start
from plans.confirming import confirm
from plans.events import enter_event
from plans.questions import answer
from plans.reimporting import date_late_answers
from plans.uploads import all_uploads
from web.edge import Edge, edge_of
from web.occurrence_pages import say_place, say_rules
from web.plan_files import read_sent, uploaded
from web.plan_review import read_number, waits
from web.plan_review_view import Asked, Opened, draft_or_404, read_opened, review_page
from web.question_forms import NOTHING_CHOSEN, NOTHING_TICKED, QuestionForm, TypedAnswers, answer_of, said_of_group
from web.rendering import render, see_other
from web.said import said
from web.security import Anyone, Officer
from web.upload_pages import sent_on, target_of

router = APIRouter()


@router.get("/ke-hoach")
def show_plans(request: Request, user: Anyone) -> Response:
    """Every plan, and the form to import one."""
    return _plans_page(request)


def _plans_page(request: Request, fault: str = "", year: str = "", status: int = 200) -> Response:
    edge = edge_of(request)
    with edge.reading() as session:
        rows = office_queries.plan_rows(session, edge.today())
        most = edge.settings.upload_mb
        sent = [each for each in all_uploads(edge.settings.home) if each.state != "done"]
        context = {"rows": rows, "fault": fault, "year": year, "most": most, "sent": sent, "target_of": target_of}
        return render(request, "plans.html", status_code=status, **context)


@router.post("/ke-hoach")
def do_import(
    request: Request,
    user: Officer,
    file: Annotated[UploadFile, File()],
    year: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Read a plan file and keep it as a draft."""
    edge = edge_of(request)
    try:
        name, data = uploaded(edge, file)
        upload = read_sent(request, name, data, year, user.name)
    except Refusal as error:
        return _plans_page(request, said(error), year, 409)
    return sent_on(upload)


@router.get("/ke-hoach/{code}")
def show_plan(request: Request, user: Anyone, code: str, nguon: str = "", nv: str = "") -> Response:
    """One plan: a draft with its source beside it, to be corrected; a followed one with how far each duty has come."""
    return _plan_page(request, code, asked=Asked(read_number(nguon), read_number(nv)))


def _plan_page(
    request: Request,
    code: str,
    faults: dict[int, str] | None = None,
    typed: dict[int, QuestionForm] | None = None,
    fault: str = "",
    asked: Asked | None = None,
) -> Response:
    edge = edge_of(request)
    with edge.reading() as session:
        plan = draft_or_404(session, code)
        if plan.state == "draft":
            opened = read_opened(plan, request.query_params) if request.method == "GET" else Opened()
            shown = replace(asked or Asked(), opened=opened, fault=fault, faults=faults or {}, typed=typed or {})
            return review_page(request, session, plan, shown)
        context = _plan_context(session, plan, edge.today())
        context |= {"faults_by_question": faults or {}, "typed": typed or {}, "blank": QuestionForm(), "fault": fault}
        return render(request, "plan.html", status_code=409 if faults or fault else 200, **context)


def _plan_context(session: Session, plan: Plan, today: date) -> dict[str, Any]:
    asked = [each for each in plan.questions if not waits(each)]
    still_open = [each for each in asked if each.answered_at is None]
    return {
        "plan": plan,
        "units": view_queries.unit_choices(session),
        "blocking": [each for each in still_open if blocks(each)],
        "others": [each for each in still_open if not blocks(each)],
        "answered": [each for each in asked if each.answered_at is not None],
        "waiting": [each for each in plan.questions if waits(each)],
        "progress": office_queries.progress_of_duties(session, plan.id, today),
        "say_rules": say_rules,
        "say_place": say_place,
    }


@router.post("/ke-hoach/{code}/xac-nhan")
def do_confirm(
    request: Request, user: Officer, code: str, from_today: Annotated[str, Form(alias="tu-hom-nay")] = ""
) -> Response:
    """Confirm a draft: its occurrences are made and the chase begins, with what is past or (asked so) without."""
    edge = edge_of(request)
    try:
        with edge.transaction() as session:
            plan = office_queries.whole_plan(session, code)
            if plan is None:
                raise HTTPException(404)
            done = confirm(session, plan.id, calendar_to_date_by(session, edge.settings), edge.now(), user.name)
            late = _record_past(session, plan.id, edge, user.name) if from_today else 0
    except Refusal as error:
        return _plan_page(request, code, fault=said(error))
    opened, recorded = done.expansion.opened - late, done.expansion.recorded + late
    words = f"Đã xác nhận: {opened} kỳ hạn được theo dõi, {recorded} chỉ ghi nhận"
    return see_other(f"/ke-hoach/{code}", f"{words}, {len(done.waiting)} việc chờ ngày.")


def _record_past(session: Session, plan_id: int, edge: Edge, actor: str) -> int:
    return set_chase_start(session, plan_id, edge.today(), edge.now(), actor).recorded


@router.post("/ke-hoach/{code}/cau-hoi")
def do_answer(request: Request, user: Officer, code: str, typed: TypedAnswers) -> Response:
    """Write down every answer that was chosen; one that cannot be used is said beside its question."""
    edge = edge_of(request)
    faults: dict[int, str] = {}
    written = 0
    with edge.transaction() as session:
        if office_queries.plan_of_code(session, code) is None:
            raise HTTPException(404)
        calendar = calendar_to_date_by(session, edge.settings)
        for number, given in typed.items():
            try:
                # An answer that is refused half-way must leave nothing behind; the others stand.
                with session.begin_nested():
                    outcome = _answer(session, number, given, calendar, edge, user.name)
            except Refusal as error:
                faults[number] = said(error)
                continue
            written += len(outcome.answered)
            if refused := said_of_group(outcome):
                faults[number] = refused
    if faults or not typed:
        return _plan_page(request, code, faults, typed, "" if typed else NOTHING_CHOSEN)
    return see_other(f"/ke-hoach/{code}#cau-hoi", f"Đã ghi {written} câu trả lời.")


def _answer(
    session: Session, number: int, given: QuestionForm, calendar: WorkCalendar, edge: Edge, actor: str
) -> BulkOutcome:
    """Answer one question, or all that were ticked on a card for several. Raises Refusal."""
    if given.alike is None:
        outcome = BulkOutcome([answer(session, number, answer_of(given), edge.now(), actor)])
    elif given.alike:
        outcome = answer_group(session, given.alike, answer_of(given), edge.now(), actor)
    else:
        raise Refusal(NOTHING_TICKED)
    date_late_answers(session, outcome.answered, calendar, edge.now(), edge.settings)
    return outcome


@router.get("/cho-ngay")
def show_waiting(request: Request, user: Anyone) -> Response:
    """Duties that wait for an event, a document or a demand."""
    return _waiting_page(request)


def _waiting_page(
    request: Request, faults: dict[int, str] | None = None, typed: QuestionForm | None = None
) -> Response:
    with edge_of(request).reading() as session:
        questions = office_queries.waiting_questions(session)
        context = {"questions": questions, "say_rules": say_rules, "faults_by_question": faults or {}}
        status = 409 if faults else 200
        return render(request, "waiting.html", status_code=status, typed=typed or QuestionForm(), **context)


@router.post("/cho-ngay/{question_id}")
def do_enter(request: Request, user: Officer, question_id: int, typed: Annotated[QuestionForm, Form()]) -> Response:
    """Enter the event, or the day itself; one occurrence is made for each responsible unit."""
    edge = edge_of(request)
    try:
        given = {name: value for name, value in (("event", typed.event), ("due", typed.due)) if value}
        with edge.transaction() as session:
            note = {"note": typed.note} if typed.note.strip() else {}
            calendar = calendar_to_date_by(session, edge.settings)
            made = enter_event(session, question_id, given | note, calendar, edge.now(), user.name)
            dues = sorted({each.due_target for each in made})
    except Refusal as error:
        return _waiting_page(request, {question_id: said(error)}, typed)
    words = ", ".join(f"{day:%d/%m/%Y}" for day in dues)
    return see_other("/cho-ngay", f"Đã ghi {len(made)} kỳ hạn, nên xong ngày {words}.")
