"""Correcting a draft on its review page: each button is one post, one service, and the way back to the row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.responses import Response

from config.faults import Refusal
from db.models import Plan
from plans import editing
from web.edge import edge_of
from web.plan_review import form_choices, read_number
from web.plan_review_forms import AddFields, DutyFields, HeadFields, SplitFields, TargetFields, version_in
from web.plan_review_undo import undo
from web.plan_review_view import (
    Asked,
    Opened,
    draft_or_404,
    duty_in,
    open_form,
    refused_form,
    review_page,
    target_in,
)
from web.rendering import render, see_other
from web.said import said
from web.security import Officer

router = APIRouter()
Words = Annotated[str, Form(max_length=4000)]
Chosen = Annotated[list[str], Form(alias="chon", max_length=2000)]
# What an edit does with the plan: it gives the anchor to come back to, and the words of the message.
Work = Callable[[Session, Plan], tuple[str, str]]
NOT_HERE = "Mục này không còn trong kế hoạch. Hãy mở lại trang để xem bản mới."


def _do(
    request: Request, code: str, work: Work, kind: str = "", number: int = 0, typed: BaseModel | None = None
) -> Response:
    """Do one edit. A refused one shows the page again, its form still open with what was typed."""
    edge = edge_of(request)
    try:
        with edge.transaction() as session:
            anchor, told = work(session, draft_or_404(session, code))
    except Refusal as error:
        return _refused(request, code, said(error), kind, number, typed)
    shown = anchor.partition("-")[2] if anchor.startswith("nv-") else ""
    return see_other(f"/ke-hoach/{code}{f'?nv={shown}' if shown else ''}#{anchor}", told)


def _refused(request: Request, code: str, fault: str, kind: str, number: int, typed: BaseModel | None) -> Response:
    with edge_of(request).reading() as session:
        plan = draft_or_404(session, code)
        if plan.state != "draft":
            raise Refusal(fault)
        opened = refused_form(plan, kind, number, typed, fault) if typed is not None else Opened()
        return review_page(request, session, plan, Asked(opened=opened, fault="" if opened.kind else fault))


def _of(plan: Plan, number: int) -> int:
    """The number of a duty of this plan. Raises Refusal for one of another plan: the address is not to be trusted."""
    if duty_in(plan, number) is None:
        raise Refusal(NOT_HERE)
    return number


def _target_of(plan: Plan, number: int) -> int:
    if target_in(plan, number) is None:
        raise Refusal(NOT_HERE)
    return number


@router.get("/ke-hoach/{code}/bieu-mau/{kind}/{number}")
def show_form(request: Request, user: Officer, code: str, kind: str, number: int) -> Response:
    """The form of one row alone, for the page to put in place."""
    with edge_of(request).reading() as session:
        plan = draft_or_404(session, code)
        opened = open_form(plan, kind, number) if plan.state == "draft" else Opened()
        if not opened.kind:
            raise HTTPException(404)
        return render(request, "plan_review/form.html", plan=plan, opened=opened, **form_choices(session, plan))


@router.post("/ke-hoach/{code}/nhiem-vu/{number}")
def edit(request: Request, user: Officer, code: str, number: int, typed: DutyFields) -> Response:
    """New words for a duty."""
    now, name = edge_of(request).now(), user.name

    def work(session: Session, plan: Plan) -> tuple[str, str]:
        version = version_in(typed.version)
        duty = editing.edit_duty(session, _of(plan, number), typed.changes, now, name, version=version)
        if bool(typed.standing) != duty.standing:
            editing.set_standing(session, number, bool(typed.standing), now, name)
        return f"nv-{number}", f"Đã lưu nhiệm vụ {duty.ordinal or duty.key}."

    return _do(request, code, work, "sua", number, typed)


@router.post("/ke-hoach/{code}/nhiem-vu/{number}/tach")
def split(request: Request, user: Officer, code: str, number: int, typed: SplitFields) -> Response:
    """Several duties of one."""
    now, name = edge_of(request).now(), user.name

    def work(session: Session, plan: Plan) -> tuple[str, str]:
        duty = duty_in(plan, _of(plan, number))
        parts = typed.parts(duty) if duty else []
        made = editing.split_duty(session, number, parts, now, name, version=version_in(typed.version))
        return f"nv-{number}", f"Đã tách thành {len(made)} nhiệm vụ."

    return _do(request, code, work, "tach", number, typed)


@router.post("/ke-hoach/{code}/gop")
def join(request: Request, user: Officer, code: str, chosen: Chosen = []) -> Response:  # noqa: B006 - FastAPI copies it
    """One duty of several: each ticked row gives its number and version."""
    now, name = edge_of(request).now(), user.name

    def work(session: Session, plan: Plan) -> tuple[str, str]:
        pairs = [each.partition(".") for each in chosen]
        numbers = [_of(plan, int(number)) for number, _, _ in pairs if number.isascii() and number.isdigit()]
        versions = [version_in(version) for _, _, version in pairs]
        duty = editing.join_duties(session, numbers, now, name, versions=versions)
        return f"nv-{duty.id}", f"Đã gộp {len(numbers)} dòng thành một nhiệm vụ."

    return _do(request, code, work)


@router.post("/ke-hoach/{code}/nhiem-vu")
def add(request: Request, user: Officer, code: str, typed: AddFields) -> Response:
    """A duty that the reader did not find, behind another one or first of all."""
    now, name = edge_of(request).now(), user.name
    behind = read_number(typed.after) or 0

    def work(session: Session, plan: Plan) -> tuple[str, str]:
        duty = editing.add_duty(
            session, plan.id, typed.changes, behind or None, now, name, standing=bool(typed.standing)
        )
        return f"nv-{duty.id}", "Đã thêm nhiệm vụ."

    return _do(request, code, work, "them", behind, typed)


@router.post("/ke-hoach/{code}/nhiem-vu/{number}/bo")
def drop(request: Request, user: Officer, code: str, number: int, reason: Words = "", version: Words = "") -> Response:
    """Take a duty out of the draft."""
    now, name = edge_of(request).now(), user.name

    def work(session: Session, plan: Plan) -> tuple[str, str]:
        editing.drop_duty(session, _of(plan, number), reason, now, name, version=version_in(version))
        return "da-bo", "Đã bỏ nhiệm vụ khỏi bản nháp; có thể khôi phục ở mục Nhiệm vụ đã bỏ."

    return _do(request, code, work)


@router.post("/ke-hoach/{code}/nhiem-vu/{number}/khoi-phuc")
def restore(request: Request, user: Officer, code: str, number: int) -> Response:
    """Bring a dropped duty back."""
    now, name = edge_of(request).now(), user.name

    def work(session: Session, plan: Plan) -> tuple[str, str]:
        editing.restore_duty(session, _of(plan, number), now, name)
        return f"nv-{number}", "Đã khôi phục nhiệm vụ."

    return _do(request, code, work)


@router.post("/ke-hoach/{code}/nhiem-vu/{number}/chuyen")
def move(request: Request, user: Officer, code: str, number: int, after: Words = "", version: Words = "") -> Response:
    """Put a duty behind another one, or first of all."""
    now, name = edge_of(request).now(), user.name
    behind = read_number(after) or 0

    def work(session: Session, plan: Plan) -> tuple[str, str]:
        number_here, guard = _of(plan, number), version_in(version)
        editing.move_duty(session, number_here, behind or None, now, name, version=guard)
        return f"nv-{number}", "Đã đổi chỗ nhiệm vụ."

    return _do(request, code, work)


@router.post("/ke-hoach/{code}/chi-tieu/{number}")
def edit_target(request: Request, user: Officer, code: str, number: int, typed: TargetFields) -> Response:
    """A new figure or new words for a target."""
    now, name = edge_of(request).now(), user.name

    def work(session: Session, plan: Plan) -> tuple[str, str]:
        version = version_in(typed.version)
        editing.edit_target(session, _target_of(plan, number), typed.changes, now, name, version=version)
        return f"ct-{number}", "Đã lưu chỉ tiêu."

    return _do(request, code, work, "chi-tieu", number, typed)


@router.post("/ke-hoach/{code}/chi-tieu")
def add_target(request: Request, user: Officer, code: str, typed: TargetFields) -> Response:
    """A target that the reader did not find."""
    now, name = edge_of(request).now(), user.name

    def work(session: Session, plan: Plan) -> tuple[str, str]:
        target = editing.add_target(session, plan.id, typed.changes, now, name)
        return f"ct-{target.id}", "Đã thêm chỉ tiêu."

    return _do(request, code, work, "them-chi-tieu", 0, typed)


@router.post("/ke-hoach/{code}/chi-tieu/{number}/bo")
def drop_target(
    request: Request, user: Officer, code: str, number: int, reason: Words = "", version: Words = ""
) -> Response:
    """Take a target out of the draft."""
    now, name = edge_of(request).now(), user.name

    def work(session: Session, plan: Plan) -> tuple[str, str]:
        editing.drop_target(session, _target_of(plan, number), reason, now, name, version=version_in(version))
        return "chi-tieu", "Đã bỏ chỉ tiêu khỏi bản nháp; nhật ký còn giữ nguyên văn."

    return _do(request, code, work)


@router.post("/ke-hoach/{code}/phan-dau")
def edit_head(request: Request, user: Officer, code: str, typed: HeadFields) -> Response:
    """New words for the head of the plan."""
    now, name = edge_of(request).now(), user.name

    def work(session: Session, plan: Plan) -> tuple[str, str]:
        editing.edit_head(session, plan.id, typed.changes, now, name, version=version_in(typed.version))
        return "phan-dau", "Đã lưu phần đầu kế hoạch."

    return _do(request, code, work, "dau", 1, typed)


@router.post("/ke-hoach/{code}/phat-hien/{number}/bo-qua")
def dismiss(request: Request, user: Officer, code: str, number: int, reason: Words = "") -> Response:
    """Set a finding aside, for a reason."""
    now, name = edge_of(request).now(), user.name

    def work(session: Session, plan: Plan) -> tuple[str, str]:
        editing.dismiss_finding(session, _finding_of(plan, number), reason, now, name)
        return "phat-hien", "Đã bỏ qua phát hiện; lý do được ghi vào nhật ký."

    return _do(request, code, work)


@router.post("/ke-hoach/{code}/phat-hien/{number}/mo-lai")
def reopen(request: Request, user: Officer, code: str, number: int) -> Response:
    """Show a finding again."""
    now, name = edge_of(request).now(), user.name

    def work(session: Session, plan: Plan) -> tuple[str, str]:
        editing.reopen_finding(session, _finding_of(plan, number), now, name)
        return f"ph-{number}", "Đã mở lại phát hiện."

    return _do(request, code, work)


def _finding_of(plan: Plan, number: int) -> int:
    if all(each.id != number for each in plan.findings):
        raise Refusal(NOT_HERE)
    return number


@router.post("/ke-hoach/{code}/hoan-tac/{seq}")
def take_back(request: Request, user: Officer, code: str, seq: int) -> Response:
    """Undo one of the last edits."""
    now, name = edge_of(request).now(), user.name

    def work(session: Session, plan: Plan) -> tuple[str, str]:
        return undo(session, plan, seq, now, name), "Đã hoàn tác."

    return _do(request, code, work)
