"""Signed plus addresses: a mail that comes back says by its address which message of the outbox it belongs to.

`nop+m128.k7q3xd2mvfh5w6ta@co-quan.vn` takes answers to message 128, `bounce+b128....@` the notices that it did not
arrive (VERP: a return path of its own for each mail). The signature is HMAC-SHA-256 cut to 80 bits, in base32 and lower
case, because servers may change the case of a local part (RFC 5321, 2.4); with the longest id it stays far below the 64
characters that a local part may have (RFC 5321, 4.5.3.1.1). Each use has its own letter and its own signature, so that
an address seen by one reader opens nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pydantic import SecretStr

REPLY, BOUNCE, LEAVE = "m", "b", "u"
SIGNATURE_BYTES = 10
_TOKEN = re.compile(r"([a-z])([1-9][0-9]{0,17})\.([a-z2-7]{16})")
_ADDRESS = re.compile(r"[^\s@+<>]+\+([^\s@<>]+)@[^\s@<>]+")


class TokenSettings(Protocol):
    """The settings that signed addresses are made of; ``config.settings.Settings`` has them."""

    @property
    def secret_key(self) -> SecretStr: ...
    @property
    def mail_reply_to(self) -> str: ...
    @property
    def mail_bounce(self) -> str: ...


def reply_address(message_id: int, settings: TokenSettings) -> str | None:
    """Where answers to an outbox row go; None when no mailbox for answers is set up."""
    return _address(settings.mail_reply_to, reply_token(message_id, settings))


def bounce_address(message_id: int, settings: TokenSettings) -> str | None:
    """The return path of an outbox row (RFC 5321, 4.4); None when no mailbox for bounces is set up."""
    return _address(settings.mail_bounce, bounce_token(message_id, settings))


def leave_address(message_id: int, settings: TokenSettings) -> str | None:
    """Where the person who got an outbox row may write to get no more mail (RFC 2369, List-Unsubscribe)."""
    return _address(settings.mail_reply_to, leave_token(message_id, settings))


def reply_token(message_id: int, settings: TokenSettings) -> str:
    """The signed part of a reply address; empty without a secret key."""
    return _token(REPLY, message_id, settings)


def bounce_token(message_id: int, settings: TokenSettings) -> str:
    """The signed part of a return path, also the ENVID of RFC 3461; empty without a secret key."""
    return _token(BOUNCE, message_id, settings)


def leave_token(message_id: int, settings: TokenSettings) -> str:
    """The signed word that stops mail to the person of an outbox row; empty without a secret key."""
    return _token(LEAVE, message_id, settings)


def read_reply_token(token: str, settings: TokenSettings) -> int | None:
    """The outbox row that a reply token names; None when the signature does not hold."""
    return _read(REPLY, token, settings)


def read_bounce_token(token: str, settings: TokenSettings) -> int | None:
    """The outbox row that a bounce token names; None when the signature does not hold."""
    return _read(BOUNCE, token, settings)


def read_leave_token(token: str, settings: TokenSettings) -> int | None:
    """The outbox row whose person wants no more mail; None when the signature does not hold."""
    return _read(LEAVE, token, settings)


def token_of(address: str) -> str | None:
    """What stands behind the plus of an address, unchecked; None when there is no plus."""
    found = _ADDRESS.fullmatch(address.strip())
    return found[1] if found else None


def _address(mailbox: str, token: str) -> str | None:
    local, at, host = mailbox.strip().rpartition("@")
    return f"{local}+{token}@{host}" if at and local and host and token else None


def _token(use: str, message_id: int, settings: TokenSettings) -> str:
    signature = _signature(use, message_id, settings)
    return f"{use}{message_id}.{signature}" if signature else ""


def _read(use: str, token: str, settings: TokenSettings) -> int | None:
    found = _TOKEN.fullmatch(token.strip().lower())
    if found is None or found[1] != use:
        return None
    message_id = int(found[2])
    return message_id if hmac.compare_digest(found[3], _signature(use, message_id, settings)) else None


def _signature(use: str, message_id: int, settings: TokenSettings) -> str:
    secret = settings.secret_key.get_secret_value()
    if not secret:
        return ""
    digest = hmac.digest(secret.encode(), f"dondoc.mail.{use} {message_id}".encode(), hashlib.sha256)
    return base64.b32encode(digest[:SIGNATURE_BYTES]).decode("ascii").lower()
