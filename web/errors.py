"""Every fault as a page in Vietnamese: what happened and what to do."""

from __future__ import annotations

import logging
from urllib.parse import urlencode, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from config.faults import ConfigFault, Refusal
from web.edge import edge_of
from web.headers import SECURITY_HEADERS, BodyTooLarge
from web.rendering import render, see_other
from web.said import said
from web.security import ForgedPost, LoginNeeded, NotAllowed, current_user

log = logging.getLogger("dondoc.web")

SAID = {
    400: ("Yêu cầu không đọc được", "Hãy quay lại trang trước và thử lại."),
    403: ("Không có quyền", "Tài khoản này không được làm việc đó. Hãy nhờ chuyên viên tổng hợp hoặc quản trị."),
    404: ("Không tìm thấy trang", "Địa chỉ có thể đã gõ sai, hoặc mục này không còn. Hãy mở lại từ trang chủ."),
    405: ("Thao tác không hợp lệ", "Hãy quay lại trang trước và bấm nút trên trang."),
    422: ("Dữ liệu gửi lên chưa đúng", "Hãy quay lại, xem kỹ các ô đã nhập và gửi lại."),
    500: ("Máy chủ gặp lỗi", "Việc vừa làm chưa được lưu. Hãy thử lại; nếu vẫn lỗi, báo quản trị xem nhật ký máy chủ."),
}


def add_handlers(app: FastAPI) -> None:
    """Register the pages for faults."""
    app.add_exception_handler(LoginNeeded, _login_needed)
    app.add_exception_handler(NotAllowed, _not_allowed)
    app.add_exception_handler(ForgedPost, _forged)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(ConfigFault, _config_fault)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    # A number that no column holds: SQLite's driver and PostgreSQL say it each in its own way.
    app.add_exception_handler(OverflowError, _out_of_range)
    app.add_exception_handler(DataError, _out_of_range)
    app.add_exception_handler(Exception, _crash)


def error_page(request: Request, status: int, title: str, *lines: str) -> Response:
    """A page that names one fault and its cure."""
    return render(request, "error.html", status_code=status, title=title, lines=lines, back=_back(request))


def _back(request: Request) -> str:
    referer = urlsplit(request.headers.get("referer", ""))
    # "//elsewhere" as a path of ours would lead to another server.
    return "/" + referer.path.lstrip("/\\") if referer.netloc == request.url.netloc else "/"


def _place(request: Request) -> str:
    """Where it happened, for the log: the form of the address, since an address may be somebody's signed link."""
    return str(getattr(request.scope.get("route"), "path", "an address of no page"))


async def _login_needed(request: Request, error: Exception) -> Response:
    back = error.back if isinstance(error, LoginNeeded) else "/"
    query = f"?{urlencode({'tiep': back})}" if back not in ("/", "") else ""
    return RedirectResponse(f"/dang-nhap{query}", status_code=303)


async def _not_allowed(request: Request, error: Exception) -> Response:
    return error_page(request, 403, *SAID[403])


async def _forged(request: Request, error: Exception) -> Response:
    words = "Trang đã mở quá lâu hoặc được gửi từ nơi khác, nên chưa có gì được lưu. Hãy tải lại trang rồi gửi lại."
    return error_page(request, 403, "Biểu mẫu hết hiệu lực", words)


async def _refused(request: Request, error: Exception) -> Response:
    return error_page(request, 409, "Chưa làm được", said(error))


async def _config_fault(request: Request, error: Exception) -> Response:
    log.error("configuration fault at %s: %s", _place(request), error)
    return error_page(request, 500, "Cấu hình có lỗi", *str(error).splitlines())


def too_large(request: Request) -> Response:
    """The page for a request that carries more than the office allows."""
    most = edge_of(request).settings.upload_mb
    words = f"Mỗi tệp được tối đa {most} MB. Hãy nén hoặc chia nhỏ tệp rồi gửi lại; chưa có gì được lưu."
    return error_page(request, 413, "Tệp quá lớn", words)


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if not hasattr(request.state, "user"):
        # No route was found, so no guard has asked who this is; the page shows the menu to whoever is signed in.
        await current_user(request)
    # FastAPI wraps whatever stops the reading of a form.
    if isinstance(error.__cause__, BodyTooLarge):
        return too_large(request)
    return error_page(request, status, *SAID.get(status, SAID[400 if status < 500 else 500]))


async def _invalid(request: Request, error: Exception) -> Response:
    # A malformed number in an address is a page that does not exist.
    return error_page(request, *((404, *SAID[404]) if request.method == "GET" else (422, *SAID[422])))


async def _out_of_range(request: Request, error: Exception) -> Response:
    log.warning("a value out of range at %s: %s", _place(request), type(error).__name__)
    return await _invalid(request, error)


async def _crash(request: Request, error: Exception) -> Response:
    log.error("unhandled fault at %s", _place(request), exc_info=error)
    response = error_page(request, 500, *SAID[500])
    # Starlette answers a crash outside every middleware, so the headers are put on here.
    response.headers.update(SECURITY_HEADERS)
    return response


__all__ = ["add_handlers", "error_page", "see_other"]
