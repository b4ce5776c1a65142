"""Which mailbox is read: the address of the IMAP server, read from one URL."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from config.faults import ConfigFault
from notifications.channels.mail.server import timeout_seconds

Security = Literal["plain", "starttls", "tls"]
PORTS = {"imap": 143, "imaps": 993}
OPTIONS = {"starttls", "ca", "timeout"}
STARTTLS: dict[str, Security] = {"yes": "starttls", "no": "plain"}


@dataclass(frozen=True)
class ImapAccount:
    """One folder of one mailbox. `timeout` in seconds, for each step; `ca`: further trusted certificates."""

    host: str
    port: int
    security: Security
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    ca: str | None = None
    timeout: float = 30.0

    @property
    def name(self) -> str:
        """What the bookmark is kept under; never the password."""
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"[:255]


def read_account(url: str) -> ImapAccount:
    """``imap[s]://user:password@host:port/FOLDER?starttls=..&ca=..&timeout=..`` as an account.

    Without TLS from the first byte, STARTTLS is demanded (RFC 8314, 3), so that no password travels in the clear unless
    the URL says ``starttls=no``. Raises ConfigFault.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise _fault("phải có dạng imaps://tên:mật-khẩu@máy-chủ:993/INBOX") from None
    options = dict(parse_qsl(parts.query))
    if strange := sorted(set(options) - OPTIONS):
        raise _fault(f"không có tùy chọn {', '.join(strange)}; chỉ có {', '.join(sorted(OPTIONS))}")
    if not parts.hostname or not parts.username:
        raise _fault("thiếu tên máy chủ hoặc tên đăng nhập")
    return ImapAccount(
        host=parts.hostname,
        port=port,
        security=_security(parts.scheme, options.get("starttls", "yes")),
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        ca=options.get("ca"),
        timeout=_seconds(options.get("timeout", "30")),
    )


def _security(scheme: str, starttls: str) -> Security:
    if scheme == "imaps":
        return "tls"
    if starttls not in STARTTLS:
        raise _fault(f"starttls={starttls} không dùng được; hãy chọn {', '.join(STARTTLS)}")
    return STARTTLS[starttls]


def _seconds(text: str) -> float:
    try:
        return timeout_seconds(text)
    except ValueError as error:
        raise _fault(str(error)) from None


def _fault(words: str) -> ConfigFault:
    return ConfigFault(f"DONDOC_IMAP_URL: {words}.")
