"""A file that takes long to read: its page, which renews itself until there is a draft, a comparison or a fault."""

from __future__ import annotations

from math import ceil
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from plans import uploads
from plans.reading.sources.expected import expected_seconds, is_scan
from plans.uploads import Upload
from web.edge import edge_of
from web.plan_files import readers_of
from web.rendering import render, see_other
from web.security import Officer

router = APIRouter()
DRAFTED = "Đã đọc tệp thành bản nháp. Hãy trả lời các câu hỏi rồi xác nhận."


def page_of(upload: Upload) -> str:
    """Where an upload is shown."""
    return f"/tep-dang-doc/{upload.id}"


def target_of(upload: Upload) -> str:
    """Where an officer goes on from an upload: to the draft, to the comparison, or to its own page."""
    if upload.state == "done":
        return f"/ke-hoach/{upload.plan}"
    if upload.state == "read":
        return f"/ke-hoach/{upload.corrects}/nhap-lai/{upload.id}"
    return page_of(upload)


def sent_on(upload: Upload) -> Response:
    """The way on after a file was sent, or read."""
    return see_other(target_of(upload), DRAFTED if upload.state == "done" else "")


@router.get("/tep-dang-doc/{number}")
def show_upload(request: Request, user: Officer, number: str) -> Response:
    """How far the reading of a file has come."""
    upload = uploads.find(edge_of(request).settings.home, number)
    if upload is None:
        raise HTTPException(404)
    if upload.state in ("done", "read"):
        return sent_on(upload)
    if upload.state == "waiting":
        # Whoever was to read it may be gone; asking twice costs nothing.
        readers_of(request).ask(upload.id)
    return render(request, "upload.html", upload=upload, **_ahead(upload))


def _ahead(upload: Upload) -> dict[str, Any]:
    """What is said of a file that waits: whether it is a scan, and whole minutes that it will take, at least 1."""
    try:
        data = upload.data()
    except FileNotFoundError:
        data = b""
    seconds = expected_seconds(data)
    return {"scanned": is_scan(data), "minutes": max(1, ceil(seconds / 60))}


@router.post("/tep-dang-doc/{number}/bo")
def drop_upload(request: Request, user: Officer, number: str) -> Response:
    """Keep nothing more of a file that could not be read, or is not wanted any more."""
    home = edge_of(request).settings.home
    upload = uploads.find(home, number)
    if upload is None:
        raise HTTPException(404)
    uploads.drop(home, number)
    return see_other("/ke-hoach", f"Đã bỏ tệp «{upload.name}».")
