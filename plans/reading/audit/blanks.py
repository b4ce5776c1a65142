"""Places left to fill in, and days named in the prose that are on no calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from plans.reading.audit.cited import cited_documents
from plans.reading.audit.flaws import WARNING, Flaw, quoted
from plans.reading.audit.subject import Passage, Subject, Zone
from plans.reading.columns import Role

_DOTS = r"(?:\.{3,}|…)[\s.…]*"
_BLANK = re.compile(
    rf"\b(?:số|ngày|tháng|năm)\s*{_DOTS}(?=/|ngày\b|tháng\b|năm\b|của\b)"
    rf"|{_DOTS}(?=%|(?:triệu|tỷ|nghìn) |đồng\b|triệu đồng|lượt\b|tháng \d|năm 20)",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"\bngay (?P<day>\d{1,2})(?:/(?P<m>\d{1,2})/| thang (?P<month>\d{1,2}) nam )(?P<year>20\d{2}|19\d{2})\b"
)
_ZONES = (Zone.BASIS, Zone.BODY, Zone.ROW, Zone.HEAD)


def blank_flaws(subject: Subject) -> Iterator[Flaw]:
    """Dots that a figure or a day should have replaced, and impossible days outside citations and deadlines."""
    cited: dict[int, list[str]] = {}
    for one in cited_documents(subject):
        cited.setdefault(one.passage.spot.at, []).append(one.words)
    asking = {duty.row.place for duty in subject.standing if duty.row.status == "ask"}
    for passage in subject.in_zones(*_ZONES):
        if passage.role not in (None, Role.CONTENT, Role.PRODUCT, Role.BASIS):
            continue
        match = _BLANK.search(passage.flat) if passage.zone is not Zone.HEAD else None
        if match:
            near = passage.flat[max(0, match.start() - 25) : match.end() + 20].partition(" ")[2].strip()
            message = f"Còn chỗ trống chưa điền: {quoted(near)}."
            yield Flaw("blank_left", WARNING, passage.spot, message, "Điền đủ nội dung hoặc bỏ chỗ trống.")
        if passage.spot.place not in asking:
            yield from _impossible(passage, cited.get(passage.spot.at, []))


def _impossible(passage: Passage, cited: list[str]) -> Iterator[Flaw]:
    for match in _DAY.finditer(passage.folded):
        words = passage.flat[match.start() : match.end()]
        if not _is_real(match) and not any(words in one for one in cited):
            message = f"Ngày không có trên lịch: {quoted(words)}."
            yield Flaw("date_impossible", WARNING, passage.spot, message, "Xem lại ngày này và sửa cho đúng.")


def _is_real(match: re.Match[str]) -> bool:
    try:
        date(int(match["year"]), int(match["month"] or match["m"]), int(match["day"]))
    except ValueError:
        return False
    return True
