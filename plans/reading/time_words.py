"""Where a sentence of prose says when: days with a bound, quarters, months, regular intervals, counted limits."""

from __future__ import annotations

import re
from dataclasses import dataclass

from plans.reading.text import fold

_YEAR = r"(?:\s*(?:/|-|nam|cua nam)\s*\d{4})"
_BOUND = (
    r"(?:(?:xong |hoan thanh |hoan tat |gui )?(?:cham nhat|muon nhat|truoc|den het|den|vao|trong)"
    r"(?:\s+(?:la|vao|trong|den|truoc|ngay))*)"
)
_CYCLE = (
    r"(?:(?:hang|moi)\s+(?:ngay|tuan|thang|quy|nam)|cua thang[\w ]{0,24}?quy(?: sau| tiep theo)?"
    r"|thang (?:dau|cuoi)[\w ]{0,14}?quy(?: sau| tiep theo)?|thang sau|cuoi quy|cuoi nam)"
)
_DAY = (
    rf"(?:ngay\s*)?\d{{1,2}}\s*(?:[/-]\s*\d{{1,2}}(?:\s*[/-]\s*\d{{4}})?|thang\s*\d{{1,2}}{_YEAR}?)"
    rf"(?:\s+{_CYCLE})?"
)
_CYCLE_DAY = rf"(?:ngay\s*)?\d{{1,2}}\s+{_CYCLE}"
_WEEKDAY = r"(?:ngay\s+)?(?:thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat)\s*,?\s*(?:hang|moi) tuan"
_QUARTER = rf"qu[yi]\s*(?:iv|i{{1,3}}|[1-4])\b{_YEAR}?"
_MONTH = rf"thang\s*\d{{1,2}}\b{_YEAR}?"
_EVERY = (
    r"(?:(?:hang|moi)\s+(?:tuan|thang|quy|nam)"
    r"|(?:0?[369]|sau|ba|chin)\s*thang(?:\s*dau nam)?(?:\s*(?:/|mot)\s*lan)?)"
)
_EVERY_MORE = (
    r"(?:quy|nam|ca nam|cuoi nam|0?[69] thang|hang (?:thang|quy|nam)|dot xuat(?: khi (?:co )?yeu cau| theo yeu cau)?)"
)

_DATED = re.compile(
    rf"\b{_BOUND}\s*(?:{_WEEKDAY}|{_CYCLE_DAY}|{_DAY}|{_QUARTER}|{_MONTH})"
    rf"(?:\s*(?:,|va|;)\s*(?:truoc\s+)?(?:{_CYCLE_DAY}|ngay {_DAY}|{_DAY}))*"
)
_REGULAR = re.compile(
    rf"\bdinh ky\s*\(?\s*(?:{_EVERY}|thang|quy|nam)(?:\s*(?:,|va|hoac|/)\s*{_EVERY_MORE})*\s*\)?"
    rf"|\b{_EVERY}(?:\s*(?:,|va|hoac)\s*{_EVERY_MORE})*"
)
_COUNTED = re.compile(
    r"\b(?:trong (?:thoi han|vong)|cham nhat(?: la)?|trong)\s+\d{1,3}\s*(?:\(\w+\)\s*)?"
    r"(?:ngay(?: lam viec)?|gio|thang)\s*,?\s*(?:ke tu|sau khi|tu khi|tu ngay)[^,;.]*"
)
_REPORTING = re.compile(
    r"bao cao|tong hop|\bgui\b|so ket|tong ket|\bhop\b|kiem tra|cong khai|cap nhat|ra soat|thong ke|giao ban"
    r"|danh gia|to chuc"
)
_NOT_A_DUTY = re.compile(
    r"(?:ngan sach|kinh phi|du toan|thi dua|xep loai|ke hoach|chuong trinh|thong ke)\s+(?:\w+\s+){0,2}$"
)


@dataclass(frozen=True, slots=True)
class When:
    """A stretch of a sentence that says when; `dated` when it names a day, month or quarter."""

    start: int
    end: int
    dated: bool


def time_words(sentence: str) -> When | None:
    """The words that bind the sentence to a time, the most exact ones; None when it has none."""
    folded = fold(sentence)
    dated = [When(match.start(), match.end(), True) for match in (*_DATED.finditer(folded), *_COUNTED.finditer(folded))]
    regular = [When(match.start(), match.end(), False) for match in _REGULAR.finditer(folded) if _binds(folded, match)]
    if not dated:
        return regular[0] if regular else None
    first = min(dated, key=lambda when: when.start)
    return _widened(folded, first, regular)


def _widened(folded: str, dated: When, regular: list[When]) -> When:
    """An interval that stands right before or after the day belongs to it: "hằng năm (trước ngày 15/11)"."""
    start, end = dated.start, dated.end
    for one in regular:
        if one.end <= start and not folded[one.end : start].strip(" ,(:"):
            start = one.start
        elif one.start >= end and not folded[end : one.start].strip(" ,("):
            end = one.end
    if folded[start:end].count("(") > folded[start:end].count(")") and folded[end : end + 1] == ")":
        end += 1
    return When(start, end, True)


def _binds(folded: str, match: re.Match[str]) -> bool:
    """Whether an interval orders something to be done, and is not the name of a yearly budget or plan."""
    before, after = folded[: match.start()], folded[match.end() : match.end() + 60]
    if _NOT_A_DUTY.search(before):
        return False
    if match.group().startswith("dinh ky"):
        return True
    opens = not before.strip() or before.rstrip().endswith((";", ":", ",", "-", "."))
    return (opens and bool(_REPORTING.search(after))) or bool(
        re.match(r"\W*(?:\w+\s+){0,2}(?:bao cao|tong hop|gui|cong khai|so ket)", after)
    )
