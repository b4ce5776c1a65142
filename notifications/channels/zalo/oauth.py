"""Consent and token renewal of a Zalo Official Account.

Hosts, fields and lifetimes: Zalo's PHP SDK (commit 6bacb1b) and the transcribed documentation. The access token lives
25 hours, the refresh token three months and is single use; the token it replaces dies at once.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx

from notifications.channels.base import Delivery, require_aware
from notifications.channels.tokens import TokenPair
from notifications.channels.zalo.replies import Reply, read_reply
from notifications.channels.zalo.wire import lower_headers, request

DEFAULT_LIFE = timedelta(hours=25)
# Short, because the row of the tokens is locked meanwhile, and on SQLite every other writer waits: two calls must end
# well before db.session's busy_timeout of 30 s.
TIMEOUT = httpx.Timeout(connect=3.0, read=6.0, write=3.0, pool=3.0)

# Refresh token used or expired.
SPENT = -14020
# The application or its consent link is set up wrongly; the tokens are intact.
SETUP_WORDS: Mapping[int, str] = {
    -14002: "Ứng dụng Zalo chưa được kích hoạt.",
    -14003: "Địa chỉ nhận kết quả cấp quyền khác với địa chỉ khai trong ứng dụng Zalo.",
}


def new_verifier() -> str:
    """A PKCE verifier: exactly 43 characters, as Zalo requires."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode("ascii")


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier: unpadded base64url of the raw SHA-256."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


class ZaloOAuth:
    """The token endpoint of one application."""

    def __init__(self, client: httpx.Client, base_url: str, app_id: str, app_secret: str) -> None:
        self._client = client
        self._base = base_url.rstrip("/")
        self._app_id = app_id
        self._secret = app_secret

    def permission_url(self, redirect_uri: str, verifier: str, state: str) -> str:
        """The page where an administrator of the Official Account consents, in a browser."""
        query = {
            "app_id": self._app_id,
            "redirect_uri": redirect_uri,
            "code_challenge": challenge_of(verifier),
            "state": state,
        }
        return f"{self._base}/v4/oa/permission?{urlencode(query)}"

    def pair_from_code(self, code: str, verifier: str, now: datetime) -> TokenPair:
        """The first pair, from the code of a consent (single use, 10 minutes). Raises Delivery."""
        form = {"code": code, "grant_type": "authorization_code", "code_verifier": verifier}
        return self._exchange(form, now)

    def pair_from_refresh(self, refresh_token: str, now: datetime) -> TokenPair:
        """The next pair.

        When the reply was lost, asks once more with the same token and never a third time: either the server had not
        moved on and answers, or it says that the token is spent. Raises Delivery: `auth` when consent is lost.
        """
        form = {"refresh_token": refresh_token, "grant_type": "refresh_token"}
        try:
            return self._exchange(form, now)
        except Delivery as error:
            if error.kind != "unknown":
                raise
        return self._exchange(form, now)

    def _exchange(self, form: Mapping[str, str], now: datetime) -> TokenPair:
        require_aware(now)
        response = request(
            self._client,
            "POST",
            f"{self._base}/v4/oa/access_token",
            headers={"secret_key": self._secret},
            data={**form, "app_id": self._app_id},
            timeout=TIMEOUT,
        )
        return self._read_pair(response, now)

    def _read_pair(self, response: httpx.Response, now: datetime) -> TokenPair:
        """The pair in a reply; a success has no ``error`` field at all."""
        try:
            body: Any = response.json()
        except ValueError:
            body = None
        if isinstance(body, dict) and body.get("access_token") and body.get("refresh_token"):
            life = _lifetime(body.get("expires_in"))
            return TokenPair(str(body["access_token"]), str(body["refresh_token"]), now + life)
        reply = read_reply(response.status_code, lower_headers(response), response.content, now)
        raise _refusal(reply)


def _lifetime(value: object) -> timedelta:
    """``expires_in`` in seconds; Zalo sends it as a string."""
    text = str(value)
    return timedelta(seconds=int(text)) if text.isascii() and text.isdigit() else DEFAULT_LIFE


def _refusal(reply: Reply) -> Delivery:
    if reply.code == 0:
        return Delivery("unknown", None, "Zalo trả lời nhưng không có mã truy cập mới.")
    said = f" (Zalo: {reply.message})" if reply.message else ""
    if reply.code == SPENT:
        return Delivery("auth", str(SPENT), "Mã làm mới của Zalo đã được dùng hoặc hết hạn." + said)
    words = SETUP_WORDS.get(reply.code, "Zalo không cấp mã truy cập. Hãy kiểm tra mã và khóa bí mật của ứng dụng.")
    return Delivery("config", str(reply.code), words + said)
