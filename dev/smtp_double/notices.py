"""Notices that a mail did not arrive, as mail servers write them (RFC 3464), and mailboxes that take mail by IMAP."""

from __future__ import annotations

import imaplib
import threading
import time
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import SMTP, default
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

HOST = "mail.double"
WORDS = {
    "5.1.1": "550 5.1.1 User unknown in virtual mailbox table",
    "5.2.1": "550 5.2.1 The account is disabled",
    "5.2.2": "552 5.2.2 The mailbox is full",
    "5.7.1": "554 5.7.1 Message refused by policy",
    "4.2.2": "452 4.2.2 The mailbox is full, trying again",
    "4.4.1": "connection timed out",
}


@dataclass(frozen=True)
class Taken:
    """What was taken and will not arrive; `envid` and `orcpt` as the client gave them (RFC 3461)."""

    sender: str
    recipient: str
    content: bytes
    envid: str = ""
    orcpt: str = ""


def notice(taken: Taken, status: str) -> bytes:
    """The notice to the sender of a mail: failed for 5.x.x, delayed for 4.x.x."""
    delayed = status.startswith("4")
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"Mail Delivery Subsystem <MAILER-DAEMON@{HOST}>"
    mail["To"] = taken.sender
    mail["Subject"] = "Delayed Mail (still being retried)" if delayed else "Undelivered Mail Returned to Sender"
    mail["Date"] = formatdate()
    mail["Message-ID"] = make_msgid(domain=HOST)
    mail["Auto-Submitted"] = "auto-replied"
    mail["MIME-Version"] = "1.0"
    report = Message(policy=SMTP)
    report["Content-Type"] = "multipart/report; report-type=delivery-status"
    report.set_payload([_words(taken, status), _status(taken, status, delayed), _headers(taken)])
    return mail.as_bytes().rstrip(b"\r\n") + b"\r\n" + report.as_bytes(policy=SMTP)


def _words(taken: Taken, status: str) -> Message:
    part = Message(policy=SMTP)
    part.set_payload(f"This is the mail system at host {HOST}.\r\n\r\n<{taken.recipient}>: {WORDS.get(status, status)}")
    part["Content-Type"] = "text/plain; charset=us-ascii"
    return part


def _status(taken: Taken, status: str, delayed: bool) -> Message:
    head = [f"Reporting-MTA: dns; {HOST}"] + ([f"Original-Envelope-Id: {taken.envid}"] if taken.envid else [])
    lines = [f"Final-Recipient: rfc822; {taken.recipient}"]
    lines += [f"Original-Recipient: {taken.orcpt}"] if taken.orcpt else []
    lines += [f"Action: {'delayed' if delayed else 'failed'}", f"Status: {status}"]
    lines += [f"Diagnostic-Code: smtp; {WORDS.get(status, status)}"]
    part = Message(policy=SMTP)
    part["Content-Type"] = "message/delivery-status"
    part.set_payload([_block(head), _block(lines)])
    return part


def _block(lines: list[str]) -> Message:
    block = Message(policy=SMTP)
    for line in lines:
        name, _, value = line.partition(": ")
        block[name] = value
    return block


def _headers(taken: Taken) -> Message:
    part = Message(policy=SMTP)
    part["Content-Type"] = "text/rfc822-headers"
    part.set_payload(taken.content.partition(b"\r\n\r\n")[0].decode("utf-8", "replace"))
    return part


def answer_to(content: bytes, text: str) -> tuple[str, str, bytes]:
    """(sender, recipient, bytes) of the answer that a mail program would make: to Reply-To, in the thread, quoting."""
    mail = message_from_bytes(content, policy=default)
    answer = EmailMessage(policy=SMTP)
    answer["From"], answer["To"] = mail["To"], mail["Reply-To"] or mail["From"]
    answer["Subject"] = f"Re: {mail['Subject']}"
    answer["Date"], answer["Message-ID"] = formatdate(localtime=True), make_msgid(domain=HOST)
    answer["In-Reply-To"] = mail["Message-ID"]
    answer["References"] = " ".join(filter(None, (mail["References"], mail["Message-ID"])))
    part = mail.get_body(("plain",))
    quoted = "".join(f"> {line}\n" for line in str(part.get_content() if part else "").splitlines())
    answer.set_content(f"{text}\n\nVào {mail['Date']}, {mail['From']} đã viết:\n\n{quoted}")
    return answer["From"].addresses[0].addr_spec, answer["To"].addresses[0].addr_spec, answer.as_bytes()


class Mailboxes:
    """Addresses whose mail goes on to an IMAP server, as a delivery agent puts it there."""

    def __init__(self, url: str, addresses: set[str]) -> None:
        self._parts = urlsplit(url)
        self._addresses = addresses
        self._lock = threading.Lock()

    def put(self, sender: str, recipient: str, content: bytes) -> bool:
        """Append a mail when one of the addresses (what stands before a plus counts) is meant; whether it was."""
        local, _, host = recipient.lower().rpartition("@")
        if f"{local.partition('+')[0]}@{host}" not in self._addresses:
            return False
        head = f"Return-Path: <{sender}>\r\nX-Original-To: {recipient}\r\nDelivered-To: {recipient}\r\n"
        with self._lock:
            client = imaplib.IMAP4(self._parts.hostname or "", self._parts.port or 143, timeout=10)
            try:
                client.login(unquote(self._parts.username or ""), unquote(self._parts.password or ""))
                client.append("INBOX", "", imaplib.Time2Internaldate(time.time()), head.encode() + content)
            finally:
                client.logout()
        return True
