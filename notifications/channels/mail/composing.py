"""From an envelope to the bytes of one mail.

Apprise's own mail plugin is not used to compose: it adds a second Message-ID and loses Vietnamese file names (both
measured). The standard library's EmailMessage writes RFC 2231 names and one header of each kind.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from html import escape

from notifications.channels.base import Attachment, Delivery, Envelope, one_line, require_aware
from notifications.channels.mail.folding import REGISTRY
from notifications.channels.mail.marks import Marks
from notifications.channels.mail.server import MailServer

# 7bit: each server takes it, with or without 8BITMIME.
POLICY = SMTP.clone(cte_type="7bit", raise_on_defect=False, header_factory=REGISTRY)
ANSWER_HINT = (
    "Cũng có thể trả lời ngay thư này và đính kèm tệp báo cáo; khi thư nêu nhiều việc, xin ghi mã việc (DD-…) vào thư."
)
LIST_NAME = "Don doc nhiem vu"
MAX_LINE = 998


def compose_mail(envelope: Envelope, server: MailServer, now: datetime, marks: Marks | None = None) -> EmailMessage:
    """The mail of an envelope with its marks.

    Raises Delivery `permanent` when its address or an id cannot stand in a header.
    """
    mail = EmailMessage(policy=POLICY)
    mail["From"] = _address(server.sender_name, server.sender)
    mail["To"] = _address(envelope.to_name, envelope.to_address)
    mail["Subject"] = unicodedata.normalize("NFC", one_line(envelope.subject))
    mail["Date"] = format_datetime(require_aware(now))
    mail["Message-ID"] = _message_id(envelope.message_id)
    _thread(mail, envelope)
    marks = marks or Marks()
    if envelope.reply_to:
        name, address = parseaddr(one_line(envelope.reply_to))
        mail["Reply-To"] = _address(name, address)
    elif marks.reply_to:
        mail["Reply-To"] = _address(server.sender_name, marks.reply_to)
    _mark_as_automatic(mail, server)
    _show_the_way_out(mail, marks)
    # No template can know whether this installation reads its mail.
    _fill(mail, envelope, ANSWER_HINT if marks.reply_to and envelope.kind == "digest" else "")
    return mail


def _thread(mail: EmailMessage, envelope: Envelope) -> None:
    """In-Reply-To the first mail of the duty, References to it and to the last ones (RFC 5322, 3.6.4)."""
    root = envelope.thread_root
    if not root or root == envelope.message_id or not _usable_id(root):
        return
    chain = dict.fromkeys([root, *filter(_usable_id, envelope.references)])
    chain.pop(envelope.message_id, None)
    mail["In-Reply-To"] = _message_id(root)
    mail["References"] = " ".join(_message_id(one) for one in chain)


def _usable_id(text: str) -> bool:
    """Whether the Message-ID of a mail that we answer can be quoted; a stranger's may be anything."""
    try:
        return bool(_message_id(text))
    except Delivery:
        return False


def _mark_as_automatic(mail: EmailMessage, server: MailServer) -> None:
    """Sent by a program (RFC 3834): no holiday notice should answer it. List-Id (RFC 2919) lets readers sort it."""
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    mail["List-Id"] = f"{LIST_NAME} <dondoc.{server.domain}>"


def _show_the_way_out(mail: EmailMessage, marks: Marks) -> None:
    """List-Unsubscribe (RFC 2369), and that its page takes one click (RFC 8058, which allows https only)."""
    if marks.leave:
        mail["List-Unsubscribe"] = ", ".join(f"<{one}>" for one in marks.leave)
    if marks.leave and marks.one_click:
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _fill(mail: EmailMessage, envelope: Envelope, hint: str) -> None:
    text = f"{envelope.text.rstrip()}\n\n{hint}\n" if hint else envelope.text
    mail.set_content(unicodedata.normalize("NFC", text))
    if envelope.html is not None:
        html = _with_paragraph(envelope.html, hint) if hint else envelope.html
        mail.add_alternative(unicodedata.normalize("NFC", html), subtype="html")
    for attachment in envelope.attachments:
        maintype, subtype = _mime(attachment)
        name = unicodedata.normalize("NFC", one_line(attachment.name)) or "tep-dinh-kem"
        mail.add_attachment(attachment.data, maintype=maintype, subtype=subtype, filename=name)


def _with_paragraph(html: str, words: str) -> str:
    """The page with one more paragraph at its end, within the body where there is one."""
    inside, end, rest = html.rpartition("</body>")
    style = "max-width:600px;margin:0 auto;padding:0 16px 16px;font:16px/1.5 Arial,Helvetica,sans-serif"
    paragraph = f'<p style="{style}">{escape(words)}</p>\n'
    return f"{inside}{paragraph}{end}{rest}" if end else html + paragraph


def _mime(attachment: Attachment) -> tuple[str, str]:
    """The type to declare; a container or a broken type becomes plain bytes."""
    maintype, _, subtype = attachment.mime.partition("/")
    usable = subtype and one_line(attachment.mime) == attachment.mime and attachment.mime.isascii()
    if not usable or maintype in ("multipart", "message") or " " in attachment.mime or ";" in subtype:
        return "application", "octet-stream"
    return maintype, subtype


def _address(name: str, address: str) -> Address:
    """One mailbox. Raises Delivery `permanent` for what is no address."""
    local, at, domain = address.strip().rpartition("@")
    plain = one_line(address) == address.strip() and " " not in address.strip()
    if not (plain and local.isascii() and local and at and domain) or any(c in address for c in '<>,;\\"()[]'):
        raise Delivery("permanent", "address", f"Địa chỉ thư {address!r} không hợp lệ. Hãy sửa trong danh bạ.")
    return Address(unicodedata.normalize("NFC", one_line(name)), local, _ascii_domain(domain))


def _ascii_domain(domain: str) -> str:
    try:
        return domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise Delivery(
            "permanent", "address", f"Tên miền thư {domain!r} không hợp lệ. Hãy sửa trong danh bạ."
        ) from None


def _message_id(text: str) -> str:
    """A Message-ID as it stands in a header: ASCII, in angle brackets, no white space."""
    bare = text.strip().removeprefix("<").removesuffix(">")
    if not bare.isascii() or not bare.isprintable() or any(c in bare for c in " <>") or len(bare) > MAX_LINE - 20:
        raise Delivery("permanent", "message-id", f"Mã thư {text!r} không hợp lệ.")
    return f"<{bare}>"
