"""The plan file itself: its plain view with links to the duties, its bytes, and the plan as a workbook."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import FileResponse, Response

from config.faults import Refusal
from db.file_store import stored_path
from db.queries import office_queries, plan_queries
from plans.workbook import export_plan
from web.edge import edge_of
from web.plan_review import read_number, source_side
from web.rendering import render, see_other
from web.security import Anyone

router = APIRouter()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/ke-hoach/{code}/van-ban")
def show_source(request: Request, user: Anyone, code: str, nguon: str = "", nv: str = "") -> Response:
    """The file of a plan as text, each row with links to the duties read from it; ?nv=12 leads to where 12 stands."""
    edge = edge_of(request)
    with edge.reading() as session:
        plan = office_queries.whole_plan(session, code)
        if plan is None:
            raise HTTPException(404)
        side, part = source_side(plan, edge, read_number(nguon), read_number(nv))
        if part is not None:
            return see_other(f"/ke-hoach/{code}/van-ban?nguon={side.page}#n-{part}")
        return render(request, "plan_review/source.html", plan=plan, side=side)


@router.get("/ke-hoach/{code}/tep")
def download_plan(request: Request, user: Anyone, code: str) -> Response:
    """The file as it was imported, always as a download: nothing of it is ever run or shown inside our own pages."""
    edge = edge_of(request)
    with edge.reading() as session:
        plan = plan_queries.plan_by_code(session, code)
        if plan is None:
            raise HTTPException(404)
        path, name = stored_path(edge.settings.home, plan.file_sha256), plan.file_name
    if not path.is_file():
        raise Refusal(f"Tệp «{name}» không còn trong kho. Hãy phục hồi thư mục dữ liệu từ bản sao lưu.")
    return FileResponse(path, media_type="application/octet-stream", filename=name)


@router.get("/ke-hoach/{code}/bang-tinh")
def download_workbook(request: Request, user: Anyone, code: str) -> Response:
    """The plan as it stands, as a workbook that can be corrected and sent back."""
    edge = edge_of(request)
    with edge.reading() as session:
        plan = plan_queries.plan_by_code(session, code)
        if plan is None:
            raise HTTPException(404)
        name, data = f"{plan.code}.xlsx", export_plan(session, plan.id, edge.now())
    return Response(data, media_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})
