"""Security headers on every answer, and a ceiling on what a request may carry."""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Tabler's stylesheet draws its small icons from data: URLs; nothing else comes from outside this server.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A mail is shown as it will look: its styles stand in its lines. Its frame is sandboxed, so that nothing in it runs.
PREVIEW_POLICY = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'") + "; frame-src 'self'"
SECURITY_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # A signed link must not leak to another site through the Referer header; our own pages still see it.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# A refused body is read on for so many times the limit before the line is cut.
DRAINED = 10


class BodyTooLarge(Exception):
    """The request carries more than the office allows."""


class SecurityHeaders:
    """Adds the headers; pages are never kept by a browser or proxy, static files are."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        keep = scope["path"].startswith("/static/")

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                own = headers.get("Content-Security-Policy")
                headers.update(SECURITY_HEADERS | ({"Content-Security-Policy": own} if own else {}))
                if not keep:
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, send_marked)


class BodyLimit:
    """Refuses a body above `most` bytes with the page that `refuse` makes; nothing of it is kept.

    A body whose length is told is thrown away as it comes, then answered: a browser that is cut off in the middle of
    its sending shows a broken connection instead of the page. A body of untold length raises BodyTooLarge on the way.
    """

    def __init__(self, app: ASGIApp, most: int, refuse: Callable[[Request], Response]) -> None:
        self.app = app
        self.most = most
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        told = Headers(scope=scope).get("content-length", "") if scope["type"] == "http" else ""
        if told.isdigit() and int(told) > self.most:
            await _throw_away(receive, self.most * DRAINED)
            await self.refuse(Request(scope))(scope, receive, send)
            return
        await self.app(scope, self._counted(receive), send)

    def _counted(self, receive: Receive) -> Receive:
        seen = 0

        async def receive_counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.most:
                raise BodyTooLarge
            return message

        return receive_counted


async def _throw_away(receive: Receive, most: int) -> None:
    seen, more = 0, True
    while more and seen < most:
        message = await receive()
        seen += len(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)
