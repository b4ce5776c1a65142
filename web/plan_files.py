"""Plan files as a browser sends them: checked for size, opened once, read with no transaction open."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from fastapi import UploadFile

from config.faults import Refusal
from plans.reading import Reading, read_bytes, read_opened
from plans.reading.document import Document
from plans.reading.sources import open_document
from plans.source_view import keep_view
from plans.workbook import is_plan_workbook
from web.edge import Edge

MEGABYTE = 1 << 20


def uploaded(edge: Edge, file: UploadFile) -> tuple[str, bytes]:
    """The name and bytes of a file that was sent. Raises Refusal when there is none, or it is too large."""
    name, data = file.filename or "", file.file.read(edge.settings.upload_mb * MEGABYTE + 1)
    if not name:
        raise Refusal("Chưa chọn tệp nào. Hãy bấm «Chọn tệp» và chọn tệp kế hoạch.")
    if len(data) > edge.settings.upload_mb * MEGABYTE:
        raise Refusal(f"Tệp «{name}» lớn hơn {edge.settings.upload_mb} MB. Hãy bỏ bớt ảnh trong tệp rồi nhập lại.")
    return name, data


@dataclass(frozen=True)
class PlanText:
    """What a plan file says, and the file as it was opened; a plan's own workbook has nothing to show beside it."""

    reading: Reading
    document: Document | None

    def keep(self, home: Path, data: bytes) -> None:
        """Keep the plain view of the file, so that its page need not open it again."""
        if self.document is not None:
            keep_view(home, hashlib.sha256(data).hexdigest(), self.document)


def read_file(edge: Edge, name: str, data: bytes, year: str) -> PlanText:
    """What a plan file says; `year` is what was typed, blank when the file names it. Raises Refusal."""
    number, calendar = year_in(year), edge.calendar()
    if is_plan_workbook(data):
        return PlanText(read_bytes(name, data, number, calendar), None)
    document = open_document(name, data)
    return PlanText(read_opened(name, document, number, calendar), document)


@dataclass(frozen=True)
class _File:
    """Bytes that count for nothing when calls are compared: their digest stands for them."""

    edge: Edge = field(compare=False, repr=False)
    data: bytes = field(compare=False, repr=False)


def read_once(edge: Edge, name: str, data: bytes, year: str) -> PlanText:
    """As `read_file`; the last two files are remembered, for pages that show a file and then take it over."""
    return _remembered(hashlib.sha256(data).hexdigest(), name, year, _File(edge, data))


@lru_cache(maxsize=2)
def _remembered(digest: str, name: str, year: str, file: _File) -> PlanText:
    return read_file(file.edge, name, file.data, year)


def year_in(text: str) -> int | None:
    """A typed year. Raises Refusal for anything but four digits."""
    words = text.strip()
    if not words:
        return None
    if not (words.isascii() and words.isdigit() and len(words) == 4):
        raise Refusal(f"Năm «{words}» không hợp lệ. Hãy ghi bốn chữ số, ví dụ 2026, hoặc để trống.")
    return int(words)
