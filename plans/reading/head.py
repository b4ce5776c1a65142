"""The head of a plan: kind, number, title, issuer, place, year, date; None where the document is blank."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from plans.reading.basis import based_on
from plans.reading.document import Document, Place, Table
from plans.reading.headers import columns_of
from plans.reading.issuers import issuer_of, locality_of
from plans.reading.model import PlanHead
from plans.reading.text import flat, fold

_KINDS = {
    "ke hoach": "Kế hoạch",
    "quyet dinh": "Quyết định",
    "chuong trinh": "Chương trình",
    "chi thi": "Chỉ thị",
    "de an": "Đề án",
    "nghi quyet": "Nghị quyết",
    "phuong an": "Phương án",
    "huong dan": "Hướng dẫn",
    "thong bao": "Thông báo",
}
# "KẾ HOẠCH Triển khai ..." on one line.
_KIND_AND_TITLE = re.compile(rf"^(?P<kind>{'|'.join(_KINDS)})\b[\s:–-]+(?=\w)")
_LETTER_TITLE = re.compile(r"^V/v:?\s+(?P<title>\S.*)$", re.IGNORECASE)
_SYMBOL = r"(?P<symbol>[A-ZĐ][\w\-–]*(?:/[A-ZĐ][\w\-–]*)?)"
# "Số: 12/KH-UBND", "Số 12-KH/ĐU", "Số:      /KH-UBND", "Số: ......-KH/TU".
_NUMBER = re.compile(rf"^\W*Số\s*:?\s*(?P<figure>\d*[a-z]?)[\s./…_]*?\s*(?P<sign>[/\-–])\s*{_SYMBOL}", re.IGNORECASE)
_PARTY_NUMBER = re.compile(r"^\W*(?P<figure>\d+)\s*(?P<sign>[-–])\s*(?P<symbol>(?:KH|CTr|NQ|QĐ|CT|HD)/[A-ZĐ]\w*)\s*$")
_ATTACHED = re.compile(
    r"[Kk]èm theo (?:Quyết định|Kế hoạch) số\s*:?\s*(?P<figure>\d*)\s*/\s*(?P<symbol>[A-ZĐ][\w\-–]*)"
)
_DATE = re.compile(
    r",\s*ngày\s*(?P<day>\d{0,2})[\s.…_]*(?:tháng|/)\s*(?P<month>\d{0,2})[\s.…_]*(?:năm|/)\s*(?P<year>\d{4})",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"^(?:can cu|thuc hien (?:quyet|ke hoach|nghi|cong van|chi thi|chuong trinh"
    r"|luat|nhiem vu)|nham |\(|theo |uy ban nhan dan .* (?:xay dung|ban hanh)|ubnd .* (?:xay dung"
    r"|ban hanh)|[ivx]+\.|phan (?:thu )?[ivx\d]|chuong [ivx\d]|chu tich|\d+\.|noi nhan|kinh gui)"
)
_TABLE_TITLE = re.compile(
    r"^\W*(?:phu luc|bieu (?:so|mau)|danh muc|bang (?:phan|tong|chi tiet|ke|nhiem|so)|bang\s*\d|s?tt\b.*\bnoi dung)\b"
)
_PERIOD = re.compile(r"giai đoạn\s+(\d{4})\s*[-–]\s*(\d{4})", re.IGNORECASE)
_SCHOOL_YEAR = re.compile(r"năm học\s+(\d{4})\s*[-–]\s*(\d{4})", re.IGNORECASE)
_TITLE_YEAR = re.compile(r"(?<!đến )(?<!tầm nhìn )\bnăm\s+(\d{4})(?!\s*(?:của|về))", re.IGNORECASE)
_CITED_YEAR = re.compile(r"(?:Luật|Pháp lệnh|Nghị quyết|Nghị định|Kế hoạch số|Quyết định)\b[^,;]*$")
_ANY_YEAR = re.compile(
    r"(?:chỉ tiêu|kế hoạch|nhiệm vụ|quý\s+[IV]+|tháng\s+\d{1,2}|năm|TTHC)[\w\s/]{0,24}?(20\d{2})", re.IGNORECASE
)
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
    span: tuple[int, int] | None = None


def read_head(document: Document) -> Headed:
    """Everything the first pages say of the plan itself."""
    lines = _lines(document)
    front = lines[:60]
    texts = [text for text, _ in lines]
    number, number_place, symbol_seen = _number(front)
    issued_on, date_place, blank, written_year = _date(front)
    kind, title, at = _kind_and_title(lines[:140])
    issuer = issuer_of(texts[:60], at, texts)
    years = _title_years(title, written_year)
    mentioned = _mentioned_years(document)
    year = years.year or written_year or _likeliest(mentioned)
    plan = PlanHead(kind, number, title, issuer, locality_of(issuer, texts), year, issued_on, based_on(texts))
    known = years.known or ({written_year, written_year + 1} if written_year else set(mentioned))
    quoted, quoted_place = _quoted_number(lines[:200])
    blanks = (symbol_seen and number is None, blank)
    span = (min(years.known), max(years.known)) if len(years.known) > 1 else None
    return Headed(plan, frozenset(known), number_place, date_place, *blanks, quoted, quoted_place, span)


def with_year(headed: Headed, year: int | None) -> Headed:
    """The same head under the year that the caller gave."""
    return replace(headed, plan=replace(headed.plan, year=year)) if year else headed


def _lines(document: Document) -> list[tuple[str, Place]]:
    """Printed lines, those of a letterhead laid out as a table included; an empty one where another table stands."""
    lines: list[tuple[str, Place]] = []
    for block in document.blocks:
        if isinstance(block, Table):
            lines.extend(_letterhead(block))
        else:
            lines.append((block.text, block.place))
    return lines


def _letterhead(table: Table) -> list[tuple[str, Place]]:
    """The lines of a table that only lays out a letterhead, column by column."""
    if len(table.rows) > 4 or table.width > 3 or columns_of(table) is not None:
        return [("", table.rows[0].place)]
    return [
        (flat(line), row.place)
        for at in range(table.width)
        for row in table.rows
        for line in row.texts()[at].split("\n")
        if line.strip()
    ]


def _number(lines: list[tuple[str, Place]]) -> tuple[str | None, Place | None, bool]:
    for at, (text, place) in enumerate(lines):
        whole = f"{text} {lines[at + 1][0]}" if re.fullmatch(r"\W*Số\s*:?\W*", text) and at + 1 < len(lines) else text
        match = _NUMBER.match(whole) or _PARTY_NUMBER.match(whole)
        if match:
            number = f"{match['figure']}{match['sign']}{match['symbol']}" if match["figure"] else None
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
    """(date, its place, whether it is blank, year) of the line "Nơi, ngày ... tháng ... năm ...", wrapped or not."""
    for at, (text, place) in enumerate(lines):
        below = lines[at + 1][0] if at + 1 < len(lines) else ""
        match = _DATE.search(text) or (_DATE.search(f"{text} {below}") if re.search(r", ngày\b", text) else None)
        if match and len(text) < 90 and not _BODY.match(fold(text)):
            day, month, year = match["day"], match["month"], int(match["year"])
            written = _iso(year, month, day)
            return written, place, written is None, year
    return None, None, False, None


def _iso(year: int, month: str, day: str) -> str | None:
    try:
        return date(year, int(month), int(day)).isoformat()
    except ValueError:
        return None


def _kind_and_title(lines: list[tuple[str, Place]]) -> tuple[str | None, str | None, int]:
    """The plan itself where a decision issues it in one file; else whatever kind stands as a heading; and its line."""
    found: dict[str, int] = {}
    for at, (text, _) in enumerate(lines):
        word = fold(text).strip(" :.*")
        if word in _KINDS:
            found.setdefault(word, at)
    word = "ke hoach" if "ke hoach" in found else next(iter(found), "")
    if word:
        return _KINDS[word], _title([text for text, _ in lines[found[word] + 1 :]]), min(found.values())
    for at, (text, _) in enumerate(lines[:40]):
        match = _KIND_AND_TITLE.match(fold(text)) if text[:8].isupper() else None
        if match:
            return _KINDS[match["kind"]], _title([text[match.end() :], *(below for below, _ in lines[at + 1 :])]), at
    return _letter(lines[:20])


def _letter(lines: list[tuple[str, Place]]) -> tuple[str | None, str | None, int]:
    """A letter ("công văn") names no kind; its subject stands after "V/v"."""
    for at, (text, _) in enumerate(lines):
        match = _LETTER_TITLE.match(text)
        if match:
            return "Công văn", match["title"], at
    return None, None, 0


def _title(lines: list[str]) -> str | None:
    parts: list[str] = []
    for text in lines[:7]:
        if _ends_title(parts, text):
            break
        parts.append(text)
        if text.endswith("."):
            break
    return flat(" ".join(parts)).strip("-–_* ") or None


def _ends_title(parts: list[str], text: str) -> bool:
    """Whether a line is no more of the title: the body, a rule, a table, or a new sentence after a whole title."""
    folded = fold(text).lstrip()
    if not parts:
        return not text or (_opens_body(text) and not folded.startswith("thuc hien ")) or bool(_DATE.search(text))
    whole = re.search(r"\b20\d{2}\W*$", parts[-1]) and not text.isupper() and text[:1].isupper()
    cased = all(part.isupper() for part in parts) and not text.isupper() and text[:1].isupper()
    apart = not text or set(text) <= set("-_=* –—")
    too_long = len(" ".join(parts)) > 400 or text.endswith((":", ";"))
    ended = apart or whole or cased or too_long or _opens_body(text)
    return bool(ended or _DATE.search(text) or _TABLE_TITLE.match(folded))


def _opens_body(text: str) -> bool:
    return bool(_BODY.match(fold(text).lstrip())) or text.startswith("Để ")


@dataclass(frozen=True, slots=True)
class _Years:
    """The year of a plan as its title says it, and all the years that the title covers."""

    year: int | None
    known: set[int]


def _title_years(title: str | None, written: int | None) -> _Years:
    """A year named alone goes before a period; of a period the year of issue, else its first."""
    text = title or ""
    single = {int(match[1]) for match in _TITLE_YEAR.finditer(text) if not _CITED_YEAR.search(text[: match.start()])}
    spans = [*_SCHOOL_YEAR.finditer(text), *_PERIOD.finditer(text)]
    period = {year for match in spans for year in range(int(match[1]), min(int(match[2]), int(match[1]) + 30) + 1)}
    single, period = ({year for year in years if FIRST_YEAR <= year <= LAST_YEAR} for years in (single, period))
    if single:
        return _Years(min(single), single | period)
    current = written if written in period and not _SCHOOL_YEAR.search(text) else min(period, default=None)
    return _Years(current, period)


def _mentioned_years(document: Document) -> Counter[int]:
    """The years that headers, cells and short lines speak of, where neither title nor date says one."""
    texts = [text for table in document.tables() for row in table.rows for text in row.texts()]
    texts += [paragraph.text for paragraph in document.paragraphs()]
    return Counter(int(match[1]) for text in texts if len(text) < 120 for match in _ANY_YEAR.finditer(text))


def _likeliest(mentioned: Counter[int]) -> int | None:
    """The year most spoken of; of two as common the later, as plans look back on the year before."""
    return max(mentioned, key=lambda year: (mentioned[year], year), default=None)
