"""The register as the officer sees it: units, their other names, their people, and who cannot be reached."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from db.models import Person, Unit
from db.queries import office_queries
from web.edge import edge_of
from web.rendering import render
from web.security import Anyone

router = APIRouter()


@router.get("/don-vi")
def show_units(request: Request, user: Anyone) -> Response:
    """Every unit with its people; what is missing is said on top."""
    edge = edge_of(request)
    with edge.reading() as session:
        units = office_queries.units_with_people(session)
        faults = {unit.id: unit_faults(unit) for unit in units}
        context: dict[str, Any] = {
            "units": units,
            "office": office_queries.people_of_the_office(session),
            "faults": faults,
            "faulty": sum(1 for found in faults.values() if found),
            "progress": office_queries.progress_of_units(session, edge.today()),
            "reachable": reachable,
        }
        return render(request, "units.html", **context)


def unit_faults(unit: Unit) -> list[str]:
    """What keeps a unit from being chased, in words with the cure."""
    if not unit.active:
        return []
    if unit.is_group:
        return [] if unit.members else ["Nhóm chưa có thành viên nào, nên việc giao cho nhóm không tới ai."]
    people = [person for person in unit.people if person.active]
    faults = [] if any(person.role == "contact" for person in people) else ["Chưa có đầu mối."]
    if not any(person.role == "leader" for person in people):
        faults.append("Chưa có thủ trưởng đơn vị để báo khi quá hạn.")
    faults += [f"{person.name}: không có địa chỉ nào để gửi tin." for person in people if not reachable(person)]
    return faults


def reachable(person: Person) -> bool:
    """Whether a message can reach a person at all."""
    return bool(person.email or person.zalo_user_id)
