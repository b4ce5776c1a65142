"""What this installation alone can put on a mail: signed addresses for what comes back, and a DKIM signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from notifications.channels.base import Delivery
from notifications.channels.mail.server import MailServer
from notifications.reply_tokens import (
    TokenSettings,
    bounce_address,
    bounce_token,
    leave_address,
    leave_token,
    reply_address,
)

if TYPE_CHECKING:
    from pydantic import SecretStr

LEAVE_PATH = "/thu/thoi-nhan"
LEAVE_SUBJECT = "Thôi nhận thư"
SMALLEST_KEY = 1024
# RFC 6376, 5.4.1, and the two that RFC 8058 (4) wants covered. Each is signed once more than it stands in the mail, so
# that nobody can add a second one under our signature.
SIGNED = (
    "from to subject date message-id reply-to in-reply-to references mime-version content-type "
    "content-transfer-encoding auto-submitted list-id list-unsubscribe list-unsubscribe-post"
)


class MarkSettings(TokenSettings, Protocol):
    """The settings that the marks of a mail come from."""

    @property
    def base_url(self) -> str: ...
    @property
    def dkim_selector(self) -> str: ...
    @property
    def dkim_key(self) -> SecretStr: ...


@dataclass(frozen=True)
class Marks:
    """The marks of one mail.

    `leave`: addresses of List-Unsubscribe (RFC 2369); `one_click`: the https one takes a bare POST (RFC 8058). `envid`
    comes back in a notice of failure (RFC 3461, 4.4) and is signed, since anybody can send a notice.
    """

    reply_to: str | None = None
    return_path: str | None = None
    leave: tuple[str, ...] = ()
    one_click: bool = False
    envid: str = ""


class Marker:
    """Marks the mails of one installation."""

    def __init__(self, settings: MarkSettings, server: MailServer) -> None:
        """Raises Delivery `config` for a DKIM key that cannot sign."""
        self._settings = settings
        self._domain = server.domain
        self._selector = settings.dkim_selector
        self._key = _usable_key(settings.dkim_key.get_secret_value()) if settings.dkim_selector else b""

    def marks(self, outbox_id: int) -> Marks:
        """The marks of an outbox row: the same at each attempt."""
        return Marks(
            reply_address(outbox_id, self._settings),
            bounce_address(outbox_id, self._settings),
            self._leave(outbox_id),
            self._settings.base_url.startswith("https://"),
            bounce_token(outbox_id, self._settings),
        )

    def _leave(self, outbox_id: int) -> tuple[str, ...]:
        token, mailbox = leave_token(outbox_id, self._settings), leave_address(outbox_id, self._settings)
        page = (f"{self._settings.base_url}{LEAVE_PATH}/{token}",) if token else ()
        return page + ((f"mailto:{mailbox}?subject={quote(LEAVE_SUBJECT)}",) if mailbox else ())

    def signed(self, content: bytes) -> bytes:
        """The mail with its DKIM-Signature (RFC 6376), or as it is when no key is set up."""
        if not self._key:
            return content
        import dkim

        header: bytes = dkim.sign(
            content,
            self._selector.encode(),
            self._domain.encode(),
            self._key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=_twice(content),
        )
        return header + content


def _twice(content: bytes) -> list[bytes]:
    """The headers to sign: every known one once more than it stands there."""
    head = content.partition(b"\r\n\r\n")[0].lower().split(b"\r\n")
    there = {line.partition(b":")[0] for line in head}
    known = [name.encode() for name in SIGNED.split()]
    return known + [name for name in known if name in there]


def _usable_key(pem: str) -> bytes:
    """The key as dkimpy reads it (PKCS #1). Raises Delivery `config`."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _fault("không đọc được khóa riêng dạng PEM (không đặt mật khẩu)") from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < SMALLEST_KEY:
        raise _fault(f"cần khóa RSA từ {SMALLEST_KEY} bit (nên dùng 2048)")
    form = serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def _fault(words: str) -> Delivery:
    return Delivery("config", "dkim", f"DONDOC_DKIM_KEY: {words}. Để máy chủ thư tự ký, hãy bỏ DONDOC_DKIM_SELECTOR.")
