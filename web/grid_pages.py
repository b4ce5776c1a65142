"""The grid of units by periods: who answered what, in time or not; readable without colours and on paper."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from db.queries import grid_queries, view_queries
from reports.grid import ORDER, Grid, Mark, Scale, build_grid
from web.duty_lines import DutyLine, desk_of, make_lines
from web.edge import Edge, edge_of
from web.rendering import render
from web.security import Anyone

router = APIRouter()
SCALES: dict[str, str] = {"ky": "kỳ báo cáo", "thang": "tháng", "quy": "quý"}
# Letter or sign, words, colour: no state is told by its colour alone.
SIGNS: dict[Mark, tuple[str, str, str]] = {
    Mark.OVERDUE: ("Q", "quá hạn, chưa nộp", "red"),
    Mark.UNREPORTED: ("T", "chưa báo tiến độ", "orange"),
    Mark.LEFT: ("K", "chưa nộp khi kế hoạch kết thúc", "grey"),
    Mark.LATE: ("M", "đã nộp, muộn", "orange"),
    Mark.ON_TIME: ("✓", "đã nộp đúng hạn", "green"),
    Mark.PENDING: ("○", "chưa đến hạn", "white"),
    Mark.HELD: ("‖", "tạm dừng", "grey"),
    Mark.WAIVED: ("–", "được miễn", "grey"),
    Mark.RECORDED: ("·", "chỉ ghi nhận", "grey"),
}
# A cell lists so many of its occurrences below the grid.
MOST_LINES = 200


@router.get("/luoi")
def show_grid(
    request: Request,
    user: Anyone,
    plan: Annotated[str, Query(alias="ke-hoach", max_length=64)] = "",
    year: Annotated[str, Query(alias="nam", max_length=4)] = "",
    duty: Annotated[str, Query(alias="nv", max_length=9)] = "",
    scale: Annotated[str, Query(alias="chia", max_length=8)] = "",
    cell: Annotated[str, Query(alias="o", max_length=100)] = "",
) -> Response:
    """The grid of a plan or of the whole office for a year; `o` opens one cell as a list below."""
    edge = edge_of(request)
    with edge.reading() as session:
        plans = view_queries.plan_choices(session)
        years = grid_queries.years_with_occurrences(session)
        chosen = _year(year, next((each.year for each in plans if each.code == plan), edge.today().year), years)
        number = int(duty) if plan and duty.isascii() and duty.isdigit() else 0
        found = grid_queries.occurrences_of_year(session, chosen, plan, number)
        grid = build_grid(found, edge.now(), _scale(scale))
        context: dict[str, Any] = {
            "grid": grid,
            "plans": plans,
            "plan": plan,
            "years": sorted({*years, chosen}, reverse=True),
            "year": chosen,
            "duties": grid_queries.duties_of_plan(session, plan) if plan else [],
            "duty": number,
            "scales": SCALES,
            "signs": SIGNS,
            "used": [
                mark for mark in ORDER if any(mark in each.ids for row in grid.rows for each in row.cells.values())
            ],
            "share": say_share,
            "opened": cell,
        }
        return render(request, "grid.html", **context, **_opened(session, grid, cell, edge))


def _year(text: str, usual: int, years: list[int]) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 9999:
        return int(text)
    return usual if usual in years or not years else years[0]


def _scale(text: str) -> Scale | None:
    known: dict[str, Scale] = {"ky": "ky", "thang": "thang", "quy": "quy"}
    return known.get(text)


def _opened(session: Session, grid: Grid, cell: str, edge: Edge) -> dict[str, Any]:
    """The lines of the cell that an address names ("van-hoa:20261001-20261031"); none for an unknown one."""
    lines: list[DutyLine] = []
    title = ""
    code, _, key = cell.partition(":")
    for row in grid.rows:
        for column, held in row.cells.items():
            if row.unit.code == code and column.key == key:
                named = grid_queries.occurrences_named(session, held.all_ids[:MOST_LINES])
                lines += make_lines(session, named, desk_of(edge))
                title = f"{row.unit.name} · {column.label}"
    return {"lines": lines, "title": title}


def say_share(share: float | None) -> str:
    """A share as a whole percentage: "86%"; a dash when there is nothing to share. 99,6% is not yet all."""
    if share is None:
        return "–"
    percent = round(share * 100)
    return f"{min(percent, 99) if share < 1 else 100}%"
