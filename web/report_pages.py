"""Consolidated reports: build one, see those that were built, fetch their files."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, HTTPException, Query, Request
from starlette.responses import FileResponse, Response

from config.faults import Refusal
from config.office import load_office
from db.file_store import stored_path
from db.models import Plan, ReportFile
from db.queries import office_queries, view_queries
from deadlines import Period, PeriodError, half, month, nine_months, parse_period, quarter, year
from reports.building import build_report
from web.edge import edge_of
from web.rendering import render, see_other
from web.said import said
from web.security import Anyone, Officer

router = APIRouter()

MIME = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@router.get("/bao-cao")
def show_reports(
    request: Request, user: Anyone, plan: Annotated[str, Query(alias="ke-hoach", max_length=64)] = ""
) -> Response:
    """The form and the list."""
    return _page(request, plan)


def _page(request: Request, plan: str = "", period: str = "", fault: str = "") -> Response:
    edge = edge_of(request)
    today = edge.today()
    with edge.reading() as session:
        context: dict[str, Any] = {
            "plans": view_queries.plan_choices(session),
            "reports": office_queries.report_files(session),
            "periods": periods_offered(today.year),
            "plan_code": plan,
            "period": period or quarter(today.year, (today.month + 2) // 3).label,
            "fault": fault,
        }
        return render(request, "reports.html", status_code=409 if fault else 200, **context)


def periods_offered(of_year: int) -> list[Period]:
    """The reporting periods of a year that the form suggests; any other may be typed."""
    quarters = [quarter(of_year, number) for number in range(1, 5)]
    halves = [half(of_year, 1), nine_months(of_year), half(of_year, 2), year(of_year)]
    return [*quarters, *halves, *(month(of_year, number) for number in range(1, 13))]


@router.post("/bao-cao")
def do_build(
    request: Request,
    user: Officer,
    plan: Annotated[str, Form(max_length=64)] = "",
    period: Annotated[str, Form(max_length=80)] = "",
) -> Response:
    """Build the report of a plan's period as things stand now."""
    edge = edge_of(request)
    try:
        asked = parse_period(period)
        office = load_office(edge.settings)
        with edge.transaction() as session:
            found = office_queries.plan_of_code(session, plan)
            if found is None:
                raise Refusal("Chưa chọn kế hoạch. Hãy chọn kế hoạch rồi bấm «Lập báo cáo».")
            built = build_report(session, found.id, asked, edge.now(), user.name, edge.settings, office)
    except (Refusal, PeriodError) as error:
        return _page(request, plan, period, said(error))
    return see_other(f"/bao-cao#bc-{built.report_id}", f"Đã lập báo cáo {asked.label}. Tải về ở danh sách bên dưới.")


@router.get("/bao-cao/{report_id}.{kind}")
def fetch(request: Request, user: Anyone, report_id: int, kind: Literal["docx", "xlsx"]) -> Response:
    """One file of a report that was built."""
    edge = edge_of(request)
    with edge.reading() as session:
        report = session.get(ReportFile, report_id)
        plan = session.get(Plan, report.plan_id) if report else None
        if report is None or plan is None:
            raise HTTPException(404)
        path = stored_path(edge.settings.home, report.docx_sha256 if kind == "docx" else report.xlsx_sha256)
        name = f"Báo cáo {plan.code} {report.period_label}.{kind}".replace("/", "-")
    if not path.exists():
        raise Refusal("Tệp báo cáo này không còn trong thư mục dữ liệu. Hãy lập lại báo cáo.")
    return FileResponse(path, media_type=MIME[kind], filename=name)
