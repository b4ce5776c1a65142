"""The order of the numbered parts of the prose: parts missing or numbered twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from plans.reading.document import Paragraph
from plans.reading.model import Finding, Severity
from plans.reading.ordinals import roman_value
from plans.reading.text import fold

_LOOSE_HEADER = re.compile(
    r"^\W*(?:s?tt|so tt)\b(?=.*\b(?:noi dung|nhiem vu|cong viec))(?=.*\b(?:don vi|co quan|chu tri|thoi gian|thoi han))"
)
_PART = re.compile(r"^([IVX]{1,5})\.\s+\S")

HEADER_LENGTH = 400


def part_findings(paragraphs: Iterable[Paragraph]) -> Iterator[Finding]:
    """Roman parts I, II, III ... that jump or repeat; a new I opens a new series (a plan inside a decision)."""
    before = 0
    for paragraph in paragraphs:
        match = _PART.match(paragraph.text)
        value = roman_value(match[1]) if match else None
        if not match or value is None:
            continue
        if before and value > before + 1:
            message = f"Sau phần thứ {before} đến ngay phần {match[1]}: thiếu phần ở giữa."
            yield Finding(
                "part_missing", Severity.WARNING, paragraph.place.words(), message, "Kiểm tra có sót phần nào không."
            )
        elif value == before:
            message = f"Phần {match[1]} dùng số hai lần."
            yield Finding("part_repeated", Severity.WARNING, paragraph.place.words(), message, "Đánh lại số các phần.")
        before = value


def loose_headers(paragraphs: Iterable[Paragraph]) -> Iterator[Finding]:
    """The header of a table left standing in the prose: the shape of its table was not made out."""
    for paragraph in paragraphs:
        if len(paragraph.text) < HEADER_LENGTH and _LOOSE_HEADER.match(fold(paragraph.text)):
            message = f"Có hàng tiêu đề của một bảng (“{paragraph.text[:60]}”) nhưng chưa đọc được bảng ở dưới."
            cure = "Đối chiếu với bản gốc; nếu thiếu nhiệm vụ, hãy dùng bản Word hoặc Excel của kế hoạch."
            yield Finding("table_unread", Severity.WARNING, paragraph.place.words(), message, cure)
