"""Plan files as a browser sends them: checked for size, kept, and read with no request or transaction held open."""

from __future__ import annotations

from typing import cast

from fastapi import Request, UploadFile

from config.faults import Refusal
from plans import uploads
from plans.reading.sources import check_size
from plans.uploads import Upload
from web.edge import Edge, edge_of
from web.readers import Readers

MEGABYTE = 1 << 20


def readers_of(request: Request) -> Readers:
    """The readers of the application that serves a request."""
    return cast(Readers, request.app.state.readers)


def uploaded(edge: Edge, file: UploadFile) -> tuple[str, bytes]:
    """The name and bytes of a file that was sent. Raises Refusal when there is none, or it is too large."""
    name, data = file.filename or "", file.file.read(edge.settings.upload_mb * MEGABYTE + 1)
    if not name:
        raise Refusal("Chưa chọn tệp nào. Hãy bấm «Chọn tệp» và chọn tệp kế hoạch.")
    if len(data) > edge.settings.upload_mb * MEGABYTE:
        raise Refusal(f"Tệp «{name}» lớn hơn {edge.settings.upload_mb} MB. Hãy bỏ bớt ảnh trong tệp rồi nhập lại.")
    check_size(name, len(data))
    return name, data


def read_sent(request: Request, name: str, data: bytes, year: str, by: str, corrects: str = "") -> Upload:
    """Keep a file that was sent and have it read; one that takes long is still `waiting`.

    Raises Refusal, keeping nothing, for a year that is none and for a file that cannot be read.
    """
    edge, number = edge_of(request), year_in(year)
    # A fault in the office's YAML shows on this page, before anything is kept.
    edge.calendar()
    home = edge.settings.home
    uploads.sweep(home, edge.now())
    found = readers_of(request).read(uploads.take_in(home, name, data, edge.now(), by, number, corrects))
    if found.state == "failed":
        uploads.drop(home, found.id)
        raise Refusal(found.fault)
    return found


def year_in(text: str) -> int | None:
    """A typed year. Raises Refusal for anything but four digits."""
    words = text.strip()
    if not words:
        return None
    if not (words.isascii() and words.isdigit() and len(words) == 4):
        raise Refusal(f"Năm «{words}» không hợp lệ. Hãy ghi bốn chữ số, ví dụ 2026, hoặc để trống.")
    return int(words)
