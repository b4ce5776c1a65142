"""Levels and organs of government that no longer exist when the plan is issued.

Two levels, province and commune, since 1 July 2025 (Luật 72/2025/QH15, Nghị quyết 202/2025/QH15); departments and
ministries merged from 1 March 2025.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from plans.reading.audit.cited import cited_documents, cites_before
from plans.reading.audit.flaws import WARNING, Flaw, quoted
from plans.reading.audit.subject import Passage, Subject, Zone
from plans.reading.columns import Role
from plans.reading.text import fold

_NEW = date(2025, 7, 1)
_OLD_LEVEL = re.compile(
    r"\bcap (?:tinh, )?(?:huyen)\b"
    r"|\b(?:ubnd|uy ban nhan dan|hdnd) (?:cac )?(?:huyen|quan(?! su| ly| chung| tam)|thi xa)\b"
    r"|\b(?:cac )?huyen, thi xa, thanh pho\b|\b(?:cac )?quan, huyen\b|\bxa, phuong, thi tran\b"
    r"|\bubnd thi tran\b|\b(?:cong an huyen|huyen uy)\b"
)
# The accents tell "quận" from "quân" and "cơ quan"; names of offices of a district.
_OLD_OFFICE = re.compile(
    r"\b(?:Phòng|Văn phòng|Trung tâm|Hạt|Thanh tra)\s[^,;.()]{3,40}?\s(?:huyện|quận|thị xã)"
    r"(?=\s*(?:$|[,;.)]|chủ trì|phối hợp|thực hiện))"
)
_OLD_LEVELS_END = re.compile(
    r"truoc day|\(cu\)|\bcu\b|ket thuc|cham dut|khong (?:con |to chuc )|sap xep|\bbo\b|giai the|tu cap huyen"
    r"|cap huyen (?:ve|chuyen|sang)|2 cap|hai cap|02 cap|ban giao|tiep nhan tu|chuyen giao|dinh muc|do cap huyen"
    r"|cua cap huyen|huyen truoc|truoc (?:ngay )?0?1/0?7|phan cap|phan quyen|phan dinh|tham quyen"
    r"|giai doan 20(?:1\d|2[0-4])"
)
# The organ of a province or of the Government, and what became of it.
_MERGED = {
    "Sở Thông tin và Truyền thông": "Sở Khoa học và Công nghệ",
    "Sở Kế hoạch và Đầu tư": "Sở Tài chính",
    "Sở Tài nguyên và Môi trường": "Sở Nông nghiệp và Môi trường",
    "Sở Nông nghiệp và Phát triển nông thôn": "Sở Nông nghiệp và Môi trường",
    "Sở Giao thông vận tải": "Sở Xây dựng",
    "Sở Lao động - Thương binh và Xã hội": "Sở Nội vụ",
    "Bộ Thông tin và Truyền thông": "Bộ Khoa học và Công nghệ",
    "Bộ Kế hoạch và Đầu tư": "Bộ Tài chính",
    "Bộ Tài nguyên và Môi trường": "Bộ Nông nghiệp và Môi trường",
    "Bộ Nông nghiệp và Phát triển nông thôn": "Bộ Nông nghiệp và Môi trường",
    "Bộ Giao thông vận tải": "Bộ Xây dựng",
    "Bộ Lao động - Thương binh và Xã hội": "Bộ Nội vụ",
}
_MERGED_WORDS = {fold(name).replace(" - ", r"\s*[-–,]\s*"): (name, now) for name, now in _MERGED.items()}
_MERGED_NAMES = re.compile("(?=[sb]o )(?:" + "|".join(f"({words})" for words in _MERGED_WORDS) + ")")


def level_flaws(subject: Subject) -> Iterator[Flaw]:
    """Abolished levels and merged organs in a plan that is certainly of after their end."""
    if not _issued_after(subject, _NEW):
        return
    for passage in subject.in_zones(Zone.BODY, Zone.ROW, Zone.HEADING, Zone.RECIPIENTS):
        if passage.role is Role.BASIS:
            continue
        if _OLD_LEVEL.search(passage.folded) or _OLD_OFFICE.search(passage.flat):
            yield from _old_levels(passage)
        if _MERGED_NAMES.search(passage.folded):
            yield from _old_organs(passage)


def _issued_after(subject: Subject, day: date) -> bool:
    """The first day the plan can be of: its date, its month or year, or the newest document it carries out."""
    earliest, latest = subject.issue_bounds
    if earliest and earliest >= day:
        return True
    if subject.issued_on or (latest and latest < day):
        return False
    if any(one.day and one.day >= day for one in cited_documents(subject) if one.passage.zone is not Zone.RECIPIENTS):
        return True
    year = subject.headed.plan.year
    return earliest is None and year is not None and year > day.year


def _old_levels(passage: Passage) -> Iterator[Flaw]:
    for text in passage.lines:
        folded = fold(text)
        match = _OLD_LEVEL.search(folded) or _OLD_OFFICE.search(text)
        if match and not _OLD_LEVELS_END.search(folded) and not cites_before(text, match.start()):
            message = f"Cấp huyện, thị trấn không còn từ 01/7/2025: {quoted(text[match.start() : match.end()])}."
            yield Flaw("level_abolished", WARNING, passage.spot, message, "Sửa theo chính quyền hai cấp: tỉnh và xã.")


def _old_organs(passage: Passage) -> Iterator[Flaw]:
    for text in passage.lines:
        folded = fold(text)
        for match in _MERGED_NAMES.finditer(folded):
            name, now = list(_MERGED_WORDS.values())[(match.lastindex or 1) - 1]
            near = folded[max(0, match.start() - 40) : match.end() + 25]
            if not cites_before(text, match.start()) and not re.search(
                r"truoc day|\bcu\b|nay la|sap nhap|hop nhat", near
            ):
                message = f"{name} không còn từ năm 2025."
                yield Flaw("organ_merged", WARNING, passage.spot, message, f"Sửa thành {now} nếu đúng lĩnh vực.")
