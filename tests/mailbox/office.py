"""An office whose mail goes through real servers: an SMTP double that bounces, a mailbox read by IMAP."""

from __future__ import annotations

import imaplib
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import partial
from smtplib import SMTP
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from pydantic import SecretStr
from sqlalchemy import select

from db.models import InboundMessage, Person, Submission, Suppression
from db.session import reading, transaction
from notifications.channels import Channel
from notifications.channels.registry import build_mail
from notifications.delivery import DeliverySummary
from submissions.mailbox.collecting import MailCollected, run_mailbox
from tests.channels.doubles import MailDouble
from tests.notifications.chase_world import World, new_world

DONE = "Đã xử lý"


class ImapDouble:
    """A mailbox as a person sees it with another mail program."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._parts = urlsplit(url)

    def append(self, raw: bytes, folder: str = "INBOX") -> None:
        """Put a mail into a folder."""
        with self._client() as client:
            client.append(folder, "", imaplib.Time2Internaldate(0.0), raw)

    def mails(self, folder: str = "INBOX") -> list[tuple[bytes, bytes]]:
        """(flags, bytes) of each mail of a folder; none for a folder that does not exist."""
        with self._client() as client:
            if client.select(imap_name(folder), readonly=True)[0] != "OK":
                return []
            status, found = client.fetch("1:*", "(FLAGS BODY.PEEK[])")
            assert status == "OK"
            return [(piece[0], piece[1]) for piece in found if isinstance(piece, tuple)]

    def clear(self) -> None:
        """Forget every mail; what follows gets higher numbers, as on any server."""
        with self._client() as client:
            names = [line.split(b' "/" ')[-1].strip(b'"') for line in client.list()[1] if isinstance(line, bytes)]
            for name in names:
                if name != b"INBOX":
                    client.delete(f'"{name.decode()}"')
            client.select("INBOX")
            client.store("1:*", "+FLAGS", "\\Deleted")
            client.expunge()

    def _client(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4(self._parts.hostname or "", self._parts.port or 143, timeout=10)
        client.login(unquote(self._parts.username or ""), unquote(self._parts.password or ""))
        return client


def imap_name(folder: str) -> str:
    """A folder's name in modified UTF-7 (RFC 3501, 5.1.3), as imap-tools writes it."""
    from imap_tools.imap_utf7 import utf7_encode

    return '"' + utf7_encode(folder).decode("ascii") + '"'


@dataclass
class MailOffice(World):
    """A commune whose mail is real; Zalo records."""

    @property
    def channels(self) -> dict[str, Channel]:
        """Zalo that records, mail that is sent."""
        return {"zalo": self.zalo, "email": build_mail(self.settings)}

    def collect(self, now: datetime) -> MailCollected:
        """One run of the mailbox."""
        done = run_mailbox(partial(transaction, self.url), self.settings, now, self.calendar)
        assert done is not None
        return done

    def deliver_mail(self, now: datetime) -> DeliverySummary:
        """One run of the deliverer, one mail after the other."""
        return self.deliver(now, workers=1)

    def inbound(self) -> list[InboundMessage]:
        """Everything that came in, oldest first."""
        return self._rows(InboundMessage)

    def submissions(self) -> list[Submission]:
        """Every submission with its files."""
        return self._rows(Submission)

    def bars(self) -> list[Suppression]:
        """Every bar on an address."""
        return self._rows(Suppression)

    def _rows(self, model: Any) -> list[Any]:
        with reading(self.url) as session:
            rows = list(session.scalars(select(model).order_by(model.id)))
            for row in rows:
                _ = getattr(row, "files", None), getattr(row, "figures", None)
            session.expunge_all()
            return rows

    def person(self, name: str, **changes: Any) -> Person:
        """A person of the register, changed."""
        with self.transaction() as session:
            person = session.scalars(select(Person).where(Person.name == name)).one()
            for field, value in changes.items():
                setattr(person, field, value)
            return person


def open_office(home: Any, url: str, smtp: MailDouble, imap: ImapDouble) -> MailOffice:
    """A commune in which An of the department reads mail first, and nobody else does."""
    plain = new_world(home, url)
    more = {
        "smtp_url": SecretStr(smtp.smtp_url),
        "imap_url": SecretStr(f"{imap.url}?starttls=no&timeout=10"),
        "imap_done_folder": DONE,
        "mail_from": "Đôn đốc nhiệm vụ <dondoc@xa.test>",
        "mail_reply_to": "nop@xa.test",
        "mail_bounce": "bounce@xa.test",
    }
    office = MailOffice(plain.url, plain.settings.model_copy(update=more))
    office.person("An", channels=["email", "zalo"], email="an@xa.test")
    return office


def answer_to(mail: dict[str, Any], text: str, subject: str = "") -> EmailMessage:
    """The answer that a mail program makes of a mail that arrived."""
    head = dict(mail["headers"])
    answer = EmailMessage(policy=default.clone(linesep="\r\n", raise_on_defect=False))
    answer["From"] = head["To"]
    answer["To"] = head.get("Reply-To") or head["From"]
    answer["Subject"] = subject or f"Re: {head['Subject']}"
    answer["Message-ID"] = f"<{quote(text[:10])}.{mail['id']}@may-cua-an.test>"
    answer["In-Reply-To"] = head["Message-ID"]
    answer["References"] = " ".join(filter(None, [head.get("References"), head["Message-ID"]]))
    quoted = "\n".join("> " + line for line in str(mail["text"]).splitlines())
    answer.set_content(f"{text}\n\nVào T.2, 16 thg 3, 2026 vào lúc 08:10 {head['From']} đã viết:\n\n{quoted}\n")
    return answer


def post(smtp: MailDouble, mail: EmailMessage, to: str = "") -> None:
    """Send a mail as a person does: through the same server."""
    parts = urlsplit(smtp.smtp_url)
    with SMTP(parts.hostname or "", parts.port or 25, timeout=10) as client:
        sender = message_from_bytes(mail.as_bytes(), policy=default)["From"].addresses[0].addr_spec
        recipient = to or message_from_bytes(mail.as_bytes(), policy=default)["To"].addresses[0].addr_spec
        client.sendmail(sender, [recipient], mail.as_bytes())
