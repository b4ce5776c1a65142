"""Authorised calls of one Official Account, shared by every channel that speaks in its name.

The header is the bare ``access_token``. With a proof key each call carries ``appsecret_proof``, the hex HMAC-SHA256 of
the access token under the application's secret (Zalo's PHP SDK, commit 6bacb1b).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from notifications.channels.base import Delivery
from notifications.channels.tokens import TokenPair, TokenStore
from notifications.channels.zalo.codes import MEANINGS, Meaning, failure_for, refreshes
from notifications.channels.zalo.oauth import ZaloOAuth
from notifications.channels.zalo.replies import Reply, read_reply
from notifications.channels.zalo.wire import lower_headers, open_client, request

ACCOUNT_PATH = "/v2.0/oa/getoa"
NOT_AUTHORISED = -223
# Renew a little early, so that a message is not spent on learning that the token has just ended.
EARLY = timedelta(minutes=2)
# Reading and deciphering the pair costs as much as a call. A pair that another process has renewed meanwhile is refused
# by Zalo, and then the new one is read.
KEEP = timedelta(seconds=5)
NO_CONSENT = "Chưa cấp quyền cho Official Account. Hãy chạy: dondoc zalo connect."
WITHDRAWN = "Official Account đã rút quyền của ứng dụng. Hãy cấp quyền lại: dondoc zalo connect."
LOST = "Quyền gửi tin Zalo đã mất từ {since:%H:%M ngày %d/%m/%Y}. Hãy cấp quyền lại: dondoc zalo connect."


@dataclass(frozen=True)
class Call:
    """One call: ``url`` in full, and the table that tells what its error codes mean."""

    method: str
    url: str
    body: Mapping[str, Any] | None = None
    query: Mapping[str, str] | None = None
    meanings: Mapping[int, Meaning] = field(default_factory=lambda: MEANINGS)


class ZaloAccount:
    """One Official Account: its consent, its tokens, its connections. May be used from several threads at once."""

    def __init__(
        self,
        api_url: str,
        oauth: ZaloOAuth,
        tokens: TokenStore,
        client: httpx.Client | None = None,
        proof_secret: str = "",
    ) -> None:
        self._who = Call("GET", api_url.rstrip("/") + ACCOUNT_PATH)
        self._oauth = oauth
        self._tokens = tokens
        self._client = client or open_client()
        self._proof_secret = proof_secret
        self._kept: tuple[TokenPair, datetime] | None = None

    def lost(self, now: datetime) -> str | None:
        """That the consent is lost, in Vietnamese; None while all is well. Raises Delivery."""
        since = self._tokens.lost_since()
        return LOST.format(since=since.astimezone(now.tzinfo)) if since else None

    def make(self, call: Call, now: datetime) -> Reply:
        """A successful reply; an ended token is renewed and the refused call made once more. Raises Delivery."""
        pair = self._usable_pair(now)
        reply = self._send(call, pair.access, now)
        if refreshes(reply.code, call.meanings):
            # A refused token means a refused call: repeating it cannot make a second copy.
            pair = self._renew(pair, now)
            reply = self._send(call, pair.access, now)
        if reply.code != 0:
            failure = failure_for(reply.code, reply.message, now, call.meanings)
            if reply.code == NOT_AUTHORISED and failure.kind == "config":
                self._look_for_consent(pair, now)
            raise failure
        return reply

    def who(self, now: datetime) -> Reply:
        """What Zalo says that we are; sends nothing to anybody. Raises Delivery."""
        return self.make(self._who, now)

    def _look_for_consent(self, pair: TokenPair, now: datetime) -> None:
        """Whether all consent is gone, or only a right to this one kind of call. Raises Delivery `auth` for the former.

        -223 says "not authorised" of both. An account that may not even ask who it is has lost its consent.
        """
        reply = self._send(self._who, pair.access, now)
        if reply.code == NOT_AUTHORISED:
            self._kept = None
            self._tokens.mark_lost(pair.access, now)
            raise Delivery("auth", str(NOT_AUTHORISED), WITHDRAWN)

    def _usable_pair(self, now: datetime) -> TokenPair:
        kept = self._kept
        if kept is not None and abs(now - kept[1]) <= KEEP and kept[0].expires_at - EARLY > now:
            return kept[0]
        pair = self._tokens.load()
        if pair is None:
            raise Delivery("auth", "no-consent", NO_CONSENT)
        if pair.expires_at - EARLY <= now:
            return self._renew(pair, now)
        self._kept = (pair, now)
        return pair

    def _renew(self, stale: TokenPair, now: datetime) -> TokenPair:
        self._kept = None
        return self._tokens.refresh(stale.access, lambda spent: self._oauth.pair_from_refresh(spent, now), now)

    def _send(self, call: Call, access: str, now: datetime) -> Reply:
        headers = {"access_token": access}
        if self._proof_secret:
            proof = hmac.new(self._proof_secret.encode(), access.encode(), hashlib.sha256)
            headers["appsecret_proof"] = proof.hexdigest()
        response = request(
            self._client, call.method, call.url, headers=headers, json=call.body, params=call.query or None
        )
        return read_reply(response.status_code, lower_headers(response), response.content, now)
