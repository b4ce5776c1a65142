"""Mails as units, servers and scanners send them, built byte by byte where a library would write them too well."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from config.settings import Settings, build_settings

DOCX = b"PK\x03\x04 word/document.xml [Content_Types].xml"
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 900


def settings_with(**more: object) -> Settings:
    """An office that takes answers and notices."""
    given: dict[str, object] = {"secret_key": "khóa thử", "mail_from": "dondoc@xa.example"}
    given |= {"mail_reply_to": "nop@xa.example", "mail_bounce": "bounce@xa.example"}
    return build_settings(given | more)


def written(to: str, text: str, **headers: str) -> EmailMessage:
    """A mail of a person; header names with underscores for hyphens."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = headers.pop("From", "Trần Văn Bình <binh@xa.example>")
    mail["To"] = to
    mail["Subject"] = headers.pop("Subject", "Re: Nhắc việc")
    mail["Message-ID"] = headers.pop("Message_ID", make_msgid(domain="xa.example"))
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def with_file(mail: EmailMessage, name: str, data: bytes, mime: str = "application/octet-stream") -> EmailMessage:
    """The mail with one attachment."""
    maintype, _, subtype = mime.partition("/")
    mail.add_attachment(data, maintype=maintype, subtype=subtype, filename=name)
    return mail


def dated(mail: EmailMessage, at: datetime) -> EmailMessage:
    """The mail with a date."""
    mail["Date"] = format_datetime(at)
    return mail


def part(head: str, body: str = "eA==") -> bytes:
    """A mail of one attachment whose headers stand exactly as given; its content is one letter."""
    lines = "From: a@xa.example\r\nMessage-ID: <1@xa>\r\nMIME-Version: 1.0\r\n"
    mixed = 'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nXin gửi.\r\n--b\r\n'
    return (
        f"{lines}{mixed}".encode()
        + head.encode("utf-8", "surrogateescape")
        + (f"\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}\r\n--b--\r\n".encode())
    )
