"""mẫu tin: the templates of messages, edited with a preview beside; what is wrong is said before anything is saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import Response

from config.faults import Refusal
from config.settings import Settings
from db.queries import office_queries
from notifications.composing import LIMITS, Composed
from notifications.template_changes import bring_back, change_template, fingerprint
from notifications.templates_store import (
    LONGEST,
    NOTICE,
    REPLY,
    Template,
    check_template,
    get_template,
    list_templates,
    sample,
)
from web.edge import edge_of
from web.headers import PREVIEW_POLICY
from web.rendering import render, see_other
from web.said import said
from web.security import Officer
from web.template_words import FILTER_WORDS, audience_of, words_of

router = APIRouter()
Typed = Annotated[str, Form(max_length=2 * LONGEST)]
GROUPS = (
    ("Tin nhắc việc", ("digest", "escalation", "dates")),
    ("Thông báo cho đơn vị", (NOTICE, "notice")),
    ("Trả lời tin đến", (REPLY,)),
    ("Khung thư và tin của hệ thống", ("",)),
)


@dataclass(frozen=True)
class Shown:
    """What a text would send: the message of each channel, or what is wrong with the text."""

    faults: tuple[str, ...] = ()
    zalo: Composed | None = None
    mail: Composed | None = None


@router.get("/mau-tin")
def show_templates(request: Request, user: Officer) -> Response:
    """Every template in words, who gets it, and whether the office has its own."""
    edge = edge_of(request)
    rows = [(template, audience_of(template.name)) for template in list_templates(edge.settings)]
    groups: dict[str, list[tuple[Template, str]]] = {title: [] for title, _ in GROUPS}
    for row in rows:
        groups[next(title for title, starts in GROUPS if row[0].name.startswith(starts))].append(row)
    with edge.reading() as session:
        journal = office_queries.journal_of(session, [("template", 0)], 30)
        return render(request, "templates.html", groups=groups, journal=journal)


@router.get("/mau-tin/{name}")
def show_template(request: Request, user: Officer, name: str, goc: str = "") -> Response:
    """One template with a preview of what it sends; `goc` looks at the packaged text without saving it."""
    template = template_or_404(edge_of(request).settings, name)
    return _page(request, template, template.packaged if goc else template.text)


def template_or_404(settings: Settings, name: str) -> Template:
    """The template of a name."""
    try:
        return get_template(name, settings)
    except Refusal:
        raise HTTPException(404) from None


def _page(request: Request, template: Template, text: str, refused: str = "", seen: str = "") -> Response:
    settings = edge_of(request).settings
    shown = try_out(template.name, text, settings)
    context: dict[str, Any] = {
        "template": template,
        "text": text,
        "shown": shown,
        "refused": "" if shown.faults else refused,
        "seen": seen or fingerprint(template),
        "audience": audience_of(template.name),
        "words": words_of(template),
        "filters": FILTER_WORDS,
        "limit": LIMITS["zalo"],
        "longest": LONGEST,
    }
    response = render(request, "template.html", status_code=409 if refused else 200, **context)
    response.headers["Content-Security-Policy"] = PREVIEW_POLICY
    return response


def try_out(name: str, text: str, settings: Settings) -> Shown:
    """The messages that a text makes of invented duties, or every fault of it."""
    if faults := check_template(name, text):
        return Shown(tuple(faults))
    # Styled mail says nothing about Zalo; an alert and a reply are plain words everywhere.
    zalo = None if name.endswith(".html.j2") else sample(name, text, settings, "zalo")
    return Shown((), zalo, sample(name, text, settings, "email"))


@router.post("/mau-tin/{name}")
def post_template(
    request: Request, user: Officer, name: str, text: Typed = "", act: Typed = "xem", seen: Typed = ""
) -> Response:
    """Look at a text (`xem`), save it (`luu`), or bring the packaged one back (`goc`)."""
    edge = edge_of(request)
    template = template_or_404(edge.settings, name)
    kept = text.replace("\r\n", "\n")
    if act not in ("luu", "goc"):
        return _page(request, template, kept, seen=seen)
    try:
        with edge.transaction() as session:
            if act == "goc":
                bring_back(session, edge.settings, name, edge.now(), user.name)
            else:
                change_template(session, edge.settings, name, kept, edge.now(), user.name, seen)
    except Refusal as error:
        return _page(request, template, kept, said(error), seen)
    done = "Đã dùng lại bản có sẵn." if act == "goc" else "Đã lưu. Tin xếp từ lúc này dùng mẫu mới."
    return see_other(f"/mau-tin/{name}", f"{template.title}: {done}")
