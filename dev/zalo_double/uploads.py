"""Files uploaded before they are sent: PDF, DOC, DOCX, CSV up to 5 MB, images (JPG, PNG) up to 1 MB [M]."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import default

from dev.http_service import Request
from dev.zalo_double.rules import Refusal

MEGABYTE = 1024 * 1024
FILES, IMAGES = (".pdf", ".doc", ".docx", ".csv"), (".jpg", ".jpeg", ".png")


def uploaded_file(request: Request) -> tuple[str, bytes]:
    """Name and bytes of the first file of a multipart form; empty when there is none."""
    head = f"Content-Type: {request.headers.get('content-type', '')}\r\n\r\n".encode()
    form = BytesParser(policy=default).parsebytes(head + request.body)
    for part in form.iter_parts() if form.is_multipart() else ():
        if part.get_filename():
            payload = part.get_payload(decode=True)
            return str(part.get_filename()).lower(), payload if isinstance(payload, bytes) else b""
    return "", b""


def refuse_upload(name: str, size: int, image: bool) -> Refusal | None:
    """A kind or size that is not taken [M]; the codes are ours [K]."""
    if not name.endswith(IMAGES if image else FILES):
        return Refusal(-201, "file is invalid")
    if size > (1 if image else 5) * MEGABYTE:
        return Refusal(-210, "file is too large")
    return None
