"""The ladders in words: who hears what, when; which plans and duties climb which; and choosing another, shown first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, HTTPException, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from chasing import Ladder, Step
from config.faults import Refusal
from db.models import Obligation, Plan
from db.queries import ladder_queries
from plans.ladder_choice import OF_PLAN, LadderChoice, preview_ladder, set_ladder
from plans.replanning_view import said_step
from web.duty_lines import TOLD
from web.edge import Edge, edge_of
from web.labels import CHANNELS, KINDS
from web.rendering import capital, render, see_other
from web.said import said
from web.security import Anyone, Officer

router = APIRouter()
Typed = Annotated[str, Form()]
# A page lists so many reminders that a choice moves.
SHOWN = 100
USUAL = "Thang chung"
# The ladders that come with the program; an office's own is called by the name it has in its file.
PACKAGED_NAMES = {OF_PLAN: USUAL, "co-phoi-hop": "Thang có báo đơn vị phối hợp"}


@dataclass(frozen=True)
class Rung:
    """One step in words. `side`: before, on or after the date."""

    side: str
    mark: str
    when: str
    told: str
    how: str


@dataclass(frozen=True)
class Track:
    """The steps of a kind of occurrence."""

    title: str
    rungs: tuple[Rung, ...]


@router.get("/thang-nhac")
def show_ladders(request: Request, user: Anyone) -> Response:
    """Every approved ladder on a line of days, with what uses it."""
    edge = edge_of(request)
    edge.forget_rules()
    with edge.reading() as session:
        ladders = edge.ladders()
        file = edge.settings.yaml_dir / "ladders.yaml"
        context: dict[str, Any] = {
            "ladders": [(ladder, list(tracks_of(ladder))) for _, ladder in sorted(ladders.items(), key=_first_default)],
            "plans": ladder_queries.plans_by_ladder(session),
            "duties": ladder_queries.duties_apart(session),
            "name_of": ladder_name,
            "file": file,
            "own": file.exists(),
            "notice": edge.rules_notice(),
        }
        return render(request, "ladders.html", **context)


def _first_default(named: tuple[str, Ladder]) -> tuple[bool, str]:
    return named[0] != OF_PLAN, named[0]


def ladder_name(name: str) -> str:
    """A ladder as a page calls it."""
    return f"{PACKAGED_NAMES[name]} ({name})" if name in PACKAGED_NAMES else name


def tracks_of(ladder: Ladder) -> Iterator[Track]:
    """The steps of each kind; kinds that share steps stand together."""
    shared = [words for kind, words in KINDS.items() if kind not in ladder.kinds]
    if shared:
        yield Track(capital(", ".join(shared).lower()), tuple(map(say_rung, ladder.steps)))
    for kind, steps in ladder.kinds.items():
        yield Track(KINDS.get(kind, kind), tuple(say_rung(step, kind) for step in steps))


def say_rung(step: Step, kind: str = "report") -> Rung:
    """A step in words: "trước ngày nên xong 10 ngày làm việc", "Đầu mối", "qua Zalo, Thư điện tử"."""
    checks = kind == "progress_check"
    ways = ", ".join(CHANNELS.get(name, name) for name in step.channels)
    how = [f"qua {ways}"] if ways else []
    how += ["cả ngoài giờ làm việc"] if step.any_hour else []
    told = ", ".join(TOLD.get(role, role) for role in step.roles)
    # A progress check has a day on which it is asked for, and is never overdue.
    side = "later" if checks and step.when == "after" else step.when
    return Rung(side, _mark(step), _when(step, checks), capital(told), "; ".join(how))


def _mark(step: Step) -> str:
    if step.when == "on":
        return "0"
    sign = "−" if step.when == "before" else "+"
    return f"{sign}{step.hours} giờ" if step.hours else f"{sign}{step.days}"


def _when(step: Step, checks: bool) -> str:
    day = "ngày hẹn" if checks else "ngày nên xong"
    if step.when == "on":
        return f"đúng {day}"
    span = f"{step.hours} giờ" if step.hours else f"{step.days} ngày làm việc"
    return f"trước {day} {span}" if step.when == "before" else f"sau {'ngày hẹn' if checks else 'khi hết hạn'} {span}"


@router.get("/thang-nhac/chon")
def show_choice(request: Request, user: Officer, plan: str = "", nv: str = "", thang: str = "") -> Response:
    """Choosing a ladder for a plan (`plan`: its code) or a duty (`nv`: its number); `thang` shows what would change."""
    return _choice_page(request, plan, nv, thang)


def _choice_page(request: Request, plan: str, nv: str, name: str, fault: str = "") -> Response:
    edge = edge_of(request)
    with edge.reading() as session:
        subject = subject_or_404(session, plan, nv)
        ahead: LadderChoice | None = None
        try:
            ahead = preview_ladder(session, subject, name, edge.now(), edge.settings) if name and not fault else None
        except Refusal as error:
            fault = said(error)
        context = _choice_context(subject, edge)
        context |= {"ahead": ahead, "chosen": name or subject.ladder, "fault": fault, "shown": SHOWN}
        return render(request, "ladder_choice.html", status_code=409 if fault else 200, **context)


def _choice_context(subject: Plan | Obligation, edge: Edge) -> dict[str, Any]:
    duty = subject if isinstance(subject, Obligation) else None
    plan = duty.plan if duty else subject
    return {
        "duty": duty,
        "plan": plan,
        "back": back_of(subject),
        "subject": subject,
        "ladders": [
            (name, list(tracks_of(ladder))) for name, ladder in sorted(edge.ladders().items(), key=_first_default)
        ],
        "name_of": ladder_name,
        "said_step": said_step,
    }


def subject_or_404(session: Session, plan: str, nv: str) -> Plan | Obligation:
    """The plan or the duty that an address names."""
    found: Plan | Obligation | None
    if nv:
        found = (
            ladder_queries.duty_of_plan(session, int(nv)) if nv.isascii() and nv.isdigit() and len(nv) < 10 else None
        )
    else:
        found = ladder_queries.plan_with_duties(session, plan)
    if found is None:
        raise HTTPException(404)
    return found


def back_of(subject: Plan | Obligation) -> str:
    """The page of what a ladder is chosen for."""
    return f"/nhiem-vu/{subject.id}" if isinstance(subject, Obligation) else f"/ke-hoach/{subject.code}/don-doc"


@router.post("/thang-nhac/chon")
def post_choice(request: Request, user: Officer, plan: Typed = "", nv: Typed = "", thang: Typed = "") -> Response:
    """Choose; what is open and not yet reminded of follows the new ladder."""
    edge = edge_of(request)
    try:
        with edge.transaction() as session:
            subject = subject_or_404(session, plan, nv)
            done = set_ladder(session, subject, thang, edge.now(), user.name, edge.settings)
            back = back_of(subject)
    except Refusal as error:
        return _choice_page(request, plan, nv, thang, said(error))
    if done.nothing:
        return see_other(f"/thang-nhac/chon?{urlencode({'plan': plan, 'nv': nv})}", "Thang này đang được dùng.")
    words = f"{len(done.moves)} kỳ hạn đổi lần nhắc tới"
    kept = f", {done.kept} kỳ hạn đang được nhắc giữ thang cũ" if done.kept else ""
    return see_other(back, f"Đã chọn {ladder_name(done.after)}: {words}{kept}.")
