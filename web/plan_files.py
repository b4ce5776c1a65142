"""Plan files as a browser sends them: checked for size before they are read, read with no transaction open."""

from __future__ import annotations

from fastapi import UploadFile

from config.faults import Refusal
from plans.reading import read_bytes
from plans.reading.model import Reading
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


def read_file(edge: Edge, name: str, data: bytes, year: str) -> Reading:
    """What a plan file says; `year` is what was typed, blank when the file names it. Raises Refusal."""
    return read_bytes(name, data, year_in(year), edge.calendar())


def year_in(text: str) -> int | None:
    """A typed year. Raises Refusal for anything but four digits."""
    words = text.strip()
    if not words:
        return None
    if not (words.isascii() and words.isdigit() and len(words) == 4):
        raise Refusal(f"Năm «{words}» không hợp lệ. Hãy ghi bốn chữ số, ví dụ 2026, hoặc để trống.")
    return int(words)
