"""How long a file will take to be read, for people who wait."""

from __future__ import annotations

from plans.reading.sources.pdf_ink import PDFIUM
from plans.reading.sources.scan import FEW_LETTERS

# Seconds: a page that must be recognized, a page with text, a start of LibreOffice.
SCANNED_PAGE, TEXT_PAGE, CONVERSION = 12.0, 0.2, 20.0
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"II*\x00", b"MM\x00*")


def expected_seconds(data: bytes) -> float:
    """Seconds that reading takes on two cores, roughly. Any bytes will do."""
    if data.startswith(_PICTURES):
        return SCANNED_PAGE
    if not data.startswith(b"%PDF"):
        return CONVERSION
    return TEXT_PAGE + sum(SCANNED_PAGE if scanned else TEXT_PAGE for scanned in _scanned_pages(data))


def is_scan(data: bytes) -> bool:
    """Whether letters of it must be recognized in pictures."""
    return data.startswith(_PICTURES) or (data.startswith(b"%PDF") and any(_scanned_pages(data)))


def _scanned_pages(data: bytes) -> list[bool]:
    """Of each page of a PDF, whether it has next to no letters; nothing of one that is broken."""
    import pypdfium2

    with PDFIUM:
        try:
            pdf = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError:
            return []
        try:
            return [_letters(pdf, at) < FEW_LETTERS for at in range(len(pdf))]
        except pypdfium2.PdfiumError:
            return []
        finally:
            pdf.close()


def _letters(pdf: object, at: int) -> int:
    page = pdf[at]  # type: ignore[index]  # pypdfium2 has no types
    try:
        text = page.get_textpage()
        try:
            return int(text.count_chars())
        finally:
            text.close()
    finally:
        page.close()
