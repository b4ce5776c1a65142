"""Pages from templates: filters, static addresses, the message shown after a post."""

from __future__ import annotations

import base64
import hashlib
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.templating import Jinja2Templates

from config.clock import ZONE
from config.faults import ConfigFault
from deadlines.workdays import WEEKDAY_NAMES
from notifications.watch import standing_still
from web import labels
from web.edge import Edge, edge_of
from web.said import said
from web.security import CSRF_FIELD, ROLE_NAMES

HERE = Path(__file__).parent
OWN_STATIC = HERE / "static"
FLASH = "dondoc_flash"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
VENDOR = {
    "tabler.css": "css/vendor/tabler.min.css",
    "icons.css": "css/vendor/fontawesome.min.css",
    "tabler.js": "js/vendor/tabler.min.js",
}


@lru_cache(maxsize=1)
def vendor_static() -> Path:
    """Where Tabler and the icon font lie inside the installed starlette_admin package."""
    with as_file(files("starlette_admin") / "static") as folder:
        return folder


@lru_cache(maxsize=64)
def static_url(name: str) -> str:
    """The address of a static file, with a stamp of its bytes so that a new version is fetched at once."""
    vendor = VENDOR.get(name)
    path = vendor_static() / vendor if vendor else OWN_STATIC / name
    stamp = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return f"/static/{'vendor/' + vendor if vendor else 'own/' + name}?v={stamp}"


def say_date(day: date | datetime | None, weekday: bool = True) -> str:
    """ "thứ Sáu 20/11/2026", an instant in the office's zone; nothing for None."""
    if day is None:
        return ""
    local = day.astimezone(ZONE).date() if isinstance(day, datetime) else day
    return f"{WEEKDAY_NAMES[local.weekday()]} {local:%d/%m/%Y}" if weekday else f"{local:%d/%m/%Y}"


def say_weekday(day: date) -> str:
    """ "thứ Sáu"."""
    return WEEKDAY_NAMES[day.weekday()]


def say_moment(moment: datetime | None) -> str:
    """ "08:05 20/11/2026" in the office's zone; nothing for None."""
    return f"{moment.astimezone(ZONE):%H:%M %d/%m/%Y}" if moment else ""


def say_count(number: int | None) -> str:
    """A whole number with Vietnamese grouping: 12.345."""
    return f"{number or 0:,}".replace(",", ".")


def say_size(size: int) -> str:
    """A size in bytes as a person says it, with a decimal comma."""
    for unit, scale in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if size >= scale:
            return f"{size / scale:.1f} {unit}".replace(".", ",")
    return f"{size} byte"


def capital(text: str) -> str:
    """The text with its first letter raised; Jinja's own `capitalize` lowers the rest."""
    return text[:1].upper() + text[1:]


def say_ordinal(ordinal: str | None) -> str:
    """ "3. " before a duty; a dash or a bracket that a plan prints for a number gets no full stop."""
    if not ordinal:
        return ""
    return f"{ordinal}. " if ordinal[-1].isalnum() else f"{ordinal} "


def with_query(request: Request, **changes: object) -> str:
    """This page's address with some query values changed; None or "" removes one. Paging goes back to the start."""
    values = {key: value for key, value in request.query_params.items() if key != "trang"}
    values |= {key: str(value) for key, value in changes.items() if value not in (None, "")}
    for key in [key for key, value in changes.items() if value in (None, "")]:
        values.pop(key, None)
    return f"{request.url.path}?{urlencode(values)}" if values else request.url.path


def _build_templates() -> Jinja2Templates:
    templates = Jinja2Templates(directory=HERE / "templates")
    env = templates.env
    env.trim_blocks = env.lstrip_blocks = True
    env.filters |= {
        "day": say_date,
        "weekday": say_weekday,
        "moment": say_moment,
        "count": say_count,
        "size": say_size,
        "capital": capital,
        "ordinal": say_ordinal,
        "said": said,
    }
    env.globals |= {"static_url": static_url, "labels": labels, "with_query": with_query, "role_names": ROLE_NAMES}
    env.globals["csrf_field"] = CSRF_FIELD
    return templates


_templates = _build_templates()


def render(request: Request, name: str, *, status_code: int = 200, **context: Any) -> HTMLResponse:
    """The page made from a template, with the person signed in and the message of the last post."""
    edge = edge_of(request)
    user = getattr(request.state, "user", None)
    context |= {
        "user": user,
        "banner": silence(edge) if user else (),
        "now": edge.now(),
        "today": edge.today(),
        "flash": _read_flash(request),
    }
    response = _templates.TemplateResponse(request, name, context, status_code=status_code)
    if FLASH in request.cookies:
        response.delete_cookie(FLASH, path="/")
    return response


def silence(edge: Edge) -> list[str]:
    """What the banner says when the daily run is late; looked for at most once a minute.

    A page about a fault must still open when the database or the office's YAML is that fault.
    """
    try:
        return edge.keep("silence", lambda: _look_for_silence(edge))
    except (ConfigFault, SQLAlchemyError):
        return []


def _look_for_silence(edge: Edge) -> list[str]:
    with edge.reading() as session:
        found = standing_still(session, edge.now(), edge.calendar())
    return [fault.text for fault in found]


def download(name: str, data: bytes, media_type: str = XLSX) -> Response:
    """A file to be kept by the browser, with its Vietnamese name (RFC 6266, filename*)."""
    plain = name.encode("ascii", "ignore").decode().replace('"', "") or "tep"
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return Response(data, media_type=media_type, headers={"Content-Disposition": disposition})


def see_other(address: str, message: str = "") -> RedirectResponse:
    """Send the browser on after a post, with a message for the next page."""
    response = RedirectResponse(address, status_code=303)
    if message:
        packed = base64.urlsafe_b64encode(message.encode()).decode()
        response.set_cookie(FLASH, packed, max_age=60, httponly=True, samesite="lax", path="/")
    return response


def _read_flash(request: Request) -> str:
    try:
        return base64.urlsafe_b64decode(request.cookies.get(FLASH, "")).decode()[:500]
    except ValueError:
        return ""
