"""The register as the officer sees it: units, their other names, their people, and who cannot be reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from db.models import Unit
from db.queries import office_queries, person_queries
from notifications.mutes import LONGEST, LONGEST_REASON
from web.edge import Edge, edge_of
from web.people_view import Way, ways_to
from web.rendering import render
from web.security import Anyone

router = APIRouter()
# A silence is offered for so many days; the officer changes the date.
USUAL_SILENCE = timedelta(days=7)


@dataclass(frozen=True)
class Muting:
    """What was typed into the form of a unit's silence that was refused, and why."""

    code: str = ""
    until: str = ""
    reason: str = ""
    fault: str = ""


@router.get("/don-vi")
def show_units(request: Request, user: Anyone) -> Response:
    """Every unit with its people; what is missing is said on top."""
    return units_page(request)


def units_page(request: Request, muting: Muting | None = None) -> Response:
    """The register, with the form that was refused open."""
    edge = edge_of(request)
    with edge.reading() as session:
        context = _register(session, edge)
        context |= {
            "muting": muting or Muting(),
            "muted": person_queries.muted_units(session, edge.today()),
            "usual": (edge.today() + USUAL_SILENCE).isoformat(),
            "longest": (edge.today() + LONGEST).isoformat(),
            "longest_reason": LONGEST_REASON,
        }
        return render(request, "units.html", status_code=409 if muting else 200, **context)


def _register(session: Session, edge: Edge) -> dict[str, Any]:
    units = office_queries.units_with_people(session)
    office = office_queries.people_of_the_office(session)
    people = [*office, *(person for unit in units for person in unit.people)]
    ways = ways_to(session, people, edge.settings)
    faults = {unit.id: unit_faults(unit, ways) for unit in units}
    return {
        "units": units,
        "office": office,
        "faults": faults,
        "faulty": sum(1 for found in faults.values() if found),
        "progress": office_queries.progress_of_units(session, edge.today()),
        "ways": ways,
        "last": person_queries.last_messages_to(session, ways),
    }


def unit_faults(unit: Unit, ways: Mapping[int, Sequence[Way]]) -> list[str]:
    """What keeps a unit from being chased, in words with the cure."""
    if not unit.active:
        return []
    if unit.is_group:
        return [] if unit.members else ["Nhóm chưa có thành viên nào, nên việc giao cho nhóm không tới ai."]
    people = [person for person in unit.people if person.active]
    faults = [] if any(person.role == "contact" for person in people) else ["Chưa có đầu mối."]
    if not any(person.role == "leader" for person in people):
        faults.append("Chưa có thủ trưởng đơn vị để báo khi quá hạn.")
    return faults + [f"{person.name}: {fault}" for person in people if (fault := unreached(ways[person.id]))]


def unreached(ways: Sequence[Way]) -> str:
    """Why no message can reach a person; empty when one can."""
    if any(way.open for way in ways):
        return ""
    if not ways:
        return "không có địa chỉ nào để gửi tin."
    dead = [f"{way.name} {way.bar.reason.rstrip('.').lower()}" for way in ways if way.bar]
    return f"không gửi được: {'; '.join(dead)}." if dead else "chưa có kênh nào của cơ quan tới được địa chỉ đang có."
