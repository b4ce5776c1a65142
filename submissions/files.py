"""What a unit may send: file types by name and by content, sizes, and names that are safe to show.

An archive is looked into only through its table of contents and is never unpacked, so a bomb stays shut.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

MAX_FILES = 10
MAX_NAME = 120
MAX_ENTRIES = 2000
MAX_UNPACKED = 1 << 30
MEGABYTE = 1 << 20
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Programs of Windows, Linux and macOS, and scripts.
PROGRAM_HEADS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!")
# fmt: off
PROGRAM_EXTENSIONS = frozenset({
    "apk", "app", "bat", "cmd", "com", "cpl", "dll", "dmg", "docm", "dotm", "exe", "hta", "iso", "jar", "js",
    "jse", "lnk", "msi", "msix", "pif", "ps1", "psm1", "py", "reg", "scr", "sh", "sys", "vbe", "vbs", "wsf",
    "wsh", "xlsm", "xltm",
})
# fmt: on
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
# Names that Windows gives to devices; a browser could not save a file under them.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)


class FileRefused(ValueError):
    """A file that is not taken; `str()` says in Vietnamese which, why, and what to send instead."""


@dataclass(frozen=True)
class Upload:
    """A file as it came: the name given by the sender's device (never trusted) and the bytes."""

    name: str
    data: bytes


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept: `name` is safe to show, `mime` follows from the content."""

    name: str
    mime: str
    data: bytes


def clean_name(raw: str) -> str:
    """A name fit to be shown: NFC, no folders, no control or direction marks, at most MAX_NAME characters."""
    text = unicodedata.normalize("NFC", raw).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(" " if char.isspace() else char for char in text if char.isspace() or not _invisible(char))
    name = " ".join(kept.split()).strip(". ")
    stem, dot, extension = name.rpartition(".")
    if dot and len(name) > MAX_NAME:
        name = stem[: max(1, MAX_NAME - len(extension) - 2)].rstrip() + "…." + extension
    name = name[-MAX_NAME:] or "tep"
    return "_" + name if _DEVICE.fullmatch(name) else name


def _invisible(char: str) -> bool:
    # Cc control, Cf direction marks and zero-width signs, Cs/Co/Cn what no font shows.
    return unicodedata.category(char).startswith("C")


def check_upload(upload: Upload, limit_mb: int) -> CheckedFile:
    """The file, when its extension is allowed, its content is of that type and it is not too large.

    Raises FileRefused.
    """
    name = clean_name(upload.name)
    extension = PurePosixPath(name).suffix.lower().removeprefix(".")
    if not upload.data:
        raise FileRefused(f"Tệp «{name}» rỗng (0 byte). Hãy chọn lại tệp.")
    if len(upload.data) > limit_mb * MEGABYTE:
        raise too_large(name, limit_mb)
    kind = KINDS.get(extension)
    if kind is None:
        raise FileRefused(f"Tệp «{name}» thuộc loại không được nhận. Hãy gửi {ACCEPTED_WORDS}.")
    if upload.data.startswith(PROGRAM_HEADS):
        raise FileRefused(f"Tệp «{name}» là một chương trình, không phải tài liệu nên không được nhận.")
    kind.check(name, upload.data)
    return CheckedFile(name, kind.mime, upload.data)


def too_large(name: str, limit_mb: int) -> FileRefused:
    """The refusal of a file over the limit, also used by a page that stops reading early."""
    return FileRefused(f"Tệp «{name}» lớn hơn {limit_mb} MB. Hãy nén hoặc chia nhỏ rồi gửi lại.")


@dataclass(frozen=True)
class _Kind:
    mime: str
    check: Callable[[str, bytes], None]


def _mismatch(name: str, words: str) -> FileRefused:
    return FileRefused(f"Nội dung tệp «{name}» không phải là {words}. Hãy mở tệp, lưu lại đúng loại rồi gửi.")


def _starts(words: str, *heads: bytes) -> Callable[[str, bytes], None]:
    def check(name: str, data: bytes) -> None:
        if not data.startswith(heads):
            raise _mismatch(name, words)

    return check


def _check_pdf(name: str, data: bytes) -> None:
    # Some scanners write a few bytes before the head; readers accept it within the first 1024 (ISO 32000, annex).
    if b"%PDF-" not in data[:1024]:
        raise _mismatch(name, "PDF")


def _check_text(name: str, data: bytes) -> None:
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not utf16 and re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", data):
        raise _mismatch(name, "văn bản thuần")


def _office(part: str, words: str) -> Callable[[str, bytes], None]:
    def check(name: str, data: bytes) -> None:
        if data.startswith(OLE2):
            raise FileRefused(f"Tệp «{name}» được đặt mật khẩu hoặc lưu kiểu cũ. Hãy bỏ mật khẩu, lưu lại rồi gửi.")
        names = set(_archive_names(name, data, words))
        if not {"[Content_Types].xml", part} <= names:
            raise _mismatch(name, words)
        if any(entry.endswith("vbaProject.bin") for entry in names):
            raise FileRefused(f"Tệp «{name}» có chứa macro nên không được nhận. Hãy lưu lại không kèm macro.")

    return check


def _open_document(mime: str, words: str) -> Callable[[str, bytes], None]:
    def check(name: str, data: bytes) -> None:
        # The type stands unpacked at a fixed place (OpenDocument 1.2 part 3, 3.3), so nothing is opened.
        if data[30 : 38 + len(mime)] != b"mimetype" + mime.encode() or not _archive_names(name, data, words):
            raise _mismatch(name, words)

    return check


def _check_zip(name: str, data: bytes) -> None:
    for entry in _archive_names(name, data, "tệp nén ZIP"):
        extension = PurePosixPath(clean_name(entry)).suffix.lower().removeprefix(".")
        if extension in PROGRAM_EXTENSIONS:
            raise FileRefused(
                f"Tệp nén «{name}» có chứa chương trình «{clean_name(entry)}». Hãy bỏ tệp đó rồi nén lại."
            )


def _archive_names(name: str, data: bytes, words: str) -> list[str]:
    """Names in the table of contents; nothing is unpacked."""
    if not data.startswith(b"PK\x03\x04"):
        raise _mismatch(name, words)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, RuntimeError):
        raise FileRefused(f"Tệp «{name}» bị hỏng, không mở được. Hãy lưu lại hoặc tải lại rồi gửi.") from None
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise FileRefused(f"Tệp «{name}» chứa quá nhiều dữ liệu sau khi giải nén. Hãy gửi từng tài liệu riêng.")
    return [entry.filename for entry in entries]


_JPEG = _Kind("image/jpeg", _starts("ảnh JPG", b"\xff\xd8\xff"))
KINDS = {
    "pdf": _Kind("application/pdf", _check_pdf),
    "doc": _Kind("application/msword", _starts("Word (.doc)", OLE2)),
    "docx": _Kind(_OFFICE + "wordprocessingml.document", _office("word/document.xml", "Word (.docx)")),
    "xls": _Kind("application/vnd.ms-excel", _starts("Excel (.xls)", OLE2)),
    "xlsx": _Kind(_OFFICE + "spreadsheetml.sheet", _office("xl/workbook.xml", "Excel (.xlsx)")),
    "odt": _Kind(_OPEN + "text", _open_document(_OPEN + "text", "OpenDocument (.odt)")),
    "ods": _Kind(_OPEN + "spreadsheet", _open_document(_OPEN + "spreadsheet", "OpenDocument (.ods)")),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "png": _Kind("image/png", _starts("ảnh PNG", b"\x89PNG\r\n\x1a\n")),
    "zip": _Kind("application/zip", _check_zip),
    "txt": _Kind("text/plain", _check_text),
    "csv": _Kind("text/csv", _check_text),
}
ACCEPTED_WORDS = "PDF, Word, Excel, OpenDocument, ảnh JPG/PNG, ZIP, TXT hoặc CSV"
ACCEPT_ATTRIBUTE = ",".join("." + extension for extension in KINDS)
