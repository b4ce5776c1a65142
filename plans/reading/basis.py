"""What a plan is based on: the documents that its opening says it rests on ("Căn cứ ...") or carries out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from plans.reading.model import BasedOn
from plans.reading.text import flat, fold

_OPENS = re.compile(r"^\W*(?:can cu|thuc hien|thi hanh|trien khai(?: thuc hien)?|theo)\b")
_ENDS = re.compile(r"^(?:quyet dinh\s*:|dieu 1\b|(?:phan\s+)?(?:i|a|1)[.:)\s]|muc dich|phu luc)")
_KINDS = {
    "bo luat": "Bộ luật", "luat": "Luật", "phap lenh": "Pháp lệnh", "nghi quyet": "Nghị quyết",
    "nghi dinh": "Nghị định", "quyet dinh": "Quyết định", "chi thi": "Chỉ thị", "ket luan": "Kết luận",
    "thong tu lien tich": "Thông tư liên tịch", "thong tu": "Thông tư", "thong bao": "Thông báo",
    "ke hoach": "Kế hoạch", "chuong trinh": "Chương trình", "de an": "Đề án", "quy dinh": "Quy định",
    "huong dan": "Hướng dẫn", "cong van": "Công văn", "cong dien": "Công điện", "van ban": "Văn bản",
    "to trinh": "Tờ trình",
}  # fmt: skip
_DAY = r"ngay\s*(?P<day>\d{1,2})\s*(?:/|-|\.|thang)\s*(?P<month>\d{1,2})\s*(?:/|-|\.|nam)\s*(?P<year>\d{4})"
_ISSUER_END = (
    r"\s+(?:ve|quy dinh|ban hanh|phe duyet|huong dan|sua doi|trien khai|thuc hien|giao|tai|khoa|nam|va)\b"
    r"|[,;:.()“”\"]|$"
)
_CITED = re.compile(
    rf"(?P<kind>{'|'.join(sorted(_KINDS, key=len, reverse=True))})\b(?: hanh dong)?\s*(?:so\s*)?:?\s*"
    rf"(?P<number>\d+[a-z]?\s?[-/–]\s?[a-z0-9đ]+(?:\s?[-/–]\s?[a-z0-9đ&]+)*)(?:[,\s]*{_DAY})?"
    r"(?:\s*cua\s+(?P<issuer>bo truong, chu nhiem van phong chinh phu|[^,;:.()“”\"]{3,80}?)"
    rf"(?={_ISSUER_END}))?"
)
_LAW = re.compile(
    r"(?P<kind>bo luat|luat|phap lenh)\s+(?P<name>[^;.()\d]{3,90}?)\s*"
    rf"(?:(?:so\s*)?(?P<number>\d+/\d{{4}}/qh\d+)\s*{_DAY}|(?:so\s*)?(?P<alone>\d+/\d{{4}}/qh\d+)"
    rf"|{_DAY.replace('<', '<law_')}|nam\s+(?P<only>\d{{4}})|(?=[;.]|$))"
)
# A document named inside the title of another is not what the plan rests on.
_INSIDE = re.compile(
    r"(?:thuc hien|trien khai|thi hanh|huong dan|sua doi|bo sung|mot so dieu(?: cua)?|cua|tai|theo|ban hanh"
    r"|phe duyet)\s*$"
)
FRONT = 60


def based_on(texts: list[str]) -> tuple[BasedOn, ...]:
    """The documents of the opening in order, each once."""
    found: dict[tuple[str, str], BasedOn] = {}
    for text in _opening(texts):
        for one in _cited(text):
            found.setdefault((one.kind, one.number or one.name or ""), one)
    return tuple(found.values())


def _opening(texts: list[str]) -> Iterator[str]:
    """The paragraphs from the first "Căn cứ" or "Thực hiện" to the first part of the plan, their wraps joined."""
    open_text = ""
    for text in texts[:FRONT]:
        folded = fold(text)
        if _OPENS.match(folded) and not text.isupper():
            yield from filter(None, [open_text])
            open_text = flat(text)
        elif open_text and _ENDS.match(folded):
            break
        elif open_text and not open_text.endswith((";", ".", ":", "./.")):
            open_text = f"{open_text} {flat(text)}"
    yield from filter(None, [open_text])


def _cited(text: str) -> Iterator[BasedOn]:
    folded = fold(text)
    numbered = list(_CITED.finditer(folded))
    taken = [match.span() for match in numbered]
    named = [match for match in _LAW.finditer(folded) if not any(start <= match.start() < end for start, end in taken)]
    for match in sorted((*numbered, *named), key=lambda one: one.start()):
        before = folded[: match.start()].rstrip(" “\"'(")
        opening = _OPENS.match(before)
        if before.rfind("(") > before.rfind(")"):
            continue
        if not _INSIDE.search(before) or (opening and opening.end() == len(before)):
            yield _document(text, match)


def _document(text: str, match: re.Match[str]) -> BasedOn:
    groups = match.groupdict()

    def printed(name: str) -> str | None:
        return flat(text[match.start(name) : match.end(name)]) or None if groups.get(name) else None

    number = printed("number") or printed("alone")
    return BasedOn(
        kind=_KINDS[match["kind"]],
        number=re.sub(r"\s", "", number).replace("–", "-") if number else None,
        name=printed("name"),
        issued_on=_day(groups, "") or _day(groups, "law_") or printed("only"),
        issuer=printed("issuer"),
        words=flat(text[match.start() : match.end()]),
    )


def _day(groups: dict[str, str | None], which: str) -> str | None:
    day, month, year = (groups.get(f"{which}{name}") for name in ("day", "month", "year"))
    try:
        return date(int(year), int(month), int(day)).isoformat() if day and month and year else None
    except ValueError:
        return None
