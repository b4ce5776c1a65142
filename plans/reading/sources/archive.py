"""What a .docx or .xlsx is inside: a zip, looked at before any of it is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib

from plans.reading.errors import PlanFileError

MAX_UNPACKED = 200 * 1024 * 1024
MAX_PARTS = 5000
# What the libraries raise on a damaged office file; XML syntax errors are SyntaxErrors, and a
# zip method that Python does not know is a RuntimeError.
BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, ValueError, TypeError, AttributeError, IndexError,
    SyntaxError, RuntimeError,
)  # fmt: skip
_CURE = "Hãy mở lại bằng Word hoặc Excel, lưu thành tệp mới rồi nộp lại."


def parts_of(name: str, data: bytes) -> frozenset[str]:
    """The names of the parts. Refuses broken, encrypted and unreasonably large archives (zip bombs)."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_UNPACKED:
                raise PlanFileError(name, "bung ra quá lớn, không giống một văn bản", _CURE)
            if any(info.flag_bits & 1 for info in infos):
                raise PlanFileError(name, "đang đặt mật khẩu", "Hãy bỏ mật khẩu rồi nộp lại.")
            _refuse_entities(name, archive, infos)
    except BROKEN as error:
        raise PlanFileError(name, "bị hỏng, không mở được", _CURE) from error
    return frozenset(info.filename for info in infos)


def _refuse_entities(name: str, archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> None:
    """No part of an office file declares entities; one that does is made to expand without end."""
    for info in infos:
        if info.filename.endswith((".xml", ".rels")):
            with archive.open(info) as part:
                if b"<!ENTITY" in part.read(4096):
                    raise PlanFileError(name, "chứa khai báo không an toàn", _CURE)
