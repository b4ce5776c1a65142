"""The papers of a chase, made as things stand now: phiếu theo dõi of an occurrence and of a unit, công văn đôn đốc."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from config.office import load_office
from reports.chase_letter import letter_signing, load_owing, write_letter
from reports.tracking import load_course, load_unit_year
from reports.tracking_sheet import sheet_signing, write_course, write_unit_year
from web.edge import edge_of
from web.rendering import download
from web.security import Anyone

router = APIRouter()
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@router.get("/ky-han/{occurrence_id}/phieu-theo-doi.docx")
def fetch_sheet(request: Request, user: Anyone, occurrence_id: int) -> Response:
    """The sheet of one occurrence."""
    edge = edge_of(request)
    office = load_office(edge.settings)
    with edge.reading() as session:
        course = load_course(session, occurrence_id, edge.now())
        data = write_course(course, office, sheet_signing(office), user.name)
    return download(f"Phiếu theo dõi kỳ hạn {occurrence_id}.docx", data, DOCX)


@router.get("/don-vi/{code}/phieu-theo-doi.docx")
def fetch_unit_sheet(request: Request, user: Anyone, code: str) -> Response:
    """The sheet of a unit's year."""
    edge = edge_of(request)
    office = load_office(edge.settings)
    with edge.reading() as session:
        year = load_unit_year(session, code, edge.now())
        data = write_unit_year(year, office, sheet_signing(office), user.name)
    return download(f"Phiếu theo dõi {code} {year.year}.docx", data, DOCX)


@router.get("/cong-van-don-doc.docx")
def fetch_letter(request: Request, user: Anyone) -> Response:
    """The letter to every unit that is late."""
    return _letter(request, (), user.name)


@router.get("/don-vi/{code}/cong-van-don-doc.docx")
def fetch_unit_letter(request: Request, user: Anyone, code: str) -> Response:
    """The letter to one unit."""
    return _letter(request, (code,), user.name)


def _letter(request: Request, codes: tuple[str, ...], author: str) -> Response:
    edge = edge_of(request)
    office = load_office(edge.settings)
    with edge.reading() as session:
        data = write_letter(load_owing(session, codes, edge.now()), office, letter_signing(office), author)
    name = f"Công văn đôn đốc {' '.join(codes)} {edge.today():%d-%m-%Y}.docx"
    return download(" ".join(name.split()), data, DOCX)
