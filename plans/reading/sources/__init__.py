"""Readers of file formats: each fills the one table model of plans.reading.document."""

from __future__ import annotations

from dataclasses import replace

from plans.reading.document import Document
from plans.reading.errors import PlanFileError
from plans.reading.legacy import Encoding
from plans.reading.sources.markup import archived_page
from plans.reading.sources.mending import mended, remark
from plans.reading.sources.plain import decoded_as, read_text

MAX_BYTES = 30 * 1024 * 1024
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")
_OFFICE = ("docx", "docm", "dotx", "xlsx", "xlsm", "pdf", "doc", "dot", "xls", "odt", "ods")


def open_document(name: str, data: bytes) -> Document:
    """The blocks of a file, by what its bytes are (a wrong extension does not mislead). Raises PlanFileError."""
    check_size(name, len(data))
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    return mended(_opened(name, data, suffix))


def check_size(name: str, size: int) -> None:
    """Refuse a file that is empty or too large, before its bytes are read."""
    if size == 0:
        raise PlanFileError(name, "trống (0 byte)", "Hãy kiểm tra lại tệp và chọn đúng bản kế hoạch.")
    if size > MAX_BYTES:
        what = f"nặng {size / 1024 / 1024:.0f} MB, quá giới hạn {MAX_BYTES // 1024 // 1024} MB"
        raise PlanFileError(name, what, "Hãy bỏ bớt hình ảnh trong tệp hoặc tách riêng phần kế hoạch rồi nộp lại.")


def _opened(name: str, data: bytes, suffix: str) -> Document:
    from plans.reading.sources.office import old_kind, read_old

    if data.startswith(b"%PDF"):
        from plans.reading.sources.pdf import read_pdf

        return read_pdf(name, data)
    if data.startswith(b"PK\x03\x04"):
        return _zipped(name, data)
    if data.startswith(_PICTURES) and not (data.startswith(b"BM") and suffix in ("txt", "md", "csv")):
        from plans.reading.sources.ocr import read_picture

        return read_picture(name, data)
    kind = old_kind(name, data)
    if kind:
        return read_old(name, data, kind)
    page = archived_page(data)
    if page is not None:
        return _written(name, page, "html")
    if suffix in _OFFICE and not _is_web_page(data):
        raise PlanFileError(
            name,
            f"có đuôi .{suffix} nhưng nội dung đã hỏng",
            "Hãy mở lại bằng phần mềm đã tạo ra tệp, lưu lại rồi nộp lại.",
        )
    return _written(name, data, suffix)


def _is_web_page(data: bytes) -> bool:
    """Office programs of the web save pages under the names .doc and .xls."""
    opening = data[:2000].replace(b"\x00", b"").lower()
    return b"<html" in opening or b"<table" in opening


def _written(name: str, data: bytes, suffix: str) -> Document:
    """A file of plain text, with a remark when it had to be converted from an old encoding."""
    if suffix == "csv":
        from plans.reading.sources.sheets import read_csv

        document = read_csv(name, data)
    else:
        document = read_text(name, data)
    encoding = decoded_as(name, data)[1]
    if encoding is Encoding.UNICODE:
        return document
    return replace(document, remarks=(*document.remarks, remark(encoding)))


def _zipped(name: str, data: bytes) -> Document:
    from plans.reading.sources.archive import Kind, kind_of

    kind = kind_of(name, data)
    if kind is Kind.WORD:
        from plans.reading.sources.word import read_word

        return read_word(name, data)
    if kind is Kind.SHEETS:
        from plans.reading.sources.sheets import read_workbook

        return read_workbook(name, data)
    from plans.reading.sources.office import read_old

    return read_old(name, data, "odt" if kind is Kind.OPEN_TEXT else "ods")
