"""The head of a plan: kind, number, title, issuer, place, year, date; None where the document is blank."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from plans.reading.document import Document, Place, Table
from plans.reading.model import PlanHead
from plans.reading.text import flat, fold

_KINDS = {
    "ke hoach": "Kế hoạch",
    "quyet dinh": "Quyết định",
    "chuong trinh": "Chương trình",
    "chi thi": "Chỉ thị",
    "de an": "Đề án",
}
# "KẾ HOẠCH Triển khai ..." on one line.
_KIND_AND_TITLE = re.compile(rf"^(?P<kind>{'|'.join(_KINDS)})\b[\s:–-]+(?=\w)")
_MOTTO = re.compile(r"cong hoa xa hoi|doc lap\s*[-–]")
_NUMBER = re.compile(r"^\W*Số\s*:?\s*(?P<figure>\d*)\s*[./…]*\s*/\s*(?P<symbol>[A-ZĐ][\w\-–]*)", re.IGNORECASE)
_ATTACHED = re.compile(
    r"[Kk]èm theo (?:Quyết định|Kế hoạch) số\s*:?\s*(?P<figure>\d*)\s*/\s*(?P<symbol>[A-ZĐ][\w\-–]*)"
)
_DATE = re.compile(
    r",\s*ngày\s*(?P<day>\d{0,2})[\s.…]*tháng\s*(?P<month>\d{0,2})[\s.…]*năm\s*(?P<year>\d{4})", re.IGNORECASE
)
_BODY = re.compile(
    r"^(?:can cu|thuc hien (?:quyet|ke hoach|nghi|cong van|chi thi|chuong trinh"
    r"|luat)|nham |\(|theo |uy ban nhan dan .* (?:xay dung|ban hanh)|ubnd .* (?:xay dung"
    r"|ban hanh)|[ivx]+\.|phan |chuong |de |chu tich|\d+\.)"
)
_TABLE_TITLE = re.compile(r"^\W*(?:phu luc|bieu (?:so|mau)|danh muc|bang (?:phan|tong|chi tiet|ke|nhiem|so))\b")
_CAPITALS = "A-ZĐÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝĂĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_PLACE = rf"[{_CAPITALS}][\w'’-]*(?:\s+[{_CAPITALS}\d][\w'’-]*){{0,3}}"
_LEVEL = r"(?:tỉnh|thành phố|TP\.?|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu)"
_ISSUING = re.compile(
    rf"(?:UBND|[UỦ][yỷ] ban nhân dân|Ủy ban Nhân dân)\s+({_LEVEL}\s+{_PLACE})\s+(?:xây dựng|ban hành|triển khai)"
)
_HEADED = re.compile(rf"^\s*(?:UBND|[UỦ][YỶ] BAN NHÂN DÂN)\s+({_LEVEL}\s+.+)$", re.IGNORECASE)
_AREA = re.compile(rf"địa bàn (?:\w+ )?((?:tỉnh|thành phố|xã|phường|thị trấn|đặc khu)\s+{_PLACE})")
_PROVINCE = re.compile(rf"\b(?:tỉnh|thành phố)\s+{_PLACE}")
_TITLE_YEAR = re.compile(r"năm\s+(\d{4})(?!\s*(?:của|về))|giai đoạn\s+(\d{4})\s*[-–]\s*(\d{4})", re.IGNORECASE)
_ANY_YEAR = re.compile(r"(?:chỉ tiêu|nhiệm vụ|quý\s+[IV]+|năm|TTHC)[\w\s/]{0,24}?(20\d{2})", re.IGNORECASE)
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class Headed:
    """The head, the years the plan can be of, and where its blanks stand."""

    plan: PlanHead
    years: frozenset[int]
    number_place: Place | None = None
    date_place: Place | None = None
    number_blank: bool = False
    date_blank: bool = False
    quoted_number: str | None = None
    quoted_place: Place | None = None


def read_head(document: Document) -> Headed:
    """Everything the first pages say of the plan itself."""
    lines = _lines(document)
    front = lines[:60]
    number, number_place, symbol_seen = _number(front)
    issued_on, date_place, blank, written_year = _date(front)
    kind, title = _kind_and_title(lines[:140])
    issuer = _issuer(front)
    years = _title_years(title)
    mentioned = _mentioned_years(document)
    year = min(years) if years else written_year or _likeliest(mentioned)
    plan = PlanHead(kind, number, title, issuer, _locality(issuer, lines), year, issued_on)
    known = years or ({written_year, written_year + 1} if written_year else set(mentioned))
    quoted, quoted_place = _quoted_number(lines[:200])
    blanks = (symbol_seen and number is None, blank)
    return Headed(plan, frozenset(known), number_place, date_place, *blanks, quoted, quoted_place)


def with_year(headed: Headed, year: int | None) -> Headed:
    """The same head under the year that the caller gave."""
    return replace(headed, plan=replace(headed.plan, year=year)) if year else headed


def _lines(document: Document) -> list[tuple[str, Place]]:
    """Printed lines, those of a letterhead laid out as a table included."""
    lines: list[tuple[str, Place]] = []
    for block in document.blocks:
        if isinstance(block, Table):
            lines.extend(_letterhead(block))
        else:
            lines.append((block.text, block.place))
    return lines


def _letterhead(table: Table) -> list[tuple[str, Place]]:
    if len(table.rows) > 4 or table.width > 3:
        return []
    return [
        (flat(line), row.place)
        for row in table.rows
        for text in row.texts()
        for line in text.split("\n")
        if line.strip()
    ]


def _number(lines: list[tuple[str, Place]]) -> tuple[str | None, Place | None, bool]:
    for text, place in lines:
        match = _NUMBER.match(text)
        if match:
            number = f"{match['figure']}/{match['symbol']}" if match["figure"] else None
            return number, place, True
    return None, None, False


def _quoted_number(lines: list[tuple[str, Place]]) -> tuple[str | None, Place | None]:
    """The number under which the attached plan says it was issued: "(Ban hành kèm theo Quyết định số ...)"."""
    for text, place in lines:
        match = _ATTACHED.search(text)
        if match and match["figure"]:
            return f"{match['figure']}/{match['symbol']}", place
    return None, None


def _date(lines: list[tuple[str, Place]]) -> tuple[str | None, Place | None, bool, int | None]:
    for text, place in lines:
        match = _DATE.search(text)
        if match and len(text) < 90:
            day, month, year = match["day"], match["month"], int(match["year"])
            written = _iso(year, month, day)
            return written, place, written is None, year
    return None, None, False, None


def _iso(year: int, month: str, day: str) -> str | None:
    try:
        return date(year, int(month), int(day)).isoformat()
    except ValueError:
        return None


def _kind_and_title(lines: list[tuple[str, Place]]) -> tuple[str | None, str | None]:
    """The plan itself where a decision issues it in one file; else whatever kind stands as a heading."""
    found: dict[str, int] = {}
    for at, (text, _) in enumerate(lines):
        word = fold(text).strip(" :.")
        if word in _KINDS:
            found.setdefault(word, at)
    word = "ke hoach" if "ke hoach" in found else next(iter(found), "")
    if word:
        return _KINDS[word], _title(lines[found[word] + 1 :])
    for at, (text, place) in enumerate(lines[:40]):
        match = _KIND_AND_TITLE.match(fold(text)) if text[:8].isupper() else None
        if match:
            return _KINDS[match["kind"]], _title([(text[match.end() :], place), *lines[at + 1 :]])
    return None, None


def _title(lines: list[tuple[str, Place]]) -> str | None:
    parts: list[str] = []
    for text, _ in lines[:6]:
        if (
            (_BODY.match(fold(text).lstrip()) and (parts or not fold(text).startswith("thuc hien ")))
            or _DATE.search(text)
            or (parts and _TABLE_TITLE.match(fold(text)))
            or (parts and text.endswith(":"))
            or len(" ".join(parts)) > 400
            or set(text) <= set("-_=* –—")
        ):
            break
        parts.append(text)
        if text.endswith("."):
            break
    return flat(" ".join(parts)).strip("-–_ ") or None


def _issuer(front: list[tuple[str, Place]]) -> str | None:
    """From the letterhead; else who "xây dựng kế hoạch"; else the area the title speaks of."""
    front = [(_without_motto(text), place) for text, place in front if not _MOTTO.match(fold(text))]
    for at, (text, _) in enumerate(front[:12]):
        below = front[at + 1][0] if at + 1 < len(front) else ""
        if fold(text).strip(" .") in ("uy ban nhan dan", "ubnd") and re.match(_LEVEL, below, re.IGNORECASE):
            return f"UBND {_proper(below)}"
        headed = _HEADED.match(text)
        if headed and text.isupper():
            return f"UBND {_proper(headed[1])}"
    for pattern in (_ISSUING, _AREA):
        for text, _ in front:
            match = pattern.search(text)
            if match:
                return f"UBND {flat(match[1])}"
    return None


def _without_motto(text: str) -> str:
    """The left column of a letterhead whose two columns were printed on one line."""
    match = _MOTTO.search(fold(text))
    return text[: match.start()].strip() if match else text


def _proper(text: str) -> str:
    """ "TỈNH QUẢNG NGÃI" as a name is written: "tỉnh Quảng Ngãi"."""
    words = flat(text).strip(" .").split()
    if not text.isupper():
        return " ".join(words)
    level = re.match(_LEVEL, text.strip(), re.IGNORECASE)
    count = len(level.group().split()) if level else 0
    return " ".join(word.lower() if at < count else word.capitalize() for at, word in enumerate(words))


def _locality(issuer: str | None, lines: list[tuple[str, Place]]) -> str | None:
    """The issuer's area and the province it lies in, as far as the text names it."""
    area = issuer.removeprefix("UBND ").strip() if issuer else None
    if area and area.startswith("tỉnh"):
        return area
    provinces = Counter(flat(match.group()) for text, _ in lines for match in _PROVINCE.finditer(text))
    province = next((name for name, _ in provinces.most_common(3) if name != area), None)
    return ", ".join(part for part in (area, province) if part) or None


def _title_years(title: str | None) -> set[int]:
    years: set[int] = set()
    for match in _TITLE_YEAR.finditer(title or ""):
        years |= {int(match[1])} if match[1] else set(range(int(match[2]), int(match[3]) + 1))
    return {year for year in years if FIRST_YEAR <= year <= LAST_YEAR}


def _mentioned_years(document: Document) -> Counter[int]:
    """The years that headers, cells and short lines speak of, where neither title nor date says one."""
    texts = [text for table in document.tables() for row in table.rows for text in row.texts()]
    texts += [paragraph.text for paragraph in document.paragraphs()]
    return Counter(int(match[1]) for text in texts if len(text) < 120 for match in _ANY_YEAR.finditer(text))


def _likeliest(mentioned: Counter[int]) -> int | None:
    """The year most spoken of; of two as common the later, as plans look back on the year before."""
    return max(mentioned, key=lambda year: (mentioned[year], year), default=None)
