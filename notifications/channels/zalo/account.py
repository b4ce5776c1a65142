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

# Renew a little early, so that a message is not spent on learning that the token has just ended.
EARLY = timedelta(minutes=2)
# Reading and deciphering the pair costs as much as a call. A pair that another process has renewed meanwhile is refused
# by Zalo, and then the new one is read.
KEEP = timedelta(seconds=5)
NO_CONSENT = "Chưa cấp quyền cho Official Account. Hãy chạy: dondoc zalo connect."
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
        self, oauth: ZaloOAuth, tokens: TokenStore, client: httpx.Client | None = None, proof_secret: str = ""
    ) -> None:
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
            raise failure_for(reply.code, reply.message, now, call.meanings)
        return reply

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
