"""The token pair in the database, encrypted, renewed under the lock of its row.

The one exception to "services never commit": the new pair must be durable before its first use, whatever the caller
does next. So the store opens its own transaction, and must be called with no transaction open. On SQLite every writing
transaction begins IMMEDIATE, on PostgreSQL the row is locked; either way a second refresher waits, reads the row again
and finds the work done.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ChannelToken
from db.session import reading, transaction
from notifications.channels.base import Delivery, require_aware
from notifications.channels.tokens import Exchange, Standing, TokenPair

log = logging.getLogger(__name__)

OpenSession = Callable[[], AbstractContextManager[Session]]

NO_CONSENT = "Chưa cấp quyền cho Official Account. Hãy chạy: dondoc zalo connect."
LOST = "Quyền gửi tin Zalo đã mất. Người quản trị Official Account phải cấp quyền lại: dondoc zalo connect."
WRONG_KEY = "Không giải mã được mã truy cập Zalo: DONDOC_SECRET_KEY đã đổi. Hãy đặt lại khóa cũ hoặc cấp quyền lại."


class TokenCipher:
    """Encrypts tokens at rest with a key derived from the installation's secret."""

    def __init__(self, secret_key: str) -> None:
        if not secret_key:
            raise ValueError("secret_key must not be empty")
        derived = HKDF(SHA256(), 32, salt=None, info=b"dondoc channel tokens").derive(secret_key.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def lock(self, token: str) -> str:
        """The token, encrypted, as ASCII text."""
        return self._fernet.encrypt(token.encode()).decode("ascii")

    def unlock(self, sealed: str) -> str:
        """The token again. Raises Delivery `config` when the secret is another one."""
        try:
            return self._fernet.decrypt(sealed.encode("ascii")).decode()
        except InvalidToken:
            raise Delivery("config", "secret-key", WRONG_KEY) from None


class DatabaseTokenStore:
    """The :class:`TokenStore` of one channel on the table ``channel_tokens``."""

    def __init__(
        self,
        channel: str,
        secret_key: str,
        open_transaction: OpenSession = transaction,
        open_reading: OpenSession = reading,
    ) -> None:
        self._channel = channel
        self._cipher = TokenCipher(secret_key)
        self._transaction = open_transaction
        # Each send loads the pair; on SQLite a reading waits for no writer.
        self._reading = open_reading

    def load(self) -> TokenPair | None:
        """The stored pair, or None when consent was never given. Raises Delivery `auth` once the consent is lost."""
        with self._reading() as session:
            row = session.get(ChannelToken, self._channel)
            if row is not None and row.lost_at is not None:
                raise Delivery("auth", "consent-lost", LOST)
            return None if row is None else self._pair(row)

    def mark_lost(self, access: str, now: datetime) -> None:
        """The consent behind this access token was withdrawn; see :class:`TokenStore`."""
        require_aware(now)
        with self._transaction() as session:
            row = self._locked_row(session)
            if row.lost_at is None and self._pair(row).access == access:
                row.lost_at = row.updated_at = now
                log.error("consent of channel %s was withdrawn", self._channel)

    def standing(self) -> Standing | None:
        """How the pair stands, without the tokens; None when consent was never given."""
        with self._reading() as session:
            row = session.get(ChannelToken, self._channel)
            return None if row is None else Standing(row.updated_at, row.expires_at, row.version, row.lost_at)

    def lost_since(self) -> datetime | None:
        """When the consent was found lost; None while all is well."""
        with self._reading() as session:
            row = session.get(ChannelToken, self._channel)
            return None if row is None else row.lost_at

    def refresh(self, stale_access: str, exchange: Exchange, now: datetime) -> TokenPair:
        """A pair other than the stale one; see :class:`TokenStore`."""
        require_aware(now)
        failure: Delivery | None = None
        with self._transaction() as session:
            row = self._locked_row(session)
            pair = self._pair(row)
            if row.lost_at is None and pair.access == stale_access:
                try:
                    pair = exchange(pair.refresh)
                    self._write(row, pair, now)
                except Delivery as error:
                    failure = self._settle_failure(row, error, now)
            elif row.lost_at is not None:
                failure = Delivery("auth", "consent-lost", LOST)
        # Raised only after the commit: a mark of lost consent must not be rolled back.
        if failure is not None:
            raise failure
        return pair

    def store_first_pair(self, pair: TokenPair, now: datetime) -> None:
        """Keep the pair of a new consent, over whatever was there; ends an alarm."""
        require_aware(now)
        with self._transaction() as session:
            row = session.get(ChannelToken, self._channel, with_for_update=True)
            if row is None:
                row = ChannelToken(channel=self._channel, version=0)
                session.add(row)
            self._write(row, pair, now)

    def _locked_row(self, session: Session) -> ChannelToken:
        query = select(ChannelToken).where(ChannelToken.channel == self._channel).with_for_update()
        row = session.scalars(query).one_or_none()
        if row is None:
            raise Delivery("auth", "no-consent", NO_CONSENT)
        return row

    def _pair(self, row: ChannelToken) -> TokenPair:
        return TokenPair(
            self._cipher.unlock(row.access_token_enc),
            self._cipher.unlock(row.refresh_token_enc),
            row.expires_at,
        )

    def _write(self, row: ChannelToken, pair: TokenPair, now: datetime) -> None:
        row.access_token_enc = self._cipher.lock(pair.access)
        row.refresh_token_enc = self._cipher.lock(pair.refresh)
        row.expires_at = pair.expires_at
        row.version += 1
        row.lost_at = None
        row.updated_at = now

    def _settle_failure(self, row: ChannelToken, error: Delivery, now: datetime) -> Delivery:
        """Mark lost consent. A lost reply counts as lost: the server has moved on, and our refresh token is spent."""
        if error.kind not in ("auth", "unknown"):
            return error
        row.lost_at = now
        row.updated_at = now
        log.error("consent of channel %s is lost (%s): %s", self._channel, error.code, error.detail)
        return Delivery("auth", error.code or "consent-lost", LOST)
