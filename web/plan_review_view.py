"""Rendering the review page: the draft as it stands, and the one form that is open, with what was typed into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import HTTPException, Request
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.responses import HTMLResponse

from db.models import Obligation, Plan, Target
from db.queries import office_queries
from plans.editing import version_of
from web.edge import edge_of
from web.occurrence_pages import say_rules
from web.plan_review import Review, form_choices, read_number, review_of
from web.plan_review_forms import DutyForm, TargetForm, duty_form, head_form, split_form, target_form
from web.plan_review_undo import recent_edits
from web.question_forms import QuestionForm
from web.rendering import render

DUTY_FORMS = ("sua", "tach")


@dataclass(frozen=True)
class Opened:
    """The form that stands open: `kind` names it, `number` its duty or target; `now` is the text saved meanwhile."""

    kind: str = ""
    number: int = 0
    form: BaseModel | None = None
    fault: str = ""
    now: BaseModel | None = None

    def differs(self, name: str) -> bool:
        """Whether somebody else saved another text of a field than the one typed."""
        return self.now is not None and getattr(self.now, name) != getattr(self.form, name)


@dataclass(frozen=True)
class Asked:
    """What the address asks the page to show."""

    page: int | None = None
    duty: int | None = None
    opened: Opened = field(default_factory=Opened)
    fault: str = ""
    faults: Mapping[int, str] = field(default_factory=dict)
    typed: Mapping[int, QuestionForm] = field(default_factory=dict)


def draft_or_404(session: Session, code: str) -> Plan:
    """A plan with everything the page needs. Raises HTTPException 404."""
    plan = office_queries.whole_plan(session, code)
    if plan is None:
        raise HTTPException(404)
    return plan


def review_page(request: Request, session: Session, plan: Plan, asked: Asked) -> HTMLResponse:
    """The review page of a draft; 409 when something was refused."""
    user = getattr(request.state, "user", None)
    opened = asked.opened if user is not None and user.can_act else Opened()
    wanted = asked.duty or (opened.number if opened.kind in DUTY_FORMS else None)
    review: Review = review_of(session, plan, edge_of(request), asked.page, wanted)
    refused = bool(asked.fault or asked.faults or opened.fault)
    return render(
        request,
        "plan_review/review.html",
        status_code=409 if refused else 200,
        plan=plan,
        review=review,
        places=review.places,
        opened=opened,
        fault=asked.fault,
        faults_by_question=asked.faults,
        typed=asked.typed,
        blank=QuestionForm(),
        say_rules=say_rules,
        edits=recent_edits(session, plan),
        **form_choices(session, plan),
    )


def read_opened(plan: Plan, query: Mapping[str, str]) -> Opened:
    """The form that an address opens: ?sua=12, ?tach=12, ?them=12 (behind that duty), ?chi-tieu=3, ?dau=1."""
    for kind in (*DUTY_FORMS, "them", "chi-tieu", "them-chi-tieu", "dau"):
        number = read_number(query.get(kind, ""))
        if number is not None:
            return open_form(plan, kind, number)
    return Opened()


def open_form(plan: Plan, kind: str, number: int) -> Opened:
    """A form as its row stands now; nothing is opened for a row that is gone."""
    form = _fresh(plan, kind, number)
    return Opened(kind, number, form) if form else Opened()


def refused_form(plan: Plan, kind: str, number: int, typed: BaseModel, fault: str) -> Opened:
    """The form again with what was typed. A row that somebody else saved meanwhile is shown beside it; saving again
    then writes over it knowingly."""
    fresh = _fresh(plan, kind, number)
    if fresh is None:
        return Opened()
    version, given = getattr(fresh, "version", ""), getattr(typed, "version", "")
    now = fresh if version != given and version else None
    return Opened(kind, number, typed.model_copy(update={"version": version}), fault, now)


def _fresh(plan: Plan, kind: str, number: int) -> BaseModel | None:
    if kind in DUTY_FORMS:
        duty = duty_in(plan, number)
        return (duty_form(duty) if kind == "sua" else split_form(duty)) if duty and duty.active else None
    if kind == "chi-tieu":
        target = target_in(plan, number)
        return target_form(target) if target else None
    if kind == "them":
        before = duty_in(plan, number)
        return DutyForm(section=duty_form(before).section if before else "")
    return TargetForm() if kind == "them-chi-tieu" else head_form(plan)


def duty_in(plan: Plan, number: int) -> Obligation | None:
    """The duty of that number when it is of this plan."""
    return next((each for each in plan.obligations if each.id == number), None)


def target_in(plan: Plan, number: int) -> Target | None:
    """The target of that number when it is of this plan."""
    return next((each for each in plan.targets if each.id == number), None)


__all__ = ["Asked", "Opened", "draft_or_404", "open_form", "read_opened", "refused_form", "review_page", "version_of"]
