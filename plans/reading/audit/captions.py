"""What stands above an annex, held to the plan it belongs to: its date, and the year in the title of the annex."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plans.reading.audit.cited import Cited, cited_documents
from plans.reading.audit.flaws import WARNING, Flaw
from plans.reading.audit.subject import Subject, Zone

CAPTION = re.compile(r"\W*(?:ban hanh )?kem theo ")
_ANNEX = re.compile(r"phu luc\b")
_YEAR = re.compile(r"\bnam (?P<year>20\d{2})\W*$")
# An annex may look back on the year before.
_LOOKS_BACK = re.compile(r"ket qua|tinh hinh|thuc trang|danh gia|so lieu|hien trang|tong hop|thong ke|20\d{2}.*20\d{2}")


def caption_flaws(subject: Subject) -> Iterator[Flaw]:
    """Annexes that bear another date than the plan, or another year in their titles."""
    issued = subject.headed.plan.issued_on
    for one in cited_documents(subject):
        if issued and one.day and is_own(subject, one) and one.day.isoformat() != issued:
            head = f"{issued[8:]}/{issued[5:7]}/{issued[:4]}"
            message = f"Ngày của kế hoạch không thống nhất: ở đầu là {head}, ở phần kèm theo là {one.day:%d/%m/%Y}."
            yield Flaw("date_contradicts", WARNING, one.passage.spot, message, "Sửa lại cho đúng một ngày.")
    yield from _years(subject)


def is_own(subject: Subject, one: Cited) -> bool:
    """Whether the line above an annex names the plan itself, by its own number."""
    number = re.sub(r"\s", "", subject.headed.plan.number or "").lstrip("0")
    return bool(CAPTION.match(one.passage.folded)) and re.sub(r"\s", "", one.printed).lstrip("0") == number


def _years(subject: Subject) -> Iterator[Flaw]:
    year, in_annex = subject.headed.plan.year, False
    if year is None or subject.headed.span:
        return
    for passage in subject.in_zones(Zone.HEAD):
        in_annex = in_annex or bool(_ANNEX.match(passage.folded))
        match = _YEAR.search(passage.folded) if in_annex and passage.flat.isupper() else None
        if match and abs(int(match["year"]) - year) == 1 and not _LOOKS_BACK.search(passage.folded):
            message = f"Năm trong tên phụ lục ({match['year']}) khác năm của kế hoạch ({year})."
            cure = "Sửa lại cho thống nhất một năm."
            yield Flaw("annex_year", WARNING, passage.spot, message, cure)
