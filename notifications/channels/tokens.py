"""The token pair of a channel and the store that lets exactly one holder renew it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True)
class TokenPair:
    """An access token with its end (aware), and the single-use token that renews it. Never printed."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime


REFRESH_LIFE = timedelta(days=90)
"""A refresh token lives three months (Zalo's documentation, transcribed)."""


@dataclass(frozen=True)
class Standing:
    """How a pair stands: when it was last renewed, when the access token ends, which renewal it is, since when lost."""

    renewed_at: datetime
    expires_at: datetime
    version: int
    lost_at: datetime | None

    @property
    def consent_ends(self) -> datetime:
        """The day by which the pair must be renewed, or an administrator must consent again."""
        return self.renewed_at + REFRESH_LIFE


Exchange = Callable[[str], TokenPair]
"""Turn a refresh token into a new pair; raises Delivery."""


class TokenStore(Protocol):
    """Where a pair lives. Zalo kills the old access token and the old refresh token at each renewal, so a pair that is
    renewed twice, or used before it is stored, is lost until an administrator consents again in a browser."""

    def load(self) -> TokenPair | None:
        """The stored pair, or None when consent was never given. Raises Delivery `auth` once the consent is lost."""

    def mark_lost(self, access: str, now: datetime) -> None:
        """The consent behind this access token was withdrawn; nothing happens when another pair is stored by now."""

    def lost_since(self) -> datetime | None:
        """When the consent was found lost; None while all is well."""

    def refresh(self, stale_access: str, exchange: Exchange, now: datetime) -> TokenPair:
        """A pair whose access token is not ``stale_access``.

        Holds the lock, reads again under it, and calls ``exchange`` only when nobody else renewed in between; the new
        pair is committed before it is returned. Raises Delivery: `auth` when the consent is lost (marked once, and
        from then on without any call), else whatever ``exchange`` raised.
        """
