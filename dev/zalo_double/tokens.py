"""Consent codes, access tokens and refresh tokens that really end.

- code: 10 minutes, single use, PKCE S256 with a 43-character verifier [S: Zalo PHP SDK; M]
- access token: 25 hours [M]; refresh token: 3 months, single use [M]
- a refresh returns a new pair; the replaced access token dies at once [M]
- a spent or ended refresh token: HTTP 200 with error -14020 [R: Zalo community]
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
from dataclasses import asdict, dataclass
from typing import Any

ACCESS_SECONDS = 90_000
REFRESH_SECONDS = 90 * 86_400
CODE_SECONDS = 600
VERIFIER_LENGTH = 43

GOOD = "good"
ENDED = "ended"
NOT_KNOWN = "not known"
WITHDRAWN = "withdrawn"


@dataclass
class Refresh:
    """One refresh token: its end, and the access token that it came with."""

    access: str
    ends: float
    spent: bool = False


@dataclass
class Code:
    """One consent code, bound to a PKCE challenge."""

    challenge: str
    ends: float
    spent: bool = False


class TokenOffice:
    """Issues and judges tokens. Two refreshes at the same moment: exactly one wins."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._access: dict[str, float] = {}
        self._refresh: dict[str, Refresh] = {}
        self._codes: dict[str, Code] = {}
        self._withdrawn: set[str] = set()
        self.rotations = 0

    def issue(self, now: float) -> dict[str, str]:
        """A new pair, as the token call returns it; ``expires_in`` is a string [M]."""
        access, refresh = secrets.token_urlsafe(48), secrets.token_urlsafe(48)
        self._access[access] = now + ACCESS_SECONDS
        self._refresh[refresh] = Refresh(access, now + REFRESH_SECONDS)
        return {"access_token": access, "refresh_token": refresh, "expires_in": str(ACCESS_SECONDS)}

    def code(self, challenge: str, now: float) -> str:
        """The code of a consent just given."""
        code = secrets.token_urlsafe(32)
        self._codes[code] = Code(challenge, now + CODE_SECONDS)
        return code

    def from_code(self, code: str, verifier: str, now: float) -> dict[str, str] | None:
        """The first pair; None for a code that is unknown, spent, ended, or not of this verifier."""
        with self._lock:
            known = self._codes.get(code)
            if known is None or known.spent or known.ends <= now or _challenge(verifier) != known.challenge:
                return None
            known.spent = True
            return self.issue(now)

    def from_refresh(self, refresh: str, now: float) -> dict[str, str] | None:
        """The next pair; None for a refresh token that is unknown, spent or ended."""
        with self._lock:
            known = self._refresh.get(refresh)
            if known is None or known.spent or known.ends <= now:
                return None
            known.spent = True
            self._access.pop(known.access, None)
            self.rotations += 1
            return self.issue(now)

    def judge(self, access: str, now: float) -> str:
        """Whether an access token is good, ended, or not known (never issued, replaced, revoked)."""
        if access in self._withdrawn:
            return WITHDRAWN
        ends = self._access.get(access)
        if ends is None:
            return NOT_KNOWN
        return GOOD if now < ends else ENDED

    def revoke_all(self, named: bool = False) -> None:
        """The administrator withdraws the consent; ``named``: the API then says so (-223), else the token is unknown.

        No source tells which of the two happens [K].
        """
        with self._lock:
            self._withdrawn |= set(self._access) if named else set()
            self._access.clear()
            self._refresh.clear()

    def end_access(self, now: float) -> None:
        """Let every access token end now."""
        with self._lock:
            self._access = dict.fromkeys(self._access, now)

    def to_json(self) -> dict[str, Any]:
        """What must survive a restart of the double."""
        refresh = {token: asdict(known) for token, known in self._refresh.items()}
        return {"access": self._access, "refresh": refresh, "rotations": self.rotations}

    def restore(self, kept: dict[str, Any]) -> None:
        """Take up again what :meth:`to_json` gave."""
        self._access = dict(kept.get("access", {}))
        self._refresh = {token: Refresh(**known) for token, known in kept.get("refresh", {}).items()}
        self.rotations = int(kept.get("rotations", 0))


def _challenge(verifier: str) -> str:
    if len(verifier) != VERIFIER_LENGTH:
        return ""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
