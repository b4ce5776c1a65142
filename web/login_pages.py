"""Signing in and out."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from db.accounts import LoginRefused, close_session, has_accounts, log_in
from web.edge import edge_of
from web.rendering import render
from web.security import COOKIE, Anyone, ForgedPost, SignedIn, current_user, set_cookie

router = APIRouter()


def local_path(address: str) -> str:
    """The address when it is a path on this server, else the home page (no open redirect)."""
    parts = urlsplit(address)
    safe = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return address if safe and address.isprintable() else "/"


@router.get("/dang-nhap")
def show_login(request: Request, user: Annotated[SignedIn | None, Depends(current_user)], tiep: str = "/") -> Response:
    """The login form."""
    if user:
        return RedirectResponse(local_path(tiep), status_code=303)
    return _form(request, 200, tiep=local_path(tiep), username="", reason="")


def _form(request: Request, status: int, **page: str) -> Response:
    with edge_of(request).reading() as session:
        return render(request, "login.html", status_code=status, nobody=not has_accounts(session), **page)


@router.post("/dang-nhap")
def do_login(
    request: Request,
    username: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    tiep: Annotated[str, Form()] = "/",
) -> Response:
    """Check the password and open a session."""
    # No session exists yet to derive a token from; the browser itself says where a form came from.
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise ForgedPost
    edge = edge_of(request)
    with edge.transaction() as session:
        outcome = log_in(session, username, password[:1024], edge.now())
    if isinstance(outcome, LoginRefused):
        page = {"tiep": local_path(tiep), "username": username[:64], "reason": str(outcome)}
        return _form(request, 401, **page)
    response = RedirectResponse(local_path(tiep), status_code=303)
    set_cookie(response, outcome, edge.settings)
    return response


@router.post("/dang-xuat")
def do_logout(request: Request, user: Anyone) -> Response:
    """End the session on the server and forget the cookie."""
    with edge_of(request).transaction() as session:
        close_session(session, request.cookies.get(COOKIE, ""))
    response = RedirectResponse("/dang-nhap", status_code=303)
    response.delete_cookie(COOKIE, path="/")
    return response
