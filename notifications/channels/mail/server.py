"""Where mail goes out: the address of the SMTP server, read from one URL."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from notifications.channels.base import Delivery

Security = Literal["plain", "auto", "starttls", "tls"]
STARTTLS_WORDS: dict[str, Security] = {
    "yes": "starttls",
    "required": "starttls",
    "auto": "auto",
    "no": "plain",
}
KNOWN_OPTIONS = {"from", "starttls", "ca", "timeout", "name"}
DEFAULT_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True)
class MailServer:
    """One SMTP server, who we are on it, and who the mail is from.

    ``security``: `plain`; `auto` (STARTTLS when offered); `starttls` (required); `tls` from the first byte. With a
    password the default is `starttls`, so that it never travels in the clear unless the URL says ``starttls=no``.
    ``ca``: file of certificates to trust beside the system's. ``timeout`` in seconds, for each step.
    """

    host: str
    port: int
    security: Security
    sender: str
    sender_name: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    ca: str | None = None
    timeout: float = 30.0

    @property
    def domain(self) -> str:
        """The domain of the sender, used to greet the server and to name the list."""
        return self.sender.rpartition("@")[2] or "localhost"


def read_server(url: str, mail_from: str) -> MailServer:
    """``smtp[s]://user:password@host:port?from=..&starttls=..`` as a server.

    ``from`` in the URL wins over ``mail_from``; both may be ``Name <address>``. Raises Delivery `config`.
    """
    parts = _split(url)
    options = dict(parse_qsl(parts.query))
    if strange := sorted(set(options) - KNOWN_OPTIONS):
        raise _fault(f"không có tùy chọn {', '.join(strange)}; chỉ có {', '.join(sorted(KNOWN_OPTIONS))}")
    name, sender = parseaddr(options.get("from") or mail_from)
    if "@" not in sender:
        raise _fault("thiếu địa chỉ người gửi; hãy đặt DONDOC_MAIL_FROM hoặc thêm ?from=dia-chi@co-quan.gov.vn")
    user = unquote(parts.username or "")
    return MailServer(
        host=parts.hostname or "",
        port=parts.port or DEFAULT_PORTS[parts.scheme],
        security=_security(parts.scheme, options.get("starttls"), user),
        sender=sender,
        sender_name=options.get("name") or name,
        user=user,
        password=unquote(parts.password or ""),
        ca=options.get("ca"),
        timeout=_seconds(options.get("timeout", "30")),
    )


def _split(url: str) -> SplitResult:
    """The parts of a URL with a known scheme, a host and a port that is a number."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in DEFAULT_PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise _fault("phải có dạng smtp://tên:mật-khẩu@máy-chủ:587 hoặc smtps://tên:mật-khẩu@máy-chủ:465")
    return parts


def _security(scheme: str, starttls: str | None, user: str) -> Security:
    if scheme == "smtps":
        return "tls"
    if starttls is None:
        return "starttls" if user else "auto"
    if starttls not in STARTTLS_WORDS:
        raise _fault(f"starttls={starttls} không dùng được; hãy chọn {', '.join(STARTTLS_WORDS)}")
    return STARTTLS_WORDS[starttls]


def timeout_seconds(text: str) -> float:
    """The seconds of a `timeout=` option of a mail address. Raises ValueError with the words for the administrator."""
    words = f"timeout={text} không dùng được; hãy đặt số giây từ 1 đến 300"
    try:
        seconds = float(text)
    except ValueError:
        raise ValueError(words) from None
    if not 0 < seconds <= 300:
        raise ValueError(words)
    return seconds


def _seconds(text: str) -> float:
    try:
        return timeout_seconds(text)
    except ValueError as error:
        raise _fault(str(error)) from None


def _fault(words: str) -> Delivery:
    return Delivery("config", "smtp-url", f"DONDOC_SMTP_URL: {words}.")
