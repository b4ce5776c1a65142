"""What a Word, Excel or OpenDocument file is inside: a zip, looked at before a library unpacks any of it."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from enum import StrEnum

from plans.reading.errors import PlanFileError

# The parts of the largest plans together, the largest XML part, and how tightly an honest large part is packed.
MAX_UNPACKED, MAX_XML, MAX_PARTS = 200 * 1024 * 1024, 32 * 1024 * 1024, 5000
MAX_RATIO, RATIO_MATTERS_FROM = 250, 4 * 1024 * 1024
MAX_SHEETS, MAX_MERGED_CELLS = 120, 200_000
# What the libraries raise on a damaged office file; XML syntax errors are SyntaxErrors, and a
# zip method that Python does not know is a RuntimeError.
BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, ValueError, TypeError, AttributeError, IndexError,
    SyntaxError, RuntimeError,
)  # fmt: skip
_CURE = "Hãy mở lại bằng Word hoặc Excel, lưu thành tệp mới rồi nộp lại."
# Before its root an XML part has white space, instructions and comments; the groups are atomic: no backtracking.
_DOCTYPE = re.compile(rb"\A(?:\xef\xbb\xbf)?(?>(?>\s|<\?.*?\?>|<!--.*?-->)*)<!DOCTYPE", re.DOTALL)
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']")
_XML = (".xml", ".rels", ".rdf", ".vml")


class Kind(StrEnum):
    """What a zip holds."""

    WORD = "word"
    SHEETS = "sheets"
    OPEN_TEXT = "odt"
    OPEN_SHEETS = "ods"


def kind_of(name: str, data: bytes) -> Kind:
    """What the file is by its parts.

    Raises PlanFileError for broken and encrypted files, for other zips, and for those that are made to swell: too many
    or too large parts, declared entities, paths that lead out of the file, sheets or merges without number.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            _refuse_swelling(name, infos)
            if any(info.flag_bits & 1 for info in infos) or _is_locked(archive):
                raise PlanFileError(name, "đang đặt mật khẩu", "Hãy bỏ mật khẩu rồi nộp lại.")
            _refuse_strange_paths(name, infos)
            kind = _kind(name, archive)
            for part, xml in _xml_parts(archive, infos):
                _refuse_entities(name, xml, kind)
                if part.startswith("xl/worksheets/"):
                    _refuse_merges(name, xml)
    except BROKEN as error:
        raise PlanFileError(name, "bị hỏng, không mở được", _CURE) from error
    return kind


def parts_of(name: str, data: bytes) -> frozenset[str]:
    """The names of the parts of an office file. Raises PlanFileError as `kind_of` does."""
    kind_of(name, data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return frozenset(archive.namelist())


def _refuse_swelling(name: str, infos: list[zipfile.ZipInfo]) -> None:
    tight = (
        info.file_size > RATIO_MATTERS_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1)
        for info in infos
    )
    large = any(info.file_size > MAX_XML and info.filename.lower().endswith(_XML) for info in infos)
    if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_UNPACKED or large or any(tight):
        raise PlanFileError(name, "bung ra quá lớn, không giống một văn bản", _CURE)
    if sum(1 for info in infos if info.filename.startswith("xl/worksheets/sheet")) > MAX_SHEETS:
        raise PlanFileError(name, f"có hơn {MAX_SHEETS} trang tính", "Hãy tách riêng trang tính kế hoạch rồi nộp lại.")


def _refuse_strange_paths(name: str, infos: list[zipfile.ZipInfo]) -> None:
    """Parts are read, never written to disk; a path that leads elsewhere shows that the file was made to harm."""
    for info in infos:
        path = info.filename.replace("\\", "/")
        if path.startswith("/") or ".." in path.split("/") or re.match(r"[A-Za-z]:", path):
            raise PlanFileError(name, "chứa đường dẫn không an toàn", _CURE)


def _is_locked(archive: zipfile.ZipFile) -> bool:
    """OpenDocument says in its manifest that its parts are encrypted."""
    manifest = "META-INF/manifest.xml"
    return manifest in archive.namelist() and b"encryption-data" in archive.read(manifest)


def _kind(name: str, archive: zipfile.ZipFile) -> Kind:
    parts = archive.namelist()
    if "mimetype" in parts and archive.getinfo("mimetype").file_size < 200:
        mime = archive.read("mimetype")
        if b"opendocument.text" in mime:
            return Kind.OPEN_TEXT
        if b"opendocument.spreadsheet" in mime:
            return Kind.OPEN_SHEETS
    if "xl/workbook.xml" in parts:
        return Kind.SHEETS
    if any(re.fullmatch(r"word/document\d*\.xml", part) for part in parts):
        return Kind.WORD
    raise PlanFileError(
        name,
        "không phải là tệp Word hay Excel đọc được",
        "Hãy lưu lại kế hoạch thành .docx, .xlsx hoặc .pdf rồi nộp lại.",
    )


def _xml_parts(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    for info in infos:
        if info.filename.lower().endswith(_XML):
            xml = archive.read(info)
            if xml[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in xml[:8]:
                xml = xml.replace(b"\x00", b"").lstrip(b"\xff\xfe")
            yield info.filename, xml


def _refuse_entities(name: str, xml: bytes, kind: Kind) -> None:
    """No part of an office file declares entities; one that does is made to expand without end or to fetch files."""
    if not _DOCTYPE.match(xml):
        return
    if kind in (Kind.WORD, Kind.SHEETS) or b"<!ENTITY" in xml:
        raise PlanFileError(name, "chứa khai báo không an toàn", _CURE)


def _refuse_merges(name: str, xml: bytes) -> None:
    cells = 0
    for left, top, right, bottom in _MERGE.findall(xml):
        cells += max(1, _column(right) - _column(left) + 1) * max(1, int(bottom) - int(top) + 1)
        if cells > MAX_MERGED_CELLS:
            cure = "Hãy bỏ các ô gộp thừa (gộp cả cột, cả trang) rồi nộp lại."
            raise PlanFileError(name, "có vùng ô gộp quá lớn", cure)


def _column(letters: bytes) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + letter - 64
    return at
