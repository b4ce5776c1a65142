"""Scanned pages and pictures of a plan."""

from __future__ import annotations

from plans.reading.document import Document
from plans.reading.errors import PlanFileError


def read_picture(name: str, data: bytes) -> Document:
    """The plan in a picture. Raises PlanFileError: a picture has no text."""
    cure = "Hãy dùng bản Word hoặc PDF có chữ của kế hoạch (ảnh cần nhận dạng chữ trước)."
    raise PlanFileError(name, "là ảnh chụp, không có chữ để đọc", cure)
