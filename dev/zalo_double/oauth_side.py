"""The consent page and the token call."""

from __future__ import annotations

import html
from urllib.parse import urlencode

from dev import pages
from dev.http_service import Request, Response, Routes, json_response, page_response
from dev.zalo_double.faults import Faults, strike
from dev.zalo_double.guard import App
from dev.zalo_double.world import World

SPENT = -14020  # refresh token used or ended [R: Zalo community]
NOT_ACTIVE = -14002  # unknown or inactive application [M]
WRONG_REDIRECT = -14003  # [M]
WRONG_SECRET = -14004  # the number is ours, no source names it [K]
WRONG_CODE = -14019  # the number is ours, no source names it [K]


class OAuthSide:
    """Tokens of one application."""

    def __init__(self, world: World, faults: Faults, app: App) -> None:
        self._world = world
        self._faults = faults
        self._app = app

    def add_to(self, routes: Routes) -> None:
        """Paths [S: Zalo PHP SDK]."""
        routes.add("GET", "/v4/oa/permission", self._permission)
        routes.add("POST", "/v4/oa/access_token", self._token)

    def _permission(self, request: Request, part: str) -> Response:
        """The administrator's page; the link carries code, oa_id and state back [S, M]."""
        del part
        target, query = request.query.get("redirect_uri", ""), request.query
        if query.get("app_id") != self._app.app_id:
            return _refused(NOT_ACTIVE, "App is not active")
        if not target or (self._app.redirect and target != self._app.redirect):
            return _refused(WRONG_REDIRECT, "Invalid redirect uri")
        code = self._world.tokens.code(query.get("code_challenge", ""), self._world.clock.now())
        back = {"code": code, "oa_id": self._app.oa_id, "state": query.get("state", "")}
        link = html.escape(f"{target}?{urlencode(back)}")
        words = "Ứng dụng đôn đốc xin quyền gửi tin thay mặt Official Account."
        body = f'<article class="mail"><p>{words}</p><p><a id="allow" href="{link}">Cho phép</a></p></article>'
        return page_response(pages.page("Cấp quyền", body, note="Zalo - bản mô phỏng"))

    def _token(self, request: Request, part: str) -> Response:
        del part
        fault = self._faults.take(request)
        era, before = self._world.era, self._world.tokens.rotations
        answer = strike(fault, lambda: self._exchange(request)) if fault else self._exchange(request)
        rotated = self._world.tokens.rotations > before
        kind = fault.kind if fault else ""
        self._world.record(era, path=request.path, status=answer.status, fault=kind, rotated=rotated)
        return answer

    def _exchange(self, request: Request) -> Response:
        """Form body, header ``secret_key`` [S, M]. A failure is HTTP 200 with error, name and description [M]."""
        form, now = request.form(), self._world.clock.now()
        if form.get("app_id") != self._app.app_id:
            return _refused(NOT_ACTIVE, "App is not active")
        if request.headers.get("secret_key") != self._app.app_secret:
            return _refused(WRONG_SECRET, "Invalid secret key")
        if form.get("grant_type") == "authorization_code":
            pair = self._world.tokens.from_code(form.get("code", ""), form.get("code_verifier", ""), now)
            failure = _refused(WRONG_CODE, "Invalid authorization code")
        else:
            pair = self._world.tokens.from_refresh(form.get("refresh_token", ""), now)
            failure = _refused(SPENT, "Invalid refresh token")
        if pair is None:
            return failure
        self._world.save()
        return json_response(pair)


def _refused(code: int, name: str) -> Response:
    return json_response({"error": code, "error_name": name, "error_reason": name, "error_description": name})
