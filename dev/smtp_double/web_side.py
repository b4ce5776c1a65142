"""The HTTP side of the mail double: the pages, and the control address for tests."""

from __future__ import annotations

import html
from urllib.parse import quote

from dev import pages
from dev.http_service import Request, Response, Routes, json_response, page_response
from dev.smtp_double.faults import Faults
from dev.smtp_double.notices import Mailboxes, answer_to
from dev.smtp_double.smtp_side import Keeper
from dev.smtp_double.store import Kept, MailStore, attachments, body, described, parsed

ANSWER_FORM = (
    '<form class="mail" method="post" action="/thu/{id}/tra-loi"><p><label>Trả lời thư này (như người nhận) '
    '<textarea name="text" rows="3" required></textarea></label></p><button>Gửi trả lời</button> {said}</form>'
)
NONE_YET = "Chưa có thư nào."


class WebSide:
    """Pages and control of one mail double."""

    def __init__(self, store: MailStore, faults: Faults, keeper: Keeper, mailboxes: Mailboxes | None = None) -> None:
        self._mailboxes = mailboxes
        self._store = store
        self._faults = faults
        self._keeper = keeper

    def routes(self) -> Routes:
        """Everything that the HTTP server answers."""
        routes = Routes()
        routes.add("GET", "/", self._people)
        routes.add("GET", "/nguoi/([^/]+)", self._mails_of)
        routes.add("GET", r"/thu/(\d+)", self._mail)
        routes.add("GET", r"/thu/(\d+)\.eml", self._eml)
        routes.add("GET", r"/thu/(\d+/tep/\d+)", self._file)
        routes.add("POST", r"/thu/(\d+)/tra-loi", self._answer)
        routes.add("GET", "/_control/mails", self._all)
        routes.add("GET", "/_control/connections", lambda *_: json_response(self._keeper.connections))
        routes.add("POST", "/_control/faults", self._arm)
        routes.add("POST", "/_control/reset", self._reset)
        return routes

    def _people(self, request: Request, part: str) -> Response:
        del request, part
        boxes: dict[str, list[Kept]] = {}
        for kept in self._store.all():
            boxes.setdefault(kept.recipient, []).append(kept)
        newest = sorted(boxes.items(), key=lambda box: box[1][-1].id, reverse=True)
        lines = (
            pages.entry(
                f"/nguoi/{quote(who)}",
                self._name(kept[-1]),
                f"{who}: {self._subject(kept[-1])}",
                kept[-1].at,
                len(kept),
            )
            for who, kept in newest
        )
        return page_response(pages.page("Hộp thư", pages.listing(lines, NONE_YET), note="Thư điện tử - bản mô phỏng"))

    def _mails_of(self, request: Request, who: str) -> Response:
        del request
        mails = [kept for kept in self._store.all() if kept.recipient == who]
        lines = (
            pages.entry(f"/thu/{kept.id}", self._subject(kept), self._preview(kept), kept.at, face="@")
            for kept in reversed(mails)
        )
        return page_response(pages.page(who, pages.listing(lines, NONE_YET), back="/", note=f"{len(mails)} thư"))

    def _mail(self, request: Request, part: str) -> Response:
        kept = self._store.find(int(part))
        if kept is None:
            return page_response(pages.page("Hộp thư", pages.listing([], "Không có thư này."), back="/"), 404)
        view = _mail_view(kept, self._store.content(kept.id))
        if self._mailboxes:
            view += ANSWER_FORM.format(id=kept.id, said="Đã gửi." if "da-gui" in request.query else "")
        return page_response(pages.page(kept.recipient, view, back=f"/nguoi/{quote(kept.recipient)}"))

    def _answer(self, request: Request, part: str) -> Response:
        text = request.form().get("text", "").strip()
        if not (self._mailboxes and self._store.find(int(part)) and text):
            return json_response({"error": "no such mail, nothing said, or no mailbox"}, 404)
        taken = self._mailboxes.put(*answer_to(self._store.content(int(part)), text))
        return Response(303, headers={"Location": f"/thu/{part}?da-gui=1" if taken else f"/thu/{part}"})

    def _eml(self, request: Request, part: str) -> Response:
        del request
        if self._store.find(int(part)) is None:
            return json_response({"error": "no such mail"}, 404)
        return Response(200, self._store.content(int(part)), "message/rfc822")

    def _file(self, request: Request, part: str) -> Response:
        del request
        number, _, position = part.partition("/tep/")
        files = list(attachments(parsed(self._store.content(int(number))))) if self._store.find(int(number)) else []
        if int(position) >= len(files):
            return json_response({"error": "no such file"}, 404)
        name, _, data = files[int(position)]
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
        return Response(200, data, "application/octet-stream", headers)

    def _all(self, request: Request, part: str) -> Response:
        del part
        wanted = request.query.get("to")
        mails = [kept for kept in self._store.all() if wanted in (None, kept.recipient)]
        return json_response([described(kept, self._store.content(kept.id)) for kept in mails])

    def _arm(self, request: Request, part: str) -> Response:
        del part
        try:
            self._faults.arm(request.json())
        except TypeError as error:
            return json_response({"error": str(error)}, 400)
        return json_response({"ok": True})

    def _reset(self, request: Request, part: str) -> Response:
        del request, part
        self._faults.clear()
        self._store.clear()
        self._keeper.connections = 0
        return json_response({"ok": True})

    def _subject(self, kept: Kept) -> str:
        return str(parsed(self._store.content(kept.id))["Subject"] or "(không có tiêu đề)")

    def _name(self, kept: Kept) -> str:
        to = parsed(self._store.content(kept.id))["To"]
        names = [address.display_name for address in to.addresses if address.display_name] if to else []
        return names[0] if names else kept.recipient

    def _preview(self, kept: Kept) -> str:
        return body(parsed(self._store.content(kept.id)), "plain")


def _mail_view(kept: Kept, content: bytes) -> str:
    mail = parsed(content)
    rows = [("Từ", str(mail["From"])), ("Đến", str(mail["To"])), ("Lúc", pages.moment(kept.at))]
    head = "".join(f"<dt>{name}</dt><dd>{html.escape(value)}</dd>" for name, value in rows)
    headers = "\n".join(f"{name}: {value}" for name, value in mail.items())
    return (
        f'<article class="mail"><h2>{html.escape(str(mail["Subject"] or ""))}</h2><dl>{head}</dl>'
        f"{_body_view(body(mail, 'html'), body(mail, 'plain'))}{_files_view(kept, content)}"
        f"<details><summary>Nguồn của thư</summary><pre>{html.escape(headers)}</pre>"
        f'<p><a href="/thu/{kept.id}.eml">Tải tệp .eml</a></p></details></article>'
    )


def _body_view(rich: str, plain: str) -> str:
    """The HTML as a mail program shows it (no script, links open the page), the plain text under it."""
    if not rich:
        return f"<pre>{pages.linked(plain)}</pre>"
    shown = html.escape('<base target="_top">' + rich)
    allowed = "allow-popups allow-top-navigation-by-user-activation"
    return (
        f'<iframe title="Nội dung thư" sandbox="{allowed}" srcdoc="{shown}"></iframe>'
        f'<details><summary>Bản chữ thường</summary><pre class="plain">{pages.linked(plain)}</pre></details>'
    )


def _files_view(kept: Kept, content: bytes) -> str:
    files = "".join(
        f'<li><a href="/thu/{kept.id}/tep/{position}">{html.escape(name)} ({len(data) / 1024:.0f} KB)</a></li>'
        for position, (name, _, data) in enumerate(attachments(parsed(content)))
    )
    return f'<ul class="files">{files}</ul>' if files else ""
