"""The order of the numbered parts of the prose: parts missing or numbered twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from plans.reading.document import Paragraph
from plans.reading.model import Finding, Severity
from plans.reading.ordinals import roman_value

_PART = re.compile(r"^([IVX]{1,5})\.\s+\S")


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
