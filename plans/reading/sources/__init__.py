"""Readers of file formats: each fills the one table model of plans.reading.document."""

from __future__ import annotations

from plans.reading.document import Document
from plans.reading.errors import PlanFileError
from plans.reading.sources.plain import read_text

MAX_BYTES = 30 * 1024 * 1024
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open_document(name: str, data: bytes) -> Document:
    """The blocks of a file, by what its bytes are (a wrong extension does not mislead). Raises PlanFileError."""
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    _refuse(name, data, suffix)
    if data.startswith(b"%PDF"):
        from plans.reading.sources.pdf import read_pdf

        return read_pdf(name, data)
    if data.startswith(b"PK\x03\x04"):
        return _zipped(name, data, suffix)
    if suffix in ("docx", "xlsx", "pdf"):
        raise PlanFileError(
            name,
            f"có đuôi .{suffix} nhưng nội dung đã hỏng",
            "Hãy mở lại bằng phần mềm đã tạo ra tệp, lưu lại rồi nộp lại.",
        )
    if suffix == "csv":
        from plans.reading.sources.sheets import read_csv

        return read_csv(name, data)
    return read_text(name, data)


def check_size(name: str, size: int) -> None:
    """Refuse a file that is empty or too large, before its bytes are read."""
    if size == 0:
        raise PlanFileError(name, "trống (0 byte)", "Hãy kiểm tra lại tệp và chọn đúng bản kế hoạch.")
    if size > MAX_BYTES:
        what = f"nặng {size / 1024 / 1024:.0f} MB, quá giới hạn {MAX_BYTES // 1024 // 1024} MB"
        raise PlanFileError(name, what, "Hãy bỏ bớt hình ảnh trong tệp hoặc tách riêng phần kế hoạch rồi nộp lại.")


def _refuse(name: str, data: bytes, suffix: str) -> None:
    check_size(name, len(data))
    if data.startswith(_PICTURES) and not (data.startswith(b"BM") and suffix in ("txt", "md", "csv")):
        raise PlanFileError(
            name,
            "là ảnh chụp, không có chữ để đọc",
            "Hãy dùng bản Word hoặc PDF có chữ của kế hoạch (ảnh cần nhận dạng chữ trước).",
        )
    if data.startswith(_OLD_OFFICE):
        cure = "Hãy mở bằng Word hoặc Excel, bỏ mật khẩu nếu có, lưu lại thành .docx hoặc .xlsx rồi nộp lại."
        raise PlanFileError(name, "ở định dạng cũ (.doc, .xls) hoặc đang đặt mật khẩu", cure)
    if data.startswith(b"{\\rtf"):
        raise PlanFileError(
            name, "ở định dạng .rtf chưa đọc được", "Hãy mở bằng Word, lưu lại thành .docx rồi nộp lại."
        )


def _zipped(name: str, data: bytes, suffix: str) -> Document:
    from plans.reading.sources.archive import parts_of

    parts = parts_of(name, data)
    if "word/document.xml" in parts:
        from plans.reading.sources.word import read_word

        return read_word(name, data)
    if "xl/workbook.xml" in parts:
        from plans.reading.sources.sheets import read_workbook

        return read_workbook(name, data)
    raise PlanFileError(
        name,
        "không phải là tệp Word hay Excel đọc được",
        "Hãy lưu lại kế hoạch thành .docx, .xlsx hoặc .pdf rồi nộp lại.",
    )
