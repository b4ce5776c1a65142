"""One SMTP conversation for one mail, with the step at which it failed kept.

The standard smtplib is driven step by step because ``send_message`` hides that step, and the step decides: before
the content is written nothing can have arrived, after it nobody knows until the server has answered.
"""

from __future__ import annotations

import base64
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache

from notifications.channels.base import Delivery, Receipt
from notifications.channels.mail.server import MailServer

_QUEUED = re.compile(r"queued as ([\w.-]+)|\bid=([\w.-]+)", re.IGNORECASE)
AUTH_CODES = (530, 534, 535, 538)
OVERSIZE = 552
# Steps that come before the recipient is named.
OUR_STEPS = ("greeting", "login", "sender")


@dataclass(frozen=True)
class Posting:
    """One mail as the server is handed it: return path, recipient, bytes, and what to quote in a notice of failure."""

    sender: str
    recipient: str
    content: bytes
    envid: str = ""


def deliver(smtp: smtplib.SMTP, posting: Posting) -> Receipt:
    """Hand one mail to a connected server. Raises Delivery; see :mod:`notifications.channels.base` for the kinds."""
    with _before_content():
        _expect(smtp.mail(posting.sender, _mail_options(smtp, posting)), "sender")
        _expect(smtp.rcpt(posting.recipient, _recipient_options(smtp, posting)), "recipient")
    return _write_content(smtp, posting.content)


def connect(server: MailServer) -> smtplib.SMTP:
    """A greeted, encrypted and authenticated connection. Raises Delivery; then nothing stays open."""
    smtp = _dial(server)
    try:
        with _before_content():
            _secure(smtp, server)
            _log_in(smtp, server)
    except Delivery as failure:
        leave(smtp, politely=was_answered(failure))
        raise
    return smtp


def was_answered(failure: Delivery) -> bool:
    """Whether the server gave a code, so that it is still there to be greeted goodbye."""
    return (failure.code or "").isdigit()


def _dial(server: MailServer) -> smtplib.SMTP:
    with _before_content():
        if server.security == "tls":
            context = _tls_context(server.ca)
            return smtplib.SMTP_SSL(server.host, server.port, server.domain, timeout=server.timeout, context=context)
        return smtplib.SMTP(server.host, server.port, server.domain, timeout=server.timeout)


@lru_cache(maxsize=4)
def _tls_context(ca: str | None) -> ssl.SSLContext:
    """Kept, because reading the system's certificates takes longer than a mail."""
    context = ssl.create_default_context()
    if ca:
        context.load_verify_locations(cafile=ca)
    return context


def _secure(smtp: smtplib.SMTP, server: MailServer) -> None:
    _expect(smtp.ehlo(), "greeting")
    offered = smtp.has_extn("starttls")
    if server.security == "starttls" and not offered:
        raise Delivery(
            "config",
            "starttls",
            "Máy chủ thư không có STARTTLS. Hãy dùng smtps:// hoặc, trong mạng nội bộ, starttls=no.",
        )
    if server.security == "starttls" or (server.security == "auto" and offered):
        _expect(smtp.starttls(context=_tls_context(server.ca)), "greeting")
        _expect(smtp.ehlo(), "greeting")


def _log_in(smtp: smtplib.SMTP, server: MailServer) -> None:
    if not server.user:
        return
    if not smtp.has_extn("auth"):
        raise Delivery(
            "config", "auth", "Máy chủ thư không cho đăng nhập ở cổng này. Hãy kiểm tra cổng hoặc bỏ tên, mật khẩu."
        )
    if (server.user + server.password).isascii():
        smtp.login(server.user, server.password)
    else:
        _log_in_utf8(smtp, server)


def _log_in_utf8(smtp: smtplib.SMTP, server: MailServer) -> None:
    """AUTH PLAIN in UTF-8 (RFC 4616): smtplib knows ASCII only, and a Vietnamese password is not."""
    secret = f"\0{server.user}\0{server.password}".encode()
    _expect(smtp.docmd("AUTH", "PLAIN " + base64.b64encode(secret).decode("ascii")), "login")


def _mail_options(smtp: smtplib.SMTP, posting: Posting) -> list[str]:
    """ESMTP options of MAIL FROM: the size (RFC 1870), so that a full server refuses before it is sent; for a notice of
    failure our own id, and the headers without the body (RFC 3461, 4.3 and 4.4)."""
    size = [f"size={len(posting.content)}"] if smtp.has_extn("size") else []
    return size + (["RET=HDRS", f"ENVID={_xtext(posting.envid)}"] if _offers_notices(smtp, posting) else [])


def _recipient_options(smtp: smtplib.SMTP, posting: Posting) -> list[str]:
    """ESMTP options of RCPT TO: tell of failure and delay, never of success; quote the address as we know it."""
    if not _offers_notices(smtp, posting):
        return []
    return ["NOTIFY=FAILURE,DELAY", f"ORCPT=rfc822;{_xtext(posting.recipient)}"]


def _offers_notices(smtp: smtplib.SMTP, posting: Posting) -> bool:
    return bool(posting.envid) and smtp.has_extn("dsn")


def _xtext(text: str) -> str:
    """RFC 3461, 4: everything but the plain printable characters in hexadecimal."""
    return "".join(c if "!" <= c <= "~" and c not in "+=" else f"+{ord(c):02X}" for c in text)


def _write_content(smtp: smtplib.SMTP, content: bytes) -> Receipt:
    """DATA: once the content is on its way, only an answer of the server is knowledge."""
    with _before_content():
        _expect(smtp.docmd("data"), "data", wanted=354)
    try:
        smtp.send(_dotted(content))
        code, reply = smtp.getreply()
    except (OSError, smtplib.SMTPException) as error:
        words = "Mất kết nối khi máy chủ thư chưa xác nhận; chưa rõ thư đã tới hay chưa."
        raise Delivery("unknown", type(error).__name__, words) from error
    _expect((code, reply), "content")
    text = _text(reply)
    found = _QUEUED.search(text)
    return Receipt((found and (found[1] or found[2])) or None, f"Máy chủ thư đã nhận: {code} {text}")


def _dotted(content: bytes) -> bytes:
    """Content with leading dots doubled and the end mark (RFC 5321, 4.5.2); lines already end in CRLF."""
    body = re.sub(rb"(?m)^\.", b"..", content)
    return body + (b"" if body.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _expect(answer: tuple[int, bytes], step: str, wanted: int | None = None) -> None:
    """Pass a good answer; raise Delivery for any other."""
    code, reply = answer
    if code == wanted or (wanted is None and 200 <= code < 300):
        return
    raise _refusal(code, _text(reply), step)


def _refusal(code: int, reply: str, step: str) -> Delivery:
    """4xx temporary, 5xx final (RFC 5321, 4.2.1); what is refused before the recipient is our own setting."""
    said = f"{code} {reply}"
    if 400 <= code < 500:
        return Delivery("temporary", str(code), f"Máy chủ thư tạm từ chối: {said}")
    if code in AUTH_CODES:
        return Delivery("auth", str(code), f"Máy chủ thư đòi đăng nhập hoặc không nhận mật khẩu: {said}")
    if not 500 <= code < 600:
        return _nonsense(said, step)
    if step in OUR_STEPS and code != OVERSIZE:
        words = "Máy chủ thư không nhận nơi gửi này. Hãy kiểm tra DONDOC_SMTP_URL và DONDOC_MAIL_FROM"
        return Delivery("config", str(code), f"{words}: {said}")
    what = "người nhận" if step == "recipient" else "nội dung thư"
    return Delivery("permanent", str(code), f"Máy chủ thư từ chối {what}: {said}")


def _nonsense(said: str, step: str) -> Delivery:
    """A reply that is none (smtplib gives -1 for a line without a code)."""
    if step == "content":
        return Delivery("unknown", "reply", f"Máy chủ thư trả lời không rõ; chưa biết thư đã tới hay chưa: {said}")
    return Delivery("temporary", "reply", f"Máy chủ thư trả lời không rõ, thư chưa được gửi: {said}")


@contextmanager
def _before_content() -> Iterator[None]:
    """Failures while nothing of the mail has been written yet."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        raise _refusal(error.smtp_code, _text(error.smtp_error), "login") from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, _text(error.smtp_error), "greeting") from error
    except ssl.SSLError as error:
        words = f"Không mã hóa được kết nối với máy chủ thư ({error.reason or error}). Hãy kiểm tra cổng và chứng thư."
        raise Delivery("config", "tls", words) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Delivery("config", "auth", "Máy chủ thư không có cách đăng nhập mà chương trình dùng được.") from error
    except (OSError, smtplib.SMTPException) as error:
        raise Delivery("temporary", type(error).__name__, "Không kết nối được máy chủ thư.") from error


def leave(smtp: smtplib.SMTP, *, politely: bool) -> None:
    """Close; what was accepted stays accepted whatever happens here."""
    if politely:
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()
    smtp.close()


def _text(reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return " ".join(text.split())[:300]
