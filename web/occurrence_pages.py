"""One occurrence, and one duty with all of its occurrences: source, rule, why each date, what was sent and answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from config.faults import Refusal
from db.models import Json, Obligation, Occurrence
from db.queries import office_queries, view_queries
from deadlines import RuleError, rule_from_json, say
from plans.superior import set_superior
from submissions.forms import form_for
from submissions.terms import latest_due, superior_of
from web.duty_lines import Desk, desk_of, make_lines, plain_lines
from web.edge import edge_of
from web.rendering import download, render, see_other
from web.said import said
from web.security import Anyone, Officer

router = APIRouter()

PLACES = {
    "page": "trang",
    "sheet": "trang tính",
    "table": "bảng",
    "row": "hàng",
    "line": "dòng",
    "column": "cột",
    "cell": "ô",
    "paragraph": "đoạn",
}


@router.get("/ky-han/{occurrence_id}")
def show_occurrence(request: Request, user: Anyone, occurrence_id: int) -> Response:
    """One thing due once."""
    edge = edge_of(request)
    desk = desk_of(edge)
    with edge.reading() as session:
        occurrence = view_queries.one_occurrence(session, occurrence_id)
        if occurrence is None:
            raise HTTPException(404)
        return render(request, "occurrence.html", **_occurrence_page(session, occurrence, desk))


@router.get("/ky-han/{occurrence_id}/bieu-mau")
def get_form(request: Request, user: Anyone, occurrence_id: int) -> Response:
    """The form that the unit fills in offline, for an officer to hand on."""
    edge = edge_of(request)
    with edge.reading() as session:
        occurrence = view_queries.one_occurrence(session, occurrence_id)
        if occurrence is None:
            raise HTTPException(404)
        return download(*form_for(session, occurrence, edge.settings))


def _occurrence_page(session: Session, occurrence: Occurrence, desk: Desk) -> dict[str, Any]:
    siblings = view_queries.occurrences_of(session, occurrence.obligation_id)
    return {
        "line": make_lines(session, [occurrence], desk)[0],
        "it": occurrence,
        "duty": occurrence.obligation,
        "place": say_place(occurrence.obligation.source),
        "rules": say_rules(occurrence.obligation.rules),
        "messages": view_queries.message_lines(session, [occurrence.id])[occurrence.id],
        "siblings": plain_lines([each for each in siblings if each.unit_id == occurrence.unit_id], desk),
        "journal": office_queries.journal_of(session, journal_subjects([occurrence])),
        "superior": superior_of(occurrence, desk.calendar),
        "latest": latest_due(occurrence, desk.calendar),
    }


@router.get("/nhiem-vu/{obligation_id}")
def show_obligation(request: Request, user: Anyone, obligation_id: int) -> Response:
    """One duty of a plan with everything that it has made."""
    return _show_obligation(request, obligation_id)


@router.post("/nhiem-vu/{obligation_id}/han-cap-tren")
def post_superior(
    request: Request, user: Officer, obligation_id: int, words: Annotated[str, Form(max_length=2000)] = ""
) -> Response:
    """Write down by when the office owes the duty to its superior; blank clears it."""
    edge = edge_of(request)
    try:
        with edge.transaction() as session:
            duty = view_queries.one_obligation(session, obligation_id)
            if duty is None:
                raise HTTPException(404)
            set_superior(session, duty, words, edge.now(), user.name)
    except Refusal as refusal:
        return _show_obligation(request, obligation_id, said(refusal), words)
    return see_other(f"/nhiem-vu/{obligation_id}", "Đã ghi hạn cấp trên." if words.strip() else "Đã bỏ hạn cấp trên.")


def _show_obligation(request: Request, obligation_id: int, fault: str = "", typed: str | None = None) -> Response:
    edge = edge_of(request)
    desk = desk_of(edge)
    with edge.reading() as session:
        duty = view_queries.one_obligation(session, obligation_id)
        if duty is None:
            raise HTTPException(404)
        page = _obligation_page(session, duty, desk) | {"fault": fault, "typed": typed}
        return render(request, "obligation.html", status_code=422 if fault else 200, **page)


def _obligation_page(session: Session, duty: Obligation, desk: Desk) -> dict[str, Any]:
    occurrences = view_queries.occurrences_of(session, duty.id)
    messages = view_queries.message_lines(session, [each.id for each in occurrences])
    newest = sorted((item for items in messages.values() for item in items), key=lambda item: -item.message_id)
    subjects = [("obligation", duty.id), *journal_subjects(occurrences)]
    return {
        "duty": duty,
        "place": say_place(duty.source),
        "rules": say_rules(duty.rules),
        "lines": make_lines(session, occurrences, desk),
        "messages": newest[:100],
        "journal": office_queries.journal_of(session, subjects[:200]),
    }


def journal_subjects(occurrences: Iterable[Occurrence]) -> list[tuple[str, int]]:
    """What the journal may name when it speaks of these occurrences."""
    subjects: list[tuple[str, int]] = []
    for each in occurrences:
        subjects.append(("occurrence", each.id))
        subjects += [("submission", one.id) for one in each.submissions]
        subjects += [("extension", one.id) for one in each.extensions]
    return subjects


def say_place(source: Mapping[str, Any]) -> str:
    """Where in the file the words stand: "trang 2, dòng 14"."""
    known = [f"{words} {source[name]}" for name, words in PLACES.items() if source.get(name) not in (None, "")]
    return ", ".join(known)


def say_rules(rules: Iterable[Json]) -> list[str]:
    """Each rule in words; a rule that cannot be read says so."""
    return [_say_rule(rule) for rule in rules]


def _say_rule(rule: Json) -> str:
    try:
        words = say(rule_from_json(rule))
    except RuleError as error:
        return said(error)
    return words[:1].upper() + words[1:]
