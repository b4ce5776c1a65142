"""Who is at the other end: the session cookie, roles, and the token that stops forged posts.

The CSRF token is derived from the session's token and stored nowhere. Every request that is not a reading one is
checked for it by `signed_in`, so that a page cannot forget to.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Literal, cast

from fastapi import Depends, Request
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from config.settings import Settings
from db.accounts import SESSION_HOURS, token_digest
from db.models import LoginSession
from web.edge import Edge, edge_of

Role = Literal["admin", "officer", "leader"]
ROLE_NAMES: dict[str, str] = {"admin": "Quản trị", "officer": "Chuyên viên tổng hợp", "leader": "Lãnh đạo"}
COOKIE = "dondoc_session"
CSRF_FIELD = "csrf"
MOST_FIELDS = 10_000
READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class LoginNeeded(Exception):
    """Nobody is signed in; `back` is where to return to afterwards."""

    def __init__(self, back: str) -> None:
        super().__init__(back)
        self.back = back


class NotAllowed(Exception):
    """The person signed in may not do this."""


class ForgedPost(Exception):
    """A post without this session's own token."""


@dataclass(frozen=True)
class SignedIn:
    """The person at the other end. `name` is what the journal records as the actor."""

    id: int
    username: str
    full_name: str
    role: Role
    csrf: str

    @property
    def name(self) -> str:
        """The name written into the journal and onto decisions."""
        return self.full_name or self.username

    @property
    def can_act(self) -> bool:
        """Whether this person runs the work (officer, administrator) rather than only watching it."""
        return self.role in ("admin", "officer")


def set_cookie(response: Response, token: str, settings: Settings) -> None:
    """Hand the session's token to the browser."""
    secure = settings.base_url.startswith("https://")
    response.set_cookie(
        COOKIE, token, max_age=SESSION_HOURS * 3600, httponly=True, samesite="lax", secure=secure, path="/"
    )


def csrf_token(token: str, settings: Settings) -> str:
    """The token that this session's forms carry."""
    key = settings.secret_key.get_secret_value().encode()
    return hmac.new(key, b"csrf:" + token.encode(), hashlib.sha256).hexdigest()


def find_user(edge: Edge, token: str | None) -> SignedIn | None:
    """Who a session token belongs to; None for no, unknown or expired tokens and closed accounts."""
    if not token:
        return None
    query = (
        select(LoginSession)
        .where(LoginSession.token_hash == token_digest(token))
        .options(joinedload(LoginSession.user))
    )
    with edge.reading() as session:
        found = session.scalars(query).one_or_none()
        if found is None or found.expires_at <= edge.now() or not found.user.active:
            return None
        user = found.user
        # The table's check constraint holds the roles.
        role = cast(Role, user.role)
        return SignedIn(user.id, user.username, user.full_name, role, csrf_token(token, edge.settings))


async def current_user(request: Request) -> SignedIn | None:
    """The person signed in, or None. Also leaves it in `request.state.user` for the layout."""
    user = await run_in_threadpool(find_user, edge_of(request), request.cookies.get(COOKIE))
    request.state.user = user
    return user


async def signed_in(request: Request, user: Annotated[SignedIn | None, Depends(current_user)]) -> SignedIn:
    """The person signed in; on posts the CSRF token is checked. Raises LoginNeeded, ForgedPost."""
    reading = request.method in READING_METHODS
    if user is None:
        raise LoginNeeded(request.url.path + (f"?{request.url.query}" if request.url.query else "") if reading else "/")
    if not reading:
        await _check_csrf(request, user)
    return user


async def _check_csrf(request: Request, user: SignedIn) -> None:
    # A plan may ask some hundreds of questions, all in one form.
    form = await request.form(max_fields=MOST_FIELDS)
    given = form.get(CSRF_FIELD)
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), user.csrf.encode()):
        raise ForgedPost


def require(*roles: Role) -> Callable[..., Awaitable[SignedIn]]:
    """A dependency: somebody signed in with one of the roles. Raises LoginNeeded, ForgedPost, NotAllowed."""

    async def allowed(user: Annotated[SignedIn, Depends(signed_in)]) -> SignedIn:
        if user.role not in roles:
            raise NotAllowed
        return user

    return allowed


# The two guards that pages use: anybody with an account, and those who run the work.
Anyone = Annotated[SignedIn, Depends(signed_in)]
Officer = Annotated[SignedIn, Depends(require("admin", "officer"))]
