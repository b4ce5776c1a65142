"""The doubles as a test sees them: processes of their own, spoken to over their control address."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from notifications.channels.token_store import DatabaseTokenStore
from notifications.channels.tokens import TokenPair

ROOT = Path(__file__).resolve().parents[2]
APP_ID = "1111111111111111111"
APP_SECRET = "double-app-secret"


@contextmanager
def running(module: str, *arguments: str) -> Iterator[list[str]]:
    """A double as a subprocess; yields the addresses of its ready line."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT)},
    )
    try:
        assert process.stdout is not None
        words = process.stdout.readline().split()
        assert words[:1] == ["ready"], f"{module} did not start"
        yield words[1:]
    finally:
        process.terminate()
        process.wait(timeout=10)
        if process.stdout is not None:
            process.stdout.close()


class MailDouble:
    """The mail double of the session."""

    def __init__(self, http_url: str, smtp_url: str) -> None:
        self.http_url = http_url
        self.smtp_url = smtp_url
        self._client = httpx.Client(base_url=http_url, timeout=10)

    def mails(self, to: str) -> list[dict[str, Any]]:
        """Every copy that one address has."""
        found: list[dict[str, Any]] = self._client.get("/_control/mails", params={"to": to}).json()
        return found

    def connections(self) -> int:
        """How many connections came since the last reset."""
        return int(self._client.get("/_control/connections").json())

    def raw(self, number: int) -> bytes:
        """The exact bytes of one mail."""
        return self._client.get(f"/thu/{number}.eml").content

    def page(self, path: str) -> str:
        """A page as the reader gets it."""
        return self._client.get(path).text

    def arm(self, **fault: Any) -> None:
        """Push one fault."""
        self._client.post("/_control/faults", json=fault).raise_for_status()

    def reset(self) -> None:
        """Forget mails and faults."""
        self._client.post("/_control/reset")


class ZaloDouble:
    """The Zalo double of the session."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._client = httpx.Client(base_url=url, timeout=10)

    def inbox(self, to: str | None = None) -> list[dict[str, Any]]:
        """Every copy on a screen, or on all."""
        return self._get("/_control/inbox", {"to": to} if to else {})

    def ledger(self, path: str | None = None) -> list[dict[str, Any]]:
        """Every call that came, whatever came of it."""
        return self._get("/_control/ledger", {"path": path} if path else {})

    def renewals(self) -> list[dict[str, Any]]:
        """Calls of the token address."""
        return self.ledger("/v4/oa/access_token")

    def people(self, *people: dict[str, Any]) -> None:
        """Add people."""
        self.post("people", people=list(people))

    def group(self, **group: Any) -> None:
        """Add one group."""
        self.post("groups", groups=[group])

    def arm(self, kind: str, **fault: Any) -> None:
        """Push one fault."""
        self.post("faults", kind=kind, **fault)

    def grant(self) -> dict[str, str]:
        """A first pair."""
        pair: dict[str, str] = self.post("grant")
        return pair

    def post(self, name: str, **body: Any) -> Any:
        """Any control call."""
        answer = self._client.post(f"/_control/{name}", json=body)
        answer.raise_for_status()
        return answer.json()

    def page(self, path: str) -> str:
        """A page as the reader gets it."""
        return self._client.get(path).text

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """A call of the API itself, as a stranger would make it."""
        return self._client.request(method, path, **options)

    def _get(self, path: str, query: dict[str, str]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._client.get(path, params=query).json()
        return found


def keep_grant(store: DatabaseTokenStore, zalo: ZaloDouble, now: datetime) -> TokenPair:
    """Store a first pair of the double; returns it."""
    granted = zalo.grant()
    life = timedelta(seconds=int(granted["expires_in"]))
    pair = TokenPair(granted["access_token"], granted["refresh_token"], now + life)
    store.store_first_pair(pair, now)
    return pair
