"""The files of a mail: those that may be a report, and in words those that were left out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from submissions.files import Upload
from submissions.mailbox.headers import AnyMessage, parameter, value

MOST_FILES = 30
OUTLOOK_PICTURE = re.compile(r"(?:image|outlook-)[\w-]{3,}\.(?:png|jpe?g|gif|bmp)", re.IGNORECASE)
# A picture in a signature is smaller than any photograph of a page, which telephones put into the text, too.
SMALL, SIGNATURE_SIZE = 20_000, 100_000
TNEF = "«{name}» (định dạng riêng của Outlook, không mở được: xin người gửi chọn định dạng HTML rồi gửi lại)"
SIGNATURE = "«{name}» (ảnh trong chữ ký)"
TECHNICAL = "«{name}» (phần kỹ thuật của thư)"
TOO_MANY = "{count} tệp sau tệp thứ {most} (quá nhiều tệp trong một thư)"
NOT_FILES = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature", "text/calendar"}
    | {"text/vcard", "text/x-vcard", "message/delivery-status", "text/rfc822-headers", "application/pgp-keys"}
)


@dataclass(frozen=True)
class MailFiles:
    """The files of a mail, and one Vietnamese note for each part that was left out.

    `lost`: notes on what may have been the report itself; `left_out`: on signatures and the like.
    """

    uploads: tuple[Upload, ...]
    left_out: tuple[str, ...]
    lost: tuple[str, ...]


def files_of(mail: AnyMessage, html: str) -> MailFiles:
    """The attachments of a mail, their names decoded and in NFC; `html` is its body, which may show pictures."""
    uploads: list[Upload] = []
    left_out: list[str] = []
    lost: list[str] = []
    for part in leaves(mail):
        if not is_file(part):
            continue
        upload = Upload(_name(part), _bytes(part))
        note = _why_not(part, upload, html)
        if note:
            (lost if note == TNEF else left_out).append(note.format(name=upload.name))
        elif upload.data:
            uploads.append(upload)
    if len(uploads) > MOST_FILES:
        lost.append(TOO_MANY.format(count=len(uploads) - MOST_FILES, most=MOST_FILES))
    return MailFiles(tuple(uploads[:MOST_FILES]), tuple(left_out), tuple(lost))


def leaves(mail: AnyMessage) -> Iterator[AnyMessage]:
    """Every part that holds no other, in order; also those of a mail that was forwarded as a file."""
    return (part for part in mail.walk() if not part.is_multipart())


def is_file(part: AnyMessage) -> bool:
    """Whether a part is a file and not words of the mail."""
    disposition = value(part, "content-disposition").partition(";")[0].strip().lower()
    if disposition == "attachment" or _given_name(part):
        return True
    return part.get_content_type() not in ("text/plain", "text/html") and part.get_content_maintype() != "multipart"


def _why_not(part: AnyMessage, upload: Upload, html: str) -> str | None:
    kind = part.get_content_type()
    if kind == "application/ms-tnef" or upload.name.lower() == "winmail.dat":
        return TNEF
    if kind in NOT_FILES:
        return TECHNICAL
    return SIGNATURE if _is_signature_picture(part, upload, html) else None


def _is_signature_picture(part: AnyMessage, upload: Upload, html: str) -> bool:
    shown = value(part, "content-id").strip("<> ")
    if part.get_content_maintype() != "image" or not shown or f"cid:{shown}" not in html:
        return False
    named = OUTLOOK_PICTURE.fullmatch(upload.name) is not None
    return len(upload.data) <= (SIGNATURE_SIZE if named else SMALL)


def _given_name(part: AnyMessage) -> str:
    return parameter(part, "content-disposition", "filename") or parameter(part, "content-type", "name")


def _name(part: AnyMessage) -> str:
    extension = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "text/plain": ".txt"}
    name = _given_name(part) or "tep-dinh-kem" + extension.get(part.get_content_type(), "")
    return unicodedata.normalize("NFC", name)


def _bytes(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""
