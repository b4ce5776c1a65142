"""Which column holds what: header words to roles, and, where a table has no header, roles from what its cells hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from plans.reading.document import Row, Table
from plans.reading.ordinals import readings
from plans.reading.text import flat, fold


class Role(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    CONTENT = "content"
    PRODUCT = "product"
    LEAD = "lead"
    COORDINATOR = "coordinator"
    PERFORMER = "performer"
    TIME = "time"
    MEASURE = "measure"
    TARGET = "target"
    BASIS = "basis"
    NOTE = "note"
    OTHER = "other"


# In order: the first pattern that is found in the folded header names the role.
_HEADER_WORDS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (Role.NUMBER, re.compile(r"^(?:s?\s?tt|so\s*(?:tt|thu tu)|tt\.?|no\.?|#)$")),
    (Role.MEASURE, re.compile(r"don vi\s*tinh|^dvt$|^d\.v\.t$")),
    (Role.PERFORMER, re.compile(r"chu tri.*phoi hop|phoi hop.*chu tri")),
    (Role.COORDINATOR, re.compile(r"phoi hop")),
    (Role.LEAD, re.compile(r"chu tri|don vi dau moi|co quan dau moi")),
    (Role.NOTE, re.compile(r"ghi chu|luu y")),
    (Role.CONTENT, re.compile(r"^(?:noi dung|ten|nhiem vu|cong viec|hoat dong|dau viec)")),
    (
        Role.TIME,
        re.compile(
            r"thoi (?:gian|han|diem|ky)|tien do|lo trinh|ky han|^han |han hoan thanh|ngay hoan thanh|^moc |deadline"
        ),
    ),
    (Role.BASIS, re.compile(r"can cu|co so phap ly|van ban giao")),
    (
        Role.PRODUCT,
        re.compile(
            r"san pham|ket qua (?:cong viec|dau|thuc hien|du kien|can dat|dat duoc|hoan thanh)|^ket qua$|dau ra"
            r"|yeu cau ket qua"
        ),
    ),
    (Role.TARGET, re.compile(r"chi tieu|muc tieu|ke hoach nam|^nam \d{4}$|gia tri|ty le")),
    (
        Role.PERFORMER,
        re.compile(
            r"(?:co quan|don vi|bo phan|phong|ban|nguoi|to chuc|ca nhan)[\w\s,/]*"
            r"(?:thuc hien|phu trach|tham muu|bao cao|chiu trach nhiem)"
            r"|phan cong|trach nhiem|phu trach|giao cho"
            r"|^(?:co quan|don vi|bo phan)(?:\s*[,/]\s*(?:co quan|don vi|bo phan|ca nhan))*$"
        ),
    ),
    (Role.CONTENT, re.compile(r"noi dung|nhiem vu|cong viec|hoat dong|giai phap|dau viec")),
)
_TIME_WORDS = re.compile(
    r"thuong xuyen|\bqu[yi]\s*(?:[ivx]+|\d)|hang (?:thang|quy|nam|tuan)|dinh ky|\bthang\s*\d|\d{1,2}/\d{4}"
    r"|theo (?:ke hoach|quy dinh)|\bnam \d{4}|dot xuat|phat sinh|truoc ngay|trong nam|6 thang"
)
_UNIT_WORDS = re.compile(
    r"chu tri|phoi hop"
    r"|^\W*(?:trung tam|phong|van phong|so |ubnd|uy ban|cac (?:so|co quan|phong|don vi|bo phan)|cong an|ban |bo phan"
    r"|thon|tram)"
)
_MEASURES = re.compile(
    r"^(?:%|ty le|phan tram|ho so|nguoi|ho|lop|cuoc|van ban|trieu dong|ty dong|thu tuc|tthc|tin|bai|truong|mo hinh"
    r"|don vi|con|km|m2|ha|kg|tan|diem|luot|vu|cai|chiec)$"
)
_OWN_TARGET = re.compile(r"phan dau|xa\b|phuong\b|don vi|dia phuong")
HEADER_LENGTH = 70


@dataclass(frozen=True, slots=True)
class Columns:
    """The role of every column, its header as printed, and how many rows the header takes."""

    roles: tuple[Role, ...]
    headers: tuple[str, ...] = ()
    header_rows: int = 0

    def has(self, *roles: Role) -> bool:
        """Whether any of these roles is there."""
        return any(role in self.roles for role in roles)

    @property
    def holds_targets(self) -> bool:
        """A table of figures to reach: a target column, and no time to do it by."""
        return Role.TARGET in self.roles and Role.CONTENT in self.roles and Role.TIME not in self.roles

    @property
    def holds_duties(self) -> bool:
        """A table of duties: something to do, and by whom or by when."""
        units = self.has(Role.LEAD, Role.PERFORMER, Role.COORDINATOR)
        return Role.CONTENT in self.roles and (Role.TIME in self.roles or units) and not self.holds_targets


def header_role(text: str) -> Role | None:
    """The role a header names, or None; letter case, accents and line breaks do not matter."""
    folded = flat(fold(text)).strip(" .:*")
    if not folded or len(folded) > HEADER_LENGTH:
        return None
    return next((role for role, words in _HEADER_WORDS if words.search(folded)), None)


def is_header(row: Row) -> bool:
    """Whether a row is a table's header: names at least two columns, one of them what is to be done or reached."""
    texts = [text for text in row.texts() if text]
    roles = {role for role in map(header_role, texts) if role}
    if len(roles) < 2 or not roles & {Role.CONTENT, Role.TARGET, Role.NUMBER}:
        return False
    first = row.texts()[0]
    unknown = [text for text in texts if not header_role(text)]
    return not readings(first) and len(unknown) <= max(1, len(texts) // 3)


def _is_lower_header(row: Row, upper: Row) -> bool:
    texts = row.texts()
    filled = [at for at, text in enumerate(texts) if text]
    if not filled or (texts[0] and header_role(texts[0]) is not Role.NUMBER):
        return False
    above = upper.texts()
    repeats = all(texts[at] == above[at] for at in filled if header_role(texts[at]) is Role.CONTENT)
    return repeats and all(header_role(texts[at]) for at in filled)


def _is_numbering(row: Row) -> bool:
    """The row (1) (2) (3) that some tables print under the header."""
    texts = [text.strip("() .") for text in row.texts() if text]
    return (
        len(texts) >= 3
        and texts == [str(at) for at in range(int(texts[0]) if texts[0].isdigit() else 1, len(texts) + 1)][: len(texts)]
    )


def columns_of(table: Table) -> Columns | None:
    """The columns named by the header that opens the table (title rows above it allowed), or None."""
    for at, row in enumerate(table.rows[:4]):
        if is_header(row):
            named = _named(table, at)
            return replace(named, header_rows=0) if any(map(is_body, table.rows[:at])) else named
    return None


def is_body(row: Row) -> bool:
    """Whether a row above a header is no title but a duty, left there by a page break that repeats the header."""
    filled = [text for text in row.texts() if text]
    numbered = bool(readings(row.texts()[0])) or not row.texts()[0]
    return not is_header(row) and numbered and len(filled) >= 2 + bool(row.texts()[0])


def _named(table: Table, at: int) -> Columns:
    upper = table.rows[at]
    end = at + 1
    lowers: list[Row] = []
    while end < len(table.rows) and len(lowers) < 2 and _is_lower_header(table.rows[end], upper):
        lowers.append(table.rows[end])
        end += 1
    upper = _spread(upper, lowers[0]) if lowers else upper
    if end < len(table.rows) and _is_numbering(table.rows[end]):
        end += 1
    headers = tuple(_header_text(upper, lowers, column) for column in range(table.width))
    roles = _settled([header_role(text) or Role.OTHER for text in headers], headers, table.rows[end:])
    return Columns(tuple(roles), headers, end)


def _spread(upper: Row, lower: Row) -> Row:
    """The upper header over all columns, where text kept one cell for a name that lies across several below it."""
    names = [cell for cell in upper.cells if cell.text]
    below = lower.texts()
    groups = [at for at, text in enumerate(below) if not text or at == 0 or not below[at - 1]]
    if not all(upper.texts()[: len(names)]) or len(groups) != len(names) or len(names) == len(below):
        return upper
    cells = [names[sum(1 for first in groups if first <= at) - 1] for at in range(len(below))]
    return replace(upper, cells=tuple(cells))


def _header_text(upper: Row, lowers: list[Row], column: int) -> str:
    """The nearest header above the cells: a lower one wins, as it divides the upper one."""
    for row in reversed(lowers):
        if row.texts()[column]:
            return flat(row.texts()[column])
    return flat(upper.texts()[column])


def _settled(roles: list[Role], headers: tuple[str, ...], rows: tuple[Row, ...]) -> list[Role]:
    """Mend what a word alone cannot tell: "Chỉ tiêu" may be name or figure, "Đơn vị" a measure, "Ghi chú" a time."""
    for at in range(len(roles)):
        values = [flat(row.texts()[at]) for row in rows if row.texts()[at]]
        if roles[at] in (Role.PERFORMER, Role.TARGET, Role.OTHER) and _mostly(values, _is_measure):
            roles[at] = Role.MEASURE
    if Role.CONTENT not in roles and Role.TARGET in roles:
        roles[roles.index(Role.TARGET)] = Role.CONTENT
    if Role.TIME not in roles and Role.TARGET not in roles:
        _find_time(roles, rows)
    _choose_target(roles, headers)
    return _without_repeats(roles, headers)


def _find_time(roles: list[Role], rows: tuple[Row, ...]) -> None:
    for at, role in enumerate(roles):
        values = [fold(row.texts()[at]) for row in rows if row.texts()[at]]
        if role in (Role.NOTE, Role.OTHER) and _mostly(values, _is_time):
            roles[at] = Role.TIME
            return


def _choose_target(roles: list[Role], headers: tuple[str, ...]) -> None:
    """Of several figure columns, the one to reach: the latest year, and the office's own before the one given it."""
    figures = [at for at, role in enumerate(roles) if role is Role.TARGET]
    if len(figures) > 1:
        best = max(figures, key=lambda at: (_latest_year(headers[at]), bool(_OWN_TARGET.search(fold(headers[at])))))
        for at in figures:
            roles[at] = Role.TARGET if at == best else Role.OTHER


def _latest_year(text: str) -> int:
    return max((int(year) for year in re.findall(r"\b20\d{2}\b", text)), default=0)


def _without_repeats(roles: list[Role], headers: tuple[str, ...]) -> list[Role]:
    """One column a role: of two, the first holds it; a second content column is taken as the product."""
    seen: set[Role] = set()
    for at, role in enumerate(roles):
        if role in seen and role not in (Role.OTHER, Role.NOTE, Role.BASIS, Role.COORDINATOR):
            free = role is Role.CONTENT and Role.PRODUCT not in roles and bool(headers[at])
            roles[at] = Role.PRODUCT if free else Role.OTHER
        seen.add(roles[at])
    return roles


def _is_measure(value: str) -> bool:
    folded = fold(value).strip()
    return bool(_MEASURES.match(folded)) and not folded.isdigit() and not readings(value)


def _is_time(folded: str) -> bool:
    return bool(_TIME_WORDS.search(folded)) and len(folded) < 90


def _mostly(values: list[str], holds: Callable[[str], bool], share: float = 0.7) -> bool:
    return bool(values) and sum(1 for value in values if holds(value)) >= share * len(values)


def guessed_columns(table: Table) -> Columns | None:
    """The columns of a table that has no header, from what its cells hold; None when they do not look like duties."""
    full = [row for row in table.rows if sum(1 for text in row.texts() if text) >= max(3, table.width - 1)]
    if table.width < 3 or len(full) < 2:
        return None
    texts = [[flat(fold(row.texts()[at])) for row in full] for at in range(table.width)]
    roles = [Role.OTHER] * table.width
    if _mostly([row.texts()[0] for row in full], lambda text: not text or bool(readings(text)), 0.6):
        roles[0] = Role.NUMBER
    for at in range(1, table.width):
        roles[at] = _guessed_role([text for text in texts[at] if text])
    return _completed(roles)


def _guessed_role(values: list[str]) -> Role:
    if _mostly(values, _is_time, 0.6):
        return Role.TIME
    if _mostly(values, lambda value: bool(_UNIT_WORDS.search(value)), 0.6):
        return Role.PERFORMER
    return Role.OTHER


def _completed(roles: list[Role]) -> Columns | None:
    if Role.TIME not in roles and Role.PERFORMER not in roles:
        return None
    units = [at for at, role in enumerate(roles) if role is Role.PERFORMER]
    if len(units) > 1:
        roles[units[0]], roles[units[1]] = Role.LEAD, Role.COORDINATOR
    for role in (Role.CONTENT, Role.PRODUCT):
        if Role.OTHER in roles:
            roles[roles.index(Role.OTHER)] = role
    return Columns(tuple(roles)) if Role.CONTENT in roles else None
